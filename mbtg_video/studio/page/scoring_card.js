// On the page of an excerpt: its scorings, and the way to open one.

import { Gone, change, look, session } from "./api.js";
import { tell } from "./app.js";
import { el, field, openDialog } from "./dom.js";
import { nextStep, stateWord } from "./scorings.js";
import { language, word } from "./words.js";

/** A dialog for a new scoring of an excerpt; resolves to its record, or null. */
async function openScoring(excerpt, present) {
  const { scales, usual, raters, damaged } = await look("/api/raters");
  const leading = raters.filter((one) => present.includes(one.code) && one.role === "therapist");
  const scale = el("select", {}, scales.map((one) => el("option", { value: one.id }, word("scaleVersion", { title: one.title[language()], version: one.version }))));
  if (scales.some((one) => one.id === usual)) scale.value = usual;
  const about = el("select", {},
    el("option", { value: "" }, word("whoseWorkNobody")),
    raters.map((one) => el("option", { value: one.code }, `${one.code} – ${word(`role ${one.role}`)}`)));
  about.value = leading.length === 1 ? leading[0].code : "";
  const wrong = el("p", { class: "wrong", role: "alert" }, damaged.join("\n"));
  return openDialog(word("openScoring"), (close) =>
    el(
      "form",
      { class: "stack", on: { submit: async (event) => {
        event.preventDefault();
        try {
          close(await change(`/api/excerpts/${excerpt.id}/score`, { scale: scale.value, about: about.value || null }));
        } catch (error) {
          if (error instanceof Gone) {
            close(null);
            tell(error);
          } else wrong.textContent = error.message;
        }
      } } },
      el("p", { class: "hint" }, word("openScoringHint")),
      field(word("whichScale"), scale),
      field(word("whoseWork"), about),
      wrong,
      el("div", { class: "row end" },
        el("button", { type: "button", class: "second", on: { click: () => close(null) } }, word("cancel")),
        el("button", { type: "submit", class: "main" }, word("openScoring"))),
    ),
  );
}

/** The card for an excerpt with these scorings; `present` are the codes in its recording. */
export function scoringCard(excerpt, scorings, present) {
  const may = session.powers.includes("rate");
  async function begin() {
    const made = await openScoring(excerpt, present);
    if (made) location.hash = `#/${made.id}`;
  }
  if (!may && !scorings.length) return null;
  return el(
    "section", { class: "card stack", "aria-labelledby": "scoring-heading" },
    el("h2", { id: "scoring-heading" }, word("scoring")),
    scorings.length
      ? el("ul", { class: "stack" }, scorings.map((one) =>
          el("li", { class: "scoring-line" },
            el("a", { href: `#/${one.id}` }, word(one.state === "signed" ? "lookAtScoring" : "continueScoring", { id: one.id })), " ", stateWord(one),
            el("small", { class: "below" }, `${one.scale.title[language()]} · ${nextStep(one)}`))))
      : el("p", { class: "hint" }, word("openScoringHint")),
    may ? el("div", {}, el("button", { type: "button", class: "second", on: { click: () => begin().catch(tell) } }, word("scoreThis"))) : null,
  );
}
