"use strict";

// The room: unlocking, the playlist, what is told of the entry on show, and its tags.

let content = null;
let current = -1;
let told = null; // the trouble in the alert, to be told again when the language changes

const entries = () => content.entries;
const entryOnShow = () => entries()[current];

function report(error) {
  told = error instanceof Trouble ? error : new Trouble("playFailed", { title: entryOnShow()?.title ?? "" });
  $("alert").textContent = word(told.key, told.values);
  $("loading").textContent = "";
  $("stage").classList.remove("waiting");
}

function forgetTrouble() {
  told = null;
  $("alert").textContent = "";
}

function make(kind, className, text) {
  const element = document.createElement(kind);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function makeIcon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

function kindWord(entry) {
  return word(entry.kind === "minutes" ? "minutesEntry" : entry.kind);
}

function tagName(tag) {
  return tag.item === null ? tag.label : tag.name[language];
}

// ---------- what the page says

function tellWords() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = word(element.dataset.word);
  }
  for (const element of document.querySelectorAll("[data-label]")) setLabel(element, element.dataset.label);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  document.title = content === null ? word("page") : content.title;
  if (told !== null) $("alert").textContent = word(told.key, told.values);
  if (content !== null) {
    tellBundle();
    tellEntries();
    tellPapers();
    tellEntry();
    showFrameStatement();
  }
}

function tellBundle() {
  $("title").textContent = content.title;
  $("facts").textContent = [
    word("made", { date: dateWord(content.made) }),
    word("expires", { date: dateWord(content.expires) }),
  ].join(" · ");
  const minutes = entries().reduce((sum, entry) => sum + (entry.minutes ?? 0), 0);
  $("overall").textContent = word(minutes ? "overall" : "entries", { entries: entries().length, n: minutes });
}

function tellEntries() {
  $("entries").replaceChildren(...entries().map((entry, index) => {
    const button = make("button");
    button.type = "button";
    button.addEventListener("click", () => choose(index));
    if (index === current) button.setAttribute("aria-current", "true");
    const text = make("span", "text");
    text.append(make("span", "name", entry.clip ? entry.title : kindWord(entry)));
    const facts = [entry.clip ? clockWord(entry.clip.duration, true) : entry.text];
    const line = make("span", "facts", facts.filter(Boolean).join(" · "));
    if (entry.scoring) {
      const answered = make("span");
      answered.dataset.scoring = entry.scoring.name;
      line.append(" · ", answered);
    }
    text.append(line);
    button.append(make("span", "number", String(index + 1)), text);
    if (entry.minutes) button.append(make("span", "minutes", word("minutes", { n: entry.minutes })));
    const item = make("li");
    item.append(button);
    return item;
  }));
}

function tellText(id, text) {
  $(id).hidden = !text;
  $(id).querySelector("p").textContent = text ?? "";
}

function tellEntry() {
  const entry = entryOnShow();
  const facts = [kindWord(entry)];
  if (entry.minutes) facts.push(word("minutes", { n: entry.minutes }));
  if (entry.scoring) facts.push(word("scoring"));
  $("kind").textContent = facts.join(" · ");
  $("name").textContent = entry.clip ? entry.title : entry.text;
  tellText("question", entry.question);
  tellText("notes", entry.notes);
  $("stage").hidden = !entry.clip;
  $("tagging").hidden = !entry.clip || Boolean(entry.scoring);
  $("turn").hidden = Boolean(entry.clip);
  $("about").classList.toggle("slide", !entry.clip);
  if (entry.clip) tellTags(entry);
  tellSheet(entry);
}

function tellTags(entry) {
  $("count").textContent = entry.tags.length || "";
  const rows = entry.tags.map((tag) => {
    const button = make("button", tag.valence);
    button.type = "button";
    button.dataset.start = tag.start;
    button.dataset.end = tag.end ?? "";
    button.addEventListener("click", () => goToTime(tag.start));
    const text = make("span", "text");
    const name = make("span", "name");
    if (tag.item !== null) {
      const number = make("span", "badge", String(tag.item));
      number.setAttribute("aria-label", `${word("item", { n: tag.item })}:`);
      name.append(number, " ");
    }
    name.append(tagName(tag));
    text.append(name);
    const facts = make("span", "facts");
    if (tag.valence !== "neutral") {
      const valence = make("span", "valence");
      valence.append(makeIcon(tag.valence), ` ${word(tag.valence)}`);
      facts.append(valence);
    }
    if (tag.author) facts.append(facts.childNodes.length ? " · " : "", word("by", { who: tag.author }));
    if (facts.childNodes.length) text.append(facts);
    if (tag.note) text.append(make("span", "note", tag.note));
    const times = make("span", "clock", clockWord(tag.start, true));
    if (tag.end !== null) times.append(make("span", "", `–${clockWord(tag.end, true)}`));
    button.append(times, text);
    const item = make("li");
    item.append(button);
    return item;
  });
  $("tags").replaceChildren(...(rows.length ? rows : [make("li", "none", word("noTags"))]));
  $("marks").replaceChildren(...entry.tags.map((tag) => {
    const mark = make("i", tag.valence);
    const share = (time) => `${(100 * time) / entry.clip.duration}%`;
    mark.style.left = share(tag.start);
    if (tag.end !== null) mark.style.width = share(tag.end - tag.start);
    return mark;
  }));
  setCaptions(entry.tags.map((tag) => ({
    start: tag.start,
    end: tag.end,
    text: (tag.item === null ? "" : `${tag.item} · `) + tagName(tag),
  })));
}

onFrame = (time) => {
  const { duration } = film.clip;
  for (const button of $("tags").querySelectorAll("button")) {
    const start = Number(button.dataset.start);
    const end = button.dataset.end === "" ? start + MOMENT_SHOWN_SECONDS * 1e6 : Number(button.dataset.end);
    // The frame that a click goes to may begin before the tag does.
    const begun = time >= start || film.frameAt(time) === film.frameAt(start);
    const wasCurrent = button.hasAttribute("aria-current");
    const isCurrent = begun && time < Math.min(end, duration);
    if (isCurrent && !wasCurrent) {
      button.setAttribute("aria-current", "true");
      keepInSight($("tags"), button);
    } else if (wasCurrent && !isCurrent) {
      button.removeAttribute("aria-current");
    }
  }
};

// Scrolls the list and never the page, which would take the picture away.
function keepInSight(list, button) {
  const [outer, inner] = [list.getBoundingClientRect(), button.getBoundingClientRect()];
  if (inner.top < outer.top) list.scrollTop -= outer.top - inner.top;
  else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
}

// ---------- what people do

function choose(index) {
  if (index < 0 || index >= entries().length) return;
  // After a trouble the same entry may be chosen again: that loads it anew.
  if (index === current && told === null) return;
  forgetTrouble();
  current = index;
  const entry = entryOnShow();
  for (const [place, item] of [...$("entries").children].entries()) {
    const button = item.firstElementChild;
    if (place === index) {
      button.setAttribute("aria-current", "true");
      keepInSight($("entries"), button);
    } else {
      button.removeAttribute("aria-current");
    }
  }
  if (!entry.clip && document.fullscreenElement) document.exitFullscreen();
  closeClip();
  tellEntry();
  if (entry.clip) showClip(entry, report);
  for (const button of document.querySelectorAll("[data-turn]")) {
    button.disabled = !entries()[index + Number(button.dataset.turn)];
  }
}

function goToTag(direction) {
  const { tags } = entryOnShow();
  if (!tags?.length || film === null) return;
  const here = wantedFrame ?? frameOnShow;
  const frames = tags.map((tag) => film.frameAt(tag.start));
  const found = direction > 0 ? frames.find((frame) => frame > here) : frames.findLast((frame) => frame < here);
  if (found !== undefined) goToFrame(found);
}

for (const button of document.querySelectorAll("[data-turn]")) {
  button.addEventListener("click", () => choose(current + Number(button.dataset.turn)));
}
$("help").addEventListener("click", () => $("keys").showModal());
$("lock").addEventListener("click", () => location.reload());
$("reveal").addEventListener("change", () => {
  $("passphrase").type = $("reveal").checked ? "text" : "password";
});
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => { language = button.dataset.language; tellWords(); });
}

function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

$("gate").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = $("open");
  if (button.disabled) return;
  forgetTrouble();
  button.disabled = true;
  button.textContent = word("opening");
  try {
    const passphrase = $("passphrase").value;
    if (!normalised(passphrase)) throw new Trouble("noPassphrase");
    if (manifest === null) await readManifest();
    const opened = await unlock(passphrase);
    if (today() > opened.expires) throw new Trouble("expired", { date: dateWord(opened.expires) });
    enter(opened);
  } catch (error) {
    report(error);
    $("passphrase").select();
  } finally {
    button.disabled = false;
    button.textContent = word("open");
  }
});

function enter(opened) {
  content = opened;
  $("passphrase").value = "";
  $("gate").hidden = true;
  for (const id of ["room", "title", "help", "lock"]) $(id).hidden = false;
  $("key-scores").hidden = !content.scores;
  current = 0;
  tellWords();
  current = -1;
  choose(0);
  $("play").focus();
}

tellWords();
readManifest().catch(report);
