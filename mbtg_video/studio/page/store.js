// Tags and name marks of one recording: shown at once, saved one after another, undone and redone.

import { Gone, Refused, change, look } from "./api.js";

const MERGE_MS = 1500; // nudges and keystrokes that follow each other are one change to undo

const TAG_FIELDS = ["start_us", "end_us", "item", "label", "note", "valence"];
const NAME_FIELDS = ["start_us", "end_us"];

// What the two kinds of marks are called by the program.
const KINDS = {
  tag: { add: (recording) => `/api/recordings/${recording}/tags/add`, at: "/api/tags", edit: "edit", fields: TAG_FIELDS, fresh: { note: null, label: null, item: null, valence: "neutral" } },
  name: { add: (recording) => `/api/recordings/${recording}/names/add`, at: "/api/names", edit: "move", fields: NAME_FIELDS, fresh: { state: "open", reason: null } },
};

let nextKey = 1;

function pick(mark, fields) {
  return Object.fromEntries(fields.filter((field) => mark[field] !== undefined).map((field) => [field, mark[field]]));
}

export class Store {
  /** `changed` is called after every change, `failed` with what could not be saved. */
  constructor(recording, { changed, failed, saving }) {
    this.recording = recording;
    this.marks = new Map(); // by a key that stays when an undone mark gets a new id
    this.byId = new Map();
    this.gone = new Set(); // ids that were removed: what was read before does not bring them back
    this.done = [];
    this.undone = [];
    this.waiting = new Map(); // of a mark: changes that were not sent yet
    this.chain = Promise.resolve();
    this.busy = 0;
    this.changed = changed;
    this.failed = failed;
    this.saving = saving;
    this.channel = new BroadcastChannel(`mbtg-${recording}`);
    this.channel.addEventListener("message", (event) => this.#hear(event.data));
  }

  /** Takes in what the program holds. */
  fill(kind, records) {
    for (const record of records) this.#take(kind, record);
    this.changed();
  }

  // What is being changed here, or known better, stays as it is.
  #take(kind, record) {
    const mine = this.get(this.byId.get(record.id));
    if (this.gone.has(record.id) || (mine && (mine.pending || (mine.revision ?? 0) > (record.revision ?? 0)))) return;
    this.#put(kind, record);
  }

  // A mark stays the same object: what is on its way speaks of it.
  #put(kind, record) {
    const known = this.get(this.byId.get(record.id));
    if (known) {
      Object.assign(known, record, this.waiting.get(known) ?? {});
      return;
    }
    const key = nextKey++;
    this.marks.set(key, { ...record, kind, key, pending: false });
    this.byId.set(record.id, key);
  }

  #drop(key) {
    const mark = this.marks.get(key);
    if (mark?.id) this.byId.delete(mark.id);
    this.marks.delete(key);
  }

  all(kind) {
    return [...this.marks.values()].filter((mark) => mark.kind === kind);
  }

  get(key) {
    return this.marks.get(key) ?? null;
  }

  // --- changes: shown at once, then sent -------------------------------------------------------

  add(kind, fields, { key = nextKey++, remember = true } = {}) {
    const mark = { ...KINDS[kind].fresh, ...fields, kind, key, id: null, pending: true };
    this.marks.set(key, mark);
    if (remember) this.#remember({ deed: "add", kind, key, after: pick(mark, KINDS[kind].fields) });
    this.changed();
    this.#send(mark, async () => {
      this.waiting.delete(mark);
      const sent = pick(mark, KINDS[kind].fields);
      this.#accept(mark, await change(KINDS[kind].add(this.recording), sent));
    });
    return mark;
  }

  edit(key, changes, { remember = true, last = false } = {}) {
    const mark = this.get(key);
    if (mark === null || Object.keys(changes).every((field) => mark[field] === changes[field])) return;
    const before = pick(mark, Object.keys(changes));
    Object.assign(mark, changes, { pending: true });
    if (remember) this.#remember({ deed: "edit", kind: mark.kind, key, before, after: { ...changes } });
    this.changed();
    const queued = this.waiting.get(mark);
    if (queued) {
      Object.assign(queued, changes);
      return;
    }
    this.waiting.set(mark, { ...changes });
    this.#send(mark, async () => {
      const wish = this.waiting.get(mark);
      if (!wish) return; // it went with an earlier change, or the mark is gone
      this.waiting.delete(mark);
      const { at, edit } = KINDS[mark.kind];
      const whole = mark.kind === "tag" ? { revision: mark.revision, ...wish } : pick(mark, NAME_FIELDS);
      try {
        this.#accept(mark, await change(`${at}/${mark.id}/${edit}`, whole, { last }));
      } catch (error) {
        if (error.status === 409 && wish.note) mark.unsavedNote = wish.note;
        throw error;
      }
    });
  }

  remove(key, { remember = true } = {}) {
    const mark = this.get(key);
    if (mark === null) return;
    if (remember) this.#remember({ deed: "remove", kind: mark.kind, key, before: pick(mark, KINDS[mark.kind].fields) });
    this.marks.delete(key);
    this.waiting.delete(mark);
    if (mark.id !== null) this.gone.add(mark.id);
    this.changed();
    this.#send(mark, async () => {
      // Its id is known by now: what was sent before has been answered, or was refused.
      if (mark.id === null) return;
      this.gone.add(mark.id);
      const seen = mark.kind === "tag" ? { revision: mark.revision } : {};
      await change(`${KINDS[mark.kind].at}/${mark.id}/remove`, seen);
      this.byId.delete(mark.id);
      this.channel.postMessage({ kind: mark.kind, gone: mark.id });
    }, { removes: true });
  }

  /** Replaces a mark by what the program says of it, after a deed that it did itself. */
  replace(kind, record) {
    this.#put(kind, record);
    this.channel.postMessage({ kind, record });
    this.changed();
  }

  /** Takes a mark out that the program no longer has. */
  forget(key) {
    const mark = this.get(key);
    this.#drop(key);
    if (mark) this.channel.postMessage({ kind: mark.kind, gone: mark.id });
    this.changed();
  }

  #accept(mark, record) {
    const twin = this.byId.get(record.id); // it was read from the list before it was answered for
    if (twin !== undefined && twin !== mark.key) this.marks.delete(twin);
    const unsent = this.waiting.get(mark);
    Object.assign(mark, record, unsent ?? {}, { pending: Boolean(unsent) });
    this.byId.set(record.id, mark.key);
    this.channel.postMessage({ kind: mark.kind, record });
    this.changed();
  }

  #send(mark, work, { removes = false } = {}) {
    this.busy += 1;
    this.saving(true);
    this.chain = this.chain.then(async () => {
      try {
        await work();
      } catch (error) {
        await this.#mend(mark, error, removes);
      } finally {
        this.busy -= 1;
        if (this.busy === 0) this.saving(false);
      }
    });
  }

  // What was refused is not left on show as if it were saved.
  async #mend(mark, error, removes) {
    this.waiting.delete(mark);
    if (error instanceof Gone) {
      this.failed(error);
      return;
    }
    const { key } = mark;
    if (!removes && mark.id !== null && this.get(key) !== mark) {
      this.failed(error); // its removal follows, and says what it has seen
      return;
    }
    if (removes) this.gone.delete(mark.id);
    if (mark.id === null) {
      if (this.get(key) === mark) this.marks.delete(key);
    } else {
      try {
        Object.assign(mark, await look(`${KINDS[mark.kind].at}/${mark.id}`), { pending: false });
        if (!this.marks.has(key)) this.marks.set(key, mark); // its removal was refused
        this.#keepNote(mark);
      } catch {
        if (this.get(key) === mark) this.#drop(key);
      }
    }
    this.done = this.done.filter((entry) => entry.key !== key);
    this.undone = this.undone.filter((entry) => entry.key !== key);
    this.changed();
    this.failed(error);
  }

  // Words that were typed are not lost because somebody else typed some as well.
  #keepNote(mark) {
    const typed = mark.unsavedNote;
    delete mark.unsavedNote;
    if (typed && typed !== mark.note) this.edit(mark.key, { note: mark.note ? `${mark.note}\n${typed}` : typed }, { remember: false });
  }

  // --- what another page did -------------------------------------------------------------------

  #hear({ kind, record, gone }) {
    if (gone) {
      this.gone.add(gone);
      this.#drop(this.byId.get(gone));
    } else this.#take(kind, record);
    this.changed();
  }

  // --- undo and redo ---------------------------------------------------------------------------

  #remember(entry) {
    entry.at = performance.now();
    const last = this.done.at(-1);
    const same =
      last?.deed === "edit" && entry.deed === "edit" && last.key === entry.key &&
      entry.at - last.at < MERGE_MS && Object.keys(last.after).join() === Object.keys(entry.after).join();
    if (same) Object.assign(last, { after: entry.after, at: entry.at });
    else this.done.push(entry);
    this.undone = [];
  }

  /** Takes the last change back; the key of the mark that it was about. */
  undo() {
    const entry = this.done.pop();
    if (!entry) return null;
    this.undone.push(entry);
    if (entry.deed === "add") this.remove(entry.key, { remember: false });
    if (entry.deed === "edit") this.edit(entry.key, entry.before, { remember: false });
    if (entry.deed === "remove") this.add(entry.kind, entry.before, { key: entry.key, remember: false });
    return entry.key;
  }

  redo() {
    const entry = this.undone.pop();
    if (!entry) return null;
    this.done.push(entry);
    if (entry.deed === "add") this.add(entry.kind, entry.after, { key: entry.key, remember: false });
    if (entry.deed === "edit") this.edit(entry.key, entry.after, { remember: false });
    if (entry.deed === "remove") this.remove(entry.key, { remember: false });
    return entry.key;
  }

  /** What was shown but never answered for. */
  get unsaved() {
    return [...this.marks.values()].filter((mark) => mark.pending);
  }

  /** Ends it when what was done is answered for: other tabs are told of that as well. */
  close() {
    this.chain = this.chain.then(() => this.channel.close());
  }
}
