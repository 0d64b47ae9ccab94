// The consent rule's answer as people read it: the light, and why.

import { el } from "./dom.js";
import { dayWord } from "./times.js";
import { language, word } from "./words.js";

/** Sentences of a decision, each a list item; the remedies are commands of the terminal. */
export function decisionLines(decision) {
  const use = word(decision.use).toLowerCase();
  if (decision.allowed) {
    const date = dayWord(decision.until, language());
    return [el("p", { class: "permitted" }, decision.until ? word("allowedUntil", { use, date }) : word("allowedNoEnd", { use }))];
  }
  return [
    el("p", { class: "refused" }, word("refusedFor", { use })),
    el(
      "ul",
      { class: "refusals" },
      decision.refusals.map((refusal) =>
        el("li", {}, word(`reason ${refusal.reason}`, { code: refusal.code }), " ", el("small", {}, refusal.remedy)),
      ),
    ),
  ];
}

/** A coloured light with its word: the colour is never all that tells. */
export function light(consent) {
  return el("span", { class: `light ${consent.light}` }, el("i", { "aria-hidden": "true" }), word(consent.light));
}
