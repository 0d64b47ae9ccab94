// Keeps one sheet until the room has it: what was changed is sent a moment later, again and again
// until it is answered, one at a time. Nothing is kept anywhere but in the page.

import { Lost, Refused, change, look } from "./asking.js";

const SOON_MS = 400;
const AGAIN_MS = 1500;

const newAttempt = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16).padStart(8, "0")).join("");

/**
 * A rater's sheet as the room gave it; `tell()` follows every step.
 *
 * `state` is "saved", "saving", "waiting" (no contact), "conflict", or "refused" with a `kind`.
 */
export function keepSheet(number, rater, given, tell) {
  const address = `/api/sheets/${number}`;
  let timer = null;
  let pending = null; // what was sent and not answered: it is sent again as it was
  let dirty = false;
  let busy = false;
  let stopped = false;
  const kept = { number, sheet: null, revision: 0, submitted: false, state: "saved", kind: "" };

  function take(record) {
    kept.sheet = record.sheet ?? { items: [], overall: {}, note: null };
    kept.revision = record.revision;
    kept.submitted = record.submitted;
  }

  function become(state, kind = "") {
    if (stopped) return;
    kept.state = state;
    kept.kind = kind;
    tell(kept);
  }

  function wait(ms) {
    clearTimeout(timer);
    timer = setTimeout(send, ms);
  }

  async function send({ last = false } = {}) {
    clearTimeout(timer);
    if (stopped || busy || (!pending && !dirty)) return;
    if (!pending) {
      pending = { rater, sheet: kept.sheet, revision: kept.revision, submit: kept.submitting === true, attempt: newAttempt() };
      dirty = false;
    }
    busy = true;
    if (kept.state !== "waiting") become("saving");
    try {
      const record = await change(`${address}/save`, pending, { last });
      kept.revision = record.revision;
      kept.submitted = record.submitted;
      if (pending.submit) kept.submitting = false;
      pending = null;
      busy = false;
      if (dirty) wait(0);
      else become("saved");
    } catch (error) {
      busy = false;
      if (error instanceof Lost) {
        become("waiting");
        wait(AGAIN_MS);
        return;
      }
      if (!(error instanceof Refused)) throw error;
      dirty = true; // it is on the page, and the room does not have it
      pending = null;
      kept.submitting = false;
      if (error.status === 400 && (await wasSubmitted())) return;
      become(error.status === 409 ? "conflict" : "refused", error.kind);
    }
  }

  /** Whether the room refused because the sheet was submitted before: then that is what stands. */
  async function wasSubmitted() {
    const record = await look(address).catch(() => null);
    if (!record?.submitted) return false;
    dirty = false;
    take(record);
    become("saved");
    return true;
  }

  Object.assign(kept, {
    /** Whether the page holds something that the room may not have. */
    unsaved() {
      return dirty || pending !== null;
    },
    change(sheet) {
      kept.sheet = sheet;
      dirty = true;
      if (kept.state === "saved") become("saving");
      wait(SOON_MS);
    },
    submit() {
      kept.submitting = true;
      dirty = true;
      send();
    },
    send,
    /** Sends nothing more. */
    stop() {
      clearTimeout(timer);
      stopped = true;
    },
    async reopen() {
      const record = await change(`${address}/reopen`);
      kept.revision = record.revision;
      kept.submitted = record.submitted;
      become("saved");
    },
    /** Takes what the room has, in place of what is on the page. */
    async reload() {
      const record = await look(address);
      dirty = false;
      pending = null;
      take(record);
      become("saved");
      return record;
    },
    /** Keeps what is on the page, in place of what the room has. */
    async insist() {
      const record = await look(address);
      kept.revision = record.revision;
      kept.submitted = record.submitted;
      dirty = !record.submitted;
      become("saving");
      send();
    },
  });
  take(given);
  return kept;
}
