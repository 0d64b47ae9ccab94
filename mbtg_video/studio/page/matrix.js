// The answers of many raters at a glance: a row an item, a column a rater.

import { el, icon } from "./dom.js";
import { sheetWord } from "./sheet_words.js";
import { language, word } from "./words.js";

const MARKED_FROM = 2; // a difference of one point is agreement, as most see it
const SIGNS = { did_not_occur: "×", cannot_judge: "?" };

function aspectsOf(row) {
  if (row.overall !== null) return ["value"];
  const found = ["adherence", "quality"].filter((key) => row.answers.some((answer) => answer[key] !== null));
  return found.length ? found : ["quality"];
}

function numberOf(row, answer, key) {
  const value = answer[key];
  if (value === null) {
    const said = answer.absence === null ? word("notAnswered") : sheetWord(language(), answer.absence);
    return el("div", { title: said }, el("span", { "aria-hidden": "true" }, SIGNS[answer.absence] ?? "–"), el("span", { class: "unseen" }, said));
  }
  const given = row.answers.map((one) => one[key]).filter((one) => one !== null);
  const [low, high] = [Math.min(...given), Math.max(...given)];
  const mark = high - low < MARKED_FROM ? null : value === low ? "low" : value === high ? "high" : null;
  return el("div", { class: mark }, value);
}

export function matrixHead(raters) {
  return el("thead", {}, el("tr", {},
    el("th", { scope: "col" }, word("itemWord")),
    el("th", { scope: "col", class: "apart" }, word("gapWord")),
    raters.map((rater) => el("th", { scope: "col", class: "given" }, rater))));
}

/** An item's row, and below it `details` once it is opened. */
export function matrixRow(row, { key, name, opened, open, details }) {
  const button = el("button", { type: "button", class: "opens", "aria-expanded": String(opened), data: { place: `open-${key}` }, on: { click: open } },
    icon(opened ? "up" : "down"), el("span", {}, name));
  return el("tbody", { data: { answer: String(key) } },
    el("tr", {},
      el("th", { scope: "row" }, button),
      el("td", { class: "apart", title: row.split ? word("splitWord") : null }, row.split ? `${row.gap} *` : row.gap),
      row.answers.map((answer) => el("td", { class: "given" }, aspectsOf(row).map((aspect) => numberOf(row, answer, aspect))))),
    opened ? el("tr", { class: "opened" }, el("td", { colspan: row.answers.length + 2 }, details())) : null);
}
