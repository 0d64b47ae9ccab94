// Pictures of recordings, asked for when they come into view, and never where consent forbids.

import { Gone, Refused, change, follow } from "./api.js";
import { el, icon } from "./dom.js";
import { word } from "./words.js";

const AT_ONCE = 2;

export class Posters {
  constructor(root) {
    this.wanted = new Map();
    this.waiting = [];
    this.running = 0;
    this.closed = false;
    this.watcher = new IntersectionObserver((entries) => this.#seen(entries), { root, rootMargin: "200px" });
  }

  /** The frame of a recording's picture; the picture comes when it is looked at. */
  frame(recording) {
    const frame = el("div", { class: "poster" });
    if (recording.watchable === false || recording.consent.light === "red") hide(frame);
    else {
      this.wanted.set(frame, recording.id);
      this.watcher.observe(frame);
    }
    return frame;
  }

  /** Forgets frames that are shown no more. */
  clear() {
    this.watcher.disconnect();
    this.wanted.clear();
    this.waiting = [];
  }

  close() {
    this.clear();
    this.closed = true;
  }

  #seen(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      this.watcher.unobserve(target);
      this.waiting.push(target);
    }
    this.#next();
  }

  #next() {
    while (this.running < AT_ONCE && this.waiting.length) {
      const frame = this.waiting.shift();
      this.running += 1;
      this.#ask(frame, this.wanted.get(frame)).finally(() => {
        this.running -= 1;
        this.#next();
      });
    }
  }

  async #ask(frame, id) {
    try {
      let answer = await change(`/api/recordings/${id}/poster`);
      if (!answer.url) {
        await follow(answer.job);
        if (this.closed || !frame.isConnected) return;
        answer = await change(`/api/recordings/${id}/poster`);
      }
      if (!answer.url || this.closed) return bare(frame);
      const picture = el("img", { alt: "", draggable: "false", on: { error: () => bare(frame) } });
      picture.src = answer.url;
      frame.replaceChildren(picture);
    } catch (error) {
      if (error instanceof Refused && error.status === 403) hide(frame);
      else if (!(error instanceof Gone)) bare(frame);
    }
  }
}

function hide(frame) {
  frame.replaceChildren(icon("closed-eye"), el("span", { class: "unseen" }, word("posterHidden")));
  frame.title = word("posterHidden");
}

function bare(frame) {
  frame.replaceChildren(icon("brand"), el("span", { class: "unseen" }, word("posterNone")));
}
