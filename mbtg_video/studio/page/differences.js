// A scoring that was revealed: all answers side by side, the largest differences first.

import { look, session } from "./api.js";
import { tell } from "./app.js";
import { Consensus } from "./consensus.js";
import { el, icon } from "./dom.js";
import { matrixHead, matrixRow } from "./matrix.js";
import { nameOf } from "./sheet_beside.js";
import { sheetWord } from "./sheet_words.js";
import { dayWord } from "./times.js";
import { language, word } from "./words.js";

const TABS = ["differences", "consensus"];
const MUCH = 2;
const MOST_IN_FULL = 4; // raters whose answers are all shown below each other

const day = (iso) => dayWord(iso, language());

export class Differences {
  /** `view` holds scoring, watching, say(text), look() and change(path, wish). */
  constructor(view) {
    this.view = view;
    this.tab = "differences";
    this.onlyApart = false;
    this.opened = new Set(); // what is shown in full of a matrix
    this.closed = false;
    this.consensus = null;
    this.element = el("div", { class: "stack" });
    this.loaded = this.#load();
  }

  async #load() {
    const comparison = await look(`/api/scorings/${this.view.scoring.id}/compare`);
    if (this.closed) return;
    this.comparison = comparison;
    this.consensus?.close();
    this.consensus = new Consensus(this.view, comparison, () => this.#consensusChanged());
    const had = this.element.contains(document.activeElement);
    this.fill();
    if (had) this.head.querySelector("[aria-pressed=true]").focus();
  }

  refresh() {
    this.loaded = this.#load();
  }

  cite() {
    if (this.tab === "consensus") this.consensus?.cite();
  }

  relabel() {
    if (!this.consensus) return;
    this.consensus.relabel();
    this.fill();
  }

  // --- frame -----------------------------------------------------------------------------------

  fill() {
    this.head = el("div", { class: "row apart scoring-head" });
    this.body = el("div", { class: "stack" });
    this.element.replaceChildren(this.head, this.body);
    this.#fillHead();
    this.#fillBody();
  }

  #fillHead() {
    const focused = document.activeElement?.dataset?.tab;
    const tabs = el("div", { class: "group tabs", role: "group", "aria-label": word("views") }, TABS.map((tab) =>
      el("button", { type: "button", class: "choice", data: { tab }, "aria-pressed": String(this.tab === tab), on: { click: () => this.#open(tab) } }, word(tab))));
    this.head.replaceChildren(tabs, this.#standing());
    if (focused) this.head.querySelector(`[data-tab=${focused}]`)?.focus();
  }

  #standing() {
    const { scoring } = this.view;
    if (scoring.state === "signed") {
      return el("p", { class: "signed good" }, icon("good"), el("strong", {}, word("signedBy", { code: scoring.signed_by, date: day(scoring.signed_at) })));
    }
    const agreed = scoring.agreed_by.join(", ");
    const told = scoring.state === "agreed" ? word("agreedOn", { codes: agreed, date: day(scoring.agreed_at) }) : word("revealedOn", { date: day(scoring.revealed_at) });
    const may = session.powers.includes("sign ratings");
    const unsent = this.consensus.held.unsent && scoring.state === "agreed";
    return el(
      "div", { class: "row standing-line" },
      el("p", {}, told, unsent ? el("span", { class: "missed" }, ` ${word("notRecorded")}`) : null),
      scoring.state !== "agreed" ? null : may
        ? el("button", { type: "button", class: "main", disabled: unsent, on: { click: () => this.consensus.sign().catch(tell) } }, word("signButton"))
        : el("p", { class: "hint" }, word("signBySupervisor")),
    );
  }

  #open(tab) {
    this.tab = tab;
    this.#fillHead();
    this.#fillBody();
  }

  #fillBody() {
    this.body.replaceChildren(...(this.tab === "consensus" ? [this.consensus.element] : this.#table()));
  }

  #consensusChanged() {
    if (this.tab === "differences") this.#fillRows();
    this.#fillHead();
  }

  // --- the table -------------------------------------------------------------------------------

  #table() {
    const { notes } = this.comparison;
    const only = el("input", { type: "checkbox", checked: this.onlyApart, on: { change: () => {
      this.onlyApart = only.checked;
      this.#fillRows();
    } } });
    this.rows = el("table", { class: this.many ? "matrix" : "apart-table" });
    this.none = el("p", { class: "hint", role: "status" });
    this.#fillRows();
    return [
      el("label", { class: "tick" }, only, word("onlyApart")),
      this.none,
      ...(this.many ? [el("p", { class: "hint" }, word("matrixHint"))] : []),
      el("div", { class: this.many ? "card flush matrix-scroll" : "card flush" }, this.rows),
      ...(notes.length
        ? [el("section", { class: "card stack", "aria-labelledby": "whole-notes" }, el("h2", { id: "whole-notes" }, word("wholeNotes")),
            notes.map(({ rater, note }) => el("p", { class: "sheet-note" }, el("strong", {}, rater), ` ${note}`)))]
        : []),
    ];
  }

  #fillRows() {
    const shown = this.comparison.rows.filter((row) => !this.onlyApart || row.gap > 0 || row.split);
    const place = document.activeElement?.dataset?.place;
    this.none.textContent = shown.length ? "" : word("noneApart");
    this.rows.hidden = shown.length === 0;
    this.rows.replaceChildren(...(this.many
      ? [matrixHead(this.comparison.rows[0].answers.map((answer) => answer.rater)), ...shown.map((row) => this.#matrixRow(row))]
      : [this.#columns(), ...shown.map((row) => this.#rowsOf(row))]));
    if (place) this.rows.querySelector(`[data-place="${place}"]`)?.focus();
  }

  /** Whether there are more raters than can be read below each other. */
  get many() {
    return this.comparison.rows[0].answers.length > MOST_IN_FULL;
  }

  #columns() {
    return el("thead", {}, el("tr", {},
      el("th", { scope: "col" }, word("rater")),
      el("th", { scope: "col", class: "score" }, word("adherenceShort")),
      el("th", { scope: "col", class: "score" }, word("qualityShort")),
      el("th", { scope: "col" }, word("momentsNotes"))));
  }

  #matrixRow(row) {
    const key = row.item ?? row.overall;
    const name = nameOf(this.view.scoring.items, key);
    const open = () => {
      if (!this.opened.delete(key)) this.opened.add(key);
      this.#fillRows();
    };
    const details = () => el("table", { class: "apart-table" }, this.#columns(), el("tbody", {}, this.#lines(row, name)));
    return matrixRow(row, { key, name, opened: this.opened.has(key), open, details });
  }

  #rowsOf(row) {
    const key = row.item ?? row.overall;
    const name = nameOf(this.view.scoring.items, key);
    const gap = row.gap ? word("gapOf", { n: row.gap }) : row.split ? null : word("gapNone");
    return el(
      "tbody", { data: { answer: String(key) } },
      el("tr", { class: "about" },
        el("th", { scope: "rowgroup", colspan: 4 },
          el("span", { class: "about-line" },
            el("span", { class: "about-name" }, row.item === null ? null : el("span", { class: "badge" }, row.item), row.item === null ? name : ` ${name.slice(String(row.item).length + 1)}`),
            el("span", { class: "gaps-told" },
              row.split ? el("span", { class: "gap much" }, word("splitWord")) : null,
              gap ? el("span", { class: row.gap >= MUCH ? "gap much" : "gap" }, gap) : null)))),
      this.#lines(row, name),
    );
  }

  #lines(row, name) {
    const agreed = this.consensus.answerFor(row);
    return [
      ...row.answers.map((answer) => this.#answer(row, answer, name)),
      agreed ? this.#line(row, agreed, word(this.consensus.recorded ? "consensus" : "proposed"), [], "agreed-line") : null,
    ];
  }

  #answer(row, answer, name) {
    const may = !this.consensus.frozen;
    const taking = may ? el("button", {
      type: "button", class: "link small take", data: { place: `${row.item ?? row.overall}-${answer.rater}` }, "aria-label": word("takeOverFrom", { rater: answer.rater, name }),
      on: { click: () => {
        this.consensus.takeOver(row, answer);
        this.view.say(word("tookOver", { rater: answer.rater, name }));
      } },
    }, word("takeOver")) : null;
    return this.#line(row, answer, answer.rater, [taking]);
  }

  #line(row, answer, who, more, kind = null) {
    const shown = (value) => el("td", { class: "score number" }, value ?? "–");
    const cells = answer.absence !== null && answer.adherence == null && answer.quality == null && answer.value == null
      ? [el("td", { class: "score absent", colspan: 2 }, sheetWord(language(), answer.absence))]
      : row.item === null ? [el("td", { class: "score number", colspan: 2 }, answer.value ?? "–")] : [shown(answer.adherence), shown(answer.quality)];
    const { watching } = this.view;
    const moments = answer.evidence.map((moment) => {
      const time = moment.end_us === null ? watching?.clock(moment.start_us) : `${watching?.clock(moment.start_us)}–${watching?.clock(moment.end_us)}`;
      return el("button", { type: "button", class: "sheet-moment", disabled: !watching, "aria-label": word("playMoment", { time, rater: who }), on: { click: () => watching.play(moment).catch(tell) } }, icon("play"), time ?? "");
    });
    return el(
      "tr", { class: kind },
      el("th", { scope: "row" }, who),
      cells,
      el("td", {}, el("div", { class: "moments" }, moments, more), answer.note ? el("p", { class: "sheet-note" }, answer.note) : null),
    );
  }

  close() {
    this.closed = true;
    this.consensus?.close();
  }
}
