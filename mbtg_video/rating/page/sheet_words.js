// Words of the score sheet in both languages; {names} in braces are filled in.

export const SHEET_WORDS = {
  nb: {
    adherence: "Metodetrofasthet",
    quality: "Kvalitet",
    overall: "Helhetlig vurdering",
    did_not_occur: "Forekom ikke",
    cannot_judge: "Kan ikke vurderes",
    cite: "Legg til øyeblikket",
    citeFor: "Legg til øyeblikket som belegg for ledd {item}",
    evidence: "Belegg",
    playEvidence: "Spill av {time}",
    dropEvidence: "Fjern belegget {time}",
    note: "Notat",
    noteFor: "Notat til ledd {item}",
    noteAll: "Notat til hele sekvensen",
    clear: "Tøm",
    clearFor: "Tøm ledd {item}",
    answered: "{n} av {all} besvart",
    goodEnough: "godt nok",
    missing: "Ikke besvart",
    item: "Ledd {item}",
  },
  en: {
    adherence: "Adherence",
    quality: "Quality",
    overall: "Overall ratings",
    did_not_occur: "Did not occur",
    cannot_judge: "Cannot judge",
    cite: "Cite this moment",
    citeFor: "Cite this moment for item {item}",
    evidence: "Evidence",
    playEvidence: "Play {time}",
    dropEvidence: "Remove the evidence {time}",
    note: "Note",
    noteFor: "Note on item {item}",
    noteAll: "Note on the whole sequence",
    clear: "Clear",
    clearFor: "Clear item {item}",
    answered: "{n} of {all} answered",
    goodEnough: "good enough",
    missing: "Not answered",
    item: "Item {item}",
  },
};

export function sheetWord(language, key, values = {}) {
  return SHEET_WORDS[language][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
