"""The real browser that the tests drive: one that is here already, else one that is fetched.

``python -m tests.browser`` sees to it that there is one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Error, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0

ARGUMENTS = [
    "--autoplay-policy=no-user-gesture-required",
    # Root has no sandbox to give: a container's tests run as root.
    *(["--no-sandbox"] if _IS_ROOT else []),
]
"""What every test starts the browser with."""


def _run(*command: str) -> bool:
    return subprocess.run(command, check=False).returncode == 0


def executable() -> str | None:
    """Path of a Chromium: ``$CHROMIUM`` or an installed one; None for playwright's own download."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in _NAMES if (path := shutil.which(name))), None)


def _works() -> bool:
    """Whether the browser starts and plays what the tests play: H.264 and AAC."""
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
            plays = browser.new_page().evaluate(
                """() => MediaSource.isTypeSupported('video/mp4; codecs="avc1.64001f,mp4a.40.2"')"""
            )
            browser.close()
    except Error:
        return False
    return bool(plays)


def main() -> int:
    """Install a browser unless a working one is there."""
    if _works():
        return 0
    with_system = ["--with-deps"] if _IS_ROOT else []
    _run(sys.executable, "-m", "playwright", "install", *with_system, "chromium")
    if _works():
        return 0
    if _IS_ROOT and shutil.which("apt-get"):
        _run("apt-get", "update")
        _run("apt-get", "install", "--yes", "--no-install-recommends", "chromium")
        if _works():
            return 0
    print("No Chromium that plays H.264 was found: install one and name it in $CHROMIUM.")  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
