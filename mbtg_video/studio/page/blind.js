// A scoring while it is blind: one rater's own sheet, who is done, and the reveal.

import { Gone, change, session } from "./api.js";
import { clearAlert, saved, tell } from "./app.js";
import { el, field, icon, openDialog } from "./dom.js";
import { Draft } from "./rating_draft.js";
import { nameOf, sheetBeside } from "./sheet_beside.js";
import { dayWord } from "./times.js";
import { language, word } from "./words.js";

const LOOK_MS = 4000;

export class Blind {
  /** `view` holds scoring, watching, say(text), look() and revealed(scoring). */
  constructor(view, raters) {
    this.view = view;
    this.raters = raters;
    this.wanted = raters.some((one) => one.code === session.author) ? session.author : "";
    this.rater = null;
    this.sheet = null; // as it is shown
    this.draft = null;
    this.closed = false;
    this.element = el("div", { class: "stack" });
    // Whoever waits for the others sees when they are done.
    this.timer = setInterval(() => this.draft === null && !document.querySelector("dialog[open]") && this.view.look().catch(tell), LOOK_MS);
    this.fill();
  }

  get address() {
    return `/api/scorings/${this.view.scoring.id}`;
  }

  #standingOf(rater) {
    return this.view.scoring.raters.find((one) => one.rater === rater)?.state ?? null;
  }

  /** Shows it as it stands by now; a sheet that is on show stays the same. */
  fill() {
    const parts = this.rater === null ? [this.#chooser(), this.#standing()] : this.draft ? this.#filling() : [this.#handedIn(), this.#standing(), this.sheet?.element];
    this.element.replaceChildren(...parts.filter(Boolean));
  }

  // The scoring was read again; what did not change is not drawn again under somebody's hands.
  refresh() {
    const told = JSON.stringify(this.view.scoring.raters);
    if (this.draft !== null || told === this.told) return;
    const fresh = this.#standing();
    this.element.querySelector(".standing")?.replaceWith(fresh);
  }

  relabel() {
    this.sheet?.speak(language());
    this.fill();
  }

  // --- whose sheet -----------------------------------------------------------------------------

  #chooser() {
    const which = el("select", { required: true, on: { change: () => (this.wanted = which.value) } },
      el("option", { value: "" }, word("chooseRater")),
      this.raters.map((one) => el("option", { value: one.code }, `${one.code} – ${word(`role ${one.role}`)}`)));
    which.value = this.wanted;
    const form = el(
      "form", { class: "card stack", on: { submit: (event) => {
        event.preventDefault();
        this.#choose(which.value).catch(tell);
      } } },
      field(word("whoseSheet"), which, word("whoseSheetHint")),
      el("div", { class: "row" }, el("button", { type: "submit", class: "main" }, word("openSheet"))),
    );
    return form;
  }

  async #choose(rater) {
    if (this.rater !== null) return; // pressed twice
    this.rater = rater;
    try {
      clearAlert();
      await this.view.look();
      if (this.closed || this.view.scoring.state !== "blind") return;
      if (this.#standingOf(rater) === "submitted") this.fill();
      else await this.#begin();
      this.element.querySelector("h2")?.focus();
    } catch (error) {
      this.rater = null;
      throw error;
    }
  }

  #leave() {
    this.#drop();
    this.rater = null;
    this.wanted = "";
    saved("");
    clearAlert();
    this.fill();
    this.element.querySelector("select")?.focus();
  }

  #drop() {
    this.draft?.close();
    this.draft = this.sheet = null;
  }

  // --- filling it in ---------------------------------------------------------------------------

  async #begin() {
    const record = await change(`${this.address}/sheet`, { rater: this.rater });
    if (this.closed) return;
    this.draft = new Draft(this.address, record, {
      failed: (error) => this.#failed(error),
      taken: () => this.view.look().then(() => this.#handIn()).catch(tell),
      mixed: (sheet, both) => {
        this.sheet?.replace(sheet);
        const items = both.map((key) => nameOf(this.view.scoring.items, key)).join(", ");
        tell(new Error(both.length ? word("sheetBoth", { items }) : word("sheetElsewhere")));
      },
    });
    this.#show(record.sheet, false);
    this.fill();
  }

  #show(sheet, readOnly) {
    this.sheet = sheetBeside(this.view, { sheet, readOnly, onChange: (changed) => this.draft?.set(changed) });
  }

  /** Cites what is on show for the item that was touched last. */
  cite() {
    if (this.draft !== null) this.sheet.cite();
  }

  #filling() {
    return [
      el("header", { class: "row apart" },
        el("h2", { tabindex: "-1" }, word("sheetOf", { rater: this.rater })),
        el("button", { type: "button", class: "second small", on: { click: () => this.#leave() } }, word("anotherRater"))),
      this.sheet.element,
      el("footer", { class: "sheet-end row" },
        el("button", { type: "button", class: "main", on: { click: () => this.#submit().catch(tell) } }, word("submitSheet")),
        el("p", { class: "gaps missed", role: "status" })),
    ];
  }

  async #submit() {
    const left = this.sheet.unanswered();
    const gaps = this.element.querySelector(".gaps");
    gaps.textContent = left.length ? word("gapsLeft", { n: left.length }) : "";
    if (left.length) {
      this.sheet.showGaps();
      return;
    }
    const sure = await openDialog(word("submitTitle", { rater: this.rater }), (close) => [
      el("p", {}, word("submitText")),
      el("div", { class: "row end" },
        el("button", { type: "button", class: "second", on: { click: () => close(false) } }, word("cancel")),
        el("button", { type: "button", class: "main", on: { click: () => close(true) } }, word("submitSheet"))),
    ]);
    if (!sure || this.draft === null || !(await this.draft.submit()) || this.closed) return;
    await this.view.look();
    this.#handIn();
  }

  // What is not saved stays in the page, and goes with the next change.
  #failed(error) {
    saved("");
    if (this.closed) return tell(error);
    tell(error);
    if (error instanceof Gone) return;
    const gaps = this.element.querySelector(".gaps");
    if (gaps) gaps.textContent = word("notSavedSheet");
    this.view.look().catch(() => {}); // it may have been revealed meanwhile
  }

  // --- handed in -------------------------------------------------------------------------------

  #handIn() {
    if (this.closed) return;
    this.#drop();
    this.fill();
    this.element.querySelector("h2")?.focus();
  }

  #handedIn() {
    const { scoring } = this.view;
    const own = scoring.raters.find((one) => one.rater === this.rater);
    return el(
      "section", { class: "card stack handed-in", "aria-labelledby": "handed-in" },
      el("h2", { id: "handed-in", tabindex: "-1" }, icon("good"), el("span", {}, word("submittedTitle"))),
      el("p", {}, word("submittedText", { rater: this.rater })),
      own?.submitted_at ? el("p", { class: "hint" }, word("submittedOn", { rater: this.rater, date: dayWord(own.submitted_at, language()) })) : null,
      el("div", { class: "row" },
        this.sheet ? null : el("button", { type: "button", class: "second", on: { click: () => this.#lookAt().catch(tell) } }, word("lookAtSheet")),
        el("button", { type: "button", class: "second", on: { click: () => this.#takeBack().catch(tell) } }, word("takeBack")),
        el("button", { type: "button", class: "second", on: { click: () => this.#leave() } }, word("anotherRater"))),
    );
  }

  async #lookAt() {
    const { sheet } = await change(`${this.address}/sheet`, { rater: this.rater });
    if (this.closed) return;
    this.#show(sheet, true);
    this.fill();
    this.sheet.element.scrollIntoView({ block: "start" });
  }

  async #takeBack() {
    await change(`${this.address}/reopen`, { rater: this.rater });
    this.sheet = null;
    await this.#begin();
    this.element.querySelector("h2")?.focus();
  }

  // --- who is done, and the reveal -------------------------------------------------------------

  #standing() {
    const { scoring } = this.view;
    this.told = JSON.stringify(scoring.raters);
    const others = scoring.raters.filter((one) => one.rater !== this.rater);
    const line = (one) => {
      const done = one.state === "submitted";
      return el("li", { class: done ? "good" : null }, icon(done ? "good" : "minus"), el("span", {}, word(done ? "raterSubmitted" : "raterDraft", { rater: one.rater })));
    };
    const some = scoring.raters.some((one) => one.state === "submitted");
    const all = scoring.raters.every((one) => one.state === "submitted");
    const may = session.powers.includes("reveal ratings");
    return el(
      "section", { class: "card stack standing", "aria-labelledby": "who-is-done" },
      el("h2", { id: "who-is-done" }, word("whoIsDone")),
      scoring.raters.length && !others.length ? null : others.length ? el("div", { role: "status" }, el("ul", { class: "done-list" }, others.map(line))) : el("p", { class: "hint" }, word("nobodyYet")),
      may
        ? el("div", { class: "row" },
            el("button", { type: "button", class: all ? "main" : "second", disabled: !some, on: { click: () => this.#reveal().catch(tell) } }, word("revealButton")),
            some ? null : el("p", { class: "hint" }, word("revealNobody")))
        : el("p", { class: "hint" }, word("revealBySupervisor")),
    );
  }

  async #reveal() {
    await this.view.look();
    const { scoring } = this.view;
    if (this.closed || scoring.state !== "blind") return;
    const codes = (state) => scoring.raters.filter((one) => one.state === state).map((one) => one.rater).join(", ");
    const sure = await openDialog(word("revealTitle", { id: scoring.id }), (close) => [
      el("div", { class: "stack" },
        el("p", {}, word("revealText")),
        el("p", {}, word("revealIn", { codes: codes("submitted") })),
        codes("draft") ? el("p", { class: "missed" }, word("revealOut", { codes: codes("draft") })) : null),
      el("div", { class: "row end" },
        el("button", { type: "button", class: "second", on: { click: () => close(false) } }, word("cancel")),
        el("button", { type: "button", class: "main", on: { click: () => close(true) } }, word("revealNow"))),
    ]);
    if (sure) await this.view.change(`${this.address}/reveal`);
  }

  close() {
    this.closed = true;
    clearInterval(this.timer);
    this.#drop();
  }
}
