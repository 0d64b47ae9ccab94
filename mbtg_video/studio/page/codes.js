// The code window: one press of an item makes a tag, holding it makes a span.

import { session } from "./api.js";
import { el } from "./dom.js";
import { bindings, keyWord } from "./keys.js";
import { language, word } from "./words.js";

const HOLD_MS = 400;

export class Codes {
  /** `act` holds press(deed), hold(deed) and release(deed), called for keys and buttons alike. */
  constructor(host, act) {
    this.act = act;
    this.counts = new Map();
    this.held = null;
    this.search = el("input", { type: "search", class: "find", autocomplete: "off", spellcheck: "false", on: { input: () => this.#filter(), keydown: (event) => this.#keyInSearch(event) } });
    this.list = el("div", { class: "codes" });
    host.append(this.search, this.list);
    this.relabel();
  }

  relabel() {
    const keys = bindings();
    this.search.setAttribute("aria-label", word("findItem"));
    this.search.placeholder = word("findItem");
    const groups = [
      ["groupItems", session.scale.items.filter((item) => item.group_specific)],
      ["otherItems", session.scale.items.filter((item) => !item.group_specific)],
    ];
    this.list.replaceChildren(
      ...groups.filter(([, items]) => items.length).map(([key, items]) =>
        el("section", { "aria-label": word(key) }, el("h3", {}, word(key)), items.map((item) => this.#button(`item ${item.number}`, String(item.number), item[language()], keys))),
      ),
      el("section", { "aria-label": word("otherMarks") }, el("h3", {}, word("otherMarks")),
        this.#button("label", "", word("freeLabel"), keys), this.#button("spokenName", "", word("spokenName"), keys)),
    );
    this.showCounts(this.counts);
    this.#filter();
  }

  #button(deed, number, name, keys) {
    const key = keys[deed]?.[0];
    const button = el(
      "button",
      { type: "button", class: "code", data: { deed, find: `${number} ${name}`.toLowerCase() }, title: name, "aria-keyshortcuts": key?.length === 1 ? key : null },
      number ? el("span", { class: "badge" }, number) : null,
      el("span", { class: "name" }, name),
      el("span", { class: "tally number" }),
      key ? el("kbd", { "aria-hidden": "true" }, keyWord(key)) : null,
    );
    if (deed === "label") {
      button.addEventListener("click", () => this.act.press(deed));
      return button;
    }
    button.addEventListener("pointerdown", (event) => {
      if (event.button === 0) this.down(deed);
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) button.addEventListener(end, () => this.up(deed));
    button.addEventListener("click", (event) => {
      if (event.detail === 0) this.act.press(deed); // by the keyboard, or a screen reader
    });
    return button;
  }

  /** A key or button goes down: a press unless it stays down. */
  down(deed) {
    if (this.held) return;
    this.act.begin(deed);
    this.held = { deed, long: false, timer: setTimeout(() => {
      this.held.long = true;
      this.#light(deed, true);
      this.act.hold(deed);
    }, HOLD_MS) };
  }

  up(deed) {
    if (this.held?.deed !== deed) return;
    const { long, timer } = this.held;
    clearTimeout(timer);
    this.held = null;
    this.#light(deed, false);
    if (long) this.act.release(deed);
    else this.act.press(deed);
  }

  #light(deed, on) {
    this.list.querySelector(`[data-deed="${deed}"]`)?.classList.toggle("held", on);
  }

  /** Numbers of tags by deed. */
  showCounts(counts) {
    this.counts = counts;
    for (const button of this.list.querySelectorAll(".code")) {
      const count = counts.get(button.dataset.deed) ?? 0;
      button.querySelector(".tally").textContent = count || "";
    }
  }

  #filter() {
    const wanted = this.search.value.trim().toLowerCase();
    for (const button of this.list.querySelectorAll(".code")) button.hidden = !button.dataset.find.includes(wanted);
    for (const section of this.list.children) section.hidden = [...section.querySelectorAll(".code")].every((button) => button.hidden);
  }

  // Enter makes a tag of the one item that is left.
  #keyInSearch(event) {
    if (event.key === "Escape") {
      this.search.value = "";
      this.#filter();
      this.search.blur();
    }
    if (event.key !== "Enter") return;
    const first = [...this.list.querySelectorAll(".code")].find((button) => !button.hidden);
    if (!first) return;
    this.act.press(first.dataset.deed);
    this.search.value = "";
    this.#filter();
    this.search.blur();
  }
}
