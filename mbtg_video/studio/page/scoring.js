// One scoring: the excerpt on the left, and what its state calls for on the right.

import { Refused, change, look, session } from "./api.js";
import { tell } from "./app.js";
import { Blind } from "./blind.js";
import { Differences } from "./differences.js";
import { el, icon } from "./dom.js";
import { Watching } from "./watching.js";
import { language, word } from "./words.js";

const STATES = ["blind", "revealed", "agreed", "signed"];

export async function show(main, number) {
  const [scoring, { raters }] = await Promise.all([look(`/api/scorings/S${number}`), look("/api/raters")]);
  const view = new ScoringView(main, scoring, raters);
  await view.fill();
  return view;
}

class ScoringView {
  constructor(main, scoring, raters) {
    this.scoring = scoring;
    this.raters = raters;
    this.closed = false;
    this.panel = null;
    this.watching = scoring.title === null ? null : new Watching(scoring, { cite: () => this.panel?.cite?.() });
    this.head = el("header", { class: "row" });
    this.side = el("div", { class: "scoring-side" });
    this.question = el("div", { class: "stack" });
    this.announcer = el("p", { class: "unseen", role: "status", "aria-live": "polite" });
    main.replaceChildren(
      el("div", { class: "scoring" }, this.head,
        el("div", { class: "scoring-stage" }, this.watching?.element ?? null, this.question),
        this.side, this.announcer),
    );
    this.#label();
  }

  say(text) {
    this.announcer.textContent = "";
    requestAnimationFrame(() => (this.announcer.textContent = text)); // the same text is said twice
  }

  #label() {
    const { scoring } = this;
    const { id, version, title } = scoring.scale;
    this.head.replaceChildren(
      el("h1", {}, el("span", { class: "badge" }, scoring.id), ` ${scoring.title ?? scoring.sequence}`),
      el("p", { class: "hint grow" },
        scoring.title === null ? scoring.sequence : el("a", { href: `#/${scoring.sequence}` }, scoring.sequence),
        ` · ${word("scaleVersion", { title: title[language()] ?? id, version })}`,
        scoring.about ? ` · ${word("about", { code: scoring.about })}` : ""),
      el("ol", { class: "states", "aria-label": word("statesOf") }, STATES.map((state, place) => {
        const now = STATES.indexOf(scoring.state);
        return el("li", { class: place < now ? "past" : null, "aria-current": place === now ? "step" : null }, word(`state ${state}`));
      })),
    );
    this.head.querySelector("h1").tabIndex = -1;
    const asked = scoring.question ? [el("h2", { class: "small-heading" }, word("askedQuestion")), el("blockquote", {}, scoring.question)] : [];
    this.question.replaceChildren(...asked, ...(scoring.title === null ? [el("p", { class: "card hint" }, word("picturesGone"))] : []));
  }

  /** Shows what the state of the scoring calls for. */
  async fill() {
    const blind = this.scoring.state === "blind";
    const gone = this.scoring.title === null; // no more sheets are taken of what was shredded
    const Panel = !session.powers.includes("rate") || (blind && gone) ? Closed : blind ? Blind : Differences;
    const before = this.panel;
    if (!(before instanceof Panel)) {
      before?.close();
      this.panel = new Panel(this, this.raters);
      this.side.replaceChildren(this.panel.element);
      this.side.dataset.state = this.scoring.state;
      this.side.scrollTop = 0;
    } else this.panel.refresh();
    await this.panel.loaded;
    // What was pressed may be gone: a keyboard goes on where the new things are.
    if (before && document.activeElement === document.body) this.side.querySelector("[aria-pressed=true], h2")?.focus();
  }

  /** Reads the scoring again, which others may have brought further. */
  async look() {
    const now = await look(`/api/scorings/${this.scoring.id}`);
    if (this.closed) return;
    await this.take(now);
  }

  async take(record) {
    const was = this.scoring.state;
    Object.assign(this.scoring, record);
    if (this.scoring.state !== was) this.#label();
    await this.fill();
  }

  /** Does something that changes the scoring, and shows what it is then. */
  async change(path, wish = {}) {
    try {
      await this.take(await change(path, wish));
    } catch (error) {
      if (error instanceof Refused) await this.look();
      tell(error);
    }
  }

  relabel() {
    this.#label();
    this.watching?.relabel();
    this.panel?.relabel();
  }

  help() {
    return this.watching?.help() ?? [];
  }

  close() {
    this.closed = true;
    this.panel?.close();
    this.watching?.close();
  }
}

/** For whom sees no sheets. */
class Closed {
  constructor(view) {
    this.view = view;
    this.element = el("section", { class: "card row" });
    this.relabel();
  }

  relabel() {
    this.element.replaceChildren(icon("closed-eye"), el("p", {}, word(this.view.scoring.title === null ? "picturesGone" : "mayNotRate")));
  }

  refresh() {}
  close() {}
}
