"""The content of a gathering: one line a tag or cue, kept column by column."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from functools import lru_cache
from typing import Final

import msgspec


def folded(text: str) -> str:
    """The text as it is compared: in lower case, composed, with single blanks."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return unicodedata.normalize("NFC", " ".join(composed.split()))


@lru_cache(maxsize=4096)
def code(text: str | None) -> str:
    """A person's code, folded; nothing for nobody."""
    return folded(text or "")


def together(*texts: str | None) -> str:
    """Several texts as one folded text, in which no phrase reaches from one to the next."""
    return "\n".join(folded(text) for text in texts if text)


class Stamp(msgspec.Struct, frozen=True, array_like=True):
    """What many tags have in common."""

    scale: str | None = None
    item: int | None = None
    author: str | None = None
    valence: str | None = None


PLAIN: Final = Stamp()
"""What cues have in common: nothing."""


class Lines(msgspec.Struct):
    """Lines in order of time; `stamp` holds places in `stamps`, times are microseconds."""

    ids: list[int]
    revisions: list[int]
    starts: list[int]
    stamp: list[int]
    texts: list[str]
    stamps: list[Stamp]

    @property
    def standing(self) -> tuple[int, int, int]:
        """Count, highest id and sum of revisions."""
        return len(self.ids), max(self.ids, default=0), sum(self.revisions)

    def only(self, places: Collection[int]) -> Lines:
        """The lines at these places, in their order."""
        return Lines(
            [self.ids[place] for place in places],
            [self.revisions[place] for place in places],
            [self.starts[place] for place in places],
            [self.stamp[place] for place in places],
            [self.texts[place] for place in places],
            self.stamps,
        )

    def written(self) -> str:
        """As one text; undone by `read`."""
        return _encoder.encode(self).decode()


def read(text: str) -> Lines | None:
    """Undo `Lines.written`; None for what another version of the program wrote otherwise."""
    try:
        return _decoder.decode(text)
    except msgspec.DecodeError:
        return None


_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(Lines)
