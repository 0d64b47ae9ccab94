"use strict";

// What each key does, and which keys a focused control keeps for itself.

const KEYS = {
  " ": togglePlay,
  k: togglePlay,
  ArrowLeft: () => skip(-5),
  ArrowRight: () => skip(5),
  j: () => skip(-10),
  l: () => skip(10),
  ",": () => step(-1),
  ".": () => step(1),
  ArrowUp: () => goToTag(-1),
  ArrowDown: () => goToTag(1),
  n: () => choose(current + 1),
  p: () => choose(current - 1),
  Home: () => goToFrame(0),
  End: () => goToFrame(Infinity),
  "<": () => changeSpeed(-1),
  ">": () => changeSpeed(1),
  c: toggleCaptions,
  m: toggleMute,
  f: toggleFullScreen,
  d: openPapers,
  "?": () => $("keys").showModal(),
};

const readsElsewhere = () => content === null || $("keys").open || $("papers").open;

// Whoever clicked a clip, the slider or a speed expects that the keys go on driving the picture;
// whoever came by Tab, that they work the control.
let pointed = false;
document.addEventListener("pointerdown", () => { pointed = true; });

// What is written or scored in a sheet never drives the picture, short of the keys that play it
// from a row of scores.
function answersWith(element, key) {
  if (element.matches("textarea, input[type=text]")) return true;
  return element.matches("input[type=radio]") && !/^[kjl,.]$/.test(key);
}

// A control reached by Tab keeps the keys that it needs itself.
function takesKey(element, key) {
  if (answersWith(element, key)) return true;
  if (pointed) return false;
  if (element.matches("input[type=range]")) return /^(Arrow|Home|End)/.test(key);
  if (element.matches("select")) return /^(Arrow|Home|End| )/.test(key);
  return element.matches("button") && key === " ";
}

document.addEventListener("keyup", (event) => {
  if (readsElsewhere() || event.key !== " " || !pointed) return;
  if (!answersWith(event.target, event.key)) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Tab") pointed = false;
  if (readsElsewhere() || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const action = KEYS[key];
  if (!action || takesKey(event.target, key)) return;
  event.preventDefault();
  action();
});
