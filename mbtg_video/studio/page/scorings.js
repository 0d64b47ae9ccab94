// All scorings: how far each has come, and what comes next.

import { look } from "./api.js";
import { el } from "./dom.js";
import { dayWord } from "./times.js";
import { language, word } from "./words.js";

/** What a scoring waits for, in words. */
export function nextStep(scoring) {
  if (scoring.state !== "blind") return word(`next ${{ revealed: "agree", agreed: "sign", signed: "done" }[scoring.state]}`);
  const open = scoring.raters.filter((one) => one.state === "draft");
  if (!scoring.raters.length) return word("next begin");
  return open.length ? word("next wait", { codes: open.map((one) => one.rater).join(", ") }) : word("next reveal");
}

export const stateWord = (scoring) => el("span", { class: `state ${scoring.state}` }, word(`state ${scoring.state}`));

/** Who has submitted and who is not done, a line each. */
function progress(raters) {
  return [["submitted", "hasSubmitted"], ["draft", "notDone"]].flatMap(([state, key]) => {
    const codes = raters.filter((one) => one.state === state).map((one) => one.rater);
    return codes.length ? [el("li", {}, codes.join(", "), el("small", {}, ` ${word(key)}`))] : [];
  });
}

const row = (one) =>
  el(
    "tr", {},
    el("td", {}, el("a", { class: "named", href: `#/${one.id}` }, el("span", { class: "badge" }, one.id), " ", el("span", {}, one.title ?? one.sequence)),
      el("small", { class: "below" }, `${one.sequence} · ${one.recording} · ${dayWord(one.held_on, language())}`)),
    el("td", {}, one.scale.title[language()], el("small", { class: "below" }, `${one.scale.id} ${one.scale.version}`)),
    el("td", {}, stateWord(one)),
    el("td", {}, one.raters.length ? el("ul", { class: "raters" }, progress(one.raters)) : word("noRaters")),
    el("td", {}, nextStep(one)),
  );

export async function show(main) {
  const scorings = await look("/api/scorings");
  const heads = ["scoringOf", "scaleWord", "scoringState", "ratersWord", "nextStep"];
  main.replaceChildren(
    el(
      "div", { class: "listing stack" },
      el("header", { class: "row apart" }, el("h1", {}, word("scorings"))),
      scorings.length
        ? el("div", { class: "card flush" }, el("table", {},
            el("thead", {}, el("tr", {}, heads.map((key) => el("th", { scope: "col" }, word(key))))),
            el("tbody", {}, scorings.map(row).reverse())))
        : el("p", { class: "card hint" }, word("noScorings"), " ", el("a", { href: "#/excerpts" }, word("excerpts"))),
    ),
  );
  return { close() {} };
}
