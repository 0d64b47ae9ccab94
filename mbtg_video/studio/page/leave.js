// Whether what a recording shows may leave for the use of a playlist; each recording is asked about once.

import { Gone, look } from "./api.js";
import { counted } from "./amounts.js";
import { decisionLines } from "./consent.js";
import { el, icon } from "./dom.js";
import { dayWord } from "./times.js";
import { language, word } from "./words.js";

export class Decisions {
  /** `changed` is called when another answer has come. */
  constructor(use, changed) {
    this.use = use;
    this.changed = changed;
    this.answers = new Map();
    this.asked = new Map();
    this.last = Promise.resolve();
  }

  /** The decision on a recording, null while it is not known. */
  of(recording) {
    this.ask(recording);
    return this.answers.get(recording) ?? null;
  }

  /** Asks after whatever was asked before: nothing is in a hurry. */
  ask(recording) {
    if (!this.asked.has(recording)) {
      this.last = this.last.then(() => this.#answer(recording));
      this.asked.set(recording, this.last);
    }
    return this.asked.get(recording);
  }

  /** Waits until each of the recordings has its answer. */
  async all(recordings) {
    await Promise.all(recordings.map((recording) => this.ask(recording)));
  }

  /** Asks anew from now on. */
  forget() {
    this.answers.clear();
    this.asked.clear();
  }

  async #answer(recording) {
    try {
      this.answers.set(recording, await look(`/api/recordings/${recording}/consent?use=${this.use}`));
      this.changed();
    } catch (error) {
      // Not known is never shown as permitted; the program decides again when it matters.
      if (!(error instanceof Gone)) this.asked.delete(recording);
    }
  }
}

/** That names are said in an excerpt which nobody decided on: until then it is not handed out. */
export function namesMark(names, recording) {
  if (!names) return null;
  return el("span", { class: "leave missed" }, icon("name"), el("span", {}, counted(names, "name")), el("a", { href: `#/${recording}` }, `${word("open")} ${recording}`));
}

/** What a decision says, short; a refusal opens to its reasons. */
export function decisionMark(decision) {
  if (!decision) return null;
  if (decision.allowed) {
    const date = dayWord(decision.until, language());
    return el("span", { class: "leave permitted" }, icon("good"), word(decision.until ? "mayLeave" : "mayLeaveNoEnd", { date }));
  }
  return el("details", { class: "leave" }, el("summary", { class: "refused" }, word("mayNotLeave")), decisionLines(decision));
}
