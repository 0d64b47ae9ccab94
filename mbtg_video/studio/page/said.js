// What is said, line by line: it follows the picture, and a line chosen moves the picture there.

import { el } from "./dom.js";
import { clock } from "./times.js";
import { word } from "./words.js";

export class Said {
  /** `go(cue)` is called with the cue chosen. */
  constructor(host, { go }) {
    this.host = host;
    this.go = go;
    this.cues = [];
    this.rows = [];
    this.place = -1;
    this.heading = el("h2", {});
    this.view = el("div", { class: "cues", role: "listbox", tabindex: 0, on: { keydown: (event) => this.#key(event) } });
    host.append(this.heading, this.view);
    this.relabel();
  }

  relabel() {
    this.heading.textContent = word("transcript");
    this.view.setAttribute("aria-label", word("transcript"));
  }

  /** Cues sorted by time; nothing is shown where there are none. */
  show(cues) {
    this.cues = cues;
    this.place = -1;
    this.rows = cues.map((cue, place) => this.#row(cue, place));
    this.view.removeAttribute("aria-activedescendant");
    this.view.replaceChildren(...this.rows);
    this.host.hidden = !cues.length;
  }

  #row(cue, place) {
    return el(
      "div",
      { id: `cue-${place}`, role: "option", class: "cue", "aria-selected": "false", on: { click: () => this.#choose(place) } },
      el("span", { class: "clock" }, clock(cue.start_us, { exact: false })),
      el("span", { class: "text" }, cue.speaker ? el("strong", {}, `${cue.speaker}: `) : null, cue.text),
    );
  }

  /** Marks the cue that is being said, or was said last, and keeps it in sight. */
  now(us) {
    let low = 0;
    let high = this.cues.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.cues[middle].start_us <= us) low = middle + 1;
      else high = middle;
    }
    this.#mark(low - 1);
  }

  #mark(place) {
    if (place === this.place) return;
    this.rows[this.place]?.setAttribute("aria-selected", "false");
    this.place = place;
    const row = this.rows[place];
    if (!row) {
      this.view.removeAttribute("aria-activedescendant");
      return;
    }
    row.setAttribute("aria-selected", "true");
    this.view.setAttribute("aria-activedescendant", row.id);
    const { scrollTop, clientHeight } = this.view;
    const above = row.offsetTop < scrollTop;
    if (above || row.offsetTop + row.offsetHeight > scrollTop + clientHeight) this.view.scrollTop = row.offsetTop - clientHeight / 3;
  }

  #choose(place) {
    const cue = this.cues[place];
    if (cue) this.go(cue);
  }

  #key(event) {
    const last = this.cues.length - 1;
    const to = { ArrowUp: this.place - 1, ArrowDown: this.place + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#choose(Math.max(0, Math.min(last, to)));
  }
}
