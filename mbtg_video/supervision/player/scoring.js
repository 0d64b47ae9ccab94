"use strict";

// The score sheets of a bundle that asks for scores, kept here until they are saved to a file.

const RATER_CODE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;
const KEPT_FOR_DOWNLOAD_MS = 60_000;

const filledIn = new Map(); // what was filled in, by the name of the scoring
let sheetOnShow = null;
let unsaved = false;
let saidOfScores = null; // what the line below the sheet says, to be said again in another language

const scored = () => content.entries.filter((entry) => entry.scoring);
const sheetOf = (entry) => filledIn.get(entry.scoring.name) ?? { items: [], overall: {}, note: null };
const isEmpty = (sheet) => !sheet.items.length && !sheet.note && !Object.keys(sheet.overall).length;

function answeredWord(entry) {
  const { scale } = content.scores;
  const all = scale.items.length + scale.overall.length;
  return word("answeredOf", { n: all - unansweredOn(scale, sheetOf(entry)).length, all });
}

function say(key, values = {}, trouble = false) {
  saidOfScores = { key, values, trouble };
  tellScores();
}

function tellScores() {
  const { key, values, trouble } = saidOfScores ?? { key: "notSaved" };
  $("scores-said").textContent = trouble ? "" : word(key, values);
  $("scores-trouble").textContent = trouble ? word(key, values) : "";
  for (const entry of scored()) {
    for (const line of document.querySelectorAll(`[data-scoring="${entry.scoring.name}"]`)) {
      line.textContent = answeredWord(entry);
    }
  }
}

function scoresChanged() {
  // Both lines would be read out with every answer.
  if (!unsaved || saidOfScores?.key !== "changed") {
    unsaved = true;
    say("changed");
  } else {
    tellScores();
  }
}

// The frame on show, in the time of the recording that the clip was cut from.
function momentOnShow(entry) {
  if (film === null || $("stage").dataset.state !== "ready") return null;
  return { start_us: entry.scoring.first + film.times[frameOnShow], end_us: null, tag: null };
}

function playFrom(time) {
  if (film === null) return;
  const arrived = { once: true, signal: film.listening.signal };
  video.addEventListener("seeked", () => { if (video.paused) togglePlay(); }, arrived);
  goToTime(time);
}

function tellSheet(entry) {
  const asked = Boolean(entry.scoring);
  $("scoring").hidden = !asked;
  $("captions").hidden = asked;
  $("room").classList.toggle("scores", asked);
  if (!asked) { sheetOnShow = null; $("sheet").replaceChildren(); return; }
  const { name, first } = entry.scoring;
  const { scale } = content.scores;
  const clock = (time) => clockWord(time - first);
  if (sheetOnShow?.name === name && $("sheet").childElementCount) {
    sheetOnShow.speak(language);
  } else {
    const sheet = makeSheet({
      scale,
      language,
      sheet: sheetOf(entry),
      cite: () => momentOnShow(entry),
      play: (moment) => playFrom(moment.start_us - first),
      clock,
      onChange: (value) => { filledIn.set(name, value); scoresChanged(); },
    });
    sheetOnShow = { name, ...sheet };
    $("sheet").replaceChildren(sheet.element);
    $("sheet").scrollTop = 0;
  }
  $("scale").textContent = scale.title[language];
  $("rater").placeholder = word("raterHint");
  tellScores();
}

function codeOfRater() {
  const code = $("rater").value.trim();
  const fits = RATER_CODE.test(code);
  $("rater").setAttribute("aria-invalid", String(!fits));
  if (!fits) {
    $("rater").focus();
    throw new Trouble("noCode");
  }
  return code;
}

// The entry with the first gap is shown, and its gaps are marked.
function refuseGaps() {
  for (const entry of scored()) {
    const { length } = unansweredOn(content.scores.scale, sheetOf(entry));
    if (!length) continue;
    if (entryOnShow().scoring?.name !== entry.scoring.name) choose(entries().indexOf(entry));
    sheetOnShow.showGaps();
    throw new Trouble("gaps", { n: length, title: entry.title });
  }
}

function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_FOR_DOWNLOAD_MS);
}

async function saveScores(state) {
  const rater = codeOfRater();
  if (state === "submitted") refuseGaps();
  const named = new Map(scored().map((entry) => [entry.scoring.name, entry.scoring]));
  const sheets = [...named.values()]
    .map(({ name, receipt }) => ({ scoring: name, scale: content.scores.hash, receipt, sheet: filledIn.get(name) }))
    .filter(({ sheet }) => sheet && !isEmpty(sheet));
  if (!sheets.length) throw new Trouble("nothingToSave");
  unsaved = false; // what is changed while the file is sealed counts as unsaved again
  try {
    const file = `scores-${rater}.json`;
    download(file, await sealScores({ state, rater, sheets }, content.scores));
    const saved = { key: state === "draft" ? "savedDraft" : "savedSubmitted", values: { file } };
    if (!unsaved) say(saved.key, saved.values);
  } catch {
    unsaved = true;
    throw new Trouble("savingFailed");
  }
}

async function goOnFrom(file) {
  const found = await openScores(file, content.scores);
  if (unsaved && !confirm(word("replaceUnsaved"))) return;
  filledIn.clear();
  for (const { scoring, sheet } of found.sheets) filledIn.set(scoring, sheet);
  $("rater").value = found.rater;
  unsaved = false;
  sheetOnShow = null;
  tellSheet(entryOnShow());
  say(found.state === "draft" ? "openedDraft" : "openedSubmitted", { rater: found.rater });
}

async function attempt(deed) {
  try {
    await deed();
  } catch (error) {
    const trouble = error instanceof Trouble ? error : new Trouble("savingFailed");
    say(trouble.key, trouble.values, true);
  }
}

$("save-draft").addEventListener("click", () => attempt(() => saveScores("draft")));
$("submit-scores").addEventListener("click", () => attempt(() => saveScores("submitted")));
$("go-on").addEventListener("click", () => $("saved-file").click());
$("saved-file").addEventListener("change", () => {
  const [file] = $("saved-file").files;
  if (file) attempt(() => goOnFrom(file)).finally(() => { $("saved-file").value = ""; });
});
$("rater").addEventListener("input", () => $("rater").removeAttribute("aria-invalid"));
addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
