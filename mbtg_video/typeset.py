"""PDFs of vectors and text, tagged so that they can be read out (PDF/UA-1)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec


def _fonts() -> Path:
    """Where the font lies that drawings are laid out with; it comes with their library."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def typeset(template: bytes, data: Mapping[str, Any], on: date) -> bytes:
    """The PDF that a Typst template makes of `data`; the same data give the same bytes.

    The template reads it with ``json(bytes(sys.inputs.data))``. Everything said is handed over
    as data and never as markup, and nothing is written to a file: the folder that the typesetter
    wants is private, stays empty and is removed.
    """
    import typst

    made_at = datetime.combine(on, time(), UTC)
    with TemporaryDirectory(prefix="mbtg-") as empty:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[os.fspath(_fonts())])
        made = typst.Compiler(root=empty, font_paths=fonts).compile(
            template,
            sys_inputs={"data": msgspec.json.encode(data).decode()},
            pdf_standards=["ua-1"],
            timestamp=int(made_at.timestamp()),
        )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one piece")
    return made
