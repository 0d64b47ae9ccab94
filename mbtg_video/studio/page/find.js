// The field in the bar with which all that is written is searched.

import { session } from "./api.js";
import { word } from "./words.js";

const ADDRESS = "#/search";

// Kept in memory only: a browser writes every address into its history.
let wanted = "";

/** What is searched for. */
export const query = () => wanted;

export class FindField {
  constructor(form, field) {
    this.form = form;
    this.field = field;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      wanted = field.value.trim();
      if (!wanted) return;
      if (location.hash === ADDRESS) window.dispatchEvent(new HashChangeEvent("hashchange"));
      else location.hash = ADDRESS;
    });
    // Ctrl+K works everywhere; "/" is the recording's own key for its list of tags.
    document.addEventListener("keydown", (event) => {
      if (form.hidden || document.querySelector("dialog[open]")) return;
      const control = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
      const typing = event.target.closest?.("input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable]");
      const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !typing && !/^#\/R/.test(location.hash);
      if (!control && !slash) return;
      event.preventDefault();
      field.focus();
      field.select();
    });
  }

  relabel() {
    this.form.hidden = !session.powers.includes("look");
    this.form.setAttribute("aria-label", word("searchAll"));
    this.field.setAttribute("aria-label", word("searchAll"));
    this.field.placeholder = word("searchAllHint");
    this.field.title = word("searchAllKeys");
  }

  /** Forgets what was searched for. */
  close() {
    this.field.value = wanted = "";
    this.form.hidden = true;
  }
}
