"""The real browser that the tests drive: one that is here already, else one that is fetched.

``python -m tests.browser`` sees to it that there is one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

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


def _downloaded() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def executable() -> str | None:
    """Path of a Chromium: ``$CHROMIUM``, an installed one, or playwright's own download."""
    if named := os.environ.get("CHROMIUM"):
        return named
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    return found or _downloaded()


def _works(path: str | None) -> bool:
    """Whether it starts and plays what the tests play: H.264 and AAC."""
    if path is None:
        return False
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            plays = browser.new_page().evaluate(
                """() => MediaSource.isTypeSupported('video/mp4; codecs="avc1.64001f,mp4a.40.2"')"""
            )
            browser.close()
    except Error:
        return False
    return bool(plays)


def main() -> int:
    """Install a browser unless a working one is there."""
    if _works(executable()):
        return 0
    with_system = ["--with-deps"] if _IS_ROOT else []
    _run(sys.executable, "-m", "playwright", "install", *with_system, "chromium")
    if _works(executable()):
        return 0
    if _IS_ROOT and shutil.which("apt-get"):
        _run("apt-get", "update")
        _run("apt-get", "install", "--yes", "--no-install-recommends", "chromium")
        if _works(executable()):
            return 0
    print("No Chromium that plays H.264 was found: install one and name it in $CHROMIUM.")  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
