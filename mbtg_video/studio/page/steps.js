// The ordered steps of a playlist: dragged, or moved by buttons and keys.

import { el, icon, iconButton } from "./dom.js";
import { decisionMark, namesMark } from "./leave.js";
import { minutesField, minutesOf } from "./listing.js";
import { clock } from "./times.js";
import { word } from "./words.js";

const STEP = "application/x-mbtg-step";
export const EXCERPT = "application/x-mbtg-excerpt";

export const titleOf = (step) => (step.excerpt ? step.excerpt.title : step.text);

export class Steps {
  /** `act` holds move(id, to), shift(id, by), remove(id), edit(id, changes), insert(excerpt, at). */
  constructor(act, { decisionOn, openNames, mayPlan }) {
    this.openNames = openNames; // how many, by the id of the excerpt
    this.act = act;
    this.decisionOn = decisionOn;
    this.mayPlan = mayPlan;
    this.rows = new Map();
    this.steps = [];
    this.empty = el("p", { class: "hint drop-here" });
    this.list = el("ol", { class: "steps" });
    this.box = el(
      "div",
      {
        class: "steps-box",
        on: { dragover: (event) => this.#over(event), dragleave: (event) => this.#left(event), drop: (event) => this.#drop(event) },
      },
      this.list,
      this.empty,
    );
  }

  /** Shows these steps; rows that were there stay the same elements. */
  show(steps) {
    this.steps = steps;
    const focused = document.activeElement;
    const held = this.list.contains(focused) ? focused : null;
    const kept = new Set(steps.map((step) => step.id));
    for (const [id, row] of this.rows) {
      if (kept.has(id)) continue;
      row.element.remove();
      this.rows.delete(id);
    }
    steps.forEach((step, index) => {
      if (!this.rows.has(step.id)) this.rows.set(step.id, this.#row(step));
      const row = this.rows.get(step.id);
      row.fill(step, index, steps.length);
      if (this.list.children[index] !== row.element) this.list.insertBefore(row.element, this.list.children[index] ?? null);
    });
    this.empty.textContent = word("noSteps");
    this.empty.hidden = steps.length > 0;
    if (held && held !== document.activeElement && held.isConnected) held.focus({ preventScroll: true });
    held?.closest?.(".step")?.scrollIntoView({ block: "nearest" });
  }

  /** Builds every row anew, in the language of now. */
  relabel() {
    this.rows.clear();
    this.list.replaceChildren();
    this.show(this.steps);
  }

  focus(index) {
    this.list.children[Math.min(Math.max(index, 0), this.list.children.length - 1)]?.focus();
  }

  #row(step) {
    const number = el("span", { class: "badge", "aria-hidden": "true" });
    const consent = el("div", { class: "consent-line" });
    const minutes = minutesField(step.minutes, { "aria-label": word(step.excerpt ? "minutesTalk" : "minutesStep"), disabled: !this.mayPlan, on: { change: () => this.#minutes(step.id, minutes) } });
    const planned = el("span", { class: "with-unit" }, minutes, el("small", { "aria-hidden": "true" }, word("minutesShort"), step.excerpt ? ` ${word("talk")}` : null));
    const text = step.excerpt
      ? null
      : el("textarea", { rows: 1, "aria-label": `${word("stepText")} (${word(`kind ${step.kind}`)})`, value: step.text, disabled: !this.mayPlan, on: { change: () => this.act.edit(step.id, { text: text.value }) } });
    const up = iconButton("up", "", () => this.act.shift(step.id, -1));
    const down = iconButton("down", "", () => this.act.shift(step.id, 1));
    const out = iconButton("bin", "", () => this.act.remove(step.id));
    const element = el(
      "li",
      {
        class: `step ${step.kind}`, tabindex: 0, data: { id: step.id },
        on: {
          keydown: (event) => this.#key(event, step.id),
          // Text in a field is selected, not dragged.
          pointerdown: (event) => (element.draggable = this.mayPlan && !event.target.closest("input, textarea, button, summary, a")),
          dragstart: (event) => {
            event.dataTransfer.setData(STEP, String(step.id));
            event.dataTransfer.effectAllowed = "move";
            element.classList.add("dragged");
          },
          dragend: () => element.classList.remove("dragged"),
        },
      },
      this.mayPlan ? el("span", { class: "grip", title: word("dragHandle") }, icon("grip")) : null,
      number,
      el("div", { class: "told" },
        el("small", { class: "kind" }, word(`kind ${step.kind}`), step.excerpt ? ` ${step.excerpt.id} · ${step.excerpt.recording} · ${clock(step.excerpt.length_us, { exact: false })}` : null),
        step.excerpt ? el("a", { href: `#/${step.excerpt.id}`, draggable: "false" }, step.excerpt.title) : text,
        step.excerpt?.question ? el("p", { class: "hint asked" }, step.excerpt.question) : null,
        step.excerpt ? consent : null),
      planned,
      this.mayPlan ? el("div", { class: "moves" }, up, down, out) : null,
    );
    let shown;
    return {
      element,
      fill: (now, index, all) => {
        const title = titleOf(now);
        number.textContent = index + 1;
        element.setAttribute("aria-label", word("position", { title, n: index + 1, all }));
        for (const [button, key] of [[up, "moveUp"], [down, "moveDown"], [out, "takeOut"]]) {
          button.title = word(key, { title });
          button.setAttribute("aria-label", button.title);
        }
        // They stay focusable, so that whoever presses on and on is not thrown off.
        up.setAttribute("aria-disabled", String(index === 0));
        down.setAttribute("aria-disabled", String(index === all - 1));
        if (document.activeElement !== minutes) minutes.value = now.minutes ?? "";
        if (text && document.activeElement !== text) text.value = now.text;
        const decision = now.excerpt ? this.decisionOn(now.excerpt.recording) : null;
        if (decision !== shown) consent.replaceChildren(...[decisionMark(decision), now.excerpt && namesMark(this.openNames.get(now.excerpt.id), now.excerpt.recording)].filter(Boolean));
        shown = decision;
      },
    };
  }

  #minutes(id, input) {
    const minutes = minutesOf(input);
    input.setAttribute("aria-invalid", String(minutes === undefined));
    if (minutes === undefined) input.reportValidity();
    else this.act.edit(id, { minutes });
  }

  #key(event, id) {
    if (!this.mayPlan && event.altKey) return;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const onRow = event.target === event.currentTarget;
    if (event.altKey && by) this.act.shift(id, by);
    else if (onRow && by && !event.ctrlKey && !event.shiftKey && !event.metaKey) this.focus(this.steps.findIndex((step) => step.id === id) + by);
    else if (onRow && event.key === "Delete" && this.mayPlan) this.act.remove(id);
    else return;
    event.preventDefault();
  }

  #wanted(event) {
    const types = event.dataTransfer?.types ?? [];
    return this.mayPlan && (types.includes(STEP) || types.includes(EXCERPT));
  }

  /** Before which of the steps a drop here would go. */
  #place(event) {
    const rows = [...this.list.children];
    const index = rows.findIndex((row) => {
      const box = row.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    return index < 0 ? rows.length : index;
  }

  #mark(place) {
    [...this.list.children].forEach((row, index, all) => {
      row.classList.toggle("drop-before", index === place);
      row.classList.toggle("drop-after", index === all.length - 1 && place === all.length);
    });
    this.box.classList.toggle("over", place !== null);
  }

  #over(event) {
    if (!this.#wanted(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = event.dataTransfer.types.includes(STEP) ? "move" : "copy";
    this.#mark(this.#place(event));
  }

  #left(event) {
    if (!this.box.contains(event.relatedTarget)) this.#mark(null);
  }

  #drop(event) {
    if (!this.#wanted(event)) return;
    event.preventDefault();
    const place = this.#place(event);
    this.#mark(null);
    const id = Number(event.dataTransfer.getData(STEP));
    if (!id) {
      this.act.insert(event.dataTransfer.getData(EXCERPT), place);
      return;
    }
    const from = this.steps.findIndex((step) => step.id === id);
    const to = place > from ? place - 1 : place;
    if (from >= 0 && to !== from) this.act.move(id, to);
  }
}
