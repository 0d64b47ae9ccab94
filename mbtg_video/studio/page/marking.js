// In and out, the loop between them, and the cut.

import { tell } from "./app.js";
import { el, openDialog } from "./dom.js";
import { askExcerpt } from "./excerpting.js";
import { bindings, keyWord } from "./keys.js";
import { clock, frameAt } from "./times.js";
import { word } from "./words.js";

export class Marking {
  constructor(room) {
    this.room = room;
    this.marked = { in: null, out: null };
  }

  set(from, to) {
    this.marked = { in: from, out: to };
    this.room.timeline.marked = this.marked;
    this.relabel();
    if (this.room.player.loop) this.room.player.loop = from !== null && to !== null ? [from, to] : null;
    this.room.timeline.draw();
  }

  markIn() {
    const us = this.room.times[this.room.player.wanted ?? this.room.player.frame];
    this.set(us, this.marked.out !== null && this.marked.out <= us ? null : this.marked.out);
    this.room.say(`${word("markIn")} ${clock(us)}`);
  }

  // The frame on show is the last one that belongs to it.
  markOut() {
    const us = this.room.player.endOf(this.room.player.wanted ?? this.room.player.frame);
    this.set(this.marked.in !== null && this.marked.in >= us ? null : this.marked.in, us);
    this.room.say(`${word("markOut")} ${clock(us)}`);
  }

  from(mark) {
    if (!mark) return;
    this.set(mark.start_us, mark.end_us ?? this.room.player.endOf(frameAt(this.room.times, mark.start_us)));
  }

  relabel() {
    for (const [button, key, us] of [[this.room.parts.inButton, "markIn", this.marked.in], [this.room.parts.outButton, "markOut", this.marked.out]]) {
      button.textContent = `${word(key)} ${us === null ? "–" : clock(us)}`;
      button.title = `${word(key)} (${keyWord(bindings()[key]?.[0] ?? "")})`;
      button.dataset.us = us ?? "";
    }
    this.room.parts.cutButton.disabled = this.marked.in === null || this.marked.out === null;
  }

  toggleLoop() {
    if (this.room.player.loop) this.room.player.loop = null;
    else {
      const mark = this.room.store.get(this.room.selected);
      const { in: from, out: to } = this.marked;
      if (from !== null && to !== null) this.room.player.loop = [from, to];
      else if (mark?.end_us) this.room.player.loop = [mark.start_us, mark.end_us];
      else return tell(new Error(word("nothingToLoop")));
      this.room.player.toTime(this.room.player.loop[0]);
      this.room.player.play();
    }
    this.room.parts.loopButton.setAttribute("aria-pressed", String(this.room.player.loop !== null));
  }

  async cut() {
    if (this.room.parts.cutButton.disabled) return tell(new Error(word("markFirst")));
    this.room.video.pause();
    const made = await askExcerpt(this.room.record, this.marked, this.room.store.all("name"));
    if (made === null || this.room.closed) return;
    this.room.excerpts = [...this.room.excerpts, made];
    this.room.marksChanged();
    this.room.say(word("excerptMade", { id: made.id }));
    openDialog(word("excerptMade", { id: made.id }), (close) => [
      el("p", {}, made.title),
      el("div", { class: "row end" },
        el("button", { type: "button", class: "second", autofocus: true, on: { click: () => close(null) } }, word("goOn")),
        el("a", { class: "main", href: `#/${made.id}`, on: { click: () => close(null) } }, word("watchExcerpt")))]);
  }
}
