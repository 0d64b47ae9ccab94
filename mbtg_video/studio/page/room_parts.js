// What stands on the page of a recording, before anything happens.

import { light } from "./consent.js";
import { el, iconButton } from "./dom.js";
import { SPEEDS } from "./player.js";
import { clock } from "./times.js";
import { word } from "./words.js";

/** The elements by name; `act` holds what the buttons do, and labels come later. */
export function buildParts(record, act) {
  const parts = {
    video: el("video", { playsinline: true, disablepictureinpicture: true, disableremoteplayback: true, tabindex: -1 }),
    veil: el("p", { class: "veil", role: "status" }, word("loading")),
    frameText: el("output", { class: "frame number", "aria-live": "off" }),
    timeText: el("output", { class: "clock now", "aria-live": "off" }),
    backButton: iconButton("back", "", () => act.step(-1)),
    playButton: iconButton("play", "", act.toggle, { class: "plain play" }),
    forwardButton: iconButton("forward", "", () => act.step(1)),
    speed: el("select", { class: "speed", on: { change: () => act.speed(Number(parts.speed.value)) } }, SPEEDS.map((rate) => el("option", { value: String(rate) }, `${rate}×`))),
    muteButton: iconButton("sound", "", act.mute),
    goButton: el("button", { type: "button", class: "plain text", on: { click: act.goTo } }),
    loopButton: iconButton("loop", "", act.loop, { "aria-pressed": "false" }),
    inButton: el("button", { type: "button", class: "plain mark", on: { click: act.markIn } }),
    outButton: el("button", { type: "button", class: "plain mark", on: { click: act.markOut } }),
    cutButton: el("button", { type: "button", class: "main cut", on: { click: act.cut } }),
    undoButton: iconButton("undo", "", act.undo),
    redoButton: iconButton("redo", "", act.redo),
    settingsButton: el("button", { type: "button", class: "plain text", on: { click: act.settings } }),
    facts: el("p", { class: "facts" }),
    light: light(record.consent),
    codesHost: el("section", { class: "panel codes-panel" }),
    listHost: el("section", { class: "panel list-panel" }),
    saidHost: el("section", { class: "panel said-panel", hidden: true }),
    editorHost: el("section", { class: "panel editor" }),
    timelineHost: el("section", { class: "panel timeline" }),
    announcer: el("p", { class: "unseen", role: "status", "aria-live": "polite" }),
  };
  parts.speed.value = "1";
  parts.stage = el(
    "section", { class: "stage" },
    el("div", { class: "screen", on: { click: act.toggle } }, parts.video, parts.veil),
    el("div", { class: "transport" },
      parts.backButton, parts.playButton, parts.forwardButton,
      el("p", { class: "where" }, parts.timeText, el("span", { class: "length" }, ` / ${clock(record.length_us)}`), parts.frameText),
      parts.speed, parts.muteButton),
    el("div", { class: "transport marking" }, parts.inButton, parts.outButton, parts.loopButton, parts.goButton, parts.cutButton),
  );
  parts.whole = el(
    "div", { class: "recording" },
    el("header", { class: "row" }, el("h1", {}, `${record.id} · ${record.group}`), parts.facts, parts.light, el("span", { class: "grow" }), parts.undoButton, parts.redoButton, parts.settingsButton),
    parts.codesHost, parts.stage,
    el("div", { class: "side" }, parts.editorHost, parts.listHost, parts.saidHost),
    parts.timelineHost, parts.announcer,
  );
  return parts;
}
