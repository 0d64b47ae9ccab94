// What lies under the pointer on the time line: the picture there, or the words of a mark.

import { el } from "./dom.js";
import { clock, frameAt } from "./times.js";

const NARROWEST = 60;

export class Thumb {
  constructor() {
    this.sprites = null; // { tile_width, tile_height, columns, rows, times_us, urls }
    this.picture = el("span", { class: "picture" });
    this.text = el("span", { class: "clock" });
    this.whole = el("div", { class: "thumb", hidden: true }, this.picture, this.text);
  }

  /** Takes the sheets, and reads them before anybody points at one. */
  set(sprites) {
    this.sprites = sprites;
    this.sheets = (sprites?.urls ?? []).map((url) => Object.assign(new Image(), { src: url }));
  }

  /** Shows `tip`, or where there is none the picture and the time, around `x` of a line so wide. */
  show(us, tip, x, room) {
    this.whole.hidden = false;
    this.text.textContent = tip ?? clock(us);
    this.picture.hidden = this.sprites === null || tip !== null;
    if (!this.picture.hidden) this.#place(us);
    const width = this.picture.hidden ? NARROWEST : this.sprites.tile_width;
    this.whole.style.left = `${Math.max(0, Math.min(room - width, x - width / 2))}px`;
  }

  #place(us) {
    const { tile_width: width, tile_height: height, columns, rows, times_us, urls } = this.sprites;
    const tile = frameAt(times_us, us);
    const place = tile % (columns * rows);
    Object.assign(this.picture.style, {
      width: `${width}px`,
      height: `${height}px`,
      backgroundImage: `url("${urls[Math.floor(tile / (columns * rows))]}")`,
      backgroundPosition: `-${(place % columns) * width}px -${Math.floor(place / columns) * height}px`,
    });
  }

  hide() {
    this.whole.hidden = true;
  }
}
