// All recordings with their consents, what is due, and the way to take another one in.

import { look, session } from "./api.js";
import { counted, daysBetween, matches } from "./amounts.js";
import { decisionLines, light } from "./consent.js";
import { command } from "./copying.js";
import { el, icon } from "./dom.js";
import { takeIn } from "./intake.js";
import { Posters } from "./posters.js";
import { clock, dayWord } from "./times.js";
import { language, word } from "./words.js";

function firstCommands() {
  const year = Number(session.today.slice(0, 4));
  const consented = `--use own_review supervision --form identifiable --signed-on ${session.today} --until ${year + 1}-12-31`;
  return [
    'mbtg group add G1 --name "Tirsdagsgruppen"',
    "mbtg person add P1 --group G1 --role patient",
    "mbtg person add T1 --group G1 --role therapist",
    `mbtg consent record P1 ${consented}`,
    `mbtg consent record T1 ${consented}`,
  ];
}

let wanted = ""; // what was searched for stays while one goes to and fro

const may = (power) => session.powers.includes(power);

const newestFirst = (a, b) => b.recorded_on.localeCompare(a.recorded_on) || Number(b.id.slice(1)) - Number(a.id.slice(1));

const day = (iso) => dayWord(iso, language());

function dueBox(due) {
  const late = due.filter((one) => daysBetween(session.today, one.on) < 0).length;
  return el(
    "section", { class: "card duebox", "aria-labelledby": "due-heading" },
    el("h2", { id: "due-heading" }, word("dueWithin")),
    due.length
      ? el("p", {}, el("strong", {}, counted(due.length, "due")), late ? el("span", { class: "missed" }, ` · ${counted(late, "overdue")}`) : null)
      : el("p", { class: "hint" }, word("nothingDue")),
    due.length ? el("p", { class: "hint" }, word("nextDue", { id: due[0].id, date: day(due[0].on) })) : null,
    due.length ? el("a", { href: "#/due" }, word("seeDue")) : null,
  );
}

function counts(recording) {
  return el(
    "p", { class: "counts" },
    recording.tags ? el("span", {}, counted(recording.tags, "tag")) : null,
    recording.excerpts ? el("span", {}, counted(recording.excerpts, "excerpt")) : null,
    recording.open_names ? el("span", { class: "missed" }, counted(recording.open_names, "name")) : null,
  );
}

function card(recording, posters) {
  const frame = posters.frame(recording);
  return el(
    "li", { class: "card recording-card" },
    el("div", { class: "framed" }, frame, el("span", { class: "lasts clock" }, clock(recording.length_us, { exact: false }))),
    el("h2", {}, el("a", { href: `#/${recording.id}` }, el("span", { class: "badge" }, recording.id), ` ${recording.group_name}`)),
    el("p", { class: "hint" }, `${recording.group} · ${day(recording.recorded_on)} · ${word(recording.kind)}`),
    el(
      "details", { class: "why" },
      el("summary", {}, light(recording.consent), el("small", {}, word("whyLight"))),
      decisionLines(recording.consent.decision),
      el("p", { class: "hint" }, word("presentIs", { codes: recording.present.join(", ") })),
    ),
    counts(recording),
  );
}

function noGroups() {
  return el(
    "section", { class: "empty wide" },
    el("h2", {}, word("noGroupsTitle")),
    el("p", {}, word("noGroupsText")),
    el("div", { class: "commands" }, firstCommands().map(command)),
    el("p", { class: "hint" }, word("noGroupsCode")),
  );
}

function noRecordings(begin) {
  return el(
    "section", { class: "empty" },
    el("h2", {}, word("noRecordingsTitle")),
    el("p", {}, word(begin ? "noRecordingsText" : "noRecordingsMay")),
    begin ? el("button", { type: "button", class: "main", on: { click: begin } }, icon("plus"), word("takeIn")) : null,
  );
}

const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");

export async function show(main) {
  const library = await look("/api/library");
  const recordings = library.recordings.sort(newestFirst);
  const canTake = may("record") && library.groups.length > 0;
  const posters = new Posters(main.closest("#main"));
  const list = el("ul", { class: "cards" });
  const none = el("p", { class: "hint", role: "status" });
  let dialog = null;

  async function begin(file = null) {
    if (dialog) return;
    dialog = takeIn(library.groups, file);
    const made = await dialog.answer;
    dialog = null;
    if (made) location.hash = `#/${made.id}`;
  }

  function fill() {
    const found = recordings.filter((one) =>
      matches(wanted, one.id, one.group, one.group_name, one.recorded_on, day(one.recorded_on), word(one.kind), one.file_name, ...one.present),
    );
    posters.clear();
    list.replaceChildren(...found.map((one) => card(one, posters)));
    none.textContent = recordings.length && !found.length ? word("nothingFound", { text: wanted }) : "";
  }

  const search = el("input", {
    type: "search", class: "search", value: wanted, "aria-label": word("searchRecordings"), placeholder: word("searchRecordingsHint"), autocomplete: "off", spellcheck: "false",
    on: { input: () => { wanted = search.value; fill(); } },
  });
  main.replaceChildren(
    el(
      "div", { class: "library" },
      el(
        "header", { class: "row" },
        el("h1", {}, word("recordings")),
        recordings.length ? search : null,
        canTake ? el("button", { type: "button", class: "main", on: { click: () => begin() } }, icon("plus"), word("takeIn")) : null,
      ),
      recordings.length || library.due.length ? dueBox(library.due) : null,
      recordings.length ? [none, list] : library.groups.length ? noRecordings(canTake ? () => begin() : null) : noGroups(),
    ),
  );
  fill();

  // A file dropped anywhere must not take the browser away from the page.
  const over = (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = canTake && !dialog ? "copy" : "none";
  };
  const drop = (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    if (canTake && !dialog && event.dataTransfer.files.length === 1) begin(event.dataTransfer.files[0]);
  };
  document.addEventListener("dragover", over);
  document.addEventListener("drop", drop);
  return {
    close() {
      document.removeEventListener("dragover", over);
      document.removeEventListener("drop", drop);
      posters.close();
      dialog?.close();
    },
  };
}
