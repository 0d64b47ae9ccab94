"use strict";

// The documents that came with the playlist: a list, and the text of one of them.

let paperOnShow = 0;

const papers = () => content.documents ?? []; // a bundle of an earlier version has none

function paperFacts(paper) {
  return [word(`document_${paper.kind}`), paper.about, paper.day && dateWord(paper.day)]
    .filter(Boolean).join(" · ");
}

function tellPapers() {
  $("papers-open").hidden = !papers().length;
  $("key-papers").hidden = !papers().length;
  $("papers-count").textContent = papers().length;
  if (!papers().length) return;
  $("paper-list").replaceChildren(...papers().map((paper, index) => {
    const button = make("button");
    button.type = "button";
    button.append(make("span", "name", paper.title), make("span", "facts", paperFacts(paper)));
    button.addEventListener("click", () => showPaper(index));
    const item = make("li");
    item.append(button);
    return item;
  }));
  showPaper(paperOnShow);
}

function showPaper(index) {
  if (!papers()[index]) return;
  paperOnShow = index;
  const paper = papers()[index];
  $("paper-title").textContent = paper.title;
  $("paper-facts").textContent = paperFacts(paper);
  $("paper-text").textContent = paper.text;
  $("paper").scrollTop = 0;
  for (const [place, item] of [...$("paper-list").children].entries()) {
    const button = item.firstElementChild;
    if (place === index) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

function openPapers() {
  if (!papers().length || $("papers").open) return;
  video.pause();
  $("papers").showModal();
  $("paper").focus();
}

$("papers-open").addEventListener("click", openPapers);
$("papers").addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { n: 1, p: -1 }[event.key.toLowerCase()];
  if (step) showPaper(paperOnShow + step);
  else if (event.key.toLowerCase() === "d") {
    event.stopPropagation(); // the same key opens them from the room
    $("papers").close();
  }
});
