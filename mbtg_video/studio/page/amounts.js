// Numbers with their nouns, and how long something lasts, in words.

import { language, word } from "./words.js";

/** 1 tag, 3 tags: the words are kept as "tag one" and "tag many". */
export const counted = (n, noun) => word(`${noun} ${n === 1 ? "one" : "many"}`, { n });

/** 1 h 5 min, 12 min 30 s or 45 s, rounded to whole seconds. */
export function lasting(us) {
  const seconds = Math.round(us / 1e6);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h) return word("lasting hours", { h, m });
  if (m) return word(s ? "lasting minutes seconds" : "lasting minutes", { m, s });
  return word("lasting seconds", { s });
}

/** Size of a file as file managers tell it. */
export function sizeWord(bytes) {
  const format = new Intl.NumberFormat(language() === "nb" ? "nb-NO" : "en-GB", { maximumFractionDigits: 1 });
  return bytes < 1e9 ? word("sizeMega", { n: format.format(bytes / 1e6) }) : word("sizeGiga", { n: format.format(bytes / 1e9) });
}

const DAY_MS = 86_400_000;

/** Days from one day written 2026-11-25 to another. */
export const daysBetween = (from, to) => Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / DAY_MS);

/** Whether every word of `wanted` is somewhere in the texts. */
export function matches(wanted, ...texts) {
  const all = texts.filter(Boolean).join(" ").toLocaleLowerCase();
  return wanted.toLocaleLowerCase().split(/\s+/).every((part) => all.includes(part));
}
