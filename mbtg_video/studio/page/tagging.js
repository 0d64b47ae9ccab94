// Tags and name marks made while it plays: press, hold, label, note, nudge, undo.

import { change, follow, session } from "./api.js";
import { clearAlert, saved, tell } from "./app.js";
import { el, field, openDialog } from "./dom.js";
import { clock, frameAt } from "./times.js";
import { word } from "./words.js";

const NAME_LEAD_US = 2e6;
const NAME_LAG_US = 1e6;

/** A question with one line to type; the text, or null. */
function askLine(heading, label, deed) {
  const typed = el("input", { maxlength: 2000, required: true, autocomplete: "off", autofocus: true });
  return openDialog(heading, (close) =>
    el("form", { class: "stack", on: { submit: (event) => { event.preventDefault(); close(typed.value.trim() || null); } } },
      field(label, typed),
      el("div", { class: "row end" },
        el("button", { type: "button", class: "second", on: { click: () => close(null) } }, word("cancel")),
        el("button", { type: "submit", class: "main" }, deed))));
}

export class Tagging {
  constructor(room) {
    this.room = room;
    this.pressed = null; // the moment at which a key went down
    this.resumeAt = null; // where it was paused for a note
  }

  /** Beginning of the frame that is on show `us` before or behind a time; the end of all at most. */
  snap(us, behind = false) {
    if (us >= this.room.record.length_us) return behind ? this.room.record.length_us : this.room.times.at(-1);
    return this.room.times[frameAt(this.room.times, Math.max(0, us))];
  }

  spanOfPress(us, deed) {
    const { lead_ms: lead, lag_ms: lag } = session.preferences;
    const [before, behind] = deed === "spokenName" ? [NAME_LEAD_US, NAME_LAG_US] : [lead * 1000, lag * 1000];
    const start = this.snap(us - before);
    const end = this.snap(us + behind, true);
    if (end > start) return [start, end];
    return deed === "spokenName" ? [start, this.room.player.endOf(frameAt(this.room.times, start))] : [start, null];
  }

  laneOf(deed) {
    return deed === "spokenName" ? deed : Number(deed.slice(5));
  }

  /** Whether a frame is on show; without one, nobody can mean a moment. */
  get #shown() {
    return this.room.player.zeroUs !== null;
  }

  begin(deed) {
    if (!this.#shown) return;
    this.pressed = this.room.player.us;
    if (deed === "label") return;
    const [start, end] = this.spanOfPress(this.pressed, deed);
    this.room.timeline.growing = { lane: this.laneOf(deed), start, end };
    this.room.marksChanged();
  }

  hold(deed) {
    if (!this.#shown) return;
    this.room.timeline.growing = { lane: this.laneOf(deed), start: this.pressed, end: null };
    this.room.timeline.draw();
  }

  release(deed) {
    if (!this.#shown || this.pressed === null) return;
    const start = Math.min(this.pressed, this.room.player.us);
    const end = this.room.player.endOf(frameAt(this.room.times, Math.max(this.pressed, this.room.player.us)));
    this.addMark(deed, start, end);
  }

  press(deed) {
    if (!this.#shown) {
      tell(new Error(word("nothingShown")));
      return;
    }
    const us = this.pressed ?? this.room.player.us;
    this.pressed = null;
    if (deed === "label") {
      this.askLabel(us);
      return;
    }
    this.addMark(deed, ...this.spanOfPress(us, deed));
  }

  addMark(deed, start, end) {
    this.pressed = null;
    this.room.timeline.growing = null;
    clearAlert();
    const fields = { start_us: start, end_us: end };
    const mark = deed === "spokenName" ? this.room.store.add("name", fields) : this.room.store.add("tag", { ...fields, item: this.laneOf(deed) });
    this.room.pick(mark);
    this.room.say(`${word("added")}: ${this.room.nameOf(mark)}, ${clock(start)}`);
  }

  async askLabel(us) {
    const resume = this.pauseForTyping();
    const text = await askLine(word("freeLabel"), word("label"), word("add"));
    if (text) {
      const [start, end] = this.spanOfPress(us, "item");
      this.room.pick(this.room.store.add("tag", { start_us: start, end_us: end, label: text }));
    }
    this.resume(resume);
  }

  nudge(which, count) {
    const mark = this.room.store.get(this.room.selected);
    if (mark === null || mark[which] === null) return;
    const now = mark[which] >= this.room.record.length_us ? this.room.times.length : frameAt(this.room.times, mark[which]);
    const wanted = now + count;
    const us = wanted >= this.room.times.length ? this.room.record.length_us : this.room.times[Math.max(0, wanted)];
    this.setEdge(mark.key, which, us);
    this.room.player.toTime(which === "start_us" ? us : us - 1);
  }

  setEdge(key, which, us) {
    const mark = this.room.store.get(key);
    if (mark === null) return;
    if (which === "start_us" ? mark.end_us !== null && us >= mark.end_us : us <= mark.start_us) return;
    if (which === "start_us" && us >= this.room.record.length_us) return;
    this.room.store.edit(key, { [which]: us });
  }

  remove() {
    const mark = this.room.store.get(this.room.selected);
    if (mark === null) return;
    this.room.selected = null;
    this.room.store.remove(mark.key);
    this.room.say(`${word("removed")}: ${this.room.nameOf(mark)}`);
  }

  undo() {
    const key = this.room.store.undo();
    if (key !== null && this.room.store.get(key)) this.room.pick(this.room.store.get(key));
    this.room.say(word("undone"));
  }

  redo() {
    const key = this.room.store.redo();
    if (key !== null && this.room.store.get(key)) this.room.pick(this.room.store.get(key));
    this.room.say(word("redone"));
  }

  async decide(deed) {
    const mark = this.room.store.get(this.room.selected);
    if (!mark?.id) return;
    let reason = null;
    if (deed === "clear") {
      reason = await askLine(word("name clear"), word("clearReason"), word("name clear"));
      if (reason === null) return;
    }
    try {
      saved("saving");
      await this.room.store.chain; // what was changed of it first
      const answer = await change(`/api/names/${mark.id}/${deed}`, deed === "clear" ? { reason } : {});
      this.room.store.replace("name", answer.name);
      if (answer.job) await follow(answer.job, (share) => this.room.say(word("remaking", { share: Math.round(share * 100) })));
      saved("saved");
    } catch (error) {
      tell(error);
    }
  }

  valence(valence) {
    const mark = this.room.store.get(this.room.selected);
    if (mark?.kind === "tag") this.room.store.edit(mark.key, { valence: mark.valence === valence ? "neutral" : valence });
  }

  pauseForTyping() {
    const resume = this.room.player.playing ? this.room.player.us : null;
    if (resume !== null) this.room.video.pause();
    return resume;
  }

  resume(us) {
    if (us === null || this.room.closed) return;
    this.room.player.toTime(Math.max(0, us - session.preferences.rewind_ms * 1000));
    this.room.player.play();
  }

  noteBegun() {
    this.resumeAt = this.pauseForTyping();
  }

  noteEnded() {
    const { resumeAt } = this;
    this.resumeAt = null;
    this.resume(resumeAt ?? null);
  }
}
