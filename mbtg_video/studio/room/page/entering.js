// Getting in: the code on the screen, then one's own code.

import { Lost, Refused, change } from "./asking.js";
import { el } from "./dom.js";
import { word } from "./words.js";

function said(error) {
  if (error instanceof Lost) return word("noAnswer");
  if (!(error instanceof Refused)) throw error;
  return word({ WrongCode: "wrongCode", Locked: "locked", Ended: "ended" }[error.kind] ?? "notTaken");
}

/** One field with a code; `enter(code)` resolves to what is wrong with it, or null. */
function codeForm({ id, label, hint, button, enter }) {
  const wrong = el("p", { class: "refused", role: "alert", hidden: true });
  const input = el("input", { id, class: "code", type: "text", maxlength: "20", autocapitalize: "characters", spellcheck: "false", required: true, "aria-describedby": `${id}-hint` });
  const go = el("button", { type: "submit", class: "main" }, button);
  const form = el("form", { class: "enter" }, el("label", { for: id }, label), input, el("p", { id: `${id}-hint`, class: "quiet" }, hint), wrong, go);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    const found = await enter(input.value).catch(said);
    go.disabled = false;
    wrong.hidden = found === null;
    wrong.textContent = found ?? "";
    if (found !== null) input.select();
  });
  return { form, input };
}

/** The first page; `joined()` follows the right code. */
export function joinView(why, joined) {
  const { form } = codeForm({
    id: "join", label: word("joinCode"), hint: word("joinHint"), button: word("join"),
    enter: async (code) => {
      await change("/api/join", { code });
      await joined();
      return null;
    },
  });
  return [el("h1", {}, word("title")), why ? el("p", { class: "refused", role: "alert" }, why) : null, el("p", { class: "quiet" }, word("privacy")), form];
}

/** The second page: who is this? `seated()` follows. */
export function chooseView(codes, seated) {
  const wrong = el("p", { class: "refused", role: "alert", hidden: true });
  const below = el("div");

  async function take(code, returning = "") {
    const { outcome } = await change("/api/seat", { code, returning });
    if (outcome === "seated") {
      await seated();
      return null;
    }
    return outcome;
  }

  function askForReturn(code) {
    const { form, input } = codeForm({
      id: "returning", label: word("returnCodeFor", { code }), hint: word("returnHint"), button: word("goOn"),
      enter: async (typed) => {
        const outcome = await take(code, typed);
        return outcome === null ? null : word(outcome === "locked" ? "seatLocked" : "wrongReturn");
      },
    });
    below.replaceChildren(form);
    input.focus();
    form.scrollIntoView({ block: "nearest" });
  }

  async function choose(code) {
    wrong.hidden = true;
    below.replaceChildren();
    try {
      const outcome = await take(code);
      if (outcome === "taken") askForReturn(code);
      else if (outcome !== null) throw new Refused(403, outcome);
    } catch (error) {
      wrong.hidden = false;
      wrong.textContent = error.kind === "locked" ? word("seatLocked") : said(error);
    }
  }

  const buttons = codes.map(({ code, held }) =>
    el("li", {}, el("button", { type: "button", data: { code }, on: { click: () => choose(code) } }, code, el("small", {}, held ? word("held") : ""))));
  return [el("h1", {}, word("whoAreYou")), el("p", { class: "quiet" }, word("whoHint")), el("ul", { class: "codes" }, buttons), wrong, below];
}

/** Says anew which codes are in use, and moves nothing else. */
export function markHeld(codes) {
  for (const { code, held } of codes) {
    const small = document.querySelector(`.codes [data-code="${code}"] small`);
    if (small) small.textContent = held ? word("held") : "";
  }
}
