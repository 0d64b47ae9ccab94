// The phone's page: follows the room and shows what comes now; nothing of it stays on the phone.

import { Lost, Refused, look, useToken } from "./asking.js";
import { el, openDialog } from "./dom.js";
import { chooseView, joinView, markHeld } from "./entering.js";
import { resultView } from "./result.js";
import { keepSheet } from "./saving.js";
import { makeSheet } from "./sheet.js";
import { LANGUAGES, language, setLanguage, word } from "./words.js";

const FOLLOW_MS = 1500;
const main = document.getElementById("main");
const foot = document.getElementById("foot");
const saved = document.getElementById("saved");
const submit = document.getElementById("submit");
const contact = document.getElementById("contact");
const keepers = new Map(); // of one seat, by the number of the sequence
let keptFor = null; // whose they are: one rater's sheet must never be sent as another's
let seat = null;
let state = null;
let scale = null;
let shown = "";
let why = "";
let following = false;
let wanted = false;
let timer = null;

function place(mode, ...children) {
  main.dataset.mode = mode;
  main.replaceChildren(...children.flat().filter(Boolean));
  foot.hidden = mode !== "score";
  const place_ = state.seat ? word("place", { n: state.sequence, excerpt: state.excerpt }) : "mbtg";
  document.getElementById("where").textContent = place_;
  scrollTo(0, 0);
}

const hasUnsaved = () => [...keepers.values()].some((kept) => kept.unsaved());

function tellSaved(kept) {
  if (kept.number !== state.sequence) return;
  saved.dataset.state = kept.state;
  const refused = { ConsentRefused: "refusedConsent", NameSpoken: "refusedConsent", NotFound: "refusedConsent", Ended: "refusedEnded", BadInput: "refusedRevealed" };
  saved.textContent = kept.state === "refused" ? word(refused[kept.kind] ?? "refusedOut") : kept.revision || kept.state !== "saved" ? word(kept.state) : "";
  submit.disabled = kept.submitting === true;
  if (kept.state === "conflict") askWhich(kept);
  if (kept.state === "refused" && kept.kind === "Out") follow();
  if (kept.state === "saved" && kept.submitted !== (main.dataset.mode === "submitted")) follow();
}

async function askWhich(kept) {
  if (document.querySelector("dialog")) return;
  const mine = await openDialog(word("conflictTitle"), (close) => [
    el("p", {}, word("conflictText")),
    el("div", { class: "row" },
      el("button", { type: "button", class: "second", on: { click: () => close(false) } }, word("useSaved")),
      el("button", { type: "button", class: "main", on: { click: () => close(true) } }, word("keepMine"))),
  ]);
  try {
    await (mine ? kept.insist() : kept.reload());
  } catch (error) {
    if (!(error instanceof Lost)) throw error;
    askWhich(kept); // not decided before the room has heard it
    return;
  }
  shown = "";
  follow();
}

const you = () =>
  el("p", { class: "you" },
    el("span", {}, `${word("you")} `, el("strong", {}, state.seat)),
    el("span", {}, `${word("returnCode")} `, el("strong", { class: "code" }, state.returning)));

function scoreView(kept) {
  const sheet = makeSheet({ scale, language: language(), sheet: kept.sheet, onChange: (value) => kept.change(value) });
  submit.textContent = word("submit");
  submit.onclick = () => {
    if (!sheet.showGaps()) kept.submit();
  };
  place("score", el("h1", { tabindex: "-1" }, word("sequence", { n: state.sequence, of: state.sequences, excerpt: state.excerpt })), you(), el("p", { class: "quiet" }, word("returnWhy")), el("h2", { class: "heard" }, word("sheet")), sheet.element);
  tellSaved(kept);
}

function submittedView(kept) {
  const back = el("button", {
    type: "button", class: "second",
    on: {
      click: async () => {
        back.disabled = true;
        await kept.reopen().catch((error) => {
          if (!(error instanceof Lost || error instanceof Refused)) throw error;
        });
        back.disabled = false;
        follow();
      },
    },
  }, word("takeBack"));
  const sheet = makeSheet({ scale, language: language(), sheet: kept.sheet, readOnly: true });
  place("submitted", el("section", { class: "card" }, el("h1", { tabindex: "-1" }, word("submitted")), el("p", { role: "status", id: "waiting" }), el("p", { class: "quiet" }, word("takeBackHint")), back), you(), el("h2", { class: "heard" }, word("sheet")), sheet.element);
}

/** After a seat was taken: what the page has of the same rater and the room has not, it still gets. */
function takeSeat() {
  for (const [number, kept] of keepers) {
    if (keptFor === state.seat && kept.unsaved()) {
      kept.send();
    } else {
      kept.stop();
      keepers.delete(number);
    }
  }
  seat = keptFor = state.seat;
  shown = why = "";
}

async function showSeat() {
  const number = state.sequence;
  if (seat !== state.seat) takeSeat();
  scale ??= await look("/api/scale");
  let kept = keepers.get(number);
  let group = null;
  let tooLate = false;
  if (!state.blind) {
    if (shown === `result ${number}`) return;
    const record = await look(`/api/sheets/${number}`);
    group = record.group;
    tooLate = kept?.unsaved() === true;
    kept?.stop();
    kept = keepSheet(number, seat, record, tellSaved);
    keepers.set(number, kept);
  } else if (!kept) {
    kept = keepSheet(number, seat, await look(`/api/sheets/${number}`), tellSaved);
    keepers.set(number, kept);
  }
  const mode = group ? "result" : kept.submitted ? "submitted" : "score";
  if (shown !== `${mode} ${number}`) {
    shown = `${mode} ${number}`;
    if (mode === "result") place(mode, tooLate ? el("p", { class: "refused", role: "alert" }, word("tooLate")) : null, resultView(scale, kept.sheet, group), you());
    else if (mode === "submitted") submittedView(kept);
    else scoreView(kept);
  }
  if (mode === "submitted") document.getElementById("waiting").textContent = word("waitingFor", { n: state.submitted, all: state.raters });
}

async function show() {
  if (state.seat) return showSeat();
  if (state.ended) {
    if (shown !== "ended") place("ended", el("h1", {}, word("ended")), el("p", {}, word(hasUnsaved() ? "endedUnsaved" : "endedSaved")));
    shown = "ended";
    return undefined;
  }
  if (seat !== null) why = word("out");
  const mode = state.joined ? "choose" : "join";
  if (shown === mode) {
    if (state.joined) markHeld(state.codes);
    return undefined;
  }
  shown = mode;
  if (state.joined) place("choose", chooseView(state.codes, follow));
  else place("join", joinView(why, follow));
  return undefined;
}

/** Asks how things stand, shows it, and asks again a little later. */
async function follow() {
  clearTimeout(timer);
  wanted = following;
  if (following) return;
  following = true;
  try {
    const found = await look("/api/state");
    if (state === null && !LANGUAGES.includes(location.hash.slice(1))) speak(found.language);
    const out = seat !== null && !found.joined;
    state = found;
    if (found.csrf) useToken(found.csrf);
    await show();
    if (out) seat = null;
    if (!contact.hidden) for (const kept of keepers.values()) if (kept.state === "waiting") kept.send();
    contact.hidden = true;
  } catch (error) {
    if (error instanceof Lost) {
      if (shown === "ended") return;
      contact.textContent = word(hasUnsaved() ? "lostUnsaved" : "lost");
      contact.hidden = false;
    } else if (!(error instanceof Refused)) throw error;
  } finally {
    following = false;
    clearTimeout(timer);
    if (shown !== "ended") timer = setTimeout(follow, wanted ? 0 : FOLLOW_MS);
  }
}

function speak(chosen) {
  setLanguage(chosen);
  document.documentElement.lang = language();
  document.getElementById("languages").setAttribute("aria-label", word("language"));
  for (const button of document.querySelectorAll("[data-language]")) button.setAttribute("aria-pressed", String(button.dataset.language === language()));
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    history.replaceState(null, "", `#${button.dataset.language}`); // so that it is spoken after a reload
    speak(button.dataset.language);
    shown = "";
    follow();
  });
}
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") follow();
  else for (const kept of keepers.values()) kept.send({ last: true });
});
addEventListener("online", follow);
addEventListener("beforeunload", (event) => {
  if (hasUnsaved()) event.preventDefault();
});
speak(location.hash.slice(1));
follow();
