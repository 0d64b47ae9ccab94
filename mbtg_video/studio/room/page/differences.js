// The revealed scores side by side, the largest differences first.

import { el } from "./dom.js";
import { language, word } from "./host_words.js";

const MARKED_FROM = 2; // a difference of one point is agreement, as most see it

function aspectsOf(row) {
  if (row.overall !== null) return ["value"];
  const given = (key) => row.answers.some((answer) => answer[key] !== null);
  const found = ["adherence", "quality"].filter(given);
  return found.length ? found : ["quality"];
}

function numberOf(row, answer, key) {
  if (answer[key] === null) return el("div", { title: answer.absence ? word(answer.absence) : null }, answer.absence ? word(`short ${answer.absence}`) : "–");
  const given = row.answers.map((one) => one[key]).filter((value) => value !== null);
  const [low, high] = [Math.min(...given), Math.max(...given)];
  const apart = high - low >= MARKED_FROM;
  const mark = apart && answer[key] === low ? "low" : apart && answer[key] === high ? "high" : null;
  return el("div", { class: mark }, String(answer[key]));
}

function nameOf(scale, row) {
  if (row.overall !== null) return scale.overall.find((one) => one.key === row.overall)[language()];
  const item = scale.items.find((one) => one.number === row.item);
  return `${item.number} ${item[language()]}`;
}

/** A table: a row for every item and overall rating, a column for every rater. */
export function differencesTable(scale, given) {
  const raters = given[0].answers.map((answer) => answer.rater);
  const rows = given.map((row) => {
    const aspects = aspectsOf(row);
    return el(
      "tr", {},
      el("th", { scope: "row" }, nameOf(scale, row)),
      el("td", { class: "gap" }, row.split ? `${row.gap} *` : String(row.gap)),
      el("td", {}, aspects.map((key) => el("div", { class: "aspect" }, word(key)))),
      row.answers.map((answer) => el("td", {}, aspects.map((key) => numberOf(row, answer, key)))),
    );
  });
  return [
    el("p", { class: "note" }, word("tableHint")),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": word("differences") },
      el("table", {},
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, word("item")), el("th", { scope: "col" }, word("gap")), el("td", {}), raters.map((code) => el("th", { scope: "col" }, code)))),
        el("tbody", {}, rows))),
  ];
}
