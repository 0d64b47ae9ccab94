// All playlists, and the bundles that were handed out.

import { look, session } from "./api.js";
import { tell } from "./app.js";
import { el, icon } from "./dom.js";
import { newPlaylist } from "./listing.js";
import { dayWord } from "./times.js";
import { language, word } from "./words.js";

const day = (iso) => dayWord(iso, language());

const table = (heads, rows) =>
  el("div", { class: "card flush" }, el("table", {}, el("thead", {}, el("tr", {}, heads.map((key) => el("th", { scope: "col" }, word(key))))), el("tbody", {}, rows)));

const named = (one) => el("a", { class: "named", href: `#/${one.id}` }, el("span", { class: "badge" }, one.id), " ", el("span", {}, one.title));

const playlistRow = (one) =>
  el(
    "tr", {},
    el("td", {}, named(one)),
    el("td", {}, word(one.use)),
    el("td", { class: "number" }, one.entries),
    el("td", { class: "number" }, one.slot_minutes ? word("minutes", { n: one.slot_minutes }) : "–"),
    el("td", { class: "nowrap" }, day(one.made_at)),
  );

function standing(bundle) {
  if (bundle.returned_on) return el("td", { class: "good" }, word(`returned ${bundle.returned_how}`, { date: day(bundle.returned_on) }));
  const late = bundle.expires_on < session.today;
  return el("td", { class: late ? "missed" : null }, word(late ? "outExpired" : "outThere"));
}

const bundleRow = (one, titles) =>
  el(
    "tr", {},
    el("th", { scope: "row" }, el("span", { class: "badge" }, one.id)),
    el("td", {}, el("a", { href: `#/${one.playlist}` }, one.playlist, ` ${titles.get(one.playlist) ?? ""}`)),
    el("td", {}, el("ul", {}, one.recipients.map((who) => el("li", {}, who)))),
    el("td", { class: "number" }, one.clips),
    el("td", { class: "nowrap" }, day(one.made_at)),
    el("td", { class: "nowrap" }, day(one.expires_on)),
    standing(one),
    el("td", { class: "path" }, one.folder),
  );

export async function show(main) {
  const { playlists, bundles } = await look("/api/library");
  const titles = new Map(playlists.map((one) => [one.id, one.title]));

  async function begin() {
    const made = await newPlaylist();
    if (made) location.hash = `#/${made.id}`;
  }

  const button = session.powers.includes("plan")
    ? el("button", { type: "button", class: "main", on: { click: () => begin().catch(tell) } }, icon("plus"), word("newPlaylist"))
    : null;
  main.replaceChildren(
    el(
      "div", { class: "listing stack" },
      el("header", { class: "row apart" }, el("h1", {}, word("playlists")), button),
      playlists.length
        ? table(["playlistTitle", "playlistUse", "steps", "slot", "madeOn"], playlists.map(playlistRow).reverse())
        : el("p", { class: "card hint" }, word("noPlaylists")),
      el("section", { class: "stack", "aria-labelledby": "bundles-heading" },
        el("h2", { id: "bundles-heading" }, word("bundlesTitle")),
        bundles.length
          ? table(["bundleWord", "forPlaylist", "recipients", "clips", "madeOn", "expires", "stands", "folder"], bundles.map((one) => bundleRow(one, titles)).reverse())
          : el("p", { class: "hint" }, word("noBundles"))),
    ),
  );
  return { close() {} };
}
