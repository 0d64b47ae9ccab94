// From marked in and out to an excerpt: what it is called, whether consent holds, and the cut.

import { Gone, change, follow, look, session } from "./api.js";
import { decisionLines } from "./consent.js";
import { el, field, openDialog } from "./dom.js";
import { clock } from "./times.js";
import { word } from "./words.js";

/** Asks for title and question, shows the consent for the intended use, and cuts; the excerpt or null. */
export function askExcerpt(recording, marked, names) {
  const title = el("input", { required: true, maxlength: 500, autocomplete: "off", autofocus: true });
  const question = el("textarea", { rows: 2, maxlength: 5000 });
  const use = el("select", {}, session.uses.map((one) => el("option", { value: one }, word(one))));
  use.value = "supervision";
  const state = el("div", { class: "consent-state", "aria-live": "polite" });
  const wrong = el("p", { class: "refused", role: "alert" });
  const bar = el("progress", { max: 1, value: 0, hidden: true, "aria-label": word("cutting") });
  const open = names.filter((name) => name.state === "open" && name.start_us < marked.out && name.end_us > marked.in);
  let job = null;

  const showConsent = async () => {
    state.replaceChildren(el("p", { class: "hint" }, word("loading")));
    try {
      const decision = await look(`/api/recordings/${recording.id}/consent?use=${use.value}`);
      state.replaceChildren(...decisionLines(decision));
      state.dataset.allowed = String(decision.allowed);
    } catch (error) {
      state.replaceChildren(el("p", { class: "refused" }, error.message));
    }
  };
  use.addEventListener("change", showConsent);
  showConsent();

  return openDialog(word("newExcerpt"), (close, dialog) => {
    const cutButton = el("button", { type: "submit", class: "main" }, word("cut"));
    const form = el(
      "form",
      {
        class: "stack", method: "dialog",
        on: {
          submit: async (event) => {
            event.preventDefault();
            title.value = title.value.trim();
            if (!title.reportValidity()) return; // blanks are no title
            wrong.textContent = "";
            cutButton.disabled = true;
            bar.hidden = false;
            try {
              job = await change(`/api/recordings/${recording.id}/excerpts`, {
                start_us: marked.in, end_us: marked.out, title: title.value, question: question.value || null,
              });
              const made = await follow(job, (share) => (bar.value = share));
              if (made !== null) {
                change(`/api/jobs/${job.id}/forget`).catch(() => {});
                close(made);
              }
            } catch (error) {
              wrong.textContent = error instanceof Gone ? word("stoppedTitle") : error.message;
            }
            job = null;
            bar.hidden = true;
            cutButton.disabled = false;
          },
        },
      },
      el("p", { class: "clock" }, `${clock(marked.in)} – ${clock(marked.out)} (${clock(marked.out - marked.in)})`),
      field(word("title"), title),
      field(word("question"), question, word("questionHint")),
      field(word("intendedUse"), use, word("intendedUseHint")),
      state,
      open.length ? el("p", { class: "missed" }, word("openNamesHere", { names: open.map((name) => name.id ?? "…").join(", ") })) : null,
      wrong,
      bar,
      el("div", { class: "row end" },
        el("button", { type: "button", class: "second", on: { click: () => (job ? change(`/api/jobs/${job.id}/cancel`).catch(() => {}) : close(null)) } }, word("cancel")),
        cutButton),
    );
    dialog.addEventListener("cancel", (event) => {
      if (!job) return;
      event.preventDefault();
      change(`/api/jobs/${job.id}/cancel`).catch(() => {});
    });
    return form;
  });
}
