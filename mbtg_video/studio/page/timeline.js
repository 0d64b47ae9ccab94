// The time line: sound, thumbnails, and a lane for each item, for labels, excerpts and names.

import { el, iconButton } from "./dom.js";
import { LANE, RULER, WAVE, paint } from "./paint.js";
import { Thumb } from "./thumb.js";
import { clock, frameAt } from "./times.js";
import { Wave } from "./wave.js";
import { word } from "./words.js";

const LABELS = 168; // width of the lanes' names
const GRAB = 6; // pixels beside an edge that count as the edge
const LEAST_WINDOW_US = 400_000;

export class Timeline {
  /**
   * `act` holds what gestures do: seek(us), pick(mark), play(mark), edge(mark, which, us, done).
   */
  constructor(host, { times, lengthUs, act }) {
    this.times = times;
    this.lengthUs = lengthUs;
    this.act = act;
    this.window = [0, lengthUs];
    this.lanes = [];
    this.playhead = 0;
    this.marked = { in: null, out: null };
    this.selected = null;
    this.growing = null;
    this.wave = new Wave();
    this.canvas = el("canvas", { "aria-hidden": "true" });
    this.names = el("ul", { class: "lane-names", "aria-label": word("lanes") });
    this.handles = ["start_us", "end_us"].map((which) => this.#handle(which));
    this.thumb = new Thumb();
    this.head = el("div", { class: "playhead" });
    this.area = el("div", { class: "area" }, this.canvas, this.head, this.handles, this.thumb.whole);
    this.scroll = el("div", { class: "lanes" }, this.names, this.area);
    this.range = el("input", { type: "range", min: 0, max: 1000, value: 0, step: 1, class: "window", "aria-label": word("scrollTime"), on: { input: () => this.#scrollTo(Number(this.range.value) / 1000) } });
    this.tools = el(
      "div",
      { class: "timeline-tools" },
      this.range,
      iconButton("minus", word("zoomOut"), () => this.zoom(1.6)),
      iconButton("plus", word("zoomIn"), () => this.zoom(1 / 1.6)),
      el("button", { type: "button", class: "plain fit", title: word("zoomAll"), on: { click: () => this.show(0, this.lengthUs) } }, word("all")),
    );
    host.append(this.scroll, this.tools);
    this.#listen();
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.area);
    this.theme = new MutationObserver(() => this.draw());
    this.theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  relabel() {
    const [minus, plus, all] = this.tools.querySelectorAll("button");
    for (const [button, key] of [[minus, "zoomOut"], [plus, "zoomIn"], [all, "zoomAll"]]) {
      button.setAttribute("aria-label", word(key));
      button.title = word(key);
    }
    all.textContent = word("all");
    this.range.setAttribute("aria-label", word("scrollTime"));
    this.names.setAttribute("aria-label", word("lanes"));
  }

  // --- what is shown ---------------------------------------------------------------------------

  /** Lanes from top to bottom: { id, name, short, marks: [{ start_us, end_us, … }] }. */
  setLanes(lanes) {
    const changed = lanes.map((lane) => lane.id + lane.name).join() !== this.lanes.map((lane) => lane.id + lane.name).join();
    this.lanes = lanes;
    if (changed) {
      this.names.replaceChildren(
        ...lanes.map((lane) => el("li", { title: lane.name }, lane.short ? el("span", { class: "badge" }, lane.short) : null, el("span", {}, lane.name))),
      );
    }
    this.draw();
  }

  setPeaks(peaks, bucketUs) {
    this.wave.set(peaks, bucketUs);
    this.draw();
  }

  setSprites(facts, urls) {
    this.thumb.set(facts === null ? null : { ...facts, urls });
  }

  setPlayhead(us, follow) {
    this.playhead = us;
    const [from, to] = this.window;
    if (follow && (us < from || us >= to)) {
      this.show(us - (to - from) * 0.05, us + (to - from) * 0.95);
      return;
    }
    this.#placeHead();
  }

  show(from, to) {
    const length = Math.min(this.lengthUs, Math.max(LEAST_WINDOW_US, to - from));
    const start = Math.max(0, Math.min(this.lengthUs - length, from));
    this.window = [start, start + length];
    const room = this.lengthUs - length;
    this.range.value = room > 0 ? (1000 * start) / room : 0;
    this.range.disabled = room <= 0;
    this.draw();
  }

  zoom(factor, around = this.playhead) {
    const [from, to] = this.window;
    const centre = around < from || around > to ? (from + to) / 2 : around;
    this.show(centre - (centre - from) * factor, centre + (to - centre) * factor);
  }

  #scrollTo(share) {
    const length = this.window[1] - this.window[0];
    const start = share * (this.lengthUs - length);
    this.window = [start, start + length];
    this.draw();
  }

  xOf(us) {
    return ((us - this.window[0]) / (this.window[1] - this.window[0])) * this.width;
  }

  usAt(x) {
    return this.window[0] + (x / this.width) * (this.window[1] - this.window[0]);
  }

  // --- drawing ---------------------------------------------------------------------------------

  draw() {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      this.#draw();
    });
  }

  #draw() {
    this.width = this.area.clientWidth;
    const height = RULER + WAVE + this.lanes.length * LANE;
    if (!this.width) return;
    const scale = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(this.width * scale) || this.canvas.height !== Math.round(height * scale)) {
      this.canvas.width = Math.round(this.width * scale);
      this.canvas.height = Math.round(height * scale);
      this.canvas.style.width = `${this.width}px`;
      this.canvas.style.height = `${height}px`;
      this.area.style.height = `${height}px`;
    }
    const style = getComputedStyle(document.documentElement);
    const found = new Map(); // a style is slow to ask, and thousands of marks have three colours
    this.colour = (name) => {
      if (!found.has(name)) found.set(name, style.getPropertyValue(`--${name}`).trim());
      return found.get(name);
    };
    const context = this.canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    paint(context, this, height, this.scroll.scrollTop);
    this.#placeHead();
    this.#placeHandles();
    this.area.dataset.wave = this.wave.peaks === null ? "" : "yes";
    this.area.dataset.drawn = String(this.lanes.reduce((count, lane) => count + lane.marks.length, 0));
  }

  #placeHead() {
    if (!this.width) return;
    const x = this.xOf(this.playhead);
    this.head.hidden = x < 0 || x > this.width;
    this.head.style.transform = `translateX(${x}px)`;
  }

  // --- edges of the selected mark --------------------------------------------------------------

  #handle(which) {
    const handle = el("div", {
      class: `handle ${which === "start_us" ? "start" : "end"}`, role: "slider", tabindex: 0, hidden: true,
      on: {
        keydown: (event) => {
          const frames = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
          if (!frames || event.ctrlKey || event.altKey || event.metaKey) return;
          event.preventDefault();
          event.stopPropagation();
          this.act.nudge(which, event.shiftKey ? frames * 10 : frames);
        },
        pointerdown: (event) => this.#dragEdge(event, this.#markSelected(), which),
      },
    });
    return handle;
  }

  #markSelected() {
    for (const lane of this.lanes) {
      const mark = lane.marks.find((other) => other.key === this.selected);
      if (mark && !lane.fixed) return mark;
    }
    return null;
  }

  #placeHandles() {
    const lane = this.lanes.findIndex((one) => one.marks.some((mark) => mark.key === this.selected));
    const mark = this.#markSelected();
    this.#bringIntoView(lane);
    for (const [place, which] of ["start_us", "end_us"].entries()) {
      const handle = this.handles[place];
      const us = mark === null ? null : mark[which];
      const x = us === null ? -1 : this.xOf(us);
      const covered = lane * LANE < this.scroll.scrollTop - 2;
      handle.hidden = us === null || x < -1 || x > this.width + 1 || covered;
      if (handle.hidden) continue;
      handle.style.transform = `translate(${x - (place ? 0 : 8)}px, ${RULER + WAVE + lane * LANE + 1}px)`;
      handle.setAttribute("aria-label", word(place ? "edgeEnd" : "edgeStart"));
      handle.setAttribute("aria-valuemin", "0");
      handle.setAttribute("aria-valuemax", String(this.times.length));
      handle.setAttribute("aria-valuenow", String(us >= this.lengthUs ? this.times.length : frameAt(this.times, us)));
      handle.setAttribute("aria-valuetext", clock(us));
    }
  }

  // The lane of what was just selected; whoever scrolls away afterwards is left alone.
  #bringIntoView(lane) {
    if (this.inView === this.selected) return;
    this.inView = this.selected;
    if (lane < 0) return;
    const top = RULER + WAVE + lane * LANE;
    if (top < this.scroll.scrollTop + RULER + WAVE) this.scroll.scrollTop = top - RULER - WAVE;
    else if (top + LANE > this.scroll.scrollTop + this.scroll.clientHeight) this.scroll.scrollTop = Math.ceil((top + LANE - this.scroll.clientHeight) / LANE) * LANE; // whole lanes
  }

  /** Where an edge at a time may lie: at the beginning of a frame, or at the end of all. */
  #snapped(us) {
    if (us >= this.lengthUs) return this.lengthUs;
    const before = frameAt(this.times, Math.max(0, us));
    const behind = before + 1 < this.times.length ? this.times[before + 1] : this.lengthUs;
    return us - this.times[before] <= behind - us ? this.times[before] : behind;
  }

  #dragEdge(event, mark, which) {
    if (mark === null || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    const offset = this.xOf(mark[which]) - this.#x(event);
    const move = (moved) => this.act.edge(mark, which, this.#snapped(this.usAt(this.#x(moved) + offset)), false);
    this.#drag(event, move, (last) => this.act.edge(mark, which, this.#snapped(this.usAt(this.#x(last) + offset)), true));
  }

  #drag(event, move, end) {
    const target = event.currentTarget;
    target.setPointerCapture(event.pointerId);
    let moved = false;
    const onMove = (next) => {
      moved = true;
      move(next);
    };
    const onUp = (last) => {
      target.removeEventListener("pointermove", onMove);
      target.removeEventListener("pointerup", onUp);
      target.removeEventListener("pointercancel", onUp);
      if (moved) end(last);
    };
    target.addEventListener("pointermove", onMove);
    target.addEventListener("pointerup", onUp);
    target.addEventListener("pointercancel", onUp);
  }

  #x(event) {
    return event.clientX - this.area.getBoundingClientRect().left;
  }

  // --- gestures --------------------------------------------------------------------------------

  /** The mark under a point, and which of its edges, if any. */
  hit(x, y) {
    const lane = this.lanes[Math.floor((y - RULER - WAVE) / LANE)];
    if (y < this.scroll.scrollTop + RULER + WAVE || !lane) return null;
    let found = null;
    for (const mark of lane.marks) {
      const left = this.xOf(mark.start_us);
      const right = Math.max(left + 4, this.xOf(mark.end_us ?? mark.start_us));
      if (x < left - GRAB || x > right + GRAB) continue;
      const beside = [["start_us", Math.abs(x - left)], ["end_us", Math.abs(x - right)]].sort((a, b) => a[1] - b[1])[0];
      const near = beside[1] <= GRAB && right - left > 3 * GRAB && mark.end_us !== null && !lane.fixed ? beside[0] : null;
      found = { mark, edge: near, lane };
      if (mark.key === this.selected) break;
    }
    return found;
  }

  #listen() {
    this.area.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.target.classList.contains("handle")) return;
      const x = this.#x(event);
      const y = event.clientY - this.area.getBoundingClientRect().top;
      const hit = this.hit(x, y);
      if (hit?.edge) {
        this.act.pick(hit.mark);
        this.#dragEdge(event, hit.mark, hit.edge);
      } else if (hit) {
        this.act.pick(hit.mark);
        this.act.play(hit.mark);
      } else {
        event.preventDefault();
        this.act.seek(this.usAt(x));
        this.#drag(event, (moved) => this.act.seek(this.usAt(this.#x(moved))), () => {});
      }
    });
    this.area.addEventListener("pointermove", (event) => {
      const y = event.clientY - this.area.getBoundingClientRect().top;
      const hit = this.hit(this.#x(event), y);
      this.area.style.cursor = hit?.edge ? "ew-resize" : hit ? "pointer" : "crosshair";
      this.#showThumb(this.#x(event), hit);
    });
    this.scroll.addEventListener("scroll", () => this.draw());
    this.area.addEventListener("pointerleave", () => this.thumb.hide());
    this.area.addEventListener("wheel", (event) => {
      const across = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        this.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.usAt(this.#x(event)));
      } else if (across) {
        event.preventDefault();
        const shift = ((event.deltaX || event.deltaY) / this.width) * (this.window[1] - this.window[0]);
        this.show(this.window[0] + shift, this.window[1] + shift);
      }
    }, { passive: false });
  }

  #showThumb(x, hit) {
    const us = Math.max(0, Math.min(this.lengthUs - 1, this.usAt(x)));
    this.thumb.show(us, hit ? (hit.lane.tip?.(hit.mark) ?? clock(us)) : null, x, this.width);
    this.thumb.whole.style.top = `${this.scroll.scrollTop + RULER}px`;
  }

  close() {
    this.observer.disconnect();
    this.theme.disconnect();
    cancelAnimationFrame(this.drawing);
  }
}
