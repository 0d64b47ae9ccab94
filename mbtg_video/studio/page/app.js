// The frame around the views: where we are, the language, light or dark, and what went wrong.

import { Gone, Refused, begin, change, look, session } from "./api.js";
import { el, openDialog, setIcon } from "./dom.js";
import { FindField } from "./find.js";
import { language, setLanguage, word } from "./words.js";

const $ = (id) => document.getElementById(id);
const ALIVE_MS = 60_000;
const THERE_MS = 4_000;

// Each view: the pattern of its address, and the module that shows it.
const VIEWS = [
  [/^#\/R(\d+)/, () => import("./recording.js")],
  [/^#\/X(\d+)/, () => import("./excerpt.js")],
  [/^#\/L(\d+)/, () => import("./playlist.js")],
  [/^#\/S(\d+)/, () => import("./scoring.js")],
  [/^#\/search$/, () => import("./search.js")],
  [/^#\/scorings$/, () => import("./scorings.js")],
  [/^#\/due$/, () => import("./due.js")],
  [/^#\/playlists$/, () => import("./playlists.js")],
  [/^#\/excerpts$/, () => import("./excerpts.js")],
  [/^$|^#\/$/, () => import("./library.js")],
];
const PLACES = [["#/", "recordings"], ["#/excerpts", "excerpts"], ["#/playlists", "playlists"], ["#/scorings", "scorings"], ["#/due", "due"]];

const finding = new FindField($("find"), $("find-field"));

let view = null; // what is shown: { close(), relabel?(), help?() }
let turn = 0;
let shownAt = null; // the address of what is shown, or on its way
let preferring = Promise.resolve();

/** Shows what went wrong, where everybody looks and a screen reader reads it out. */
export function tell(error) {
  if (error instanceof Gone) return stopped();
  $("alert").textContent = error instanceof Refused || error instanceof Error ? error.message : String(error);
  $("alert").hidden = false;
  if (!(error instanceof Refused)) console.error(error);
}

export function clearAlert() {
  $("alert").hidden = true;
  $("alert").textContent = "";
}

/** Says in the bar that something was saved, or is being saved. */
export function saved(key) {
  $("saved").dataset.state = key;
  $("saved").textContent = key && !document.body.dataset.stopped ? word(key) : "";
}

// Nothing of a patient stays on the screen when the program has closed the library.
function stopped() {
  if (document.body.dataset.stopped) return;
  document.body.dataset.stopped = "yes";
  view?.close();
  view = null;
  finding.close();
  closeDialogs();
  saved("");
  $("main").replaceChildren(
    el("section", { class: "empty" }, el("h1", {}, word("stoppedTitle")), el("p", {}, word("stoppedText")), el("p", {}, el("kbd", {}, "mbtg studio"))),
  );
  clearAlert();
}

async function show() {
  if (session === null || document.body.dataset.stopped) return;
  const mine = (turn += 1);
  const address = (shownAt = location.hash);
  const found = VIEWS.map(([pattern, load]) => [pattern.exec(address), load]).find(([match]) => match);
  clearAlert();
  saved("");
  view?.close();
  view = null;
  // A place of its own: a view that comes too late fills one that nobody sees.
  const place = el("div", { class: "view" }, el("p", { class: "loading", role: "status" }, word("loading")));
  $("main").replaceChildren(place);
  markPlace();
  closeDialogs();
  const focused = document.activeElement;
  try {
    if (!found) throw new Error(word("noPlace"));
    const module = await found[1]();
    const shown = await module.show(place, found[0][1] ?? null);
    if (mine !== turn) {
      shown.close();
      return;
    }
    view = shown;
    place.querySelector("h1")?.setAttribute("tabindex", "-1");
    // Whoever began to write elsewhere while it loaded goes on there.
    const stayed = [focused, document.body].includes(document.activeElement);
    if (stayed && !place.contains(document.activeElement)) place.querySelector("h1")?.focus({ preventScroll: true });
  } catch (error) {
    if (mine !== turn) return;
    place.replaceChildren(el("p", {}, el("a", { href: "#/" }, word("toRecordings"))));
    tell(error);
  }
}

// A dialog belongs to the view that opened it; one marked `keep` shows what is told nowhere else.
function closeDialogs() {
  for (const dialog of document.querySelectorAll("dialog[open]")) {
    if (!(document.body.dataset.stopped && dialog.dataset.keep)) dialog.close();
  }
}

// One recording is among the recordings: its place in the bar is lit as well.
function markPlace() {
  const address = location.hash || "#/";
  const among = { R: "#/", X: "#/excerpts", L: "#/playlists", S: "#/scorings" }[/^#\/([RXLS])\d/.exec(address)?.[1]];
  for (const link of $("places").children) {
    const href = link.getAttribute("href");
    if (href === address) link.setAttribute("aria-current", "page");
    else if (href === among) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function labelBar() {
  document.documentElement.lang = language();
  for (const element of document.querySelectorAll("#bar [data-label]")) {
    element.setAttribute("aria-label", word(element.dataset.label));
    if (element.tagName === "BUTTON") element.title = word(element.dataset.label);
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language()));
  }
  finding.relabel();
  $("places").setAttribute("aria-label", word("places"));
  $("places").replaceChildren(...PLACES.map(([href, key]) => el("a", { href }, word(key))));
  markPlace();
}

/** Keeps what the person set; one after the other, as all that was set is sent each time. */
export function prefer(changes) {
  const send = async () => {
    session.preferences = await change("/api/preferences", { ...session.preferences, ...changes });
  };
  preferring = preferring.then(send, send);
  return preferring;
}

async function speak(chosen) {
  setLanguage(chosen);
  labelBar();
  await prefer({ language: chosen }).catch(tell);
  if (view?.relabel) view.relabel();
  else await show();
}

function applyTheme() {
  const dark = session.preferences.dark;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  setIcon($("theme"), dark ? "sun" : "moon");
}

function help() {
  const rows = (view?.help?.() ?? []).map(([keys, text]) =>
    el("div", {}, el("dt", {}, keys.flatMap((key) => [el("kbd", {}, key), " "])), el("dd", {}, text)),
  );
  openDialog(word("keys"), (close) => [
    rows.length ? el("dl", { class: "keys" }, rows) : el("p", {}, word("noKeys")),
    el("p", { class: "hint" }, word("privacy")),
    el("div", { class: "row end" }, el("button", { type: "button", class: "main", on: { click: () => close(null) } }, word("close"))),
  ]);
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => speak(button.dataset.language));
}
$("theme").addEventListener("click", async () => {
  await prefer({ dark: !session.preferences.dark }).catch(tell);
  applyTheme();
});
$("help").addEventListener("click", help);
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
  if (event.key === "?" && !typing && !document.querySelector("dialog[open]")) help();
});
window.addEventListener("unhandledrejection", (event) => tell(event.reason));
// A browser tells of an address after the page may have gone there; shown twice, it would be two views.
window.addEventListener("hashchange", (event) => {
  if (!event.isTrusted || location.hash !== shownAt) show();
});

// Whoever watches or works keeps the studio open; a page that is only left open does not.
let active = true;
for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, () => (active = true), true);
setInterval(() => {
  const playing = [...document.querySelectorAll("video")].some((video) => !video.paused);
  if (active || playing) change("/api/alive").catch(tell);
  active = false;
}, ALIVE_MS);

// A page that is only left open goes dark all the same when the studio has closed.
setInterval(() => {
  if (session !== null && !document.body.dataset.stopped) look("/api/there").catch(tell);
}, THERE_MS);

// Not awaited here: views import this module, and would wait for it for ever.
async function start() {
  try {
    await begin();
    setLanguage(session.language);
    applyTheme();
    labelBar();
    for (const button of document.querySelectorAll("#bar button:disabled")) button.disabled = false;
    await show();
  } catch (error) {
    tell(error);
  }
}
start();
