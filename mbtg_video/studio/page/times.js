// Times are whole microseconds from the first shown frame, as everywhere in the program.

/** 01:02:03.480 as people read it; without hours where there are none. */
export function clock(us, { exact = true } = {}) {
  const whole = Math.floor(us / 1e6);
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n) => String(n).padStart(2, "0");
  const text = hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
  if (!exact) return text;
  return `${text}.${String(Math.floor((us % 1e6) / 1000)).padStart(3, "0")}`;
}

const WRITTEN = /^(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,7}(?:[.,]\d{1,6})?)s?$/;

/** Microseconds of a time written 1:02:03.48, 10:03 or 603.48, or a frame f15087; null if none. */
export function parseTime(text, frames = null) {
  const written = text.trim();
  const frame = /^[fF](\d{1,9})$/.exec(written);
  if (frame) return frames?.[Number(frame[1])] ?? null;
  const match = WRITTEN.exec(written);
  if (!match) return null;
  const [whole, part = ""] = match[3].replace(",", ".").split(".");
  const us = Number(whole) * 1e6 + Number(part.padEnd(6, "0"));
  return (Number(match[1] ?? 0) * 3600 + Number(match[2] ?? 0) * 60) * 1e6 + us;
}

/** Index of the last of the sorted `times` that is not behind `us`; 0 when all are. */
export function frameAt(times, us) {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= us) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Frame times from their differences as the program sends them. */
export function readFrames(buffer) {
  const steps = new Uint32Array(buffer);
  const times = new Float64Array(steps.length);
  let total = 0;
  for (let i = 0; i < steps.length; i += 1) times[i] = total += steps[i];
  return times;
}

export function dayWord(iso, language) {
  if (!iso) return "";
  const [year, month, day] = iso.slice(0, 10).split("-").map(Number);
  const format = new Intl.DateTimeFormat(language === "nb" ? "nb-NO" : "en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  return format.format(Date.UTC(year, month - 1, day));
}
