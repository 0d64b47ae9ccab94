// Excerpts that a playlist can hold, searched, dragged over or added with a button.

import { matches } from "./amounts.js";
import { el, iconButton } from "./dom.js";
import { decisionMark, namesMark } from "./leave.js";
import { EXCERPT } from "./steps.js";
import { clock } from "./times.js";
import { word } from "./words.js";

export class Available {
  /** `add` is called with the id of an excerpt. */
  constructor(excerpts, { add, decisionOn, names }) {
    this.excerpts = excerpts;
    this.add = add;
    this.decisionOn = decisionOn;
    this.names = names;
    this.listed = new Set();
    this.search = el("input", { type: "search", class: "find", autocomplete: "off", spellcheck: "false", on: { input: () => this.#filter() } });
    this.none = el("p", { class: "hint", role: "status" });
    this.list = el("ul", { class: "offers" });
    this.relabel();
  }

  relabel() {
    this.search.placeholder = word("searchExcerpts");
    this.search.setAttribute("aria-label", word("searchExcerpts"));
    this.offers = this.excerpts.map((one) => this.#offer(one));
    this.list.replaceChildren(...this.offers.map((offer) => offer.element));
    this.refresh();
  }

  /** Shows which are in the list (ids), and what is known of their consents by now. */
  show(listed) {
    this.listed = listed;
    this.refresh();
  }

  refresh() {
    for (const offer of this.offers) offer.fill();
    this.#filter();
  }

  #filter() {
    const wanted = this.search.value;
    let shown = 0;
    for (const { one, element } of this.offers) {
      element.hidden = !matches(wanted, one.id, one.title, one.question, one.recording, one.group, this.names.get(one.group));
      if (!element.hidden) shown += 1;
    }
    this.none.textContent = shown ? "" : this.excerpts.length ? word("nothingFound", { text: wanted }) : word("noAvailable");
  }

  #offer(one) {
    const listed = el("small", { class: "listed" });
    const consent = el("div", { class: "consent-line" });
    const element = el(
      "li",
      {
        class: "offer", draggable: "true",
        on: {
          dragstart: (event) => {
            event.dataTransfer.setData(EXCERPT, one.id);
            event.dataTransfer.effectAllowed = "copy";
          },
        },
      },
      el("div", { class: "told" },
        el("a", { href: `#/${one.id}`, draggable: "false", title: one.title }, one.title),
        el("small", {}, `${one.id} · ${one.recording} ${this.names.get(one.group) ?? one.group} · ${clock(one.length_us, { exact: false })} `, listed),
        consent),
      iconButton("plus", word("addThis", { title: one.title }), () => this.add(one.id)),
    );
    let shown;
    return {
      one,
      element,
      fill: () => {
        listed.textContent = this.listed.has(one.id) ? `✓ ${word("isInList")}` : "";
        const decision = this.decisionOn(one.recording);
        if (decision === shown) return;
        shown = decision;
        consent.replaceChildren(...[decision?.allowed ? null : decisionMark(decision), namesMark(one.open_names, one.recording)].filter(Boolean));
      },
    };
  }
}
