"""Recordings opened and probed, and cut by frame numbers."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pytest

from mbtg_video.media.cut import cut
from mbtg_video.media.medium import Footage
from mbtg_video.media.probe import Probe, open_untrusted, probe
from mbtg_video.media.receipt import Cut
from mbtg_video.timecode import Span, Timecode

REWRITTEN_AT_MOST = 64 * 1024


class MemoryTarget(io.BytesIO):
    """A target that keeps the sealed file's rule: behind its first 64 KiB it only grows."""

    discarded = False

    def write(self, data: bytes) -> int:  # type: ignore[override]
        at_end = self.tell() == len(self.getbuffer())
        assert at_end or self.tell() + len(data) <= REWRITTEN_AT_MOST
        return super().write(data)

    def reopen(self) -> BinaryIO:
        return io.BytesIO(self.getvalue())

    def discard(self) -> None:
        self.discarded = True

    def close(self) -> None:
        """A muxer that closes its file leaves the content readable."""


@dataclass(frozen=True)
class Film:
    """A probed recording, with spans given as frame indices."""

    path: Path
    facts: Probe
    footage: Footage

    @property
    def times(self) -> tuple[int, ...]:
        return self.facts.frame_times

    def time_of(self, index: int) -> int:
        """Microseconds at which a frame begins; one past the last means the end."""
        return self.times[index] if index < len(self.times) else self.facts.duration_us

    def span(self, first: int, behind: int) -> Span:
        return Span(Timecode(self.time_of(first)), Timecode(self.time_of(behind)))

    def cut(
        self, first: int, behind: int, *, keep_codec: bool = False, silent: Sequence[Span] = ()
    ) -> tuple[Cut, BinaryIO]:
        made, target = cut(
            self.footage,
            self.span(first, behind),
            MemoryTarget,
            keep_codec=keep_codec,
            silent=silent,
        )
        return made, target.reopen()


@pytest.fixture
def film(recording_file) -> Iterator[Callable[..., Film]]:
    """``film(kind)``: the recording of that kind, opened and probed."""
    files: list[BinaryIO] = []

    def provide(kind: str | Path, seconds: int = 12) -> Film:
        path = kind if isinstance(kind, Path) else recording_file(kind, seconds)
        file = open_untrusted(path)
        files.append(file)
        facts = probe(file)
        footage = Footage(
            file=file,
            container=facts.container,
            start_pts=facts.start_pts,
            frame_times=facts.frame_times,
            length_us=facts.duration_us,
            rotation=facts.rotation,
            interlaced=facts.interlaced,
            plays_in_browser=facts.plays_in_browser,
        )
        return Film(path, facts, footage)

    yield provide
    for file in files:
        file.close()
