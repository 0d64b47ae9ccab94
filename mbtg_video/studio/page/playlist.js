// One playlist being built: excerpts on the left, its steps in order on the right, and the bundle.

import { Gone, Refused, change, look, session } from "./api.js";
import { clearAlert, saved, tell } from "./app.js";
import { Available } from "./available.js";
import { bundle, unfinishedBundle } from "./bundling.js";
import { el } from "./dom.js";
import { Decisions } from "./leave.js";
import { minutesField, minutesOf } from "./listing.js";
import { Slot } from "./slot.js";
import { Steps, titleOf } from "./steps.js";
import { word } from "./words.js";

const WITHOUT_CLIP = ["discussion", "theory", "roleplay", "minutes"];

export async function show(main, number) {
  const id = `L${number}`;
  const address = `/api/playlists/${id}`;
  let [playlist, library] = await Promise.all([look(address), look("/api/library")]);
  const names = new Map(library.groups.map((group) => [group.code, group.name]));
  const openNames = new Map(library.excerpts.map((one) => [one.id, one.open_names]));
  const mayPlan = session.powers.includes("plan");
  const mayHandOut = session.powers.includes("hand out");
  const live = el("p", { class: "unseen", role: "status" });
  const decisions = new Decisions(playlist.use, () => refresh());
  const decisionOn = (recording) => decisions.of(recording);
  let dialog = null;
  let closed = false;
  let last = Promise.resolve();

  const announce = (key, values) => (live.textContent = word(key, values));
  const at = (step) => playlist.steps.findIndex((one) => one.id === step);

  /** Does one thing after the other, each with the list as it is then. */
  function next(deed, step = null) {
    last = last.then(async () => {
      // A key that is held down may ask for a step that is gone by now.
      if (closed || (step !== null && at(step) < 0)) return;
      saved("saving");
      try {
        playlist = await deed();
        clearAlert();
        saved("saved");
      } catch (error) {
        saved("");
        if (error instanceof Gone) return tell(error);
        await again(error);
      }
      if (!closed) refresh();
    });
    return last;
  }

  async function again(error) {
    // What is on the page may be what was refused: show what the library holds.
    playlist = await look(address).catch(() => playlist);
    tell(error);
    if (error instanceof Refused && error.status === 409) announce("reloaded");
  }

  /** The list with a step at another place. */
  async function placed(step, to) {
    const was = playlist.steps.map((one) => one.id);
    const now = was.filter((one) => one !== step);
    now.splice(to, 0, step);
    return change(`${address}/order`, { was, now });
  }

  const act = {
    shift(step, by) {
      next(async () => {
        const from = at(step);
        const title = titleOf(playlist.steps[from]);
        const to = from + by;
        const all = playlist.steps.length;
        if (to < 0 || to >= all) {
          announce(by < 0 ? "atTop" : "atBottom", { title });
          return playlist;
        }
        const moved = await placed(step, to);
        announce("nowAt", { title, n: to + 1, all });
        return moved;
      }, step);
    },
    move(step, to) {
      next(async () => {
        const moved = await placed(step, to);
        announce("nowAt", { title: titleOf(moved.steps[to]), n: to + 1, all: moved.steps.length });
        return moved;
      }, step);
    },
    remove(step) {
      const from = at(step);
      const had = steps.box.contains(document.activeElement);
      next(async () => {
        const title = titleOf(playlist.steps[at(step)]);
        const shorter = await change(`${address}/remove`, { entry: step });
        announce("nowOut", { title, n: shorter.steps.length });
        return shorter;
      }, step).then(() => {
        if (!had || closed) return;
        if (playlist.steps.length) steps.focus(from);
        else available.search.focus();
      });
    },
    edit(step, changes) {
      next(async () => {
        const changed = await change(`${address}/change`, { entry: step, ...changes });
        const one = changed.steps.find((other) => other.id === step);
        if ("minutes" in changes) announce(one.minutes ? "nowMinutes" : "nowNoMinutes", { title: titleOf(one), n: one.minutes });
        return changed;
      });
    },
    insert(excerpt, place) {
      next(async () => {
        playlist = await change(`${address}/add`, { excerpts: [Number(excerpt.slice(1))] });
        const added = playlist.steps.at(-1);
        if (place < playlist.steps.length - 1) playlist = await placed(added.id, place);
        announce("nowAdded", { title: titleOf(added), n: at(added.id) + 1, all: playlist.steps.length });
        return playlist;
      });
    },
  };

  const steps = new Steps(act, { decisionOn, openNames, mayPlan });
  const available = new Available(library.excerpts, { add: (excerpt) => act.insert(excerpt, playlist.steps.length), decisionOn, names });
  const slot = new Slot((minutes) => next(() => change(`${address}/slot`, { minutes })), mayPlan);

  function newStep() {
    const kind = el("select", { "aria-label": word("addStep") }, WITHOUT_CLIP.map((one) => el("option", { value: one }, word(`kind ${one}`))));
    const text = el("input", { type: "text", required: true, "aria-label": word("stepText"), placeholder: word("stepText"), autocomplete: "off" });
    const minutes = minutesField(null, { "aria-label": word("minutesStep") });
    return el(
      "form",
      {
        class: "new-step",
        on: {
          submit: (event) => {
            event.preventDefault();
            const wish = { kind: kind.value, text: text.value.trim(), minutes: minutesOf(minutes) ?? null };
            if (!wish.text) return;
            next(async () => {
              const longer = await change(`${address}/add`, wish);
              announce("nowAdded", { title: wish.text, n: longer.steps.length, all: longer.steps.length });
              text.value = "";
              minutes.value = "";
              text.focus();
              return longer;
            }).then(() => steps.list.lastElementChild?.scrollIntoView({ block: "nearest" }));
          },
        },
      },
      kind,
      text,
      el("span", { class: "with-unit" }, minutes, el("small", { "aria-hidden": "true" }, word("minutesShort"))),
      el("button", { type: "submit", class: "second" }, word("add")),
    );
  }

  async function handOut(job = null) {
    if (dialog) return;
    if (!job) decisions.forget();
    dialog = bundle(playlist, decisions, openNames, job);
    await dialog.answer;
    dialog = null;
  }

  function refresh() {
    steps.show(playlist.steps);
    available.show(new Set(playlist.steps.map((step) => step.excerpt?.id)));
    slot.show(playlist);
  }

  function fill() {
    main.replaceChildren(
      el(
        "div", { class: "builder" },
        el("header", { class: "row" },
          el("h1", {}, el("span", { class: "badge" }, playlist.id), ` ${playlist.title}`),
          el("p", { class: "hint grow" }, word("usedFor", { use: word(playlist.use).toLowerCase() })),
          slot.field,
          mayHandOut ? el("button", { type: "button", class: "main", on: { click: () => handOut().catch(tell) } }, word("makeBundle")) : null),
        mayPlan
          ? el("section", { class: "panel", "aria-labelledby": "available-heading" }, el("h2", { id: "available-heading" }, word("available")), available.search, available.none, available.list)
          : null,
        el("section", { class: "panel", "aria-labelledby": "sequence-heading" },
          el("h2", { id: "sequence-heading" }, word("sequence")),
          slot.section,
          steps.box,
          mayPlan ? newStep() : null),
        live,
      ),
    );
    refresh();
  }

  fill();
  if (mayHandOut) {
    unfinishedBundle(id).then((job) => (job && !closed ? handOut(job) : null)).catch(tell);
  }
  return {
    close() {
      closed = true;
      dialog?.close();
    },
    relabel() {
      steps.relabel();
      available.relabel();
      fill();
    },
    help: () => [[["Alt", "↑"], word("keyMove")], [["Alt", "↓"], word("keyMove")], [["Delete"], word("keyTakeOut")]],
  };
}
