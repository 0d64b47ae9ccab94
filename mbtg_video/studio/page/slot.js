// Whether the steps fit the session: clips and discussion added up against its minutes.

import { counted, lasting } from "./amounts.js";
import { el } from "./dom.js";
import { minutesField, minutesOf } from "./listing.js";
import { word } from "./words.js";

const MINUTE_US = 60_000_000;

/** Microseconds of the clips, of all that is planned in minutes, and how many steps lack minutes. */
function sums(steps) {
  const clips = steps.reduce((sum, step) => sum + (step.excerpt?.length_us ?? 0), 0);
  const rest = steps.reduce((sum, step) => sum + (step.minutes ?? 0) * MINUTE_US, 0);
  const unplanned = steps.filter((step) => step.minutes === null).length;
  return { clips, rest, total: clips + rest, unplanned };
}

export class Slot {
  /** `changed` is called with the minutes that the session has, or null. */
  constructor(changed, mayPlan) {
    this.input = minutesField(null, { disabled: !mayPlan, on: { change: () => this.#changed() } });
    this.changed = changed;
    this.label = el("span", {});
    this.unit = el("small", { "aria-hidden": "true" });
    this.field = el("label", { class: "with-unit slot" }, this.label, this.input, this.unit);
    this.clips = el("i", { class: "clips" });
    this.rest = el("i", { class: "rest" });
    this.over = el("i", { class: "beyond" });
    this.bar = el("div", { class: "slot-bar", "aria-hidden": "true" }, this.clips, this.rest, this.over);
    this.verdict = el("p", { class: "verdict-line", role: "status" });
    this.parts = el("p", { class: "hint" });
    this.section = el("div", { class: "slot-sum" }, el("div", { class: "row apart" }, this.verdict, this.parts), this.bar);
  }

  show({ steps, slot_minutes }) {
    const { clips, rest, total, unplanned } = sums(steps);
    const slot = slot_minutes === null ? null : slot_minutes * MINUTE_US;
    this.label.textContent = word("slotMinutes");
    this.unit.textContent = word("minutesShort");
    if (document.activeElement !== this.input) this.input.value = slot_minutes ?? "";
    const over = slot === null ? 0 : Math.max(0, total - slot);
    const whole = Math.max(slot ?? 0, total, 1);
    // What is too long is taken from the end, where the session is over.
    const share = (us) => `${(100 * Math.max(0, us)) / whole}%`;
    this.clips.style.width = share(Math.min(clips, total - over));
    this.rest.style.width = share(Math.min(rest, total - over - clips));
    this.over.style.width = share(over);
    const [key, time] = slot === null ? ["noSlot", ""] : over ? ["tooLong", lasting(over)] : total === slot ? ["fits", ""] : ["leftOver", lasting(slot - total)];
    this.verdict.replaceChildren(el("strong", {}, word("total", { total: lasting(total) })), " · ", el("span", { class: over ? "refused" : slot === null ? "quiet" : "permitted" }, word(key, { time })));
    this.parts.textContent = word("totalParts", { clips: lasting(clips), rest: lasting(rest) });
    if (unplanned) this.parts.append(" · ", el("span", { class: "missed" }, word("unplanned", { steps: counted(unplanned, "step") })));
    this.section.classList.toggle("over", over > 0);
  }

  #changed() {
    const minutes = minutesOf(this.input);
    this.input.setAttribute("aria-invalid", String(minutes === undefined));
    if (minutes === undefined) this.input.reportValidity();
    else this.changed(minutes);
  }
}
