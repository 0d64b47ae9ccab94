// One excerpt: watched, with its question, where it comes from, and its receipt in plain words.

import { Gone, change, look, session } from "./api.js";
import { tell } from "./app.js";
import { counted } from "./amounts.js";
import { el, icon } from "./dom.js";
import { playlistChooser } from "./listing.js";
import { scoringCard } from "./scoring_card.js";
import { clock, dayWord } from "./times.js";
import { language, WORDS, word } from "./words.js";

// What the program may say that these words do not know yet is shown as it is.
const known = (key, otherwise) => (key in WORDS[language()] ? word(key) : otherwise);

const checkWord = (name) => known(`check ${name.replace(/^sound \d+ /, "sound ")}`, name);

const STRIPPED = ["metadata of the file", "metadata of a track", "chapters", "further tracks"];
const strippedWord = (what) => word(STRIPPED.includes(what) ? `stripped ${what}` : "stripped other");

const rungWord = (receipt) =>
  receipt.rung === "aligned" ? word("rung aligned") : receipt.rung === "reencode" ? word("rung reencode") : word("rung splice", { encoded: counted(receipt.encoded, "frame") });

function receiptLines(receipt) {
  const heard = (receipt.sound_packets ?? []).length > 0;
  const stripped = [...new Set(receipt.stripped.map(strippedWord))];
  return [
    word("receiptFrames", { frames: counted(receipt.frames, "frame") }),
    rungWord(receipt),
    word(heard ? "receiptSound" : "receiptNoSound"),
    receipt.muted?.length ? word("receiptMuted") : null,
    stripped.length ? word("receiptStripped", { what: stripped.join(", ") }) : null,
    word("receiptClean"),
  ];
}

function receiptSection(receipt) {
  const passed = receipt.checks.filter((check) => check.passed).length;
  const whole = passed === receipt.checks.length;
  return el(
    "section", { class: "card stack receipt", "aria-labelledby": "receipt-heading" },
    el("h2", { id: "receipt-heading" }, word("receiptTitle")),
    el("p", { class: whole ? "good verdict" : "missed verdict" }, icon(whole ? "good" : "missed"), el("span", {}, word(whole ? "checksPassed" : "checksFailed", { n: passed, all: receipt.checks.length }))),
    el("ul", { class: "points" }, receiptLines(receipt).filter(Boolean).map((line) => el("li", {}, line))),
    el(
      "details", {},
      el("summary", {}, word("checksDetails")),
      el(
        "ul", { class: "checks" },
        receipt.checks.map((check) =>
          el("li", { class: check.passed ? "good" : "missed" }, icon(check.passed ? "good" : "missed"), el("span", {}, checkWord(check.name), el("span", { class: "unseen" }, `, ${word(check.passed ? "checkPassed" : "checkFailed")}`), el("small", { lang: "en" }, check.figure))),
        ),
      ),
      receipt.fell.length ? [el("p", { class: "hint" }, word("fellFirst")), el("ul", { class: "points", lang: "en" }, receipt.fell.map((fall) => el("li", {}, el("small", {}, `${fall.rung}: ${fall.reason}`))))] : null,
    ),
  );
}

const between = (one) => ({ start: clock(one.start_us), end: clock(one.end_us) });

function openNamesSection(excerpt) {
  const open = (excerpt.names ?? []).filter((name) => name.state === "open");
  if (!open.length) return null;
  return el(
    "section", { class: "card warning stack" },
    el("p", {}, open.length === 1 ? word("openNameOne") : word("openNames", { n: open.length })),
    el("ul", { class: "points" }, open.map((name) => el("li", { class: "number" }, word("openName", between(name))))),
    el("p", {}, el("a", { href: `#/${excerpt.recording}` }, word("open"), ` ${excerpt.recording}`)),
  );
}

export async function show(main, number) {
  const [excerpt, library, scorings] = await Promise.all([look(`/api/excerpts/X${number}`), look("/api/library"), look(`/api/excerpts/X${number}/scorings`)]);
  const present = library.recordings.find((one) => one.id === excerpt.recording)?.present ?? [];
  const screen = el("div", { class: "screen-box" });
  let video = null;

  function ready() {
    screen.replaceChildren(
      el("div", { class: "before" }, el("button", { type: "button", class: "main big", on: { click: play } }, icon("play"), word("playExcerpt")), el("small", {}, word("playNote"))),
    );
  }

  async function play() {
    try {
      const { video: address } = await change(`/api/excerpts/X${number}/watch`);
      video = el("video", { controls: true, playsinline: true, "aria-label": excerpt.title, disablepictureinpicture: true, controlslist: "nodownload noremoteplayback" });
      video.src = address;
      screen.replaceChildren(video);
      video.focus();
      await video.play().catch(() => {}); // the person may press play
    } catch (error) {
      if (error instanceof Gone) return tell(error);
      screen.replaceChildren(el("div", { class: "before" }, icon("closed-eye"), el("p", { class: "wrong", role: "alert" }, error.message)));
    }
  }

  function fill() {
    const chooser = session.powers.includes("plan") ? playlistChooser(library.playlists, () => [Number(number)], { label: "add" }) : null;
    main.replaceChildren(
      el(
        "div", { class: "one-excerpt" },
        el("header", {},
          el("h1", {}, el("span", { class: "badge" }, excerpt.id), ` ${excerpt.title}`),
          el("p", { class: "hint" },
            el("a", { href: `#/${excerpt.recording}` }, word("inRecording", { recording: excerpt.recording, ...between(excerpt) })),
            ` · ${clock(excerpt.length_us)} · ${word("keptUntil", { date: dayWord(excerpt.delete_by, language()) })}`)),
        el("div", { class: "watched stack" },
          screen,
          excerpt.question ? el("section", { "aria-labelledby": "question-heading" }, el("h2", { id: "question-heading", class: "small-heading" }, word("askedQuestion")), el("blockquote", {}, excerpt.question)) : null),
        el("div", { class: "beside stack" },
          openNamesSection(excerpt),
          chooser ? el("section", { class: "card stack", "aria-labelledby": "add-heading" }, el("h2", { id: "add-heading" }, word("toPlaylist")), chooser.form) : null,
          scoringCard(excerpt, scorings, present),
          receiptSection(excerpt.receipt)),
      ),
    );
  }

  function away() {
    if (!video) return;
    video.pause();
    video.removeAttribute("src");
    video.load();
  }

  ready();
  fill();
  return {
    close: away,
    relabel() {
      if (!video) ready();
      fill(); // the film goes on where it was
    },
  };
}
