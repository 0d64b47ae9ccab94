// The picture: every statement of where it stands comes from the frame that the browser showed.

import { frameAt } from "./times.js";

// Into a frame by this much at most: a seek lands inside it whatever the clock of the file.
const INTO_FRAME_US = 10_000;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

/** Index of the frame that begins nearest to a time. */
function nearestFrame(times, us) {
  const before = frameAt(times, us);
  const behind = Math.min(before + 1, times.length - 1);
  return us - times[before] <= times[behind] - us ? before : behind;
}

export class Player {
  /** `times` holds when each frame begins, `onFrame` is called with each one shown. */
  constructor(video, times, lengthUs, onFrame) {
    this.video = video;
    this.times = times;
    this.lengthUs = lengthUs;
    this.onFrame = onFrame;
    this.zeroUs = null; // what the file's own clock says at the first shown frame
    this.frame = 0;
    this.wanted = null; // of a seek that has not arrived; steps count on from it
    this.loop = null; // [start, end] in microseconds
    this.closed = false;
    this.ready = new Promise((resolve) => (this.#isReady = resolve));
    video.preservesPitch = true;
  }

  #isReady;

  open(url) {
    this.video.src = url;
    this.video.preload = "auto";
    this.#watch();
  }

  #watch() {
    this.video.requestVideoFrameCallback((_now, shown) => {
      if (this.closed) return;
      const mediaUs = Math.round(shown.mediaTime * 1e6);
      // Nothing was asked for before: what a browser shows first is the first frame.
      if (this.zeroUs === null) {
        this.zeroUs = mediaUs;
        this.#isReady();
      }
      this.frame = nearestFrame(this.times, mediaUs - this.zeroUs);
      if (!this.video.seeking && this.wanted !== null) {
        // A picture that was on its way before the seek is not yet the one asked for.
        if (this.frame === this.wanted || !this.video.paused) this.wanted = null;
      }
      this.#keepInLoop();
      this.onFrame(this.frame);
      this.#watch();
    });
  }

  #keepInLoop() {
    if (this.loop === null || this.video.paused || this.video.seeking) return;
    const us = this.times[this.frame];
    if (us >= this.loop[1] || us < this.loop[0] - 1e6) this.toTime(this.loop[0]);
  }

  /** Time of the frame on show. */
  get us() {
    return this.times[this.frame];
  }

  get playing() {
    return !this.video.paused && !this.video.ended;
  }

  /** End of a frame: where the next one begins. */
  endOf(frame) {
    return frame + 1 < this.times.length ? this.times[frame + 1] : this.lengthUs;
  }

  async toFrame(frame) {
    this.wanted = Math.max(0, Math.min(this.times.length - 1, frame));
    await this.ready;
    if (this.closed || this.wanted === null) return;
    const start = this.times[this.wanted];
    const into = Math.min(INTO_FRAME_US, Math.floor((this.endOf(this.wanted) - start) / 2));
    this.video.currentTime = (this.zeroUs + start + into) / 1e6;
  }

  /** Shows the frame that is on show at a time. */
  toTime(us) {
    return this.toFrame(frameAt(this.times, Math.max(0, Math.min(this.lengthUs - 1, us))));
  }

  step(frames) {
    this.video.pause();
    return this.toFrame((this.wanted ?? this.frame) + frames);
  }

  skip(seconds) {
    return this.toTime(this.times[this.wanted ?? this.frame] + seconds * 1e6);
  }

  toggle() {
    if (this.playing) this.video.pause();
    else this.play();
  }

  async play() {
    await this.ready; // were it under way before, a later frame would be taken for the first
    if (this.closed) return;
    this.video.play().catch(() => {}); // a failure is told by the video's own error event
  }

  get speed() {
    return this.video.playbackRate;
  }

  set speed(rate) {
    this.video.defaultPlaybackRate = this.video.playbackRate = rate;
  }

  faster(places) {
    const place = SPEEDS.indexOf(this.speed) + places;
    if (place >= 0 && place < SPEEDS.length) this.speed = SPEEDS[place];
  }

  close() {
    this.closed = true;
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load(); // the browser lets go of what it holds
  }
}

export { SPEEDS };
