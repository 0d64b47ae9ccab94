// Every text of the page in both languages; {names} in braces are filled in.

import { CONSENT } from "./words_consent.js";
import { PLAN } from "./words_plan.js";
import { PLAYLISTS } from "./words_playlists.js";
import { RATING } from "./words_rating.js";
import { RECORDING } from "./words_recording.js";
import { SEARCH } from "./words_search.js";

const FRAME = {
  nb: {
    language: "Språk",
    theme: "Lys eller mørk",
    help: "Hjelp og taster",
    places: "Steder",
    recordings: "Opptak",
    excerpts: "Utdrag",
    playlists: "Spillelister",
    due: "Frister",
    loading: "Laster …",
    noPlace: "Det er ingenting på denne adressen.",
    stoppedTitle: "Studioet er lukket",
    stoppedText: "Biblioteket er låst, og ingenting vises lenger. Alt som var lagret, er lagret. Start igjen i terminalen med:",
    keys: "Taster",
    noKeys: "Denne siden har ingen egne taster; Tab og Enter virker overalt.",
    privacy: "Siden snakker bare med programmet på denne maskinen. Lukk terminalen eller trykk Ctrl-C der for å låse biblioteket.",
    close: "Lukk",
    cancel: "Avbryt",
    save: "Lagre",
    saved: "Lagret",
    saving: "Lagrer …",
    remove: "Fjern",
    add: "Legg til",
    open: "Åpne",
    none: "Ingen ennå.",
    minutes: "{n} min",
    good: "Godt eksempel",
    missed: "Tapt mulighet",
    neutral: "Nøytral",
    therapy: "Terapi",
    roleplay: "Rollespill",
    own_review: "Egen gjennomgang",
    supervision: "Veiledning",
    course: "Kurs",
    scoring: "Skåring",
    teaching: "Undervisning",
    research: "Forskning",
  },
  en: {
    language: "Language",
    theme: "Light or dark",
    help: "Help and keys",
    places: "Places",
    recordings: "Recordings",
    excerpts: "Excerpts",
    playlists: "Playlists",
    due: "Due",
    loading: "Loading …",
    noPlace: "There is nothing at this address.",
    stoppedTitle: "The studio is closed",
    stoppedText: "The library is locked, and nothing is shown any more. All that was saved is saved. Start again in the terminal with:",
    keys: "Keys",
    noKeys: "This page has no keys of its own; Tab and Enter work everywhere.",
    privacy: "The page speaks with the program on this computer only. Close the terminal or press Ctrl-C there to lock the library.",
    close: "Close",
    cancel: "Cancel",
    save: "Save",
    saved: "Saved",
    saving: "Saving …",
    remove: "Remove",
    add: "Add",
    open: "Open",
    none: "None yet.",
    minutes: "{n} min",
    good: "Good example",
    missed: "Missed opportunity",
    neutral: "Neutral",
    therapy: "Therapy",
    roleplay: "Role-play",
    own_review: "Own review",
    supervision: "Supervision",
    course: "Course",
    scoring: "Scoring",
    teaching: "Teaching",
    research: "Research",
  },
};

export const WORDS = {
  nb: { ...FRAME.nb, ...CONSENT.nb, ...PLAN.nb, ...PLAYLISTS.nb, ...RATING.nb, ...RECORDING.nb, ...SEARCH.nb },
  en: { ...FRAME.en, ...CONSENT.en, ...PLAN.en, ...PLAYLISTS.en, ...RATING.en, ...RECORDING.en, ...SEARCH.en },
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
