// Which key does what: the usual ones, and those that the person chose instead.

import { session } from "./api.js";

const ITEM_KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "q", "w", "e", "r", "t", "y", "u", "a", "s"];

// Deeds in the order in which help lists them; several keys may do the same, the first is rebound.
export const USUAL = {
  play: [" ", "k"],
  back: ["ArrowLeft"],
  forward: ["ArrowRight"],
  back10: ["j"],
  forward10: ["l"],
  frameBack: [",", "Shift+ArrowLeft"],
  frameForward: [".", "Shift+ArrowRight"],
  slower: ["<"],
  faster: [">"],
  mute: ["m"],
  goTo: ["g"],
  toStart: ["Home"],
  toEnd: ["End"],
  previousMark: ["ArrowUp"],
  nextMark: ["ArrowDown"],
  label: ["f"],
  spokenName: ["n"],
  note: ["Enter"],
  good: ["+"],
  missed: ["-"],
  startEarlier: ["c"],
  startLater: ["v"],
  endEarlier: ["Shift+c"],
  endLater: ["Shift+v"],
  removeMark: ["Delete", "Backspace"],
  markIn: ["i"],
  markOut: ["o"],
  loop: ["p"],
  excerpt: ["x"],
  find: ["/"],
  zoomIn: ["z"],
  zoomOut: ["Shift+z"],
};

/** The key of a key press, as it is written in preferences: a, 1, Shift+c, ArrowLeft. */
export function keyOf(event) {
  const digit = /^Digit(\d)$/.exec(event.code);
  // Some keyboards have digits only with Shift: there the key alone counts as well.
  if (digit && (event.key === digit[1] || !event.shiftKey)) return digit[1];
  if (event.key.length > 1) return event.shiftKey ? `Shift+${event.key}` : event.key;
  const letter = event.key.toLowerCase();
  const isLetter = letter !== event.key.toUpperCase();
  return event.shiftKey && isLetter ? `Shift+${letter}` : letter;
}

/** The keys of every deed: of items by "item 3". */
export function bindings() {
  const own = session.preferences.keys;
  const found = {};
  for (const [deed, keys] of Object.entries(USUAL)) found[deed] = own[deed] ? [own[deed]] : keys;
  session.scale.items.forEach((item, place) => {
    const deed = `item ${item.number}`;
    const key = own[deed] ?? ITEM_KEYS[place];
    if (key) found[deed] = [key];
  });
  // A key that was given to one deed is no longer another's by custom.
  const taken = new Set(Object.values(own));
  for (const deed of Object.keys(found)) {
    if (!own[deed]) found[deed] = found[deed].filter((key) => !taken.has(key));
  }
  return found;
}

/** How a key is written for people. */
export function keyWord(key) {
  const names = { " ": "␣", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Delete: "Del", Backspace: "⌫", Enter: "↵", Home: "Home", End: "End" };
  const named = (part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part);
  return key.startsWith("Shift+") ? `Shift+${named(key.slice(6))}` : named(key);
}

/** Whether a focused control keeps a key for itself. */
export function keepsKey(element, key) {
  if (element.matches("input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return true;
  if (element.closest("dialog")) return true;
  if (element.matches("[role=slider], input[type=range]")) return /Arrow|Home|End|Page/.test(key);
  if (element.matches("input[type=radio]")) return /Arrow| /.test(key);
  if (element.matches("[role=listbox]")) return /^Arrow(Up|Down)$|^Home$|^End$/.test(key);
  if (element.matches("button, a, summary, input[type=checkbox]")) return key === " " || key === "Enter";
  return false;
}
