// The score sheet beside an excerpt that is played: its evidence is the frame on show.

import { clearAlert, tell } from "./app.js";
import { makeSheet } from "./sheet.js";
import { language, word } from "./words.js";

/** A sheet of the view's scoring, as `makeSheet` gives it, and `cite()` for the item that was touched last. */
export function sheetBeside(view, { sheet, readOnly = false, onChange = () => {} }) {
  const { scoring, watching } = view;
  let touched = null;
  let told = false; // that it has to be played first

  function moment(item) {
    const us = watching.us;
    if (us === null) {
      told = true;
      tell(new Error(word("playFirst")));
      return null;
    }
    if (told) clearAlert();
    told = false;
    view.say(word("citedFor", { item: item.number, time: watching.clock(us) }));
    return { start_us: us, end_us: null, tag: null };
  }

  const made = makeSheet({
    scale: scoring.items,
    language: language(),
    sheet,
    readOnly,
    clock: (us) => watching?.clock(us) ?? "",
    play: watching ? (one) => watching.play(one).catch(tell) : null,
    cite: watching && !readOnly ? moment : null,
    onChange,
  });
  for (const event of ["focusin", "pointerdown"]) {
    made.element.addEventListener(event, ({ target }) => (touched = target.closest("[data-answer]")?.dataset.answer ?? touched));
  }

  function cite() {
    const button = made.element.querySelector(`[data-answer="${CSS.escape(touched ?? "")}"] .sheet-cite`);
    if (button) button.click();
    else view.say(word("chooseItem"));
  }

  return { ...made, cite };
}

/** The name of an item by its number, of an overall rating by its key. */
export function nameOf(scale, key) {
  const item = scale.items.find((one) => String(one.number) === String(key));
  if (item) return `${item.number} ${item[language()]}`;
  return scale.overall.find((one) => one.key === key)?.[language()] ?? word("wholeSheet");
}
