// After the reveal: one's own scores beside the group's.

import { el } from "./dom.js";
import { language, word } from "./words.js";

const number = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(1).replace(".", language() === "nb" ? "," : "."));

/** A line from the lowest to the highest value: the group's range, its median, one's own number. */
function track(values, own, group) {
  const at = (value) => `${((value - values.lowest) / (values.highest - values.lowest)) * 100}%`;
  const wide = ((group.highest - group.lowest) / (values.highest - values.lowest)) * 100;
  return el(
    "div", { class: "track", "aria-hidden": "true" },
    el("i", { class: "range", style: { left: at(group.lowest), width: `${wide}%` } }),
    el("i", { class: "middle", style: { left: at(group.median) } }),
    own === null ? null : el("i", { class: "own", style: { left: at(own) } }, String(own)),
  );
}

function aspect(values, label, own, absence, group) {
  if (group === null && own === null) return null;
  const mine = own !== null ? String(own) : absence ? word(absence) : word("none");
  const text = group === null
    ? word("mineAlone", { label, own: mine })
    : word("beside", { label, own: mine, lowest: group.lowest, highest: group.highest, median: number(group.median), n: group.raters });
  return el("div", {}, group === null ? null : track(values, own, group), el("p", {}, text));
}

function card(name, rows, row) {
  const absent = ["did_not_occur", "cannot_judge"]
    .filter((kind) => row[kind] > 0)
    .map((kind) => el("p", { class: "quiet" }, word("absent", { what: word(kind), n: row[kind] })));
  return el("li", { class: "result" }, el("h2", {}, name), rows, absent);
}

/** Cards in the scale's order. */
export function resultView(scale, sheet, group) {
  const items = new Map(sheet.items.map((score) => [score.item, score]));
  const empty = { adherence: null, quality: null, absence: null };
  const cards = scale.items.map((item) => {
    const row = group.find((one) => one.item === item.number);
    const own = items.get(item.number) ?? empty;
    const rows = ["adherence", "quality"].map((key) => aspect(scale.values, word(key), own[key], own.absence, row[key]));
    return card(`${item.number} ${item[language()]}`, rows, row);
  });
  const overall = scale.overall.map((one) => {
    const row = group.find((found) => found.overall === one.key);
    const own = sheet.overall[one.key] ?? null;
    const value = typeof own === "number" ? own : null;
    return card(one[language()], [aspect(scale.values, word("value"), value, typeof own === "string" ? own : null, row.value)], row);
  });
  return [el("h1", { tabindex: "-1" }, word("revealed")), el("p", { class: "quiet" }, word("revealedHint")), el("ul", { class: "results" }, cards, overall)];
}
