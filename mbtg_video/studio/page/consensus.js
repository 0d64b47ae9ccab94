// What the raters agree on: kept in the page until it is whole, then recorded beside their scores.

import { Gone, change, look, session } from "./api.js";
import { clearAlert, saved, tell } from "./app.js";
import { el, field, icon, openDialog } from "./dom.js";
import { MOST_EVIDENCE, emptyScore } from "./sheet.js";
import { nameOf, sheetBeside } from "./sheet_beside.js";
import { merged } from "./sheet_merge.js";
import { language, word } from "./words.js";

// Whoever goes to look at something else finds it again: by scoring, in this page only.
const kept = new Map();

const numbersOf = (answer) => JSON.stringify([answer.adherence, answer.quality, answer.value, answer.absence]);
const answered = (answer) => answer.absence !== null || answer.adherence !== null || answer.quality !== null || answer.value !== null;

/** One rater's answer as a score of the consensus: numbers and moments, no personal note. */
const scoreFrom = (row, answer, evidence) => ({ ...emptyScore(row.item), adherence: answer.adherence, quality: answer.quality, absence: answer.absence, evidence });

function together(answers) {
  const found = new Map(answers.flatMap((one) => one.evidence).map((moment) => [JSON.stringify(moment), moment]));
  // A sheet that cites more is not taken; all of them stay with their raters.
  return [...found.values()].slice(0, MOST_EVIDENCE).sort((one, other) => one.start_us - other.start_us);
}

/** A sheet in which that is filled in on which all raters are the same. */
function whereAllAgree(rows) {
  const sheet = { items: [], overall: {}, note: null };
  for (const row of rows) {
    const [first, ...others] = row.answers;
    if (!first || !answered(first) || others.some((one) => numbersOf(one) !== numbersOf(first))) continue;
    if (row.item !== null) sheet.items.push(scoreFrom(row, first, together(row.answers)));
    else sheet.overall[row.overall] = first.value ?? first.absence;
  }
  sheet.items.sort((one, other) => one.item - other.item);
  return sheet;
}

export class Consensus {
  /** `changed` is called when what is shown of it elsewhere is no longer so. */
  constructor(view, comparison, changed) {
    this.view = view;
    this.changed = changed;
    this.raters = view.scoring.raters.filter((one) => one.state === "submitted").map((one) => one.rater);
    this.element = el("div", { class: "stack" });
    const { revision, sheet } = comparison.consensus;
    const agreed = view.scoring.agreed_by.length ? view.scoring.agreed_by : this.raters;
    const begun = sheet ?? (this.frozen ? { items: [], overall: {}, note: null } : whereAllAgree(comparison.rows));
    this.held = { revision, base: structuredClone(begun), sheet: begun, agreed: new Set(agreed), unsent: false };
    const before = kept.get(view.scoring.id);
    if (before?.unsent && !this.frozen) this.held = before;
    else kept.set(view.scoring.id, this.held);
    this.onLeave = (event) => this.held.unsent && event.preventDefault();
    window.addEventListener("beforeunload", this.onLeave);
    this.fill();
  }

  /** Whether nothing is agreed on any more: it is signed, or what it is about was shredded. */
  get frozen() {
    return this.view.scoring.state === "signed" || this.view.scoring.title === null;
  }

  /** Whether all that is shown of it is kept in the library. */
  get recorded() {
    return this.held.revision > 0 && !this.held.unsent;
  }

  get address() {
    return `/api/scorings/${this.view.scoring.id}`;
  }

  /** What stands for a row of the comparison, or null. */
  answerFor(row) {
    if (row.item !== null) return this.held.sheet.items.find((score) => score.item === row.item) ?? null;
    const value = this.held.sheet.overall[row.overall] ?? null;
    if (value === null) return null;
    return typeof value === "number" ? { value, absence: null, evidence: [] } : { value: null, absence: value, evidence: [] };
  }

  /** Puts one rater's answer in place of what stands for that row. */
  takeOver(row, answer) {
    const { sheet } = this.held;
    if (row.item !== null) {
      const before = sheet.items.find((score) => score.item === row.item);
      const score = { ...scoreFrom(row, answer, answer.evidence), note: before?.note ?? null };
      sheet.items = [...sheet.items.filter((one) => one.item !== row.item), score].sort((one, other) => one.item - other.item);
    } else sheet.overall[row.overall] = answer.value ?? answer.absence;
    this.sheet.replace(sheet);
    this.#edited(sheet);
  }

  #edited(sheet) {
    this.held.sheet = sheet;
    this.held.unsent = true;
    saved("");
    this.#told();
    this.changed();
  }

  cite() {
    if (!this.frozen) this.sheet.cite();
  }

  fill() {
    this.sheet = sheetBeside(this.view, { sheet: this.held.sheet, readOnly: this.frozen, onChange: (sheet) => this.#edited(sheet) });
    if (this.frozen) {
      this.element.replaceChildren(this.sheet.element);
      return;
    }
    this.gaps = el("p", { class: "gaps missed", role: "status" });
    this.button = el("button", { type: "button", class: "main", on: { click: () => this.#record().catch(tell) } });
    this.element.replaceChildren(
      ...(this.held.revision ? [] : [el("p", { class: "hint" }, word("consensusHint"))]),
      this.sheet.element,
      el("footer", { class: "sheet-end row" },
        el("div", { class: "agreed", role: "group", "aria-label": word("agreedBy") }, el("span", { "aria-hidden": "true" }, word("agreedBy")), this.raters.map((rater) => this.#tick(rater))),
        this.button, this.gaps),
    );
    this.#told();
  }

  #tick(rater) {
    const box = el("input", {
      type: "checkbox", checked: this.held.agreed.has(rater),
      on: { change: () => {
        if (box.checked) this.held.agreed.add(rater);
        else this.held.agreed.delete(rater);
        this.held.unsent = true;
        this.#told();
        this.changed();
      } },
    });
    return el("label", { class: "tick" }, box, rater);
  }

  #told() {
    if (this.frozen) return;
    this.button.textContent = word(this.held.revision ? "recordAgain" : "recordConsensus");
    this.button.disabled = this.held.revision > 0 && !this.held.unsent;
    this.gaps.textContent = this.held.unsent ? word("notRecorded") : "";
  }

  async #record() {
    clearAlert();
    const left = this.sheet.unanswered();
    if (left.length) {
      this.gaps.textContent = word("gapsLeft", { n: left.length });
      this.sheet.showGaps();
      return;
    }
    if (!this.held.agreed.size) {
      this.gaps.textContent = word("agreedByNobody");
      return;
    }
    const { held } = this;
    const sheet = this.sheet.value();
    held.unsent = false;
    saved("saving");
    try {
      const told = await change(`${this.address}/consensus`, { agreed_by: [...held.agreed], seen: held.revision, sheet });
      Object.assign(held, { revision: told.consensus.revision, base: told.consensus.sheet });
      saved("saved");
      this.view.say(word("recordedConsensus"));
      await this.view.take(told.scoring);
    } catch (error) {
      held.unsent = true;
      saved("");
      this.#told();
      if (error instanceof Gone || error.status !== 409) throw error;
      await this.#mix(sheet);
    }
  }

  // Another page recorded one: what was changed here is brought into it, and looked at again.
  async #mix(sheet) {
    const { consensus } = await look(`${this.address}/compare`);
    const mixed = merged(this.held.base, sheet, consensus.sheet);
    Object.assign(this.held, { revision: consensus.revision, base: consensus.sheet, sheet: mixed.sheet, unsent: true });
    await this.view.look();
    const items = mixed.both.map((key) => nameOf(this.view.scoring.items, key)).join(", ");
    tell(new Error(items ? word("consensusBoth", { items }) : word("consensusElsewhere")));
  }

  /** Asks who signs, and freezes the scoring. */
  async sign() {
    const { scoring, raters } = this.view;
    const who = el("select", { required: true },
      el("option", { value: "" }, word("chooseRater")),
      raters.map((one) => el("option", { value: one.code }, `${one.code} – ${word(`role ${one.role}`)}`)));
    who.value = raters.some((one) => one.code === session.author) ? session.author : "";
    const signer = await openDialog(word("signTitle", { id: scoring.id }), (close) =>
      el("form", { class: "stack", on: { submit: (event) => {
        event.preventDefault();
        close(who.value);
      } } },
        el("p", {}, word("signText")),
        field(word("whoSigns"), who),
        el("div", { class: "row end" },
          el("button", { type: "button", class: "second", on: { click: () => close(null) } }, word("cancel")),
          el("button", { type: "submit", class: "main" }, icon("good"), word("signNow")))));
    if (!signer) return;
    await this.view.change(`${this.address}/sign`, { signer, seen: this.held.revision });
  }

  relabel() {
    this.sheet.speak(language());
    this.fill();
  }

  close() {
    window.removeEventListener("beforeunload", this.onLeave);
  }
}
