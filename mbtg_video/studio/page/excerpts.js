// All excerpts; those that are chosen go into a playlist together.

import { look, session } from "./api.js";
import { matches } from "./amounts.js";
import { el } from "./dom.js";
import { playlistChooser } from "./listing.js";
import { clock, dayWord } from "./times.js";
import { language, word } from "./words.js";

let wanted = "";

const numberOf = (id) => Number(id.slice(1));

export async function show(main) {
  const library = await look("/api/library");
  const excerpts = library.excerpts.sort((a, b) => numberOf(b.id) - numberOf(a.id));
  const names = new Map(library.groups.map((group) => [group.code, group.name]));
  const mayPlan = session.powers.includes("plan");
  const chosen = new Set();
  const body = el("tbody");
  const none = el("p", { class: "hint", role: "status" });
  const count = el("p", { class: "count", role: "status" });
  const all = el("input", { type: "checkbox", "aria-label": word("chooseAll"), on: { change: () => chooseAll() } });
  const chooser = playlistChooser(library.playlists, () => excerpts.filter((one) => chosen.has(one.id)).map((one) => numberOf(one.id)), {
    added: () => {
      chosen.clear();
      fill();
    },
  });
  let found = [];

  function chooseAll() {
    for (const one of found) {
      if (all.checked) chosen.add(one.id);
      else chosen.delete(one.id);
    }
    fill();
  }

  function counted() {
    count.textContent = word("chosen", { n: chosen.size });
    chooser.button.disabled = chosen.size === 0;
    const here = found.filter((one) => chosen.has(one.id)).length;
    all.checked = found.length > 0 && here === found.length;
    all.indeterminate = here > 0 && here < found.length;
  }

  function row(one) {
    const tick = el("input", {
      type: "checkbox", checked: chosen.has(one.id), "aria-label": word("chooseThis", { id: `${one.id} ${one.title}` }),
      on: { change: () => { if (tick.checked) chosen.add(one.id); else chosen.delete(one.id); counted(); } },
    });
    return el(
      "tr", {},
      mayPlan ? el("td", {}, tick) : null,
      el("td", {}, el("a", { class: "named", href: `#/${one.id}` }, el("span", { class: "badge" }, one.id), " ", el("span", {}, one.title))),
      el("td", {}, el("a", { href: `#/${one.recording}` }, one.recording), el("small", { class: "below" }, `${names.get(one.group) ?? one.group}, ${dayWord(one.recorded_on, language())}`)),
      el("td", { class: "number nowrap" }, `${clock(one.start_us, { exact: false })}–${clock(one.end_us, { exact: false })}`),
      el("td", { class: "number" }, clock(one.length_us, { exact: false })),
      el("td", { class: "asked" }, one.question ?? ""),
    );
  }

  function fill() {
    found = excerpts.filter((one) => matches(wanted, one.id, one.title, one.question, one.recording, one.group, names.get(one.group)));
    body.replaceChildren(...found.map(row));
    none.textContent = excerpts.length && !found.length ? word("nothingFound", { text: wanted }) : "";
    counted();
  }

  const search = el("input", {
    type: "search", class: "search", value: wanted, "aria-label": word("searchExcerpts"), placeholder: word("searchExcerptsHint"), autocomplete: "off", spellcheck: "false",
    on: { input: () => { wanted = search.value; fill(); } },
  });
  const heads = ["excerptTitle", "fromRecording", "span", "length", "askedQuestion"];
  main.replaceChildren(
    el(
      "div", { class: "listing stack" },
      el("header", { class: "row" }, el("h1", {}, word("excerpts")), excerpts.length ? search : null),
      excerpts.length
        ? [
            mayPlan ? el("section", { class: "card toolbar row", "aria-label": word("toPlaylist") }, count, chooser.form) : null,
            el(
              "div", { class: "card flush" },
              el("table", {}, el("thead", {}, el("tr", {}, mayPlan ? el("td", { class: "narrow" }, all) : null, heads.map((key) => el("th", { scope: "col" }, word(key))))), body),
            ),
            none,
          ]
        : el("section", { class: "empty" }, el("p", {}, word("noExcerpts")), el("a", { class: "second", href: "#/" }, word("toRecordings"))),
    ),
  );
  fill();
  return { close() {} };
}
