"""The formats by name: which endings they have, and which module reads or writes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from mbtg_video.errors import BadInput
from mbtg_video.tag.exchange.content import Incoming, Outgoing, Target, Written


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name on the command line, its ending, its module, what it can do.

    What is written without tags holds the excerpts.
    """

    name: str
    suffix: str
    module: str
    title: str
    reads: bool = True
    writes: bool = True
    holds_tags: bool = True

    def reader(self) -> Callable[[bytes, Target], Incoming]:
        """What reads it."""
        read: Callable[[bytes, Target], Incoming] = self._module("read")
        return read

    def writer(self) -> Callable[[Outgoing], Written]:
        """What writes it."""
        write: Callable[[Outgoing], Written] = self._module("write")
        return write

    def _module(self, verb: str) -> Any:  # noqa: ANN401  the two above say what it is
        return getattr(import_module(f"mbtg_video.tag.exchange.{self.module}"), verb)


FORMATS: Final = {
    one.name: one
    for one in (
        Format("json", ".json", "own", "mbtg-video's own, complete"),
        Format("elan", ".eaf", "elan", "ELAN"),
        Format("webvtt", ".vtt", "webvtt_file", "WebVTT"),
        Format("srt", ".srt", "srt_file", "SubRip"),
        Format("csv", ".csv", "csv_file", "CSV"),
        Format("xlsx", ".xlsx", "xlsx_file", "Excel workbook"),
        Format("boris", ".boris", "boris", "BORIS"),
        Format("sportscode", ".xml", "sportscode", "Sportscode XML"),
        Format("losslesscut", ".llc", "losslesscut", "LosslessCut", holds_tags=False),
        Format("webannotation", ".jsonld", "webannotation", "W3C Web Annotation"),
    )
}


def format_for(path: Path, name: str | None, *, verb: str) -> Format:
    """Format by its name, or else by the ending of a file; raises `BadInput`.

    `verb` is ``reads`` or ``writes``.
    """
    able = [one for one in FORMATS.values() if getattr(one, verb)]
    for one in able:
        if one.name == name or (name is None and path.suffix.lower() == one.suffix):
            return one
    known = ", ".join(f"{one.name} ({one.suffix})" for one in able)
    raise BadInput(f"{name or path.name}: the format is not known. Known: {known}")
