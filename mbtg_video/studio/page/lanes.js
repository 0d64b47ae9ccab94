// The lanes of the time line: excerpts, names, one for each item in use, and free labels.

import { session } from "./api.js";
import { clock } from "./times.js";
import { language, word } from "./words.js";

/** Lanes, number of marks by deed, and all marks in order of time, of a room. */
export function lanesOf(room) {
  const order = (a, b) => a.start_us - b.start_us || a.key - b.key;
  const tags = room.store.all("tag").sort(order);
  const names = room.store.all("name").sort(order);
  const byItem = Map.groupBy(tags, (tag) => tag.item ?? "label");
  const growing = room.timeline.growing?.lane;
  const colour = (mark) => (mark.valence === "neutral" ? "neutral" : mark.valence);
  const tip = (mark) => [clock(mark.start_us, { exact: false }), room.nameOf(mark), mark.note].filter(Boolean).join(" · ");
  const lanes = [
    {
      id: "excerpts", name: word("excerpts"), fixed: true, colour: () => "accent",
      marks: room.excerpts.map((excerpt) => ({ ...excerpt, key: excerpt.id, kind: "excerpt" })),
      tip: (mark) => `${mark.id} ${mark.title}`,
    },
  ];
  if (names.length || growing === "spokenName") {
    lanes.push({ id: "spokenName", name: word("spokenNames"), marks: names, colour: (mark) => (mark.state === "open" ? "red" : "quiet"), tip });
  }
  for (const item of session.scale.items) {
    if (byItem.has(item.number) || growing === item.number) {
      lanes.push({ id: item.number, short: String(item.number), name: item[language()], marks: byItem.get(item.number) ?? [], colour, tip });
    }
  }
  if (byItem.has("label")) lanes.push({ id: "label", name: word("labels"), marks: byItem.get("label"), colour, tip });
  const counts = new Map([...byItem].map(([item, marks]) => [item === "label" ? "label" : `item ${item}`, marks.length]));
  counts.set("spokenName", names.length);
  return { lanes, counts, marks: [...tags, ...names].sort(order) };
}
