"""The report as one page that opens in any browser: no script, nothing fetched."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import jinja2
from markupsafe import Markup

from mbtg_video.rating.report.content import Report
from mbtg_video.rating.report.document import Plot
from mbtg_video.rating.report.drawing import NAMED
from mbtg_video.rating.report.sections import document, title
from mbtg_video.rating.report.wording import Voice

_FONTS: Final = "'DejaVu Sans', Verdana, sans-serif"
"""Verdana is as wide as the font that the drawings were laid out with; others are narrower."""


def _drawn(plot: Plot) -> Markup:
    """The drawing in the page's own colours, so that it can be read in the dark too."""
    svg = plot.svg.replace("'DejaVu Sans'", _FONTS)
    for colour, name in NAMED.items():
        svg = svg.replace(colour, f"var(--{name})")
    # Our own drawing library wrote it, and it escapes every text.
    return Markup(svg)  # noqa: S704


def write_html(report: Report) -> bytes:
    """The page; the same report gives the same bytes."""
    template = files("mbtg_video.rating.report") / "report.html"
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.from_string(template.read_text(encoding="utf-8"))
    voice = Voice(report.language)
    return page.render(
        blocks=document(report),
        drawn=_drawn,
        language=report.language.value,
        title=title(report),
        limit=voice.word("limit"),
        signs={"plain": "", "lead": "", "small": "", "warning": "\N{WARNING SIGN} "},
    ).encode()
