// What is selected: its edges, its item, what it is an example of, and the note.

import { session } from "./api.js";
import { el, iconButton } from "./dom.js";
import { clock } from "./times.js";
import { language, word } from "./words.js";

const SAVE_MS = 400;

export class Editor {
  /** `act` holds nudge(which, frames), change(changes), remove(), play(), mark(), noteBegun(), noteEnded(), decide(deed). */
  constructor(host, act) {
    this.host = host;
    this.act = act;
    this.mark = null;
    this.timer = 0;
  }

  /** Shows a mark, or what to do when none is selected. A note being typed is left alone. */
  show(mark) {
    const same = mark !== null && this.mark !== null && mark.key === this.mark.key && mark.state === this.mark.state && this.spoken === language();
    if (!same) this.flush();
    // A copy: what is typed is compared with what was shown, not with what is stored by now.
    this.mark = mark === null ? null : { ...mark };
    if (same) this.#refresh();
    else this.#build();
  }

  relabel() {
    if (this.spoken !== language()) this.show(this.mark);
  }

  #build() {
    this.spoken = language();
    this.note = null;
    this.known = this.mark?.note ?? "";
    if (this.mark === null) {
      this.host.replaceChildren(el("p", { class: "hint" }, word("noneSelected")));
      return;
    }
    const edges = ["start_us", "end_us"].map((which) => this.#edge(which));
    this.host.replaceChildren(
      el("div", { class: "row apart" }, el("h2", {}, this.#title()), el("div", { class: "row tight" },
        iconButton("play", word("playMark"), () => this.act.play()),
        el("button", { type: "button", class: "plain text", title: word("markFromThis"), "aria-label": word("markFromThis"), on: { click: () => this.act.mark() } }, "I–O"),
        iconButton("bin", word("removeMark"), () => this.act.remove()))),
      el("div", { class: "edges" }, edges),
      ...(this.mark.kind === "tag" ? this.#tagParts() : this.#nameParts()),
    );
    this.#refresh();
  }

  #title() {
    if (this.mark.kind === "name") return `${word("spokenName")} ${this.mark.id ?? ""}`;
    return `${word("tag")} ${this.mark.id ?? ""}`;
  }

  #edge(which) {
    const text = word(which === "start_us" ? "from" : "to");
    return el(
      "div", { class: "edge", role: "group", "aria-label": text },
      el("span", {}, text),
      iconButton("back", `${text}: ${word("frameBack")}`, () => this.act.nudge(which, -1)),
      el("output", { class: "clock", data: { edge: which } }),
      iconButton("forward", `${text}: ${word("frameForward")}`, () => this.act.nudge(which, 1)),
    );
  }

  #tagParts() {
    this.item = el(
      "select", { "aria-label": word("item"), on: { change: () => this.act.change(this.item.value ? { item: Number(this.item.value) } : {}) } },
      this.mark.item === null ? el("option", { value: "" }, this.mark.label ?? "") : null,
      session.scale.items.map((item) => el("option", { value: String(item.number) }, `${item.number} ${item[language()]}`)),
    );
    this.label = this.mark.item === null ? el("input", { "aria-label": word("label"), maxlength: 2000, on: { change: () => this.label.value.trim() && this.act.change({ label: this.label.value.trim() }) } }) : null;
    this.valences = el(
      "div", { class: "group valences", role: "group", "aria-label": word("exampleOf") },
      ["good", "missed", "neutral"].map((valence) =>
        el("button", { type: "button", class: `choice ${valence}`, data: { valence }, on: { click: () => this.act.change({ valence }) } }, word(valence))),
    );
    this.note = el("textarea", {
      rows: 2, id: "note", placeholder: word("notePlaceholder"), "aria-label": word("note"), maxlength: 20000,
      on: {
        focus: () => this.act.noteBegun(),
        blur: () => this.#noteEnded(),
        input: () => {
          clearTimeout(this.timer);
          this.timer = setTimeout(() => this.flush(), SAVE_MS);
        },
        keydown: (event) => {
          if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) {
            event.preventDefault();
            this.note.blur();
          }
        },
      },
    });
    return [this.label ?? this.item, this.valences, this.note];
  }

  #nameParts() {
    const state = this.mark.state;
    const deed = (name) => el("button", { type: "button", class: "second", disabled: this.mark.id === null, data: { deed: name }, on: { click: () => this.act.decide(name) } }, word(`name ${name}`));
    return [
      el("p", { class: `namestate ${state}` }, word(`name is ${state}`)),
      this.mark.reason ? el("p", {}, this.mark.reason) : null,
      el("div", { class: "row" }, state === "open" ? [deed("mute"), deed("clear")] : deed("reopen")),
      el("p", { class: "hint" }, word("nameHint")),
    ].filter(Boolean);
  }

  #refresh() {
    if (this.mark === null) return;
    this.host.querySelector("h2").textContent = this.#title();
    for (const output of this.host.querySelectorAll("output[data-edge]")) {
      const us = this.mark[output.dataset.edge];
      output.textContent = us === null || us === undefined ? "–" : clock(us);
      output.parentElement.hidden = us === null || us === undefined;
    }
    for (const button of this.host.querySelectorAll("button[data-deed]")) button.disabled = !this.mark.id;
    if (this.mark.kind !== "tag") return;
    if (this.item && this.mark.item !== null) this.item.value = String(this.mark.item);
    if (this.label && document.activeElement !== this.label) this.label.value = this.mark.label ?? "";
    for (const button of this.valences.children) button.setAttribute("aria-pressed", String(button.dataset.valence === this.mark.valence));
    this.#showNote(this.mark.note ?? "");
  }

  // A note that was changed elsewhere while it is typed here keeps both texts.
  #showNote(stored) {
    if (document.activeElement !== this.note || this.note.value === this.known) this.note.value = stored;
    else if (stored !== this.known && stored !== this.note.value && stored !== "") this.note.value = `${stored}\n${this.note.value}`;
    this.known = stored;
  }

  #noteEnded() {
    this.flush();
    this.act.noteEnded();
  }

  /** Saves a note that is being typed. */
  flush({ last = false } = {}) {
    clearTimeout(this.timer);
    if (!this.note || this.mark === null) return;
    const typed = this.note.value.trim() === "" ? null : this.note.value;
    if (typed !== (this.mark.note ?? null)) {
      this.mark.note = typed;
      this.known = typed ?? "";
      this.act.noteTyped(this.mark.key, typed, last);
    }
  }
}
