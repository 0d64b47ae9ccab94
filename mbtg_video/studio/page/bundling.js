// A dialog that hands a playlist out as a locked folder, and shows its passphrase once.

import { Gone, change, follow, look, session } from "./api.js";
import { tell } from "./app.js";
import { decisionLines } from "./consent.js";
import { copyButton } from "./copying.js";
import { el, field, openDialog } from "./dom.js";
import { namesMark } from "./leave.js";
import { dayWord } from "./times.js";
import { language, word } from "./words.js";

/** The bundle of this playlist that is being made, or whose passphrase was not put away yet. */
export async function unfinishedBundle(playlist) {
  const jobs = await look("/api/jobs");
  return jobs.find((job) => job.what === "bundle" && job.about === playlist && ["waiting", "running", "done"].includes(job.state)) ?? null;
}

const linesOf = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** Opens the dialog, where a job stands when one is given; `answer` resolves when it closes. */
export function bundle(playlist, decisions, openNames, job = null) {
  const clips = playlist.steps.filter((step) => step.excerpt).map((step) => step.excerpt);
  const place = el("div", {});
  let running = null;
  let shown = null; // the job whose passphrase is on the screen
  let stop = () => {};

  const recipients = el("textarea", { rows: 2, required: true, autocomplete: "off" });
  const folder = el("input", { type: "text", required: true, autocomplete: "off", spellcheck: "false" });
  const expires = el("input", { type: "date", min: session.today });
  const spoken = el("select", {}, el("option", { value: "nb", lang: "nb" }, "Norsk"), el("option", { value: "en", lang: "en" }, "English"));
  spoken.value = language();
  const consent = el("section", { class: "stack tight", "aria-live": "polite" }, el("p", { class: "hint" }, word("askingConsent")));
  const wrong = el("p", { class: "wrong", role: "alert" });
  const send = el("button", { type: "submit", class: "main" }, word("makeBundle"));
  const form = el(
    "form", { class: "stack", novalidate: true, on: { submit: begin } },
    el("p", { class: "hint" }, word("bundleLead")),
    playlist.use === "scoring" ? el("p", {}, word("asksScores")) : null,
    consent,
    field(word("recipients"), recipients, word("recipientsHint")),
    field(word("folder"), folder, word("folderHint")),
    el("div", { class: "pair" }, field(word("expiresOn"), expires, word("expiresHint")), field(word("bundleLanguage"), spoken)),
    wrong,
    el("div", { class: "row end" }, el("button", { type: "button", class: "second", on: { click: () => stop(null) } }, word("cancel")), send),
  );
  const said = el("p", { role: "status" });
  const bar = el("progress", { max: 1, value: 0, "aria-label": word("makeBundle") });
  const waiting = el("div", { class: "stack" }, said, bar, el("div", { class: "row end" }, el("button", { type: "button", class: "second", on: { click: cancel } }, word("cancel"))));

  async function askConsent() {
    await decisions.all(clips.map((one) => one.recording));
    const refused = clips.filter((one) => decisions.of(one.recording)?.allowed === false);
    const use = word(playlist.use).toLowerCase();
    const named = clips.filter((one) => openNames.get(one.id));
    send.disabled = refused.length > 0 || clips.length === 0;
    if (!clips.length) consent.replaceChildren(el("p", { class: "refused" }, word("noClips")));
    else if (refused.length) {
      consent.replaceChildren(
        el("p", { class: "refused" }, word("consentSome")),
        ...refused.map((one) => el("div", { class: "card" }, el("h3", {}, `${one.id} ${one.title}`), decisionLines(decisions.of(one.recording)))),
      );
    } else if (clips.every((one) => decisions.of(one.recording))) consent.replaceChildren(el("p", { class: "permitted" }, word("consentAll", { use })));
    else consent.replaceChildren();
    if (named.length) consent.append(el("p", { class: "missed" }, word("namesFirst")), el("ul", { class: "points" }, named.map((one) => el("li", {}, `${one.id} ${one.title} `, namesMark(openNames.get(one.id), one.recording)))));
  }

  async function begin(event) {
    event.preventDefault();
    wrong.textContent = "";
    if (!linesOf(recipients.value).length) {
      wrong.textContent = word("noRecipients");
      recipients.focus();
      return;
    }
    send.disabled = true;
    try {
      const wish = { folder: folder.value.trim(), recipients: linesOf(recipients.value), expires_on: expires.value || null, language: spoken.value };
      await watch(await change(`/api/playlists/${playlist.id}/bundle`, wish));
    } catch (error) {
      failed(error);
    }
  }

  async function watch(made) {
    running = made;
    place.replaceChildren(waiting);
    waiting.querySelector("button").focus();
    const result = await follow(made, (share) => {
      bar.value = share;
      said.textContent = word("bundling", { share: Math.round(share * 100) });
    });
    running = null;
    if (result) showPassphrase(made.id, result);
    else {
      back();
      wrong.textContent = word("stopped");
    }
  }

  function back() {
    running = null;
    send.disabled = false;
    place.replaceChildren(form);
    recipients.focus();
  }

  function failed(error) {
    if (error instanceof Gone) {
      stop(null);
      return tell(error);
    }
    back();
    wrong.textContent = error.message;
  }

  function cancel() {
    if (running) change(`/api/jobs/${running.id}/cancel`).catch(failed);
  }

  function showPassphrase(id, made) {
    shown = id;
    dialog.setAttribute("closedby", "none");
    dialog.dataset.keep = "yes"; // stays when the studio stops: it is told nowhere else
    const kept = el("button", { type: "button", class: "main", on: { click: () => putAway(made) } }, word("passphraseKept"));
    const heading = el("h3", { tabindex: -1 }, word("bundleDone", { id: made.id }));
    place.replaceChildren(
      el(
        "div", { class: "stack" },
        heading,
        el("section", { class: "secret stack", "aria-labelledby": "secret-heading" },
          el("h3", { id: "secret-heading" }, word("passphraseTitle")),
          el("p", { class: "passphrase", translate: "no" }, made.passphrase),
          copyButton(made.passphrase),
          el("p", {}, el("strong", {}, word("passphraseOnce")), " ", word("passphraseHow"))),
        el("dl", { class: "facts-list" },
          [
            ["folder", made.folder],
            ["expires", dayWord(made.expires_on, language())],
            ["recipients", made.recipients.join(", ")],
            ["receiptsAt", made.receipts.join("\n")],
          ].map(([key, text]) => el("div", {}, el("dt", {}, word(key)), el("dd", {}, text)))),
        el("div", { class: "row end" }, kept),
      ),
    );
    heading.focus();
  }

  function putAway(made) {
    change(`/api/jobs/${shown}/forget`).catch(() => {}); // the program may have stopped meanwhile
    stop(made);
  }

  let dialog = null;
  const answer = openDialog(word("bundleOf", { title: playlist.title }), (close, opened) => {
    stop = close;
    dialog = opened;
    // Escape must not throw away a passphrase, or hide work that goes on.
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && (shown || running)) event.preventDefault();
    });
    dialog.addEventListener("cancel", (event) => {
      if (shown || running) event.preventDefault();
    });
    return place;
  });
  if (job) watch(job).catch(failed);
  else {
    place.replaceChildren(form);
    recipients.focus();
    askConsent().catch(failed);
  }
  // Never into a field in which somebody is about to type.
  const suggest = (suggested) => document.activeElement !== folder && (folder.value ||= suggested.folder);
  look(`/api/playlists/${playlist.id}/folder`).then(suggest, () => {});
  return { answer, close: () => { if (!document.body.dataset.stopped || !shown) stop(null); } };
}
