// How the page is liked: lead and lag of a tag, the rewind after a note, and every key.

import { session } from "./api.js";
import { el, field, openDialog } from "./dom.js";
import { USUAL, bindings, keyOf, keyWord } from "./keys.js";
import { language, word } from "./words.js";

const FIXED = new Set(["Tab", "Escape", "?", "Shift", "Control", "Alt", "Meta", "CapsLock", "Dead"]);

/** Name of a deed: of an item, its number and wording. */
export function deedName(deed) {
  const item = /^item (\d+)$/.exec(deed);
  if (!item) return word(`deed ${deed}`);
  const found = session.scale.items.find((one) => one.number === Number(item[1]));
  return `${found.number} ${found[language()]}`;
}

/** Lets the person change settings; resolves to the new preferences, or null. */
export function askPreferences() {
  const now = session.preferences;
  const keys = { ...now.keys };
  const seconds = (value) => el("input", { type: "number", min: 0, max: 120, step: 0.5, value: String(value / 1000) });
  const [lead, lag, rewind] = [seconds(now.lead_ms), seconds(now.lag_ms), seconds(now.rewind_ms)];
  const wrong = el("p", { class: "refused", role: "alert" });
  const list = el("div", { class: "bindings" });
  const draw = (focused = null) => {
    const kept = session.preferences.keys;
    session.preferences.keys = keys;
    const found = bindings();
    session.preferences.keys = kept;
    list.replaceChildren(
      ...[...session.scale.items.map((item) => `item ${item.number}`), ...Object.keys(USUAL)].map((deed) => {
        const button = el("button", { type: "button", class: "second key", "aria-label": `${deedName(deed)}: ${found[deed]?.map(keyWord).join(" ") || word("noKey")}`, on: { click: () => listen(deed, button) } },
          found[deed]?.length ? keyWord(found[deed][0]) : "–");
        if (deed === focused) queueMicrotask(() => button.focus());
        return el("div", { class: "row apart" }, el("span", {}, deedName(deed)), button);
      }),
    );
  };
  const listen = (deed, button) => {
    button.textContent = word("pressKey");
    const onKey = (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
      button.removeEventListener("keydown", onKey);
      button.removeEventListener("blur", onBlur);
      const key = keyOf(event);
      if (event.key === "Escape" || FIXED.has(event.key) || event.ctrlKey || event.metaKey || event.altKey) return draw(deed);
      for (const [other, taken] of Object.entries(keys)) if (taken === key) delete keys[other];
      keys[deed] = key;
      draw(deed);
    };
    const onBlur = () => {
      button.removeEventListener("keydown", onKey);
      draw();
    };
    button.addEventListener("keydown", onKey);
    button.addEventListener("blur", onBlur, { once: true });
  };
  draw();
  return openDialog(word("settings"), (close) => {
    const form = el(
      "form",
      {
        class: "stack", novalidate: true,
        on: {
          submit: (event) => {
            event.preventDefault();
            const values = [lead, lag, rewind].map((input) => Math.round(Number(input.value.replace(",", ".")) * 1000));
            if (values.some((value) => !(value >= 0 && value <= 120_000))) {
              wrong.textContent = word("secondsRange");
              [lead, lag, rewind][values.findIndex((value) => !(value >= 0 && value <= 120_000))].focus();
              return;
            }
            close({ lead_ms: values[0], lag_ms: values[1], rewind_ms: values[2], keys });
          },
        },
      },
      el("div", { class: "row fields" }, field(word("lead"), lead), field(word("lag"), lag), field(word("rewind"), rewind)),
      el("p", { class: "hint" }, word("leadHint")),
      el("h3", {}, word("keys")),
      list,
      wrong,
      el("div", { class: "row apart" },
        el("button", { type: "button", class: "second", on: { click: () => { for (const deed of Object.keys(keys)) delete keys[deed]; draw(); } } }, word("usualKeys")),
        el("div", { class: "row" },
          el("button", { type: "button", class: "second", on: { click: () => close(null) } }, word("cancel")),
          el("button", { type: "submit", class: "main" }, word("save")))),
    );
    return form;
  });
}
