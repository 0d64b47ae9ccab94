// A recording: watched, tagged while it plays, marked and cut.

import { Gone, bytes, change, follow, look, session } from "./api.js";
import { prefer, saved, tell } from "./app.js";
import { Codes } from "./codes.js";
import { light } from "./consent.js";
import { setIcon } from "./dom.js";
import { Editor } from "./editor.js";
import { USUAL, bindings, keyWord } from "./keys.js";
import { lanesOf } from "./lanes.js";
import { Marking } from "./marking.js";
import { Player } from "./player.js";
import { askPreferences, deedName } from "./rebinding.js";
import { RoomKeys, askTime } from "./room_keys.js";
import { buildParts } from "./room_parts.js";
import { Said } from "./said.js";
import { Store } from "./store.js";
import { Tagging } from "./tagging.js";
import { TagList } from "./taglist.js";
import { Timeline } from "./timeline.js";
import { clock, dayWord, readFrames } from "./times.js";
import { language, word } from "./words.js";

/** Shows recording number `number`. */
export async function show(main, number) {
  const id = `R${number}`;
  const [record, frames] = await Promise.all([look(`/api/recordings/${id}`), bytes(`/api/recordings/${id}/frames`)]);
  const room = new Room(main, record, readFrames(frames));
  const place = PLACE.exec(location.hash);
  if (place) room.player.toTime(Math.round(Number(place[1]) * 1e6));
  await room.open();
  if (place?.[2]) room.pickTag(`T${place[2]}`);
  return room;
}

// A time in seconds behind the recording's address, and the tag that lies there.
const PLACE = /@(\d{1,7}(?:\.\d{1,6})?)(?:\/T(\d{1,9}))?$/;

class Room {
  constructor(main, record, times) {
    this.record = record;
    this.times = times;
    this.excerpts = record.excerpts;
    this.selected = null;
    this.closed = false;
    this.hidden = false; // the picture, since it may not be watched any more
    this.refused = false; // something of what is being saved
    this.awaited = new Set();
    this.tagging = new Tagging(this);
    this.marking = new Marking(this);
    this.store = new Store(record.id, {
      changed: () => this.marksChanged(),
      failed: (error) => this.#failed(error),
      saving: (busy) => this.#sayWhetherSaved(busy),
    });
    this.#build(main);
    this.store.fill("name", record.names);
    this.keys = new RoomKeys(this);
    this.onHide = () => this.editor.flush({ last: true });
    window.addEventListener("pagehide", this.onHide);
    // What waits for an answer would be lost: the browser asks whether to leave.
    this.onLeave = (event) => this.store.busy && event.preventDefault();
    window.addEventListener("beforeunload", this.onLeave);
    // Whoever clicked a button goes on by keys that drive the picture; Tab finds it again.
    this.parts.whole.addEventListener("click", () => setTimeout(() => {
      const active = document.activeElement;
      if (active?.matches("button") && !document.querySelector("dialog[open]")) active.blur();
    }));
  }

  #build(main) {
    const { record, tagging, marking } = this;
    this.parts = buildParts(record, {
      step: (frames) => this.player.step(frames),
      toggle: () => this.player.toggle(),
      speed: (rate) => (this.player.speed = rate),
      mute: () => (this.video.muted = !this.video.muted),
      goTo: () => askTime(this.player, record.length_us),
      loop: () => marking.toggleLoop(),
      markIn: () => marking.markIn(),
      markOut: () => marking.markOut(),
      cut: () => marking.cut(),
      undo: () => tagging.undo(),
      redo: () => tagging.redo(),
      settings: () => this.#askPreferences(),
    });
    this.video = this.parts.video;
    this.player = new Player(this.video, this.times, record.length_us, (frame) => this.#frameShown(frame));
    main.replaceChildren(this.parts.whole);
    this.codes = new Codes(this.parts.codesHost, {
      begin: (deed) => tagging.begin(deed),
      press: (deed) => tagging.press(deed),
      hold: (deed) => tagging.hold(deed),
      release: (deed) => tagging.release(deed),
    });
    this.list = new TagList(this.parts.listHost, { nameOf: (mark) => this.nameOf(mark), pick: (mark) => this.pick(mark, { go: true }), play: (mark) => this.playMark(mark) });
    this.editor = new Editor(this.parts.editorHost, {
      nudge: (which, count) => tagging.nudge(which, count),
      change: (changes) => this.store.edit(this.selected, changes),
      remove: () => tagging.remove(),
      play: () => this.playMark(this.store.get(this.selected)),
      mark: () => marking.from(this.store.get(this.selected)),
      noteBegun: () => tagging.noteBegun(),
      noteEnded: () => tagging.noteEnded(),
      noteTyped: (key, note, last) => this.store.edit(key, { note }, { last }),
      decide: (deed) => tagging.decide(deed),
    });
    this.said = new Said(this.parts.saidHost, { go: (cue) => this.player.toTime(cue.start_us) });
    this.timeline = new Timeline(this.parts.timelineHost, {
      times: this.times,
      lengthUs: record.length_us,
      act: {
        seek: (us) => this.player.toTime(us),
        pick: (mark) => this.pick(mark),
        play: (mark) => this.playMark(mark),
        nudge: (which, count) => tagging.nudge(which, count),
        edge: (mark, which, us) => tagging.setEdge(mark.key, which, us),
      },
    });
    for (const event of ["play", "pause", "ended"]) this.video.addEventListener(event, () => this.#labelPlay());
    this.video.addEventListener("ratechange", () => (this.parts.speed.value = String(this.player.speed)));
    this.video.addEventListener("volumechange", () => this.#labelMute());
    this.video.addEventListener("error", () => this.#videoFailed());
    this.relabel();
  }

  // --- words -----------------------------------------------------------------------------------

  relabel() {
    const { record, parts } = this;
    const keys = bindings();
    const named = (element, key, pressed) => {
      element.setAttribute("aria-label", word(key));
      element.title = pressed ? `${word(key)} (${pressed})` : word(key);
    };
    const keyFor = (deed) => (keys[deed].length ? keyWord(keys[deed][0]) : "");
    parts.facts.textContent = [record.group_name, dayWord(record.recorded_on, language()), word(record.kind)].join(" · ");
    const lit = light(record.consent);
    parts.light.replaceWith(lit);
    parts.light = lit;
    named(parts.backButton, "frameBack", keyFor("frameBack"));
    named(parts.forwardButton, "frameForward", keyFor("frameForward"));
    named(parts.loopButton, "loop", keyFor("loop"));
    named(parts.goButton, "goTo", keyFor("goTo"));
    named(parts.undoButton, "undo", "Ctrl+Z");
    named(parts.redoButton, "redo", "Ctrl+Shift+Z");
    named(parts.speed, "speed", "");
    parts.goButton.textContent = word("goTo");
    parts.cutButton.textContent = word("makeExcerpt");
    parts.cutButton.title = `${word("makeExcerpt")} (${keyFor("excerpt")})`;
    parts.settingsButton.textContent = word("settings");
    parts.stage.setAttribute("aria-label", word("picture"));
    parts.codesHost.setAttribute("aria-label", word("codes"));
    parts.listHost.setAttribute("aria-label", word("tags"));
    parts.saidHost.setAttribute("aria-label", word("transcript"));
    parts.editorHost.setAttribute("aria-label", word("selectedTag"));
    parts.timelineHost.setAttribute("aria-label", word("timeline"));
    this.video.setAttribute("aria-label", `${word("picture")} ${record.id}`);
    this.#labelPlay();
    this.#labelMute();
    this.marking.relabel();
    this.codes.relabel();
    this.list.relabel();
    this.said.relabel();
    this.editor.relabel();
    this.timeline.relabel();
    this.marksChanged();
    if (this.player.zeroUs !== null) this.#frameShown(this.player.frame);
  }

  help() {
    const keys = bindings();
    const rows = Object.keys(USUAL).filter((deed) => keys[deed].length).map((deed) => [keys[deed].map(keyWord), deedName(deed)]);
    const items = session.scale.items.flatMap((item) => keys[`item ${item.number}`]?.[0] ?? []).map(keyWord);
    return [[[items[0], "…", items.at(-1)], word("deedItems")], ...rows, [["Ctrl+Z"], word("undo")], [["Ctrl+Shift+Z"], word("redo")]];
  }

  #labelPlay() {
    const key = this.player.playing ? "pause" : "play";
    setIcon(this.parts.playButton, key);
    this.parts.playButton.setAttribute("aria-label", word(key));
    this.parts.playButton.title = `${word(key)} (${keyWord("k")})`;
  }

  #labelMute() {
    const key = this.video.muted ? "unmute" : "mute";
    setIcon(this.parts.muteButton, this.video.muted ? "muted" : "sound");
    this.parts.muteButton.setAttribute("aria-label", word(key));
    this.parts.muteButton.title = word(key);
  }

  say(text) {
    this.parts.announcer.textContent = text;
  }

  // --- opening ---------------------------------------------------------------------------------

  async open() {
    await Promise.all([this.#watch(), this.#listTags(), this.#listCues()]);
  }

  async #watch() {
    let view = null;
    try {
      view = await change(`/api/recordings/${this.record.id}/watch`);
    } catch (error) {
      if (error instanceof Gone) throw error;
      this.parts.veil.textContent = word("mayNotWatch");
      tell(error);
    }
    if (view !== null) this.#take(view);
  }

  async #listTags() {
    let after = "";
    do {
      const page = await look(`/api/recordings/${this.record.id}/tags${after && `?after=${after}`}`);
      if (this.closed) return;
      this.store.fill("tag", page.tags);
      after = page.after;
    } while (after);
  }

  // Whoever may not hear what is said does not read it either, and is told so by the picture.
  async #listCues() {
    const cues = [];
    let after = "";
    try {
      do {
        const page = await look(`/api/recordings/${this.record.id}/transcripts${after && `?after=${after}`}`);
        cues.push(...page.cues);
        after = page.after;
      } while (after);
    } catch (error) {
      if (error instanceof Gone || error.status !== 403) throw error;
      return;
    }
    if (!this.closed && !this.hidden) this.said.show(cues);
  }

  // What can be shown by now; whatever is still being made is asked for again when it is ready.
  #take(view) {
    if (this.closed || this.hidden) return;
    this.handle = view.handle;
    const { parts } = view;
    if (parts.video && !this.video.getAttribute("src")) {
      this.parts.veil.hidden = true;
      this.player.open(parts.video);
    }
    if (parts.waveform && !this.timeline.wave.peaks) {
      bytes(parts.waveform).then((buffer) => this.timeline.setPeaks(new Int8Array(buffer), view.waveform.bucket_us)).catch(tell);
    }
    if (view.sprites) {
      this.timeline.setSprites(view.sprites, view.sprites.sheets.map((_, place) => parts[`sheet-${place}`]));
    }
    for (const job of view.jobs) this.#await(job);
  }

  async #await(job) {
    if (this.awaited.has(job.id)) return;
    this.awaited.add(job.id);
    try {
      await follow(job, (share) => {
        if (job.what === "proxy") this.parts.veil.textContent = word("makingProxy", { share: Math.round(share * 100) });
      });
      if (!this.closed) this.#take(await change(`/api/views/${this.handle}`));
    } catch (error) {
      if (!this.closed) tell(error);
    }
  }

  async #videoFailed() {
    if (this.closed || !this.video.getAttribute("src")) return;
    this.parts.veil.hidden = false;
    this.parts.veil.textContent = word("videoFailed");
    await this.#hidePicture().catch(tell);
  }

  // When consent ended while it was watched, what the browser still holds is not shown either.
  async #hidePicture() {
    const { consent, watchable } = await look(`/api/recordings/${this.record.id}`);
    if (this.closed || watchable) return;
    this.hidden = true;
    this.record.consent = consent;
    this.player.close();
    this.timeline.setPeaks(null);
    this.timeline.setSprites(null);
    this.said.show([]);
    this.relabel();
    this.parts.veil.hidden = false;
    this.parts.veil.textContent = word("mayNotWatch");
  }

  #frameShown(frame) {
    const us = this.times[frame];
    const { timeText, frameText } = this.parts;
    timeText.textContent = clock(us);
    frameText.textContent = word("frame", { frame, count: this.times.length });
    frameText.dataset.frame = frame;
    frameText.dataset.time = us;
    this.said.now(us);
    this.timeline.setPlayhead(us, this.player.playing);
    if (this.timeline.growing) this.timeline.draw();
  }

  // --- marks -----------------------------------------------------------------------------------

  /** Text of a tag or name mark. */
  nameOf(mark) {
    if (mark.kind === "name") return `${word("spokenName")} – ${word(`name is ${mark.state}`)}`;
    if (mark.item === null) return mark.label ?? "";
    const item = session.scale.items.find((one) => one.number === mark.item);
    return item ? item[language()] : String(mark.item);
  }

  /** Brings lanes, list, counts and editor up to date. */
  marksChanged() {
    if (!this.timeline) return;
    if (this.store.get(this.selected) === null) this.selected = null;
    const { lanes, counts, marks } = lanesOf(this);
    this.timeline.selected = this.selected;
    this.timeline.setLanes(lanes);
    this.codes.showCounts(counts);
    this.list.show(marks, this.selected);
    this.editor.show(this.store.get(this.selected));
    this.parts.undoButton.disabled = this.store.done.length === 0;
    this.parts.redoButton.disabled = this.store.undone.length === 0;
  }

  /** Selects a mark; with `go` the picture goes there. An excerpt gives its in and out. */
  pick(mark, { go = false } = {}) {
    if (mark.kind === "excerpt") {
      this.marking.set(mark.start_us, mark.end_us);
      this.say(`${mark.id} ${mark.title}`);
      return;
    }
    this.selected = mark.key;
    if (go) this.player.toTime(mark.start_us);
    this.marksChanged();
    this.list.reveal();
  }

  /** Selects the tag with this id, when it is still there. */
  pickTag(id) {
    const mark = this.store.get(this.store.byId.get(id));
    if (mark) this.pick(mark);
  }

  playMark(mark) {
    if (!mark) return;
    this.player.toTime(mark.start_us);
    this.player.play();
  }

  /** Selects the mark so many places from the selected one, or from the picture. */
  beside(places) {
    const mark = this.list.beside(places, this.player.us);
    if (mark) this.pick(mark, { go: true });
  }

  #sayWhetherSaved(busy) {
    saved(busy ? "saving" : this.refused ? "" : "saved");
    if (!busy) this.refused = false;
  }

  #failed(error) {
    this.refused = error.status !== 409; // then both texts are kept
    if (this.closed) return;
    if (error.status === 403) this.#hidePicture().catch(tell);
    const lost = error instanceof Gone ? this.store.unsaved.map((mark) => `${clock(mark.start_us)} ${this.nameOf(mark)} ${mark.note ?? ""}`) : [];
    tell(error);
    if (lost.length) tell(new Error(`${word("notSaved")}\n${lost.join("\n")}`));
  }

  async #askPreferences() {
    const wish = await askPreferences();
    if (wish === null) return;
    try {
      await prefer(wish);
      this.relabel();
    } catch (error) {
      tell(error);
    }
  }

  close() {
    this.editor.flush({ last: true });
    this.closed = true;
    window.removeEventListener("pagehide", this.onHide);
    this.keys.close();
    this.player.close();
    this.timeline.close();
    this.store.close();
    this.store.chain.then(() => window.removeEventListener("beforeunload", this.onLeave));
  }
}
