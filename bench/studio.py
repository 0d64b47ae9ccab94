"""The studio in a real browser: opening, tagging, seeking and listing; ``python -m bench.studio``.

The studio and its peer run in processes of their own, as they do for a user.
"""

from __future__ import annotations

import http.client
import json
import math
import os
import random
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, sync_playwright

from bench.measure import ROOT, python
from bench.recordings import FULL_HD, RATE, recording
from bench.stocked import CROWDED, GROUPS, TAGS, WORKED_ON, stocked
from tests.browser import ARGUMENTS, executable

_OPENINGS, _PRESSES, _SEEKS, _READINGS = 7, 30, 20, 15
_PLACES = range(60 * RATE, 89 * 60 * RATE)
_VIEWPORT = {"width": 1280, "height": 720}

# From the navigation on: every frame looks whether all tags are listed, then presses a key.
_WATCH_OPENING = """(count) => {
  window.listed = window.answered = 0;
  const look = () => {
    if (!window.listed) {
      if (document.querySelector(".taglist")?.parentElement.querySelector("h2 small")?.textContent === count) {
        window.listed = performance.now();
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
      }
    } else if (document.querySelector(".tag[aria-selected=true]")) {
      window.answered = performance.now();
      return;
    }
    requestAnimationFrame(look);
  };
  look();
}"""  # noqa: E501

# Of each press: key down, first picture of it on the time line, its tag there, and the answer.
_WATCH_PRESSES = """() => {
  const area = document.querySelector(".area");
  window.presses = [];
  let now = null;
  document.addEventListener("keydown", (event) => {
    if (!/^[0-9]$/.test(event.key)) return;
    now = { down: event.timeStamp, up: 0, before: Number(area.dataset.drawn) };
    window.presses.push(now);
  }, true);
  document.addEventListener("keyup", (event) => { if (now && !now.up) now.up = event.timeStamp; }, true);
  new MutationObserver(() => {
    if (!now) return;
    now.shown ??= performance.now();
    if (Number(area.dataset.drawn) > now.before) now.tagged ??= performance.now();
  }).observe(area, { attributeFilter: ["data-drawn"] });
  new BroadcastChannel(`mbtg-${location.hash.slice(2)}`).onmessage = () => (now.saved ??= performance.now());
}"""  # noqa: E501

# From setting the time to the browser's word that it shows the frame which is on show then.
_SEEK = """([frame, rate]) => new Promise((resolve) => {
  const video = document.querySelector("video");
  const wanted = (frame + 0.25) / rate;
  const look = (now, shown) => {
    const late = wanted - shown.mediaTime;
    if (late >= 0 && late < 1 / rate) resolve(performance.now() - begun);
    else video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  const begun = performance.now();
  video.currentTime = wanted;
})"""


@dataclass(frozen=True)
class Times:
    """What was measured of one thing, in milliseconds."""

    what: str
    taken: Sequence[float]
    target: int | None = None

    def at(self, share: float) -> float:
        """The time that this share of all did not exceed."""
        return sorted(self.taken)[max(0, math.ceil(share * len(self.taken)) - 1)]

    def row(self, base: Times | None = None) -> list[str]:
        """As a line of a table; the ratio is to `base`."""
        middle, most = self.at(0.5), self.at(0.95)
        spread = f"{min(self.taken):.0f}-{max(self.taken):.0f}"
        ratio = f"{middle / base.at(0.5):.1f}" if base is not None else ""
        target = f"{self.target} ms" if self.target else ""
        return [self.what, str(len(self.taken)), f"{middle:.0f}", f"{most:.0f}", spread, ratio,
                target]  # fmt: skip


HEAD = ["what", "times", "median ms", "95th ms", "least-most ms", "ratio", "target"]


@contextmanager
def _serving(module: str, path: Path) -> Iterator[str]:
    out = subprocess.PIPE
    with subprocess.Popen(python(module, path), stdout=out, text=True, cwd=ROOT) as server:
        try:
            yield next(iter(server.stdout or ()), "").strip()
        finally:
            server.terminate()


def _opening(context: BrowserContext, home: str) -> list[Times]:
    """A new tab at the recording's address, from its very beginning."""
    listed, answered = [], []
    for _ in range(_OPENINGS + 1):
        page = context.new_page()
        page.add_init_script(
            f"addEventListener('DOMContentLoaded', () => ({_WATCH_OPENING})('{TAGS[WORKED_ON]:d}'))"
        )
        page.goto(f"{home}#/R{WORKED_ON}")
        page.wait_for_function("() => window.answered > 0")
        listed.append(page.evaluate("window.listed"))
        answered.append(page.evaluate("window.answered"))
        page.close()
    return [
        Times("all tags are listed", listed[1:]),
        Times("and a key press is answered", answered[1:], 1000),
    ]


def _tagging(context: BrowserContext, home: str) -> list[Times]:
    page = context.new_page()
    page.goto(f"{home}#/R{WORKED_ON}")
    page.wait_for_selector(f".area[data-drawn='{TAGS[WORKED_ON]}']")
    page.evaluate(_WATCH_PRESSES)
    page.keyboard.press("k")
    page.wait_for_function("() => document.querySelector('video').currentTime > 1")
    for place in range(_PRESSES):
        page.keyboard.press(str(1 + place % 9))
        page.wait_for_function("(count) => window.presses[count]?.saved", arg=place)
        page.wait_for_timeout(200 + 37 * (place % 5))
    presses = page.evaluate("window.presses")
    page.keyboard.press("k")
    for _ in range(_PRESSES):  # the library stays as it was
        page.keyboard.press("Control+z")
    page.wait_for_selector(f".area[data-drawn='{TAGS[WORKED_ON]}']")
    page.wait_for_function("() => document.querySelector('#saved').textContent === 'Saved'")
    page.close()

    def since(begun: str, ended: str) -> list[float]:
        return [press[ended] - press[begun] for press in presses]

    return [
        Times("key down to its mark on the time line", since("down", "shown"), 50),
        Times("key up to the tag on the time line", since("up", "tagged"), 50),
        Times("key down to acknowledged", since("down", "saved")),
    ]


def _sought(page: Page, what: str, target: int | None = None) -> Times:
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    chance = random.Random(8)
    frames = [chance.choice(_PLACES) for _ in range(_SEEKS)]
    return Times(what, [page.evaluate(_SEEK, [frame, RATE]) for frame in frames], target)


def _seeking(context: BrowserContext, home: str, media: Path) -> list[list[str]]:
    rows = []
    for number, group in GROUPS.items():
        every = f"a keyframe every {group // RATE} s"
        page = context.new_page()
        with _serving("bench.plain", recording(media, 90, group, FULL_HD)) as address:
            page.goto(address)
            plain = _sought(page, f"a plain file, {every}")
        page.goto(f"{home}#/R{number}")
        ours = _sought(page, f"the studio, {every}", 200)
        page.close()
        rows += [plain.row(plain), ours.row(plain)]
    return rows


def _listing(context: BrowserContext, home: str) -> list[Times]:
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())
    place = urlsplit(home)
    headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)

    def page(after: str) -> tuple[float, str | None]:
        begun = time.perf_counter()
        query = f"?after={after}" if after else ""
        connection.request("GET", f"/api/recordings/R{CROWDED}/tags{query}", headers=headers)
        told = json.loads(connection.getresponse().read())
        return 1000 * (time.perf_counter() - begun), told["after"]

    begins = [""]
    while (following := page(begins[-1])[1]) is not None:
        begins.append(following)
    full = begins[:-1]  # the last one holds nothing when the pages before it are full
    wanted = {"first": full[0], "middle": full[len(full) // 2], "last": full[-1]}
    return [
        Times(f"{name} page", [page(after)[0] for _ in range(_READINGS)], 100)
        for name, after in wanted.items()
    ]


def _rows(times: list[Times]) -> list[list[str]]:
    return [one.row() for one in times]


def measured(media: Path, table: Callable[[list[str], list[list[str]]], str]) -> list[str]:
    """Sections of the results."""
    root = stocked(media)
    with sync_playwright() as playwright, _serving("bench.stocked", root) as link:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        context = browser.new_context(viewport=_VIEWPORT, locale="en-GB")
        page = context.new_page()
        page.goto(link)
        home = page.url
        load = os.getloadavg()[0]
        parts = [
            "## Studio",
            f"Chromium {browser.version}, which has no graphics card and decodes on the "
            f"processor. Load of the machine before: {load:.1f}. A recording of 90 min, "
            f"1920x1080 at 5 Mbit/s, with thumbnails, waveform and {TAGS[WORKED_ON]:,} tags, all "
            "with notes. Opened in a new tab at its address, then tagged by keys while it plays.",
            table(HEAD, _rows(_opening(context, home) + _tagging(context, home))),
            f"From setting the time to the picture of that frame, at {_SEEKS} places. The ratio "
            "is to the same file served by a few lines of Python from plain disk. With a keyframe "
            f"every {max(GROUPS.values()) // RATE} s up to {max(GROUPS.values()) - 1} pictures "
            "have to be decoded before the one that is wanted.",
            table(HEAD, _seeking(context, home, media)),
            f"Pages of {TAGS[CROWDED]:,} tags as the page reads them, all with notes.",
            table(HEAD, _rows(_listing(context, home))),
        ]
        browser.close()
    return parts


def main() -> None:
    """Measure and print."""
    from bench.__main__ import MEDIA, table

    print("\n\n".join(measured(MEDIA, table)))


if __name__ == "__main__":
    main()
