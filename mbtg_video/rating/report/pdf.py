"""The report as a PDF of vectors and text, tagged so that it can be read out."""

from __future__ import annotations

from importlib.resources import files

import msgspec

from mbtg_video.rating.report.content import Report
from mbtg_video.rating.report.sections import document, title
from mbtg_video.typeset import typeset


def write_pdf(report: Report) -> bytes:
    """The PDF; the same report gives the same bytes."""
    data = {
        "language": report.language.value,
        "title": title(report),
        "blocks": [msgspec.to_builtins(block) for block in document(report)],
    }
    template = (files("mbtg_video.rating.report") / "report.typ").read_bytes()
    return typeset(template, data, report.on)
