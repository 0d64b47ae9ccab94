// The host's page: how to join, who is how far, and what happens next.

import { Gone, Refused, begin, change, look, session } from "./api.js";
import { differencesTable } from "./differences.js";
import { el, openDialog } from "./dom.js";
import { language, setLanguage, word } from "./host_words.js";

const FOLLOW_MS = 1000;
const bar = document.getElementById("bar");
const main = document.getElementById("main");
const alert_ = document.getElementById("alert");
let board = null;
let drawn = "";
let barDrawn = "";
let joinShown = null; // null: as it fits
let over = false;

const sequence = () => session.sequences[board.sequence - 1];
const waitingFor = () => [
  ...board.raters.filter((rater) => !rater.submitted).map((rater) => rater.code),
  ...board.drafts_elsewhere,
];
const grouped = (code) => `${code.slice(0, 3)} ${code.slice(3)}`;

async function act(path, wish = {}) {
  alert_.hidden = true;
  try {
    const answer = await change(path, wish);
    if (answer.raters) board = answer;
  } catch (error) {
    if (error instanceof Gone) over = true;
    else if (!(error instanceof Refused)) throw error;
    alert_.textContent = error.message;
    alert_.hidden = over;
  }
  draw();
}

function confirmed(title, text, button) {
  return openDialog(title, (close) => [
    el("p", {}, text),
    el("div", { class: "row" },
      el("button", { type: "button", class: "second", on: { click: () => close(false) } }, word("cancel")),
      el("button", { type: "button", class: "main", on: { click: () => close(true) } }, button)),
  ]);
}

async function reveal() {
  const { scoring } = sequence();
  const missing = waitingFor();
  const text = missing.length ? word("revealMissing", { codes: missing.join(", ") }) : word("revealAll");
  const wanted = board.sequence;
  if (await confirmed(word("revealTitle", { scoring }), text, word("reveal"))) await act("/api/reveal", { sequence: wanted });
}

async function end() {
  if (await confirmed(word("endTitle"), word("endText"), word("end"))) {
    await act("/api/end");
    follow();
  }
}

async function release(code) {
  if (await confirmed(word("releaseTitle", { code }), word("releaseText"), word("release"))) await act("/api/release", { code });
}

// A button that is replaced while it is pressed hears no click.
function drawBar() {
  const anySubmitted = board.raters.some((rater) => rater.submitted);
  const now = JSON.stringify([board.state, board.sequence, anySubmitted, language()]);
  if (now === barDrawn) return;
  barDrawn = now;
  const blind = board.state === "blind";
  const places = session.sequences.map(({ number, excerpt }) =>
    el("button", {
      type: "button", "aria-pressed": String(number === board.sequence),
      on: { click: () => act("/api/show", { sequence: number }) },
    }, `${number} · ${excerpt}`));
  const buttons = [
    el("div", { id: "sequences", role: "group", "aria-label": word("sequences") }, places),
    el("span", { class: "space" }),
    el("div", { class: "group", role: "group", "aria-label": word("language") }, ["nb", "en"].map((one) =>
      el("button", { type: "button", class: "choice", lang: one, "aria-pressed": String(one === language()), on: { click: () => { setLanguage(one); redraw(); } } }, one === "nb" ? "Norsk" : "English"))),
    blind ? null : el("button", { type: "button", class: "second", on: { click: () => { joinShown = main.dataset.join !== "true"; redraw(); } } }, word("howToJoin")),
    blind && session.may_reveal
      ? el("button", { type: "button", class: "main", id: "reveal", disabled: !anySubmitted, on: { click: reveal } }, word("reveal"))
      : null,
    !blind && board.sequence < session.sequences.length
      ? el("button", { type: "button", class: "main", id: "next", on: { click: () => act("/api/show", { sequence: board.sequence + 1 }) } }, word("next"))
      : null,
    el("button", { type: "button", class: "second", id: "end", on: { click: end } }, word("end")),
  ];
  bar.replaceChildren(...buttons.filter(Boolean));
}

function qr() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", `0 0 ${session.qr.size} ${session.qr.size}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", word("qr", { link: session.link }));
  svg.id = "qr";
  path.setAttribute("d", session.qr.path);
  svg.append(path);
  return svg;
}

const joining = () =>
  el("section", { id: "join", "aria-label": word("howToJoin") },
    qr(),
    el("p", { class: "code", id: "link" }, session.link),
    el("p", { class: "label" }, word("joinCode")),
    el("p", { class: "code", id: "code" }, grouped(board.join_code)),
    board.wrong ? el("p", { class: "label" }, word("wrong", { n: board.wrong })) : null);

const warning = () =>
  el("section", { id: "warning" },
    el("h2", {}, word("warningTitle")),
    el("p", {}, word("warningText")),
    el("p", {}, word("fingerprint"), " ", el("span", { class: "code", id: "fingerprint" }, session.fingerprint)));

function tile(rater) {
  const state = rater.submitted ? "submitted" : rater.held ? "held" : "free";
  const said = { submitted: word("submitted"), held: word("answered", { n: rater.answered, all: board.questions }), free: rater.answered ? word("draft", { n: rater.answered, all: board.questions }) : word("free") };
  return el("li", { class: "rater", data: { state, code: rater.code } },
    el("strong", {}, rater.code),
    el("span", {}, `${said[state]}${state === "held" && !rater.here ? ` · ${word("away")}` : ""}`),
    state === "held" ? el("progress", { max: String(board.questions), value: rater.answered, "aria-label": rater.code }) : null,
    rater.held ? el("button", { type: "button", id: `release-${rater.code}`, "aria-label": word("releaseTitle", { code: rater.code }), on: { click: () => release(rater.code) } }, word("release")) : null);
}

function drawMain() {
  const blind = board.state === "blind";
  const join = joinShown ?? blind;
  main.dataset.join = String(join);
  const submitted = board.raters.filter((rater) => rater.submitted).length;
  const head = el("div", { class: "head" },
    el("h1", {}, word(blind ? "sequence" : "revealed", { n: board.sequence, excerpt: sequence().excerpt })),
    el("p", { id: "count", role: "status" }, word("count", { n: submitted, all: board.raters.length })));
  const body = blind || !board.compared.length ? el("ul", { id: "raters" }, board.raters.map(tile)) : differencesTable(session.scale, board.compared);
  main.replaceChildren(...[join ? joining() : null, el("section", {}, head, body, join ? warning() : null)].filter(Boolean));
}

function redraw() {
  drawn = "";
  draw();
}

function draw() {
  document.documentElement.lang = language();
  if (over || board.ended !== null) {
    over = true;
    bar.replaceChildren();
    main.dataset.join = "false";
    main.replaceChildren(el("section", {}, el("h1", {}, word("closed")), el("p", {}, word("closedText"))));
    return;
  }
  // A page that is drawn anew every second could not be used with the keyboard.
  const raters = board.state === "blind" ? board.raters : board.raters.map((rater) => rater.submitted);
  const now = JSON.stringify([{ ...board, raters }, language(), joinShown]);
  if (now === drawn) return;
  drawn = now;
  const focused = document.activeElement?.id;
  drawBar();
  drawMain();
  if (focused) document.getElementById(focused)?.focus();
}

async function follow() {
  try {
    board = await look("/api/board");
    draw();
  } catch (error) {
    if (error instanceof Gone) {
      over = true;
      draw();
      return;
    }
    if (!(error instanceof Refused)) throw error;
  }
  if (!over) setTimeout(follow, FOLLOW_MS);
}

await begin();
setLanguage(session.language);
follow();
