"""Chapters in an MP4 of ours: one box more in its index, which lies behind the media.

No packet is read or moved, and nothing but the chapters is added. The box is the one of Nero's,
which ffmpeg, VLC and mpv read: version and flags, 4 bytes of nothing, the number of chapters, then
for each its begin in 100 ns, the length of its title in bytes, and the title.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from mbtg_video.errors import BadInput, MediaError
from mbtg_video.timecode import Timecode

_BLOCK_BYTES: Final = 1 << 20
_MOST: Final = 255
_TITLE_BYTES: Final = 255
_STEPS_PER_MICROSECOND: Final = 10


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter begins at a time of its file, and ends where the next one begins."""

    start: Timecode
    title: str


def _boxes(file: BinaryIO, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, place and size of each box up to `end`; raises `MediaError`."""
    place = 0
    while place < end:
        file.seek(place)
        head = file.read(16)
        size = int.from_bytes(head[:4])
        if size == 1:
            size = int.from_bytes(head[8:16])
        if len(head) < 8 or size < 8 or place + size > end:
            raise MediaError("the excerpt's file is not laid out as expected; make it again")
        yield head[4:8], place, size
        place += size


def _box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4) + kind + content


def _title(text: str) -> bytes:
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    short = shown.encode()[:_TITLE_BYTES].decode(errors="ignore").encode()
    return len(short).to_bytes(1) + short


# What the muxer of our excerpts says of them: a list of facts with nothing in it.
_NOTHING: Final = _box(
    b"meta", bytes(4) + _box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9)) + _box(b"ilst", b"")
)


def _told(chapters: Sequence[Chapter], beside: bytes) -> bytes:
    if len(chapters) > _MOST:
        raise BadInput(f"an MP4 holds {_MOST} chapters at most, and these are {len(chapters)}")
    listed = b"".join(
        (one.start.microseconds * _STEPS_PER_MICROSECOND).to_bytes(8) + _title(one.title)
        for one in sorted(chapters, key=lambda one: one.start)
    )
    content = b"\1\0\0\0" + bytes(4) + len(chapters).to_bytes(1) + listed
    return _box(b"udta", beside + _box(b"chpl", content))


def _with(index: bytes, chapters: Sequence[Chapter]) -> bytes:
    """What an index holds, with chapters; raises `MediaError` when it tells anything already."""
    beside = b""
    for kind, place, size in list(_boxes(io.BytesIO(index), len(index))):
        if kind == b"udta":
            beside = index[place + 8 : place + size]
            index = index[:place] + index[place + size :]
            if beside != _NOTHING:
                raise MediaError("the excerpt's file says more than it should; make it again")
    return index + _told(chapters, beside)


def with_chapters(file: BinaryIO, chapters: Sequence[Chapter]) -> Iterator[bytes]:
    """The content of an MP4 whose index comes last, with chapters in it, block by block.

    Raises `BadInput` for too many of them, and `MediaError` for a file that is laid out otherwise.
    """
    end = file.seek(0, io.SEEK_END)
    boxes = list(_boxes(file, end))
    kind, place, size = boxes[-1] if boxes else (b"", 0, 0)
    if kind != b"moov" or any(one == b"moof" for one, _, _ in boxes):
        raise MediaError("the excerpt's index does not lie at the end of its file; make it again")
    file.seek(place)
    head, index = file.read(8), file.read(size - 8)
    if int.from_bytes(head[:4]) != size:
        raise MediaError("the excerpt's index is too long; make a shorter excerpt")
    longer = _box(b"moov", _with(index, chapters))
    file.seek(0)
    left = place
    while left:
        block = file.read(min(left, _BLOCK_BYTES))
        if not block:
            raise MediaError("the excerpt's file ends too early")
        left -= len(block)
        yield block
    yield longer
