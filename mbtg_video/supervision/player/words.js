"use strict";

// Every text of the page in both languages; {names} in braces are filled in.
const WORDS = {
  nb: {
    page: "Låst pakke",
    unlockLead: "Skriv passordfrasen du har fått på annen måte: seks ord, med mellomrom mellom.",
    passphrase: "Passordfrase",
    reveal: "Vis det jeg skriver",
    open: "Åpne",
    opening: "Låser opp …",
    loading: "Laster klippet …",
    playlist: "Spilleliste",
    papers: "Dokumenter",
    document_group: "Beskrivelse av gruppen",
    document_frame: "Ramme",
    document_patient: "Beskrivelse av en pasient",
    document_formulation: "Kasusformulering",
    document_minutes: "Referat",
    document_reading: "Litteraturliste",
    tags: "Merker",
    noTags: "Klippet har ingen merker.",
    question: "Terapeutens spørsmål",
    notes: "Notater",
    scoring: "Skåres",
    minutes: "{n} min",
    overall: "{entries} innslag · {n} min",
    entries: "{entries} innslag",
    expires: "Utløper {date}",
    made: "Laget {date}",
    frame: "Bilde {frame}",
    frameOf: "av {count}",
    excerpt: "Utdrag",
    roleplay: "Rollespill",
    minutesEntry: "Referat",
    theory: "Teori",
    discussion: "Diskusjon",
    good: "Godt eksempel",
    missed: "Tapt mulighet",
    item: "Ledd {n}",
    by: "av {who}",
    play: "Spill av",
    pause: "Pause",
    previous: "Forrige innslag",
    next: "Neste innslag",
    frameBack: "Ett bilde tilbake",
    frameForward: "Ett bilde frem",
    position: "Posisjon",
    speed: "Hastighet",
    captions: "Teksting av merker",
    mute: "Lyd av",
    unmute: "Lyd på",
    fullScreen: "Fullskjerm",
    help: "Hjelp og taster",
    lock: "Lås",
    language: "Språk",
    close: "Lukk",
    player: "Avspiller",
    keys: "Taster",
    keyPlay: "Spill av eller stopp",
    keySeconds: "5 sekunder tilbake eller frem",
    keyTenSeconds: "10 sekunder tilbake eller frem",
    keyFrames: "Ett bilde tilbake eller frem",
    keyTags: "Forrige eller neste merke",
    keyEntries: "Neste eller forrige innslag",
    keyEnds: "Til begynnelsen eller slutten",
    keySpeed: "Saktere eller raskere",
    keyCaptions: "Teksting av merker",
    keyMute: "Lyd av eller på",
    keyFullScreen: "Fullskjerm",
    keyPapers: "Dokumentene; N og P blar i dem",
    keyHelp: "Denne hjelpen",
    space: "Mellomrom",
    agreement: "Utløpsdatoen er en avtale, ikke en lås: slett mappen når datoen er passert.",
    wrongPassphrase: "Passordfrasen stemmer ikke. Kontroller ordene og prøv igjen.",
    noPassphrase: "Skriv passordfrasen først.",
    expired: "Denne pakken utløp {date} og åpnes ikke lenger. Slett mappen, eller be om en ny.",
    noDecryption: "Nettleseren kan ikke låse opp pakker. Bruk en oppdatert Edge, Chrome, Firefox eller Safari.",
    noManifest: "Filen manifest.js mangler. Pakk ut eller kopier hele mappen, og åpne index.html derfra.",
    manifestDamaged: "Filen manifest.js er skadet. Be om å få pakken på nytt.",
    contentDamaged: "Innholdet i pakken er endret eller skadet. Be om å få pakken på nytt.",
    partMissing: "Del {part} av {parts} mangler i «{title}». Kopier hele mappen på nytt.",
    partDamaged: "Del {part} av {parts} i «{title}» er endret eller skadet og spilles ikke av. Be om å få pakken på nytt.",
    notPlayable: "Nettleseren kan ikke spille av bildeformatet i «{title}». Prøv en annen nettleser.",
    playFailed: "Nettleseren stoppet avspillingen av «{title}». Velg innslaget på nytt i spillelisten.",
  },
  en: {
    page: "Locked bundle",
    unlockLead: "Type the passphrase that you were given another way: six words with blanks between.",
    passphrase: "Passphrase",
    reveal: "Show what I type",
    open: "Open",
    opening: "Unlocking …",
    loading: "Loading the clip …",
    playlist: "Playlist",
    papers: "Documents",
    document_group: "Account of the group",
    document_frame: "Frame",
    document_patient: "Account of a patient",
    document_formulation: "Case formulation",
    document_minutes: "Minutes",
    document_reading: "Reading list",
    tags: "Tags",
    noTags: "The clip has no tags.",
    question: "The therapist's question",
    notes: "Notes",
    scoring: "To be scored",
    minutes: "{n} min",
    overall: "{entries} entries · {n} min",
    entries: "{entries} entries",
    expires: "Expires {date}",
    made: "Made {date}",
    frame: "Frame {frame}",
    frameOf: "of {count}",
    excerpt: "Excerpt",
    roleplay: "Role-play",
    minutesEntry: "Minutes",
    theory: "Theory",
    discussion: "Discussion",
    good: "Good example",
    missed: "Missed opportunity",
    item: "Item {n}",
    by: "by {who}",
    play: "Play",
    pause: "Pause",
    previous: "Previous entry",
    next: "Next entry",
    frameBack: "One frame back",
    frameForward: "One frame forward",
    position: "Position",
    speed: "Speed",
    captions: "Tags as captions",
    mute: "Sound off",
    unmute: "Sound on",
    fullScreen: "Full screen",
    help: "Help and keys",
    lock: "Lock",
    language: "Language",
    close: "Close",
    player: "Player",
    keys: "Keys",
    keyPlay: "Play or pause",
    keySeconds: "5 seconds back or forward",
    keyTenSeconds: "10 seconds back or forward",
    keyFrames: "One frame back or forward",
    keyTags: "Previous or next tag",
    keyEntries: "Next or previous entry",
    keyEnds: "To the beginning or the end",
    keySpeed: "Slower or faster",
    keyCaptions: "Tags as captions",
    keyMute: "Sound off or on",
    keyFullScreen: "Full screen",
    keyPapers: "The documents; N and P turn to the next or previous",
    keyHelp: "This help",
    space: "Space",
    agreement: "The date of expiry is an agreement, not a lock: delete the folder when it has passed.",
    wrongPassphrase: "That is not the passphrase. Check the words and try again.",
    noPassphrase: "Type the passphrase first.",
    expired: "This bundle expired on {date} and no longer opens. Delete the folder, or ask for a new one.",
    noDecryption: "This browser cannot unlock bundles. Use an up-to-date Edge, Chrome, Firefox or Safari.",
    noManifest: "The file manifest.js is missing. Unpack or copy the whole folder and open index.html there.",
    manifestDamaged: "The file manifest.js is damaged. Ask for the bundle again.",
    contentDamaged: "The bundle's content was changed or is damaged. Ask for the bundle again.",
    partMissing: "Part {part} of {parts} is missing from “{title}”. Copy the whole folder again.",
    partDamaged: "Part {part} of {parts} of “{title}” was changed or is damaged and is not played. Ask for the bundle again.",
    notPlayable: "This browser cannot play the picture format of “{title}”. Try another browser.",
    playFailed: "The browser stopped playing “{title}”. Choose the entry again in the playlist.",
  },
};

// A failure that is told in a sentence, in whichever language the page speaks when it is shown.
class Trouble extends Error {
  constructor(key, values = {}) {
    super(key);
    this.key = key;
    this.values = values;
  }
}

let language = document.documentElement.lang === "nb" ? "nb" : "en";

function word(key, values = {}) {
  return WORDS[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function dateWord(isoDate) {
  const [year, month, day] = isoDate.split("-").map(Number);
  const options = { day: "numeric", month: "long", year: "numeric" };
  return new Intl.DateTimeFormat(language === "nb" ? "nb-NO" : "en-GB", options)
    .format(new Date(year, month - 1, day));
}

// 00:01:02.480, as times are written everywhere in the program; `short` leaves the fraction out.
function clockWord(microseconds, short = false) {
  const milliseconds = Math.round(microseconds / 1000);
  const seconds = Math.floor(milliseconds / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (short) {
    const hours = Math.floor(minutes / 60);
    const head = hours ? `${hours}:${two(minutes % 60)}` : `${minutes}`;
    return `${head}:${two(seconds % 60)}`;
  }
  const fraction = String(milliseconds % 1000).padStart(3, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}.${fraction}`;
}
