// What the keys do in a recording.

import { el, field, openDialog } from "./dom.js";
import { bindings, keepsKey, keyOf } from "./keys.js";
import { clock, parseTime } from "./times.js";
import { word } from "./words.js";

/** Asks for a time or frame, and goes there. */
export async function askTime(player, lengthUs) {
  const input = el("input", { required: true, autofocus: true, autocomplete: "off", value: clock(player.us), on: { focus: () => input.select() } });
  const wrong = el("p", { class: "refused", role: "alert" });
  const us = await openDialog(word("goTo"), (close) =>
    el("form", { class: "stack", on: { submit: (event) => {
      event.preventDefault();
      const found = parseTime(input.value, player.times);
      if (found === null || found >= lengthUs) wrong.textContent = word("noTime", { last: clock(lengthUs) });
      else close(found);
    } } }, field(word("time"), input, word("timeHint")), wrong,
      el("div", { class: "row end" }, el("button", { type: "button", class: "second", on: { click: () => close(null) } }, word("cancel")), el("button", { type: "submit", class: "main" }, word("goTo")))));
  if (us !== null) player.toTime(us);
}

export class RoomKeys {
  constructor(room) {
    this.room = room;
    this.held = null;
    this.listeners = { keydown: (event) => this.keyDown(event), keyup: (event) => this.keyUp(event) };
    for (const [event, listener] of Object.entries(this.listeners)) document.addEventListener(event, listener);
    this.onBlur = () => this.held && this.keyUp(this.held); // a key let go of elsewhere is not held for ever
    window.addEventListener("blur", this.onBlur);
  }

  #deeds = {
    play: () => this.room.player.toggle(),
    back: () => this.room.player.skip(-5),
    forward: () => this.room.player.skip(5),
    back10: () => this.room.player.skip(-10),
    forward10: () => this.room.player.skip(10),
    frameBack: () => this.room.player.step(-1),
    frameForward: () => this.room.player.step(1),
    slower: () => this.room.player.faster(-1),
    faster: () => this.room.player.faster(1),
    mute: () => (this.room.video.muted = !this.room.video.muted),
    goTo: () => askTime(this.room.player, this.room.record.length_us),
    toStart: () => this.room.player.toFrame(0),
    toEnd: () => this.room.player.toFrame(Infinity),
    previousMark: () => this.room.beside(-1),
    nextMark: () => this.room.beside(1),
    note: () => this.room.parts.editorHost.querySelector("#note")?.focus(),
    good: () => this.room.tagging.valence("good"),
    missed: () => this.room.tagging.valence("missed"),
    startEarlier: () => this.room.tagging.nudge("start_us", -1),
    startLater: () => this.room.tagging.nudge("start_us", 1),
    endEarlier: () => this.room.tagging.nudge("end_us", -1),
    endLater: () => this.room.tagging.nudge("end_us", 1),
    removeMark: () => this.room.tagging.remove(),
    markIn: () => this.room.marking.markIn(),
    markOut: () => this.room.marking.markOut(),
    loop: () => this.room.marking.toggleLoop(),
    excerpt: () => this.room.marking.cut(),
    find: () => this.room.codes.search.focus(),
    zoomIn: () => this.room.timeline.zoom(1 / 1.6),
    zoomOut: () => this.room.timeline.zoom(1.6),
  };

  // A recording that was left while it was still being read hears no key of the one on show.
  get #onShow() {
    return this.room.parts.whole.isConnected;
  }

  #deedOf(key) {
    return Object.entries(bindings()).find(([, keys]) => keys.includes(key))?.[0] ?? null;
  }

  keyDown(event) {
    if (!this.#onShow || document.querySelector("dialog[open]") || event.defaultPrevented) return;
    const key = keyOf(event);
    if (event.ctrlKey || event.metaKey) {
      if (keepsKey(event.target, "a")) return;
      if (key === "z" || key === "Shift+z" || key === "y") {
        event.preventDefault();
        if (key === "z") this.room.tagging.undo();
        else this.room.tagging.redo();
      }
      return;
    }
    if (event.altKey || keepsKey(event.target, key)) return;
    const deed = this.#deedOf(key);
    if (deed === null) return;
    event.preventDefault();
    if (deed.startsWith("item ") || deed === "spokenName") {
      if (!event.repeat) this.room.codes.down(deed);
      this.held = { code: event.code, deed };
    } else if (deed === "label") {
      if (!event.repeat) this.room.tagging.press("label");
    } else if (!event.repeat || /frame|back|forward|Earlier|Later|Mark/i.test(deed)) this.#deeds[deed]();
  }

  keyUp(event) {
    if (this.held?.code !== event.code) return;
    this.room.codes.up(this.held.deed);
    this.held = null;
  }

  close() {
    window.removeEventListener("blur", this.onBlur);
    for (const [event, listener] of Object.entries(this.listeners)) document.removeEventListener(event, listener);
  }
}
