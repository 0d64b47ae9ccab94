"use strict";

// The picture and what drives it: buttons, slider, keys, captions, and the frame that is shown.

const $ = (id) => document.getElementById(id);
const video = $("video");
const captionTrack = video.addTextTrack("captions", "", language);
captionTrack.mode = "disabled";

const MOMENT_SHOWN_SECONDS = 4;
const IDLE_MS = 2500;

let film = null;
let wantedFrame = null; // of a seek that has not arrived; steps count on from it
let frameOnShow = 0;
let onFrame = () => {};

function setIcon(button, name) {
  button.querySelector("use").setAttribute("href", `#i-${name}`);
}

function setLabel(element, key) {
  const keys = element.dataset.key ? ` (${element.dataset.key})` : "";
  element.dataset.label = key;
  element.setAttribute("aria-label", word(key));
  if (element.matches("button, select")) element.title = word(key) + keys;
}

function showFrameStatement() {
  if (film === null) return;
  const time = film.times[frameOnShow];
  $("time").textContent = clockWord(time);
  $("length").textContent = `/ ${clockWord(film.clip.duration)}`;
  const frame = $("frame");
  if ($("stage").dataset.state !== "ready") {
    frame.textContent = frame.dataset.frame = frame.dataset.time = "";
    return;
  }
  frame.textContent = `${word("frame", { frame: frameOnShow })} ${word("frameOf", { count: film.times.length })}`;
  frame.dataset.frame = frameOnShow;
  frame.dataset.time = time;
}

function frameShown(frame) {
  frameOnShow = frame;
  if (!video.seeking) wantedFrame = null;
  const time = film.times[frame];
  $("loading").textContent = "";
  $("stage").dataset.state = "ready";
  showFrameStatement();
  const slider = $("position");
  if (slider.dataset.dragged !== "yes") slider.value = time;
  slider.setAttribute("aria-valuetext", clockWord(time, true));
  slider.style.setProperty("--played", time / film.clip.duration);
  onFrame(time);
}

function showClip(entry, report) {
  closeClip();
  $("stage").dataset.state = "loading";
  $("loading").textContent = word("loading");
  $("position").max = entry.clip.duration;
  video.setAttribute("aria-label", entry.title);
  film = openFilm(video, entry, report);
  frameOnShow = 0;
  wantedFrame = null;
  showFrameStatement();
  film.watch(frameShown);
}

function closeClip() {
  if (film === null) return;
  video.pause();
  film.close();
  film = null;
  video.removeAttribute("src");
  video.load();
}

function goToFrame(frame) {
  if (film !== null) wantedFrame = film.showFrame(frame);
}

function goToTime(time) {
  if (film !== null) goToFrame(film.frameAt(time));
}

function step(frames) {
  video.pause();
  goToFrame((wantedFrame ?? frameOnShow) + frames);
}

function skip(seconds) {
  if (film === null) return;
  const from = wantedFrame === null ? film.now() : film.times[wantedFrame];
  goToTime(Math.max(0, from + seconds * 1e6));
}

function togglePlay() {
  if (film === null) return;
  if (!video.paused) video.pause();
  else video.play().catch(() => {}); // a failure is told by the video's own error event
}

function changeSpeed(places) {
  const select = $("speed");
  const place = select.selectedIndex + places;
  if (place < 0 || place >= select.options.length) return;
  select.selectedIndex = place;
  applySpeed();
}

function applySpeed() {
  video.preservesPitch = true;
  video.defaultPlaybackRate = video.playbackRate = Number($("speed").value);
}

function toggleCaptions() {
  const shown = captionTrack.mode !== "showing";
  captionTrack.mode = shown ? "showing" : "disabled";
  $("captions").setAttribute("aria-pressed", String(shown));
}

// Cues can only be changed while the track is on.
function setCaptions(tags) {
  const mode = captionTrack.mode;
  captionTrack.mode = "hidden";
  for (const cue of [...captionTrack.cues]) captionTrack.removeCue(cue);
  for (const { start, end, text } of tags) {
    const seconds = start / 1e6;
    const cue = new VTTCue(seconds, end === null ? seconds + MOMENT_SHOWN_SECONDS : end / 1e6, text);
    cue.line = -2; // clear of the lower edge
    captionTrack.addCue(cue);
  }
  captionTrack.mode = mode;
}

function toggleMute() {
  video.muted = !video.muted;
}

function toggleFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else $("stage").requestFullscreen?.();
}

const BUTTONS = {
  play: togglePlay,
  back: () => step(-1),
  forward: () => step(1),
  mute: toggleMute,
  captions: toggleCaptions,
  full: toggleFullScreen,
};
for (const [id, action] of Object.entries(BUTTONS)) $(id).addEventListener("click", action);
$("speed").addEventListener("change", applySpeed);
video.addEventListener("click", togglePlay);
video.addEventListener("dblclick", toggleFullScreen);

const slider = $("position");
slider.addEventListener("input", () => {
  slider.dataset.dragged = "yes";
  slider.style.setProperty("--played", slider.value / slider.max);
  goToTime(Number(slider.value));
});
slider.addEventListener("change", () => { slider.dataset.dragged = ""; });

for (const event of ["play", "pause", "ended"]) {
  video.addEventListener(event, () => {
    const stopped = video.paused || video.ended;
    setIcon($("play"), stopped ? "play" : "pause");
    setLabel($("play"), stopped ? "play" : "pause");
    $("stage").classList.toggle("playing", !stopped);
  });
}
video.addEventListener("volumechange", () => {
  setIcon($("mute"), video.muted ? "muted" : "sound");
  setLabel($("mute"), video.muted ? "unmute" : "mute");
});
video.addEventListener("waiting", () => { $("stage").classList.add("waiting"); });
for (const event of ["playing", "seeked", "error", "emptied"]) {
  video.addEventListener(event, () => { $("stage").classList.remove("waiting"); });
}

// In full screen the controls leave while nobody moves.
let idle = 0;
for (const event of ["pointermove", "keydown", "focusin", "fullscreenchange"]) {
  document.addEventListener(event, () => {
    $("stage").classList.remove("idle");
    clearTimeout(idle);
    idle = setTimeout(() => $("stage").classList.add("idle"), IDLE_MS);
  });
}
applySpeed();
