"""A recording's page as its user sees it."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.chromium import number_on_screen


class Room:
    """What a person does with a recording, and what is on the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frame_text = page.locator("output.frame")

    def wait_until_shown(self) -> None:
        """Until a frame is on show."""
        # A copy may have to be made first, of what no browser plays.
        shown = re.compile(r"\d+")
        expect(self.frame_text).to_have_attribute("data-frame", shown, timeout=60_000)

    def expect_frame(self, frame: int) -> None:
        expect(self.frame_text).to_have_attribute("data-frame", str(frame))

    @property
    def frame(self) -> int:
        """The frame that the page states."""
        return int(self.frame_text.get_attribute("data-frame") or -1)

    @property
    def time_us(self) -> int:
        return int(self.frame_text.get_attribute("data-time") or -1)

    @property
    def number(self) -> int | None:
        """The number in the picture."""
        return number_on_screen(self.page)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go_to(self, text: str) -> None:
        """Type a time or frame where the page asks for one."""
        dialogs = self.page.locator("dialog")
        expect(dialogs).to_have_count(0)
        self.press("g")
        expect(dialogs).to_have_count(1)
        self.page.keyboard.type(text)
        self.press("Enter")
        expect(dialogs).to_have_count(0)

    def expect_saved(self) -> None:
        """All that was done is answered for."""
        expect(self.page.locator("#saved")).not_to_have_attribute("data-state", "saving")

    def drawn(self) -> None:
        """What has changed is drawn: lists and the time line are, once a frame."""
        self.page.evaluate("() => new Promise(requestAnimationFrame)")

    def row(self, tag: str) -> Locator:
        return self.page.locator(f".tag[data-id={tag}]")

    def read(self, script: str, *arguments: Any) -> Any:
        return self.page.evaluate(script, *arguments)
