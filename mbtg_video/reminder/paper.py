"""A reminder as a page and as a PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import jinja2
import msgspec

from mbtg_video.reminder.letter import Letter
from mbtg_video.typeset import typeset


def as_html(letter: Letter) -> bytes:
    """The letter as a page that stands alone, with nothing fetched and no script."""
    template = (files("mbtg_video.reminder") / "letter.html").read_text(encoding="utf-8")
    page = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    ).from_string(template)
    return page.render(letter=letter).encode()


def as_pdf(letter: Letter) -> bytes:
    """The letter on A4, tagged so that it can be read out; the same letter gives the same bytes."""
    template = (files("mbtg_video.reminder") / "letter.typ").read_bytes()
    return typeset(template, msgspec.to_builtins(letter), letter.on)


WRITERS: Final[Mapping[str, Callable[[Letter], bytes]]] = MappingProxyType(
    {"html": as_html, "pdf": as_pdf}
)
"""How a letter is written, by the ending of its file."""
