// All tags in order of time; only the rows on show are elements, so that thousands cost nothing.

import { el, icon } from "./dom.js";
import { clock } from "./times.js";
import { word } from "./words.js";

const ROW = 34;
const BESIDE = 6;

export class TagList {
  /** `nameOf(mark)` gives the text of a row, `pick(mark)` is called with the one chosen. */
  constructor(host, { nameOf, pick, play }) {
    this.nameOf = nameOf;
    this.pick = pick;
    this.play = play;
    this.marks = [];
    this.rows = [];
    this.selected = null;
    this.drawing = 0;
    this.revealing = false;
    this.heading = el("h2", {}, el("span", {}), " ", el("small", { class: "number" }));
    this.search = el("input", { type: "search", class: "find", autocomplete: "off", spellcheck: "false", on: { input: () => this.#filter(), keydown: (event) => this.#keyInSearch(event) } });
    this.none = el("p", { class: "hint", role: "status" });
    this.body = el("div", { class: "rows" });
    this.view = el("div", { class: "taglist", role: "listbox", tabindex: 0, on: { scroll: () => this.draw(), keydown: (event) => this.#key(event) } }, this.body);
    host.append(el("div", { class: "row apart" }, this.heading, this.search), this.none, this.view);
    this.relabel();
  }

  relabel() {
    this.heading.firstChild.textContent = word("tags");
    this.view.setAttribute("aria-label", word("tags"));
    this.search.setAttribute("aria-label", word("findTag"));
    this.search.placeholder = word("findTag");
    this.#filter();
  }

  /** Marks sorted by time, and the key of the selected one. */
  show(marks, selected) {
    this.marks = marks;
    this.selected = selected;
    this.#filter();
  }

  /** Brings the selected mark into view. */
  reveal() {
    this.revealing = true;
    this.draw();
  }

  #filter() {
    const wanted = this.search.value.trim().toLowerCase();
    this.rows = wanted ? this.marks.filter((mark) => `${this.nameOf(mark)} ${mark.note ?? ""}`.toLowerCase().includes(wanted)) : this.marks;
    this.heading.lastChild.textContent = wanted ? `${this.rows.length}/${this.marks.length}` : String(this.marks.length);
    this.none.textContent = wanted && !this.rows.length ? word("nothingFound", { text: this.search.value.trim() }) : "";
    this.body.style.height = `${this.rows.length * ROW}px`;
    this.draw();
  }

  /** Draws once before the next picture, however often it is asked: to measure costs a layout. */
  draw() {
    this.drawing ||= requestAnimationFrame(() => {
      this.drawing = 0;
      this.#draw();
    });
  }

  #reveal() {
    const place = this.rows.findIndex((mark) => mark.key === this.selected);
    if (place < 0) return;
    const top = place * ROW;
    if (top < this.view.scrollTop) this.view.scrollTop = top;
    else if (top + ROW > this.view.scrollTop + this.view.clientHeight) this.view.scrollTop = top + ROW - this.view.clientHeight;
  }

  #draw() {
    if (this.revealing) this.#reveal();
    this.revealing = false;
    const first = Math.max(0, Math.floor(this.view.scrollTop / ROW) - BESIDE);
    const last = Math.min(this.rows.length, Math.ceil((this.view.scrollTop + this.view.clientHeight) / ROW) + BESIDE);
    const shown = this.rows.slice(first, last);
    this.body.replaceChildren(...shown.map((mark, place) => this.#row(mark, first + place)));
    if (shown.some((mark) => mark.key === this.selected)) this.view.setAttribute("aria-activedescendant", `row-${this.selected}`);
    else this.view.removeAttribute("aria-activedescendant");
  }

  #row(mark, place) {
    const name = this.nameOf(mark);
    const valence = mark.valence && mark.valence !== "neutral" ? mark.valence : null;
    return el(
      "div",
      {
        id: `row-${mark.key}`, role: "option", class: `tag ${valence ?? ""} ${mark.pending ? "pending" : ""}`,
        "aria-selected": String(mark.key === this.selected), "aria-setsize": this.rows.length, "aria-posinset": place + 1,
        style: { transform: `translateY(${place * ROW}px)` }, data: { id: mark.id ?? "" },
        on: { click: () => this.pick(mark), dblclick: () => this.play(mark) },
      },
      el("span", { class: "clock" }, clock(mark.start_us, { exact: false })),
      mark.kind === "name" ? icon("name") : mark.item ? el("span", { class: "badge" }, String(mark.item)) : null,
      el("span", { class: "name" }, name, mark.note ? el("small", {}, ` ${mark.note}`) : null),
      valence ? el("span", { class: "valence", title: word(valence) }, icon(valence), el("span", { class: "unseen" }, word(valence))) : null,
    );
  }

  /** The mark before or behind the selected one, or beside a time when none is. */
  beside(places, us) {
    if (!this.rows.length) return null;
    const at = this.rows.findIndex((mark) => mark.key === this.selected);
    if (at >= 0) return this.rows[Math.max(0, Math.min(this.rows.length - 1, at + places))];
    if (places > 0) return this.rows.find((mark) => mark.start_us > us) ?? this.rows.at(-1);
    return this.rows.findLast((mark) => mark.start_us < us) ?? this.rows[0];
  }

  // Keys mean items again as soon as the search is left: Enter leaves it for the first tag found.
  #keyInSearch(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.search.value = "";
      this.#filter();
      this.search.blur();
    } else if ((event.key === "Enter" || event.key === "ArrowDown") && this.rows.length) {
      event.preventDefault();
      this.view.focus();
      this.pick(this.rows[0]);
    }
  }

  #key(event) {
    const places = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key];
    if (places) {
      event.preventDefault();
      event.stopPropagation();
      const mark = Number.isFinite(places) ? this.beside(places, 0) : this.rows.at(places < 0 ? 0 : -1);
      if (mark) this.pick(mark);
    }
  }
}
