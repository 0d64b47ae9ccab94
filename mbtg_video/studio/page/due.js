// What ends or is to be deleted, and the command that mends it.

import { look, session } from "./api.js";
import { counted, daysBetween } from "./amounts.js";
import { command } from "./copying.js";
import { el } from "./dom.js";
import { dayWord } from "./times.js";
import { language, word } from "./words.js";

function idCell(id) {
  if (/^[RXL]\d+$/.test(id)) return el("a", { href: `#/${id}` }, id);
  if (/^B\d+$/.test(id)) return el("a", { href: "#/playlists" }, id);
  return id;
}

function whenWord(on) {
  const days = daysBetween(session.today, on);
  if (days === 0) return word("today");
  return days > 0 ? counted(days, "day") : counted(-days, "late");
}

/** The commands of a remedy: the program joins two with ", or", and writes a choice as "this|that". */
function commands(remedy) {
  return remedy.split(/,? or (?=mbtg )/).flatMap((command) => {
    const choice = /[\w-]+(?:\|[\w-]+)+/.exec(command)?.[0];
    return choice ? choice.split("|").map((one) => command.replace(choice, one)) : command;
  });
}

function row(one) {
  const late = one.on < session.today;
  return el(
    "tr", {},
    el("td", { class: "nowrap" }, dayWord(one.on, language()), el("small", { class: late ? "below missed" : "below" }, whenWord(one.on))),
    el("td", {}, word(`ends ${one.what}`)),
    el("td", { class: "nowrap" }, idCell(one.id)),
    el("td", {}, el("div", { class: "commands" }, commands(one.remedy).map(command))),
  );
}

export async function show(main) {
  const { due } = await look("/api/library");
  main.replaceChildren(
    el(
      "div", { class: "listing stack" },
      el("header", { class: "stack tight" }, el("h1", {}, word("due")), el("p", { class: "hint" }, word("dueLead"))),
      due.length
        ? el("div", { class: "card flush" },
            el("table", {},
              el("thead", {}, el("tr", {}, ["dueDate", "dueWhat", "dueWhich", "dueRemedy"].map((key) => el("th", { scope: "col" }, word(key))))),
              el("tbody", {}, due.map(row))))
        : el("p", { class: "empty" }, word("nothingDue")),
    ),
  );
  return { close() {} };
}
