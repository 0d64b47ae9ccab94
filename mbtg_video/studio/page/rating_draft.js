// A rater's draft: saved a moment after each change, one saving after the other.

import { change } from "./api.js";
import { saved } from "./app.js";
import { merged } from "./sheet_merge.js";

const SAVE_MS = 500;

export class Draft {
  /** `act` holds failed(error), mixed(sheet, both) for changes of another page, taken(record) when that submitted. */
  constructor(address, record, act) {
    this.address = address;
    this.rater = record.rater;
    this.revision = record.revision;
    this.base = record.sheet;
    this.sheet = record.sheet;
    this.act = act;
    this.unsent = false;
    this.busy = 0;
    this.timer = 0;
    this.chain = Promise.resolve();
    this.onHide = () => this.flush({ last: true });
    this.onLeave = (event) => (this.unsent || this.busy) && event.preventDefault();
    window.addEventListener("pagehide", this.onHide);
    window.addEventListener("beforeunload", this.onLeave);
  }

  set(sheet) {
    this.sheet = sheet;
    this.unsent = true;
    saved("saving");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), SAVE_MS);
  }

  /** Saves what was not saved yet. */
  flush({ last = false } = {}) {
    clearTimeout(this.timer);
    return this.#next(() => (this.unsent ? this.#send({ last }) : null));
  }

  /** The record of the sheet that was handed in, or null when it was not. */
  submit() {
    clearTimeout(this.timer);
    return this.#next(() => this.#send({ submit: true }));
  }

  #next(work) {
    this.busy += 1;
    this.chain = this.chain.then(work).finally(() => (this.busy -= 1));
    return this.chain;
  }

  async #send({ last = false, submit = false }) {
    const sheet = this.sheet;
    this.unsent = false;
    try {
      const wish = { rater: this.rater, seen: this.revision, sheet, submit };
      const record = await change(`${this.address}/save`, wish, { last });
      this.revision = record.revision;
      this.base = sheet;
      if (!this.unsent) saved("saved");
      return record;
    } catch (error) {
      this.unsent = true;
      if (error.status === 409) await this.#mix(error);
      else this.act.failed(error);
      return null;
    }
  }

  // Another page changed it: nothing of either is lost.
  async #mix() {
    try {
      const record = await change(`${this.address}/sheet`, { rater: this.rater });
      if (record.state === "submitted") {
        this.unsent = false;
        this.act.taken(record);
        return;
      }
      const { sheet, both } = merged(this.base, this.sheet, record.sheet);
      this.revision = record.revision;
      this.base = record.sheet;
      this.set(sheet);
      this.act.mixed(sheet, both);
    } catch (error) {
      this.act.failed(error);
    }
  }

  close() {
    this.flush({ last: true });
    window.removeEventListener("pagehide", this.onHide);
    this.chain.finally(() => window.removeEventListener("beforeunload", this.onLeave));
  }
}
