"""The score sheet as a page shows it: shared by the studio, bundles and the room."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

MODULES: Final = ("sheet_words.js", "sheet.js")
STYLE: Final = "sheet.css"


def source(name: str) -> str:
    """Text of one of the sheet's files."""
    return (files("mbtg_video.rating") / "page" / name).read_text(encoding="utf-8")


def as_script() -> str:
    """The sheet's modules as one classic script, for a page opened from a folder."""
    lines = "\n".join(source(name) for name in MODULES).splitlines()
    return "\n".join(
        line.removeprefix("export ") for line in lines if not line.startswith("import ")
    )
