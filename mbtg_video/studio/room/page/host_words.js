// Every text of the host's page in both languages; {names} in braces are filled in.

const WORDS = {
  nb: {
    language: "Språk",
    sequences: "Sekvenser",
    sequence: "Sekvens {n} · {excerpt}",
    revealed: "Sekvens {n} · {excerpt}: forskjellene",
    count: "{n} av {all} har levert",
    howToJoin: "Slik blir du med",
    qr: "QR-kode til {link}",
    joinCode: "Kode",
    wrong: "Feil kode tastet: {n}",
    warningTitle: "Telefonen advarer – hvorfor?",
    warningText: "Siden er kryptert, men sertifikatet er laget her for denne økten, og ingen utenfor har signert det. Derfor advarer nettleseren én gang. Velg «Avansert» eller «Vis detaljer», og så «Fortsett» eller «Besøk nettstedet». Er du i tvil: vis sertifikatet og sammenlign fingeravtrykket.",
    fingerprint: "Fingeravtrykk (SHA-256):",
    free: "ikke her ennå",
    draft: "utkast: {n} av {all}",
    answered: "{n} av {all}",
    submitted: "levert ✓",
    away: "frakoblet",
    release: "Frigi plassen",
    releaseTitle: "Frigi plassen til {code}?",
    releaseText: "Enheten som har plassen nå, kobles fra. Den som velger koden etterpå, fortsetter på samme skjema. Det som er lagret, blir stående.",
    next: "Neste sekvens",
    reveal: "Avdekk",
    revealTitle: "Avdekke {scoring}?",
    revealMissing: "Ikke levert: {codes}. Utkastene deres blir ikke med, og ingen skårer kan endres etterpå.",
    revealAll: "Alle har levert. Ingen skårer kan endres etterpå.",
    end: "Avslutt",
    endTitle: "Avslutte skåringen i rommet?",
    endText: "Ingen kan skåre fra telefonen lenger. Det som er lagret, ligger i biblioteket; utkast forblir utkast.",
    cancel: "Avbryt",
    closed: "Rommet er lukket",
    closedText: "Alt som var lagret, er i biblioteket. Du kan lukke siden.",
    differences: "Forskjeller",
    tableHint: "Størst forskjell først. Laveste og høyeste skåre er merket når de ligger to eller mer fra hverandre; × forekom ikke, ? kan ikke vurderes, * noen så det og andre ikke.",
    item: "Ledd",
    gap: "Avstand",
    adherence: "Metodetr.",
    quality: "Kvalitet",
    value: "Vurdering",
    did_not_occur: "forekom ikke",
    cannot_judge: "kan ikke vurderes",
    "short did_not_occur": "×",
    "short cannot_judge": "?",
  },
  en: {
    language: "Language",
    sequences: "Sequences",
    sequence: "Sequence {n} · {excerpt}",
    revealed: "Sequence {n} · {excerpt}: the differences",
    count: "{n} of {all} have submitted",
    howToJoin: "How to join",
    qr: "QR code of {link}",
    joinCode: "Code",
    wrong: "Wrong codes: {n}",
    warningTitle: "The phone warns – why?",
    warningText: "The page is encrypted, but its certificate was made here for this session, and nobody outside has signed it. That is why the browser warns once. Choose “Advanced” or “Show details”, then “Proceed” or “Visit this website”. In doubt: show the certificate and compare its fingerprint.",
    fingerprint: "Fingerprint (SHA-256):",
    free: "not here yet",
    draft: "draft: {n} of {all}",
    answered: "{n} of {all}",
    submitted: "submitted ✓",
    away: "offline",
    release: "Release",
    releaseTitle: "Release the seat of {code}?",
    releaseText: "The device that holds it is disconnected. Whoever chooses the code next goes on with the same sheet. What is saved stays.",
    next: "Next sequence",
    reveal: "Reveal",
    revealTitle: "Reveal {scoring}?",
    revealMissing: "Not submitted: {codes}. Their drafts stay out, and no score can be changed afterwards.",
    revealAll: "All have submitted. No score can be changed afterwards.",
    end: "End",
    endTitle: "End the scoring in the room?",
    endText: "Nobody can score from a phone any more. What is saved stays in the library; drafts stay drafts.",
    cancel: "Cancel",
    closed: "The room is closed",
    closedText: "All that was saved is in the library. You can close this page.",
    differences: "Differences",
    tableHint: "Largest difference first. The lowest and highest scores are marked when they lie two or more apart; × did not occur, ? cannot judge, * some saw it and others did not.",
    item: "Item",
    gap: "Gap",
    adherence: "Adherence",
    quality: "Quality",
    value: "Rating",
    did_not_occur: "did not occur",
    cannot_judge: "cannot judge",
    "short did_not_occur": "×",
    "short cannot_judge": "?",
  },
};

let chosen = "en";

export const language = () => chosen;

export function setLanguage(wanted) {
  chosen = wanted in WORDS ? wanted : "en";
}

/** A text in the chosen language, with the values filled in. */
export function word(key, values = {}) {
  const text = WORDS[chosen][key];
  if (text === undefined) throw new Error(`no word for ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
