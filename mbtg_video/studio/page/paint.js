// What the time line's canvas shows.

import { clock } from "./times.js";

export const RULER = 20;
export const WAVE = 46;
export const LANE = 20;
const STEPS_US = [40_000, 200_000, 1e6, 2e6, 5e6, 10e6, 15e6, 30e6, 60e6, 120e6, 300e6, 600e6, 1800e6];

/** Paints a `Timeline`; ruler and sound stay on top of lanes that are scrolled. */
export function paint(context, line, height, scrolled) {
  context.clearRect(0, 0, line.width, height);
  line.lanes.forEach((lane, place) => drawLane(context, line, lane, RULER + WAVE + place * LANE));
  context.fillStyle = line.colour("raised");
  context.fillRect(0, scrolled, line.width, RULER + WAVE);
  drawRuler(context, line, scrolled);
  line.wave.draw(context, line.window, { width: line.width, top: scrolled + RULER, height: WAVE, colour: line.colour });
  drawMarked(context, line, height);
}

function drawRuler(context, line, top) {
  const [from, to] = line.window;
  const step = STEPS_US.find((wanted) => ((to - from) / wanted) * 74 < line.width) ?? 3600e6;
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  for (let us = Math.ceil(from / step) * step; us < to; us += step) {
    const x = Math.round(line.xOf(us)) + 0.5;
    context.fillStyle = line.colour("line");
    context.fillRect(x, top + RULER - 5, 1, 5);
    context.fillStyle = line.colour("quiet");
    context.fillText(clock(us, { exact: step < 1e6 }), x + 3, top + RULER / 2 - 1);
  }
}

function drawMarked(context, line, height) {
  const { in: from, out: to } = line.marked;
  if (from === null && to === null) return;
  const left = line.xOf(from ?? to);
  const right = line.xOf(to ?? from);
  context.fillStyle = line.colour("accent");
  context.globalAlpha = 0.14;
  context.fillRect(left, 0, Math.max(1, right - left), height);
  context.globalAlpha = 1;
  if (from !== null) context.fillRect(left, 0, 2, height);
  if (to !== null) context.fillRect(right - 2, 0, 2, height);
}

function drawLane(context, line, lane, top) {
  context.fillStyle = line.colour("line");
  context.fillRect(0, top, line.width, 1);
  const [from, to] = line.window;
  for (const mark of lane.marks) {
    const end = mark.end_us ?? mark.start_us;
    if (end < from || mark.start_us > to) continue;
    const left = line.xOf(mark.start_us);
    const width = Math.max(4, line.xOf(end) - left);
    context.fillStyle = line.colour(lane.colour?.(mark) ?? "neutral");
    context.globalAlpha = mark.pending ? 0.45 : 0.9;
    context.beginPath();
    context.roundRect(left, top + 4, width, LANE - 8, 3);
    context.fill();
    context.globalAlpha = 1;
    // An edge of the ground, so that marks that overlap stay told apart.
    context.strokeStyle = line.colour("raised");
    context.lineWidth = 1;
    if (width > 4) context.stroke();
    if (line.selected !== null && mark.key === line.selected) {
      context.strokeStyle = line.colour("text");
      context.lineWidth = 2;
      context.stroke();
    }
  }
  if (line.growing?.lane === lane.id) {
    const left = line.xOf(line.growing.start);
    context.fillStyle = line.colour("accent");
    context.fillRect(left, top + 4, Math.max(3, line.xOf(line.growing.end ?? line.playhead) - left), LANE - 8);
  }
}
