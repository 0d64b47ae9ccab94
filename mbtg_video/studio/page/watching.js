// An excerpt beside a score sheet: opened when somebody presses play, exact to the frame.

import { Gone, bytes, change } from "./api.js";
import { tell } from "./app.js";
import { el, icon, iconButton, setIcon } from "./dom.js";
import { bindings, keepsKey, keyOf, keyWord } from "./keys.js";
import { Player, SPEEDS } from "./player.js";
import { askTime } from "./room_keys.js";
import { clock, readFrames } from "./times.js";
import { word } from "./words.js";

/** The key that cites the moment on show; it does nothing in a recording. */
export const CITE_KEY = "b";

export class Watching {
  /** `scoring` holds its sequence and times; `cite` is called with the key that cites. */
  constructor(scoring, { cite }) {
    this.scoring = scoring;
    this.cite = cite;
    this.player = null;
    this.opening = null;
    this.awaited = null; // a frame that was asked for: { frame, done }
    this.stopAt = null;
    this.closed = false;
    this.#build();
    this.onKey = (event) => this.#keyDown(event);
    document.addEventListener("keydown", this.onKey);
    this.relabel();
  }

  #deeds = {
    play: () => this.toggle(),
    back: () => this.player?.skip(-5),
    forward: () => this.player?.skip(5),
    back10: () => this.player?.skip(-10),
    forward10: () => this.player?.skip(10),
    frameBack: () => this.player?.step(-1),
    frameForward: () => this.player?.step(1),
    slower: () => this.player?.faster(-1),
    faster: () => this.player?.faster(1),
    mute: () => (this.video.muted = !this.video.muted),
    goTo: () => this.player && askTime(this.player, this.scoring.length_us),
    toStart: () => this.player?.toFrame(0),
    toEnd: () => this.player?.toFrame(Infinity),
  };

  #build() {
    this.video = el("video", { playsinline: true, disablepictureinpicture: true, disableremoteplayback: true, tabindex: -1 });
    this.before = el("div", { class: "before" });
    this.screen = el("div", { class: "screen", on: { click: () => this.player && this.toggle() } }, this.video, this.before);
    this.timeText = el("output", { class: "clock now", "aria-live": "off" }, clock(0));
    this.frameText = el("output", { class: "frame number", "aria-live": "off" });
    this.backButton = iconButton("back", "", () => this.player?.step(-1));
    this.playButton = iconButton("play", "", () => this.toggle(), { class: "plain play" });
    this.forwardButton = iconButton("forward", "", () => this.player?.step(1));
    this.speed = el("select", { class: "speed", on: { change: () => this.player && (this.player.speed = Number(this.speed.value)) } }, SPEEDS.map((rate) => el("option", { value: String(rate) }, `${rate}×`)));
    this.speed.value = "1";
    this.muteButton = iconButton("sound", "", () => (this.video.muted = !this.video.muted));
    this.transport = el("div", { class: "transport" }, this.backButton, this.playButton, this.forwardButton,
      el("p", { class: "where" }, this.timeText, el("span", { class: "length" }, ` / ${clock(this.scoring.length_us)}`), this.frameText),
      this.speed, this.muteButton);
    this.element = el("section", { class: "stage" }, this.screen, this.transport);
    for (const event of ["play", "pause", "ended"]) this.video.addEventListener(event, () => this.#label());
    this.video.addEventListener("volumechange", () => this.#label());
    this.video.addEventListener("ratechange", () => (this.speed.value = String(this.video.playbackRate)));
    this.video.addEventListener("seeking", () => (this.stopAt = null));
    this.video.addEventListener("seeked", () => this.#arrived());
    this.video.addEventListener("error", () => this.#failed());
    this.#ready();
  }

  #ready(error = null) {
    this.before.replaceChildren(
      ...(error ? [icon("closed-eye"), el("p", { class: "wrong", role: "alert" }, error)] : []),
      el("button", { type: "button", class: "main big", on: { click: () => this.toggle() } }, icon("play"), word("playExcerpt")),
      el("small", {}, word("playNote")),
    );
    this.before.hidden = false;
    this.transport.hidden = true;
  }

  /** Whether the excerpt is open by then; asked for once, and again only after a refusal. */
  open() {
    this.opening ??= this.#open();
    return this.opening;
  }

  async #open() {
    try {
      const [frames, { video }] = await Promise.all([
        bytes(`/api/excerpts/${this.scoring.sequence}/frames`), change(`/api/scorings/${this.scoring.id}/watch`),
      ]);
      if (this.closed) return false;
      this.player = new Player(this.video, readFrames(frames), this.scoring.length_us, (frame) => this.#shown(frame));
      this.before.hidden = true;
      this.transport.hidden = false;
      this.player.open(video);
      await this.player.ready;
      return !this.closed;
    } catch (error) {
      this.opening = null;
      if (error instanceof Gone) tell(error);
      else this.#ready(error.message);
      return false;
    }
  }

  // Consent may have ended while it was watched: then nothing of it stays on show.
  #failed() {
    if (this.closed || this.player === null || !this.video.getAttribute("src")) return;
    this.player.close();
    this.player = this.opening = null;
    this.#ready(word("videoFailed"));
  }

  async toggle() {
    const fresh = this.player === null;
    if (!(await this.open())) return;
    if (fresh) this.playButton.focus();
    this.player.toggle();
  }

  #shown(frame) {
    const us = this.player.times[frame];
    this.timeText.textContent = clock(us);
    this.frameText.textContent = word("frame", { frame, count: this.player.times.length });
    this.frameText.dataset.frame = frame;
    this.#arrived();
    if (this.stopAt !== null && us >= this.stopAt) {
      this.stopAt = null;
      this.video.pause();
    }
  }

  #arrived() {
    if (this.awaited === null || this.video.seeking || this.player.frame !== this.awaited.frame) return;
    this.awaited.done(true);
    this.awaited = null;
  }

  /** Recording time of the frame on show; null when none was shown yet. */
  get us() {
    return this.player?.zeroUs != null ? this.scoring.first_frame_us + this.player.us : null;
  }

  /** A recording time as it is counted in the excerpt. */
  clock(us) {
    return clock(Math.max(0, us - this.scoring.first_frame_us));
  }

  /** Plays a moment from its own frame on; a span up to its end. */
  async play({ start_us: start, end_us: end }) {
    if (!(await this.open())) return;
    this.video.pause();
    this.awaited?.done(false);
    const arrival = new Promise((done) => (this.awaited = { frame: -1, done }));
    const mine = this.awaited;
    await this.player.toTime(start - this.scoring.first_frame_us);
    mine.frame = this.player.wanted ?? this.player.frame;
    if (!(await arrival) || this.closed) return;
    this.stopAt = end === null ? null : end - this.scoring.first_frame_us;
    this.player.play();
  }

  #keyDown(event) {
    // A scoring that was left while it was still being read hears no key of the one on show.
    if (!this.element.isConnected) return;
    if (document.querySelector("dialog[open]") || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = keyOf(event);
    if (keepsKey(event.target, key)) return;
    const deed = Object.keys(this.#deeds).find((one) => bindings()[one].includes(key));
    if (!deed && key !== CITE_KEY) return;
    event.preventDefault();
    if (event.repeat && !/frame|back|forward/i.test(deed ?? "")) return;
    if (deed) this.#deeds[deed]();
    else this.cite();
  }

  help() {
    const keys = bindings();
    const rows = Object.keys(this.#deeds).filter((deed) => keys[deed].length).map((deed) => [keys[deed].map(keyWord), word(`deed ${deed}`)]);
    const { lowest, highest } = this.scoring.items.values;
    const scores = highest <= 9 ? [[[String(lowest), "…", String(highest)], word("deed score")]] : [];
    return [...scores, [[keyWord(CITE_KEY)], word("deed cite")], ...rows];
  }

  #label() {
    const key = this.player?.playing ? "pause" : "play";
    setIcon(this.playButton, key);
    this.playButton.setAttribute("aria-label", word(key));
    this.playButton.title = `${word(key)} (${keyWord("k")})`;
    const sound = this.video.muted ? "unmute" : "mute";
    setIcon(this.muteButton, this.video.muted ? "muted" : "sound");
    this.muteButton.setAttribute("aria-label", word(sound));
    this.muteButton.title = word(sound);
  }

  relabel() {
    this.element.setAttribute("aria-label", word("picture"));
    this.video.setAttribute("aria-label", `${word("picture")} ${this.scoring.sequence}`);
    this.speed.setAttribute("aria-label", word("speed"));
    for (const [button, key] of [[this.backButton, "frameBack"], [this.forwardButton, "frameForward"]]) {
      button.setAttribute("aria-label", word(key));
      button.title = word(key);
    }
    this.#label();
    if (this.player?.zeroUs != null) this.#shown(this.player.frame);
    else if (!this.before.hidden) this.#ready();
  }

  close() {
    this.closed = true;
    document.removeEventListener("keydown", this.onKey);
    this.player?.close();
  }
}
