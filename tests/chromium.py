"""Fixtures of the real browser, and reading numbered frames off its screen."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

import numpy as np
import pytest
from playwright.sync_api import (
    APIResponse,
    Browser,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)

from mbtg_video.media import barcode
from tests.browser import ARGUMENTS, executable

# A busy machine takes its time; what never comes is told all the same.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)

# Rows of the picture as a person sees it, so small that handing them over takes no time.
_READ_TOP = """video => {
  const [width, height] = [video.videoWidth, video.videoHeight];
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0);
  const pixels = context.getImageData(0, 0, width, height).data;
  const gray = new Uint8Array(width * height);
  for (let i = 0; i < gray.length; i += 1) gray[i] = pixels[4 * i + 1];
  let text = "";
  for (let i = 0; i < gray.length; i += 4096) {
    text += String.fromCharCode(...gray.subarray(i, i + 4096));
  }
  return [width, height, btoa(text)];
}"""


def number_on_screen(page: Page, selector: str = "video") -> int | None:
    """The number of the frame that a video element shows."""
    import base64

    width, height, text = page.eval_on_selector(selector, _READ_TOP)
    gray = np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width)
    return barcode.read(gray)


class Held:
    """Requests that match are held; each goes on, or its answer arrives, when it is told to.

    Every one must have been told before its page closes: what waits for it would go on waiting.
    """

    def __init__(self, page: Page, pattern: str, *, answered: bool = False) -> None:
        self.page = page
        self.answered = answered
        self.open = False
        self.routes: list[tuple[Route, APIResponse | None]] = []
        page.route(pattern, self._hold)

    def _hold(self, route: Route) -> None:
        if self.open:
            route.continue_()
        else:
            self.routes.append((route, route.fetch() if self.answered else None))

    def wait(self) -> None:
        until = monotonic() + PATIENCE_MS / 1000
        while not self.routes:
            assert monotonic() < until, "no such request came"
            self.page.evaluate("() => new Promise(requestAnimationFrame)")

    def let_go(self) -> None:
        self.open = True
        for route, answer in self.routes:
            if answer is None:
                route.continue_()
            else:
                route.fulfill(response=answer)

    def fail(self) -> None:
        self.wait()
        self.open = True
        for route, _ in self.routes:
            route.fulfill(status=500, body="the program made a mistake")

    def drop(self) -> None:
        """As if the connection had been cut."""
        self.wait()  # one that comes late would go through
        self.open = True
        for route, _ in self.routes:
            route.abort()


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(_playwright: Playwright) -> Iterator[Browser]:
    """One browser a session."""
    browser = _playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page at 1280x720 whose script must not fail."""
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, locale="nb-NO")
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    context.close()
    assert not failures, failures
