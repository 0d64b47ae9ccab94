// A dialog that takes a recording in: which file, which group, when, and who is present.

import { Gone, change, session, upload } from "./api.js";
import { tell } from "./app.js";
import { sizeWord } from "./amounts.js";
import { command } from "./copying.js";
import { el, field, icon, openDialog } from "./dom.js";
import { dayWord } from "./times.js";
import { language, word } from "./words.js";

const FILES = "video/*,.mp4,.mov,.m4v,.mkv,.avi,.mts,.m2ts,.mpg,.mpeg,.webm,.wmv";

const isoDay = (ms) => {
  const date = new Date(ms);
  const two = (n) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

function radio(name, value, checked) {
  return el("label", { class: "tick" }, el("input", { type: "radio", name, value, checked }), word(value));
}

/** Opens the dialog; `answer` resolves to the new recording, or null. */
export function takeIn(groups, given = null) {
  let file = null;
  let sending = null; // what can be broken off
  let stop = () => {};

  const chooser = el("input", { type: "file", accept: FILES, class: "unseen", on: { change: () => take(chooser.files) } });
  const chosen = el("p", { class: "chosen", role: "status" });
  const zone = el("label", { class: "dropzone" }, icon("file"), chosen, el("span", { class: "second" }, chooser, el("span", { class: "label" }, word("chooseFile"))), el("small", {}, word("dropHere")));
  const group = el("select", { on: { change: () => showPersons() } }, groups.map((one) => el("option", { value: one.code }, `${one.code} – ${one.name}`)));
  const date = el("input", { type: "date", required: true, max: session.today, value: session.today });
  const suggestion = el("p", { class: "hint", hidden: true });
  const kinds = el("div", { class: "row" }, session.kinds.map((kind) => radio("intake-kind", kind, false)));
  const persons = el("div", { class: "ticks" });
  const wrong = el("p", { class: "wrong", role: "alert" });
  const said = el("p", { role: "status" });
  const bar = el("progress", { max: 1, "aria-label": word("takeIn") });
  const progress = el("div", { class: "stack", hidden: true }, said, bar);
  const send = el("button", { type: "submit", class: "main" }, word("takeIn"));

  function take(files) {
    wrong.textContent = "";
    if (files.length > 1) {
      wrong.textContent = word("dropOne");
      return;
    }
    if (!files.length || sending) return;
    file = files[0];
    chosen.replaceChildren(el("strong", {}, file.name), ` ${sizeWord(file.size)}`);
    zone.querySelector(".label").textContent = word("changeFile");
    const made = isoDay(file.lastModified);
    suggestion.hidden = made >= session.today || made === date.value;
    suggestion.replaceChildren(
      word("fileFrom", { date: dayWord(made, language()) }), " ",
      el("button", { type: "button", class: "link", on: { click: () => { date.value = made; suggestion.hidden = true; date.focus(); } } }, word("useThatDate")),
    );
  }

  function showPersons() {
    const found = groups.find((one) => one.code === group.value);
    persons.replaceChildren(
      ...found.persons.map((person) =>
        el("label", { class: "tick" }, el("input", { type: "checkbox", name: "intake-present", value: person.code, checked: true }), el("span", {}, person.code, " ", el("small", {}, word(`role ${person.role}`)))),
      ),
    );
    if (!found.persons.length) persons.append(el("p", {}, word("noPersons")), command(`mbtg person add P1 --group ${found.code} --role patient`));
    const played = found.persons.some((person) => person.role === "participant");
    for (const input of kinds.querySelectorAll("input")) input.checked = input.value === (played ? "roleplay" : "therapy");
  }

  function working(on) {
    for (const control of form.querySelectorAll("fieldset")) control.disabled = on;
    send.disabled = on;
    progress.hidden = !on;
  }

  function missing() {
    if (!file) return ["noFile", chooser];
    if (!date.value || date.value > session.today) return ["badDate", date];
    if (!persons.querySelector("input:checked")) return ["nobodyPresent", persons.querySelector("input") ?? group];
    return null;
  }

  async function begin(event) {
    event.preventDefault();
    wrong.textContent = "";
    const lack = missing();
    if (lack) {
      wrong.textContent = word(lack[0]);
      lack[1].focus();
      return;
    }
    bar.value = 0;
    said.textContent = word("sending", { share: 0 });
    working(true);
    let unwanted = false;
    sending = { abort: () => (unwanted = true) };
    try {
      const { upload: address } = await change("/api/intake", {
        group: group.value,
        recorded_on: date.value,
        present: [...persons.querySelectorAll("input:checked")].map((input) => input.value),
        kind: kinds.querySelector("input:checked").value,
        file_name: file.name,
      });
      const made = unwanted ? null : await sent(address);
      if (made) return stop(made);
      said.textContent = "";
      wrong.textContent = word("stopped");
    } catch (error) {
      if (error instanceof Gone) {
        stop(null);
        return tell(error);
      }
      wrong.textContent = error.message;
    } finally {
      sending = null;
      working(false);
    }
    send.focus();
  }

  function sent(address) {
    let shown = 0;
    sending = upload(address, file, (share) => {
      const now = Math.floor(share * 100);
      if (share >= 1) {
        bar.removeAttribute("value");
        said.textContent = word("checking");
      } else if (now !== shown) {
        shown = now;
        bar.value = share;
        // Read out now and then only.
        if (now % 10 === 0) said.textContent = word("sending", { share: now });
      }
    });
    return sending.done;
  }

  const cancel = () => (sending ? sending.abort() : stop(null));
  const form = el(
    "form", { class: "stack intake", novalidate: true, on: { submit: begin } },
    el("fieldset", { class: "stack bare" },
      zone,
      el("div", { class: "pair" }, field(word("group"), group), el("div", { class: "stack tight" }, field(word("recordedOn"), date), suggestion)),
      el("fieldset", {}, el("legend", {}, word("kindOf")), kinds),
      el("fieldset", {}, el("legend", {}, word("whoPresent")), el("p", { class: "hint" }, word("whoPresentHint")), persons),
    ),
    wrong,
    progress,
    el("div", { class: "row end" }, el("button", { type: "button", class: "second", on: { click: cancel } }, word("cancel")), send),
  );
  showPersons();

  const unload = (event) => {
    if (sending) event.preventDefault();
  };
  window.addEventListener("beforeunload", unload);
  const answer = openDialog(word("takeIn"), (close, dialog) => {
    stop = close;
    dialog.addEventListener("cancel", (event) => {
      if (!sending) return;
      event.preventDefault();
      sending.abort();
    });
    dialog.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
    dialog.addEventListener("dragleave", () => zone.classList.remove("over"));
    dialog.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      take(event.dataTransfer.files);
    });
    return form;
  });
  answer.finally(() => window.removeEventListener("beforeunload", unload));
  if (given) take([given]);
  return {
    answer,
    close: () => {
      sending?.abort();
      stop(null);
    },
  };
}
