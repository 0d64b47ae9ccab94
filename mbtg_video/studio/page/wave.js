// The sound on the time line: for each pixel the lowest and highest sample that lies in it.

export class Wave {
  constructor() {
    this.peaks = null; // lowest and highest of each bucket in turn
    this.of = ""; // what `lows` and `highs` were looked up for
  }

  set(peaks, bucketUs) {
    this.peaks = peaks;
    this.bucketUs = bucketUs;
    this.of = "";
  }

  draw(context, [from, to], { width, top, height, colour }) {
    const middle = top + height / 2;
    context.fillStyle = colour("line");
    context.fillRect(0, middle, width, 1);
    if (this.peaks === null) return;
    this.#lookUp(from, to, width);
    context.fillStyle = colour("wave");
    const half = height / 2 - 2;
    for (let x = 0; x < width; x += 1) {
      const [low, high] = [this.lows[x], this.highs[x]];
      context.fillRect(x, middle - (high / 127) * half, 1, Math.max(1, ((high - low) / 127) * half));
    }
  }

  // Hours have hundreds of thousands of buckets: they are gone through when the window changes.
  #lookUp(from, to, width) {
    const of = `${from} ${to} ${width}`;
    if (of === this.of) return;
    this.of = of;
    this.lows = new Int8Array(width);
    this.highs = new Int8Array(width);
    const count = this.peaks.length / 2;
    const bucketAt = (x) => (from + (x / width) * (to - from)) / this.bucketUs;
    for (let x = 0; x < width; x += 1) {
      const first = Math.max(0, Math.floor(bucketAt(x)));
      const last = Math.min(count, Math.max(first + 1, Math.ceil(bucketAt(x + 1))));
      for (let bucket = first; bucket < last; bucket += 1) {
        this.lows[x] = Math.min(this.lows[x], this.peaks[2 * bucket]);
        this.highs[x] = Math.max(this.highs[x], this.peaks[2 * bucket + 1]);
      }
    }
  }
}
