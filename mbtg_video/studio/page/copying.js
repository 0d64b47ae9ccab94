// Text that somebody takes elsewhere: shown to be selected, with a button that copies it.

import { el } from "./dom.js";
import { word } from "./words.js";

/** A button that copies `text`, and says whether it did. */
export function copyButton(text) {
  const said = el("span", { class: "unseen", role: "status" });
  const button = el(
    "button",
    {
      type: "button", class: "second small",
      on: {
        click: async () => {
          const done = await navigator.clipboard.writeText(text).then(() => true, () => false);
          button.textContent = said.textContent = word(done ? "copied" : "notCopied");
        },
      },
    },
    word("copy"),
  );
  return el("span", { class: "copying" }, button, said);
}

/** A command for the terminal, to be copied. */
export function command(text) {
  return el("div", { class: "command" }, el("code", { translate: "no" }, text), copyButton(text));
}
