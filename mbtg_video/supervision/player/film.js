"use strict";

// Plays one clip out of its parts. Times are whole microseconds from the first frame.

const AHEAD_US = 30e6;
const AHEAD_BYTES = 24 * 1024 * 1024;
const BARELY_AHEAD_US = 5e6;
const STALLS_BEFORE_US = 0.25e6; // how far before a gap a browser may stop
const NOTHING_HELD_BACK = 0.03; // seconds; longer than a piece of sound that reaches over a border
const ROUNDING_US = 500; // of the time that a browser gives for a frame

class Film {
  constructor(video, entry, report) {
    this.video = video;
    this.entry = entry;
    this.clip = entry.clip;
    this.report = report;
    this.zero = 0; // media time of the first frame, as this browser counts
    this.closed = false;
    this.listening = new AbortController();
    this.times = [0];
    for (const step of this.clip.frames) this.times.push(this.times.at(-1) + step);
    this.ends = [...this.times.slice(1), this.clip.duration];
    this.on("error", () => this.failed());
  }

  on(event, action) {
    this.video.addEventListener(event, action, { signal: this.listening.signal });
  }

  failed() {
    const unplayable = this.video.error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED;
    this.report(new Trouble(unplayable ? "notPlayable" : "playFailed", { title: this.entry.title }));
  }

  // The frame on show at a time: the last one that has begun.
  frameAt(time) {
    let low = 0;
    let high = this.times.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.times[middle] <= time) low = middle; else high = middle - 1;
    }
    return low;
  }

  now() {
    return Math.round(this.video.currentTime * 1e6) - this.zero;
  }

  frameNow() {
    return this.frameAt(this.now() + ROUNDING_US);
  }

  // Goes to the middle of a frame, where no rounding can show its neighbour.
  showFrame(frame) {
    const wanted = Math.max(0, Math.min(frame, this.times.length - 1));
    this.video.currentTime = ((this.times[wanted] + this.ends[wanted]) / 2 + this.zero) / 1e6;
    return wanted;
  }

  // Tells `shown` every frame that reaches the screen, from what the browser says it painted.
  watch(shown) {
    const { video } = this;
    this.shown = shown;
    if (!video.requestVideoFrameCallback) {
      const guess = () => shown(this.frameNow());
      for (const event of ["loadeddata", "seeked", "timeupdate"]) this.on(event, guess);
      return;
    }
    let first = true;
    const painted = (_, { mediaTime }) => {
      if (this.closed) return;
      const time = Math.round(mediaTime * 1e6);
      // A browser that knows no edit list counts the delay of reordered frames as well.
      if (first && !video.seeking && video.currentTime === 0) this.zero = time;
      first = false;
      shown(this.frameAt(time - this.zero + ROUNDING_US));
      video.requestVideoFrameCallback(painted);
    };
    video.requestVideoFrameCallback(painted);
  }

  close() {
    this.closed = true;
    this.listening.abort();
  }
}

// Without MediaSource: the whole clip at once.
class WholeFilm extends Film {
  async open() {
    try {
      const read = await partReader(this.entry);
      const contents = [bytesOf(this.clip.head)];
      for (let part = 0; part < this.clip.starts.length && !this.closed; part += 1) {
        contents.push(await read(part));
      }
      if (this.closed) return;
      this.address = URL.createObjectURL(new Blob(contents, { type: "video/mp4" }));
      this.video.src = this.address;
    } catch (trouble) {
      if (!this.closed) this.report(trouble);
    }
  }

  close() {
    super.close();
    URL.revokeObjectURL(this.address);
  }
}

// Through MediaSource: what is around the playhead and no more.
class StreamedFilm extends Film {
  held = new Set();
  broken = new Map();
  filling = false;
  awaited = null; // the frame to go to once its part is there

  async open() {
    this.read = await partReader(this.entry);
    this.source = new MediaSource();
    const address = URL.createObjectURL(this.source);
    this.video.src = address;
    await new Promise((resolve) => this.source.addEventListener("sourceopen", resolve, { once: true }));
    URL.revokeObjectURL(address);
    if (this.closed) return;
    this.buffer = this.source.addSourceBuffer(this.clip.type);
    this.source.duration = this.clip.duration / 1e6;
    await this.change(() => this.buffer.appendBuffer(bytesOf(this.clip.head)));
    this.on("timeupdate", () => this.fill());
    this.on("waiting", () => this.stopAt(this.now() + STALLS_BEFORE_US));
    this.on("seeking", () => this.fill());
    await this.fill();
  }

  // The part comes first: a browser that has only the next one shows the beginning of that
  // instead, when the frame lies close before it.
  showFrame(frame) {
    if (!this.buffer) return super.showFrame(frame);
    this.awaited = Math.max(0, Math.min(frame, this.times.length - 1));
    const wanted = this.awaited;
    this.arrive();
    this.fill();
    return wanted;
  }

  arrive() {
    if (this.awaited === null) return;
    const frame = this.awaited;
    const time = this.times[frame];
    const part = this.partAt(time);
    if (!this.held.has(part) && !this.broken.has(part)) return;
    this.awaited = null;
    if (this.held.has(part)) {
      super.showFrame(frame);
    } else {
      this.stopAt(time);
      this.shown(this.frameNow());
    }
  }

  // Nobody waits for a part that will not come.
  stopAt(time) {
    const trouble = this.broken.get(this.partAt(time));
    if (trouble) {
      this.video.pause();
      this.report(trouble);
    }
    this.fill();
  }

  // Where the parts are needed.
  playhead() {
    return this.awaited === null ? this.now() : this.times[this.awaited];
  }

  partAt(time) {
    const { starts } = this.clip;
    let part = starts.length - 1;
    while (part > 0 && starts[part] > time) part -= 1;
    return part;
  }

  // First and last part to hold: one behind the playhead, and ahead what time and memory allow.
  window() {
    const { starts, sizes } = this.clip;
    const now = this.playhead();
    const current = this.partAt(now);
    let last = current;
    let bytes = sizes[current];
    while (last + 1 < starts.length) {
      const ahead = starts[last + 1] - now;
      if (ahead > AHEAD_US || (bytes > AHEAD_BYTES && ahead > BARELY_AHEAD_US)) break;
      last += 1;
      bytes += sizes[last];
    }
    return { first: Math.max(0, current - 1), current, last };
  }

  missing() {
    const { current, last } = this.window();
    for (let part = current; part <= last; part += 1) {
      if (this.broken.has(part)) return null;
      if (!this.held.has(part)) return part;
    }
    return null;
  }

  async fill() {
    if (this.filling || this.closed) return;
    this.filling = true;
    try {
      this.distrust();
      for (let part = this.missing(); part !== null; part = this.missing()) {
        const contents = await this.readOrReport(part);
        if (this.closed) return;
        const { first, last } = this.window();
        // The reader may have gone elsewhere meanwhile.
        if (contents === null || part < first || part > last) continue;
        await this.forgetOutside(first, last);
        await this.append(part, contents);
        this.arrive();
      }
      this.arrive();
      this.finish();
    } catch (error) {
      if (!this.closed) this.report(error);
    } finally {
      this.filling = false;
    }
  }

  async readOrReport(part) {
    try {
      return await this.read(part);
    } catch (trouble) {
      this.broken.set(part, trouble);
      if (!this.closed) this.report(trouble);
      return null;
    }
  }

  // The browser may drop what it was given when memory is short.
  distrust() {
    const { video, buffer } = this;
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) return;
    const current = this.partAt(this.playhead());
    const end = this.clip.starts[current + 1] ?? this.clip.duration;
    const middle = ((this.clip.starts[current] + end) / 2 + this.zero) / 1e6;
    for (let i = 0; i < buffer.buffered.length; i += 1) {
      if (buffer.buffered.start(i) <= middle && middle < buffer.buffered.end(i)) return;
    }
    this.held.delete(current);
  }

  async forgetOutside(first, last) {
    const { starts } = this.clip;
    const second = (part) => (starts[part] + this.zero) / 1e6;
    if ([...this.held].some((part) => part < first)) {
      const until = second(first) - NOTHING_HELD_BACK;
      if (until > 0) await this.change(() => this.buffer.remove(0, until));
    }
    if ([...this.held].some((part) => part > last)) {
      await this.change(() => this.buffer.remove(second(last + 1) - 0.001, Infinity));
    }
    for (const part of this.held) if (part < first || part > last) this.held.delete(part);
  }

  async append(part, contents) {
    try {
      await this.change(() => this.buffer.appendBuffer(contents));
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error;
      const current = this.partAt(this.playhead());
      await this.forgetOutside(current, Math.max(current, part));
      await this.change(() => this.buffer.appendBuffer(contents));
    }
    if (!this.closed) this.held.add(part);
  }

  change(action) {
    return new Promise((resolve) => {
      if (this.closed) { resolve(); return; }
      this.buffer.addEventListener("updateend", resolve, { once: true });
      action();
    }).catch((error) => { if (!this.closed) throw error; });
  }

  // Lets the video end once everything from the playhead on is there.
  finish() {
    const { current, last } = this.window();
    if (last !== this.clip.starts.length - 1 || this.source.readyState !== "open") return;
    for (let part = current; part <= last; part += 1) if (!this.held.has(part)) return;
    this.source.endOfStream();
  }
}

function openFilm(video, entry, report) {
  const streams = location.hash !== "#blob" && globalThis.MediaSource?.isTypeSupported(entry.clip.type);
  const film = streams ? new StreamedFilm(video, entry, report) : new WholeFilm(video, entry, report);
  film.open().catch((error) => { if (!film.closed) report(error); });
  return film;
}
