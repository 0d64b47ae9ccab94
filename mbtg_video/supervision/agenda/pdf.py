"""The agenda as a PDF on A4, tagged so that it can be read out."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import msgspec

from mbtg_video.supervision.agenda.content import Agenda, agenda_word
from mbtg_video.typeset import typeset

_WORDS: Final = (
    "duties", "characters", "focus", "notes", "item", "barred", "judged", "private", "nothing",
)  # fmt: skip


def write_pdf(agenda: Agenda) -> bytes:
    """The PDF; the same agenda gives the same bytes."""
    data = msgspec.to_builtins(agenda) | {
        "words": {key: agenda_word(key, agenda.language) for key in _WORDS}
    }
    del data["warnings"]
    template = (files("mbtg_video.supervision.agenda") / "agenda.typ").read_bytes()
    return typeset(template, data, agenda.on)
