"""What a person does with the player, and what the screen then shows."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from mbtg_video.media import barcode
from tests.chromium import number_on_screen

HANGS_MS = 30_000

_SEEK = """async ([times, hangs]) => {
  const limit = (promise) => Promise.race([promise, new Promise((_, fail) =>
    setTimeout(() => fail(new Error("no frame came")), hangs))]);
  const rows = Math.max(16, Math.floor(video.videoHeight / 16));
  const canvas = new OffscreenCanvas(video.videoWidth, rows);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const seen = [];
  for (const time of times) {
    const painted = new Promise((done) => video.requestVideoFrameCallback(done));
    const arrived = new Promise((done) => video.addEventListener("seeked", done, { once: true }));
    const slider = document.getElementById("position");
    slider.value = time;
    slider.dispatchEvent(new Event("input"));
    slider.dispatchEvent(new Event("change"));
    await limit(Promise.all([painted, arrived]));
    context.drawImage(video, 0, 0);
    const pixels = context.getImageData(0, 0, canvas.width, rows).data;
    const gray = Uint8Array.from({ length: pixels.length / 4 }, (_, i) => pixels[4 * i + 1]);
    const { frame, time: stated } = document.getElementById("frame").dataset;
    seen.push([Number(frame), Number(stated), canvas.width, btoa(String.fromCharCode(...gray))]);
  }
  return seen;
}"""

_TELL_STOP = """(hangs) => {
  globalThis.stopped = new Promise((done, fail) => {
    video.addEventListener("pause", () => done(), { once: true });
    setTimeout(() => fail(new Error("it does not stop")), hangs);
  });
}"""

WORDS = "abbor adel sol måne tre fire"
"""What opens every package of the tests."""


@dataclass(frozen=True)
class Seen:
    """What the page states of the frame on show, and the number read off the picture."""

    stated: int
    time_us: int
    number: int | None


@dataclass(frozen=True)
class Player:
    """What a person does with the page."""

    page: Page

    def open(self, package: Any, words: str = WORDS, mode: str = "") -> None:
        self.page.goto((package.folder / "index.html").as_uri() + mode)
        self.page.fill("#passphrase", words)
        self.page.click("#open")

    def enter(self, package: Any, mode: str = "") -> None:
        self.open(package, mode=mode)
        self.expect_frame(0)

    def choose(self, entry: int) -> None:
        self.page.locator("#entries button").nth(entry).click()
        self.expect_frame(0)

    def expect_frame(self, frame: int) -> None:
        expect(self.page.locator("#frame")).to_have_attribute("data-frame", str(frame))

    def expect_true_frame(self) -> int:
        """The number in the picture, once the page states it: a last frame may be on its way."""
        until = monotonic() + HANGS_MS / 1000
        while monotonic() < until:
            number = number_on_screen(self.page)
            if number is not None and self.read("frameOnShow") == number:
                return number
        raise AssertionError(f"frame {self.read('frameOnShow')} is stated, {number} is on show")

    def play_until_it_stops(self) -> None:
        self.page.evaluate(_TELL_STOP, HANGS_MS)
        self.page.click("#play")
        self.page.evaluate("stopped")
        expect(self.page.locator("#play")).to_have_attribute("aria-label", "Spill av")

    def expect_trouble(self, sentence: str | re.Pattern[str]) -> None:
        expect(self.page.locator("#alert")).to_have_text(sentence)

    def seek(self, times: list[int]) -> list[Seen]:
        found = self.page.evaluate(_SEEK, [times, HANGS_MS])
        return [
            Seen(frame, time, barcode.read(_gray(strip, width)))
            for frame, time, width, strip in found
        ]

    def read(self, script: str) -> Any:
        return self.page.evaluate(script)

    def expect_read(self, script: str, wanted: Any) -> None:
        """What the page does in its own time gives this value in the end."""
        self.page.wait_for_function(
            f"wanted => JSON.stringify({script}) === wanted",
            arg=json.dumps(wanted, separators=(",", ":"), ensure_ascii=False),
        )


def _gray(strip: str, width: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(strip), np.uint8).reshape(-1, width)


def frame_at(times, time):
    """The frame on show at a time: the last one that has begun."""
    return max(index for index, start in enumerate(times) if start <= max(0, time))
