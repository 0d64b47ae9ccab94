// What a query found: each hit a link to its place, with what was looked for marked.

import { look } from "./api.js";
import { tell } from "./app.js";
import { command } from "./copying.js";
import { el } from "./dom.js";
import { query as wanted } from "./find.js";
import { clock, dayWord } from "./times.js";
import { language, word } from "./words.js";

/** Where a hit is seen; null for what the page has no place for. */
function addressOf(hit) {
  if (hit.kind === "tag") return `#/${hit.recording}@${seconds(hit.start_us)}/${hit.id}`;
  if (hit.kind === "transcript") return `#/${hit.recording}@${seconds(hit.start_us)}`;
  if (["excerpt", "recording", "playlist", "scoring"].includes(hit.kind)) return `#/${hit.id}`;
  return null;
}

/** What opens a hit on the command line, where the page has no place for it. */
const COMMANDS = {
  document: (hit) => `mbtg dossier show ${hit.id}`,
  person: () => "mbtg consent status",
};

const seconds = (us) => (us / 1e6).toFixed(6).replace(/\.?0+$/, "");

/** The text, its found parts marked; only ever set as text. */
const snippet = (pieces) => el("p", { class: "snippet" }, pieces.map(([text, found]) => (found ? el("mark", {}, text) : text)));

function facts(hit) {
  const time = hit.start_us === null ? null : clock(hit.start_us, { exact: false });
  return [hit.recording === hit.id ? null : hit.recording, time, hit.on && dayWord(hit.on, language()), hit.by].filter(Boolean).join(" · ");
}

function row(hit) {
  const title = [el("span", { class: "badge" }, hit.id), ` ${word(`found ${hit.kind}`)}`, hit.item ? ` · ${hit.item} ${hit.item_name ?? ""}` : ""];
  const address = addressOf(hit);
  return el(
    "li", { class: "card hit" },
    el("h2", {}, address ? el("a", { href: address }, title) : title),
    el("p", { class: "hint" }, facts(hit)),
    hit.pieces.length ? snippet(hit.pieces) : null,
    COMMANDS[hit.kind] ? [el("p", { class: "hint" }, word(`command ${hit.kind}`)), command(COMMANDS[hit.kind](hit))] : null,
  );
}

export async function show(main) {
  const query = wanted();
  const list = el("ol", { class: "hits" });
  const count = el("p", { class: "hint", role: "status" });
  const more = el("button", { type: "button", class: "second", hidden: true, on: { click: () => next() } }, word("searchMore"));
  let closed = false;
  let shown = 0;

  async function page() {
    const found = await look(`/api/search?q=${encodeURIComponent(query)}&offset=${shown}&language=${language()}`);
    if (closed) return;
    const rows = found.hits.map(row);
    list.append(...rows);
    shown += rows.length;
    more.hidden = shown >= found.total || !rows.length;
    count.textContent = found.total ? word("searchCount", { n: shown, total: found.total }) : word("nothingFound", { text: query });
    return rows;
  }

  async function next() {
    more.disabled = true;
    try {
      const rows = await page();
      rows?.[0]?.querySelector("a")?.focus();
    } catch (error) {
      tell(error);
    }
    more.disabled = false;
  }

  try {
    if (query) await page();
  } catch (error) {
    // A query that cannot be read is told, and how one is written.
    if (error.status !== 400 && error.status !== 404) throw error;
    tell(error);
  }
  const found = list.children.length > 0;
  main.replaceChildren(
    el(
      "div", { class: "listing stack" },
      el("header", { class: "row" }, el("h1", {}, query ? word("searchFor", { text: query }) : word("searchAll")), count),
      list,
      more,
      el("details", { class: "searchhelp", open: !found }, el("summary", {}, word("searchHow")), el("ul", {}, ["searchWords", "searchPhrase", "searchFilters", "searchMinus"].map((key) => el("li", {}, word(key))))),
    ),
  );
  return {
    close() {
      closed = true;
    },
  };
}
