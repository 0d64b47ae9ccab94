// The score sheet, the same in the studio, in a bundle and on a phone: what one rater says of
// every item. It knows no server; whoever shows it is told of each change.

import { sheetWord } from "./sheet_words.js";

const ABSENCES = ["did_not_occur", "cannot_judge"];
const LONGEST_NOTE = 4000;
export const MOST_EVIDENCE = 50;
let sheetsMade = 0;

export const emptyScore = (item) => ({ item, adherence: null, quality: null, absence: null, note: null, evidence: [] });

const aspectsOf = (item) => (item.adherence_rated ? ["adherence", "quality"] : ["quality"]);

const numbersMissing = (item, score) => aspectsOf(item).filter((aspect) => score[aspect] === null).length;

/** What still needs an answer: numbers of items, then keys of overall ratings. */
export function unansweredOn(scale, sheet) {
  const scores = new Map(sheet.items.map((score) => [score.item, score]));
  const items = scale.items.filter((item) => {
    const score = scores.get(item.number) ?? emptyScore(item.number);
    return score.absence === null && numbersMissing(item, score) > 0;
  });
  const overall = scale.overall.filter(({ key }) => (sheet.overall[key] ?? null) === null);
  return [...items.map((item) => String(item.number)), ...overall.map(({ key }) => key)];
}

function sheetElement(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  // Without it a browser writes what is typed into its own files.
  if (["input", "textarea", "form"].includes(tag)) element.setAttribute("autocomplete", "off");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else if (name === "value" || name === "checked" || name === "disabled") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * A sheet for `scale`, filled in as `sheet` says.
 *
 * `cite(item)` gives the moment on show, `play(moment)` goes to one, `clock(us)` writes a time;
 * without `cite` no evidence can be added. `onChange(sheet)` follows every change.
 */
export function makeSheet({ scale, language, sheet = null, readOnly = false, cite = null, play = null, clock = String, onChange = () => {} }) {
  const group = `sheet-${(sheetsMade += 1)}`;
  const scores = new Map();
  let overall = {};
  let note = null;
  let spoken = language;
  let locked = readOnly;
  let gapsShown = false;
  const element = sheetElement("form", { class: "score-sheet", submit: (event) => event.preventDefault() });
  const status = sheetElement("p", { class: "sheet-status", role: "status" });
  const w = (key, values) => sheetWord(spoken, key, values);

  function read(given) {
    scores.clear();
    for (const score of given?.items ?? []) scores.set(score.item, { ...emptyScore(score.item), ...score });
    overall = { ...(given?.overall ?? {}) };
    note = given?.note ?? null;
  }

  function value() {
    const items = scale.items
      .map((item) => scores.get(item.number))
      .filter((score) => score && (score.adherence !== null || score.quality !== null || score.absence || score.note || score.evidence.length));
    return { items: items.map((score) => ({ ...score, evidence: [...score.evidence] })), overall: { ...overall }, note };
  }

  const scoreOf = (item) => {
    if (!scores.has(item.number)) scores.set(item.number, emptyScore(item.number));
    return scores.get(item.number);
  };

  function changed(card = null, draw = null) {
    if (card) {
      const focused = document.activeElement?.dataset?.place;
      card.replaceWith((card = draw()));
      if (focused) card.querySelector(`[data-place="${focused}"]`)?.focus();
    }
    tellStatus();
    onChange(value());
  }

  function tellStatus() {
    const left = unansweredOn(scale, value());
    const all = scale.items.length + scale.overall.length;
    status.textContent = w("answered", { n: all - left.length, all });
    for (const card of element.querySelectorAll("[data-answer]")) {
      const open = left.includes(card.dataset.answer);
      card.dataset.open = String(open);
      card.querySelector(".sheet-gap").textContent = open && gapsShown ? w("missing") : "";
    }
  }

  function scaleRow(place, label, chosen, choose) {
    const name = `${group}-${place}`;
    const { lowest, highest, good_enough: enough } = scale.values;
    const values = Array.from({ length: highest - lowest + 1 }, (_, n) => lowest + n);
    // A digit scores the row that has the focus.
    function typed(event) {
      const number = Number(event.key);
      if (locked || !/^[0-9]$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey || !values.includes(number)) return;
      event.preventDefault();
      event.currentTarget.querySelector(`input[value="${number}"]`).focus();
      if (number !== chosen) choose(number);
    }
    return sheetElement(
      "div", { class: "sheet-row", role: "radiogroup", "aria-label": label, keydown: typed },
      sheetElement("span", { class: "sheet-aspect", "aria-hidden": "true" }, label),
      sheetElement("span", { class: "sheet-values" }, values.map((number) =>
        sheetElement(
          "label", { class: number === enough ? "sheet-value enough" : "sheet-value", title: number === enough ? w("goodEnough") : null },
          sheetElement("input", {
            type: "radio", name, value: String(number), checked: chosen === number, disabled: locked,
            "data-place": `${place}-${number}`, change: () => choose(number),
          }),
          sheetElement("span", {}, String(number)),
        ))),
    );
  }

  function absenceButtons(chosen, offered, choose, about) {
    const told = locked ? offered.filter((absence) => absence === chosen) : offered;
    return told.map((absence) =>
      sheetElement(
        "button", {
          type: "button", class: "sheet-absence", "aria-pressed": String(chosen === absence), disabled: locked,
          "aria-label": `${w(absence)}: ${about}`, "data-place": absence, click: () => choose(absence),
        }, w(absence)));
  }

  function evidenceOf(item, score, redraw) {
    const chips = score.evidence.map((moment, place) => {
      const time = moment.end_us === null || moment.end_us === undefined ? clock(moment.start_us) : `${clock(moment.start_us)}–${clock(moment.end_us)}`;
      return sheetElement(
        "li", {},
        sheetElement("button", { type: "button", class: "sheet-moment", disabled: play === null, "aria-label": w("playEvidence", { time }), click: () => play(moment) }, time),
        locked ? null : sheetElement("button", {
          type: "button", class: "sheet-drop", "aria-label": w("dropEvidence", { time }),
          click: () => { score.evidence.splice(place, 1); redraw(); },
        }, "×"));
    });
    const adding = cite === null || locked ? null : sheetElement(
      "button", {
        type: "button", class: "sheet-cite", "aria-label": w("citeFor", { item: item.number }), "data-place": "cite",
        disabled: score.evidence.length >= MOST_EVIDENCE,
        click: () => {
          const moment = cite(item);
          const known = score.evidence.some((one) => JSON.stringify(one) === JSON.stringify(moment));
          if (moment === null || known) return;
          score.evidence.push(moment);
          score.evidence.sort((one, other) => one.start_us - other.start_us);
          redraw();
        },
      }, w("cite"));
    if (!chips.length && !adding) return null;
    return sheetElement("div", { class: "sheet-evidence" }, sheetElement("ul", { "aria-label": w("evidence") }, chips), adding);
  }

  function noteField(label, text, keep) {
    if (locked) return text ? sheetElement("p", { class: "sheet-note" }, text) : null;
    const area = sheetElement("textarea", {
      rows: "1", maxlength: String(LONGEST_NOTE), "aria-label": label, placeholder: w("note"), "data-place": "note",
      input: (event) => { keep(event.target.value.trim() ? event.target.value : null); changed(); },
    });
    area.value = text ?? "";
    return area;
  }

  function itemCard(item) {
    const score = scoreOf(item);
    const name = item[spoken];
    const redraw = () => changed(card, () => (card = itemCard(item)));
    const clear = () => { scores.set(item.number, { ...emptyScore(item.number), note: score.note, evidence: score.evidence }); redraw(); };
    const rows = aspectsOf(item).map((aspect) =>
      scaleRow(`${item.number}-${aspect}`, w(aspect), score[aspect], (number) => {
        score[aspect] = number;
        if (score.absence === "did_not_occur" || numbersMissing(item, score) === 0) score.absence = null;
        redraw();
      }));
    const absent = (absence) => {
      score.absence = score.absence === absence ? null : absence;
      // What did not occur has no numbers; what has all of them was judged.
      if (score.absence === "did_not_occur" || (score.absence && numbersMissing(item, score) === 0)) score.adherence = score.quality = null;
      redraw();
    };
    let card = sheetElement(
      "fieldset", { class: "sheet-item", "data-answer": String(item.number) },
      sheetElement("legend", {}, sheetElement("span", { class: "sheet-number" }, String(item.number)), ` ${name} `, sheetElement("span", { class: "sheet-gap" })),
      rows,
      sheetElement(
        "div", { class: "sheet-foot" },
        absenceButtons(score.absence, ABSENCES, absent, name),
        locked ? null : sheetElement("button", { type: "button", class: "sheet-clear", "aria-label": w("clearFor", { item: item.number }), "data-place": "clear", click: clear }, w("clear")),
      ),
      evidenceOf(item, score, redraw),
      noteField(w("noteFor", { item: item.number }), score.note, (text) => (score.note = text)),
    );
    return card;
  }

  function overallCard(one) {
    const name = one[spoken];
    const chosen = overall[one.key] ?? null;
    const redraw = () => changed(card, () => (card = overallCard(one)));
    const choose = (answer) => {
      if (overall[one.key] === answer) delete overall[one.key];
      else overall[one.key] = answer;
      redraw();
    };
    let card = sheetElement(
      "fieldset", { class: "sheet-item", "data-answer": one.key },
      sheetElement("legend", {}, `${name} `, sheetElement("span", { class: "sheet-gap" })),
      scaleRow(`overall-${one.key}`, name, chosen, choose),
      sheetElement("div", { class: "sheet-foot" }, absenceButtons(chosen, ["cannot_judge"], choose, name)),
    );
    return card;
  }

  function draw() {
    element.dataset.locked = String(locked);
    element.replaceChildren(
      status,
      ...scale.items.map(itemCard),
      sheetElement("h3", { class: "sheet-heading" }, w("overall")),
      ...scale.overall.map(overallCard),
      ...[noteField(w("noteAll"), note, (text) => (note = text))].filter(Boolean),
    );
    tellStatus();
  }

  read(sheet);
  draw();
  return {
    element,
    value,
    unanswered: () => unansweredOn(scale, value()),
    /** Marks what is not answered, and goes to the first of it; whether there was any. */
    showGaps() {
      gapsShown = true;
      tellStatus();
      const first = element.querySelector('[data-open="true"]');
      first?.scrollIntoView({ block: "center" });
      first?.querySelector("input, button")?.focus({ preventScroll: true });
      return first !== null;
    },
    replace(given) { read(given); draw(); },
    speak(wanted) { spoken = wanted; draw(); },
    lock(wanted) { locked = wanted; draw(); },
  };
}
