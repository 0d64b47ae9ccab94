"""The report as a PDF of vectors and text, tagged so that it can be read out (PDF/UA-1)."""

from __future__ import annotations

import os
from datetime import UTC, datetime, time
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from mbtg_video.rating.report.content import Report
from mbtg_video.rating.report.sections import document, title


def _fonts() -> Path:
    """Where the font lies that the drawings were laid out with; it comes with their library."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def write_pdf(report: Report) -> bytes:
    """The PDF; the same report gives the same bytes.

    Everything said is handed over as data and never as markup, and nothing is written to a
    file: the folder that the typesetter wants is private, stays empty and is removed.
    """
    import typst

    data = {
        "language": report.language.value,
        "title": title(report),
        "blocks": [msgspec.to_builtins(block) for block in document(report)],
    }
    template = (files("mbtg_video.rating.report") / "report.typ").read_bytes()
    made_at = datetime.combine(report.on, time(), UTC)
    with TemporaryDirectory(prefix="mbtg-") as empty:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[os.fspath(_fonts())])
        made = typst.Compiler(root=empty, font_paths=fonts).compile(
            template,
            sys_inputs={"report": msgspec.json.encode(data).decode()},
            pdf_standards=["ua-1"],
            timestamp=int(made_at.timestamp()),
        )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one piece")
    return made
