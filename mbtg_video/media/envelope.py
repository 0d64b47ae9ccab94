"""What a file's outermost structure tells: its container, and whether all of it is there.

Only sizes and types of the outer boxes are read, by plain arithmetic, before any demuxer
sees the file: a demuxer plays half a file without complaint, and follows what it refers to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from mbtg_video.errors import UnsafeMedia
from mbtg_video.media.transport import HEAD_BYTES, TAIL_BYTES, ends_whole, packet_size

_MOST_BOXES: Final = 1_000_000
_LARGEST_CONTENTS_BYTES: Final = 256 * 1024 * 1024
"""Of an MP4's table of contents; one of twelve hours at 60 frames a second takes 100 MB."""

_DEEPEST: Final = 8
"""Boxes inside each other; a track's tables lie five deep."""
_MOST_EDITS: Final = 1000
"""Each edit shows a stretch of the film, and all of them together may show it over and over."""

_MP4_FIRST: Final = frozenset({b"ftyp", b"moov", b"wide", b"mdat", b"free", b"skip", b"pnot"})
_MP4_NESTING: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"edts"})
# Bytes of one entry of each table that an MP4's contents list.
_MP4_TABLES: Final = {
    b"stts": 8,
    b"ctts": 8,
    b"stsc": 12,
    b"stss": 4,
    b"stco": 4,
    b"co64": 8,
    b"elst": 12,
}
_SELF_CONTAINED: Final = 1
_EBML: Final = 0x1A45DFA3
_SEGMENT: Final = 0x18538067
_DESCRIPTIONS: Final = frozenset({0x1254C367, 0x1043A770})
"""Tags and chapters: what compares each of them with all others takes minutes for a megabyte."""
_LARGEST_DESCRIPTIONS_BYTES: Final = 128 * 1024

# Camcorders split a long recording into files of 2 or 4 GB, in the middle of a frame.
_SPLIT_BYTES: Final = 1_900_000_000

_HALF: Final = (
    "Only a part of the file is there: the copy was interrupted, or the camera could not finish "
    "it. Copy it from the camera again."
)
_OVERSTATED: Final = (
    "The file is damaged: it claims to hold more than it does. Copy it from the camera again."
)
_REFERS: Final = (
    "The file refers to other files for its picture or sound. Export it as a self-contained MP4 "
    "in the program that made it."
)
_MISLEADING: Final = (
    "The file's table of contents is built like no camera's. If it plays elsewhere, export it "
    "there as MP4 (H.264)."
)
_UNKNOWN: Final = (
    "This is no recording that can be read here: mp4, mov, mkv, webm, avi, mts and m2ts are. "
    "Choose the file that the camera wrote, or export it as MP4."
)
_PLAYLIST: Final = (
    "This is a playlist: text that only names other files. Choose the recording itself."
)
_PLAYLIST_WORDS: Final = (b"#extm3u", b"ffconcat", b"<mpd", b"v=0", b"[playlist]", b"<smil")


def container_of(file: BinaryIO) -> str:
    """Name of the demuxer for `file`, told by its first bytes alone; raises `UnsafeMedia`."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head[4:8] in _MP4_FIRST:
        return "mp4"
    if int.from_bytes(head[:4], "big") == _EBML:
        return "matroska"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    if packet_size(head):
        return "mpegts"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if any(start.startswith(word) or word in start[:512] for word in _PLAYLIST_WORDS):
        raise UnsafeMedia(_PLAYLIST)
    raise UnsafeMedia(_UNKNOWN)


def check_whole(file: BinaryIO, container: str) -> None:
    """Raise `UnsafeMedia` when a part of `file` is missing or lies in another file."""
    file.seek(0, 2)
    size = file.tell()
    {"mp4": _check_mp4, "matroska": _check_matroska, "avi": _check_avi, "mpegts": _check_ts}[
        container
    ](file, size)


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, first and last byte of the content of each box between `start` and `end`."""
    place = start
    for _ in range(_MOST_BOXES):
        if end - place < 8:
            return
        file.seek(place)
        header = file.read(16)
        size, kind, content = int.from_bytes(header[:4], "big"), header[4:8], place + 8
        if size == 0 and kind == b"\0\0\0\0":
            return  # zeros behind the last box
        if size == 1:
            size, content = int.from_bytes(header[8:16], "big"), place + 16
        elif size == 0:
            size = end - place
        if place + size < content or place + size > end:
            if not kind.isalnum():
                return  # no box: some cameras append data of their own
            raise UnsafeMedia(_HALF)
        yield kind, content, place + size
        place += size
    raise UnsafeMedia(_UNKNOWN)


def _check_mp4(file: BinaryIO, size: int) -> None:
    contents = [(start, end) for kind, start, end in _boxes(file, 0, size) if kind == b"moov"]
    if not contents:
        raise UnsafeMedia(_HALF)
    for start, end in contents:
        if end - start > _LARGEST_CONTENTS_BYTES:
            raise UnsafeMedia(_UNKNOWN)
        _check_contents(file, start, end)


def _check_contents(file: BinaryIO, start: int, end: int, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise UnsafeMedia(_MISLEADING)
    for kind, inner, inner_end in _boxes(file, start, end):
        if kind in (b"rmra", b"cmov"):  # a movie made of other movies; one packed out of sight
            raise UnsafeMedia(_REFERS)
        if kind in _MP4_NESTING:
            _check_contents(file, inner, inner_end, depth + 1)
        elif kind == b"dref":
            _check_references(file, inner, inner_end)
        elif kind == b"stsz":
            one_size, count = _numbers(file, inner + 4)
            _check_table(inner_end - inner - 12, 0 if one_size else 4, count)
        elif kind in _MP4_TABLES:
            count, _ = _numbers(file, inner + 4)
            _check_table(inner_end - inner - 8, _MP4_TABLES[kind], count)
            if kind == b"elst" and count > _MOST_EDITS:
                raise UnsafeMedia(_MISLEADING)


def _numbers(file: BinaryIO, place: int) -> tuple[int, int]:
    file.seek(place)
    pair = file.read(8)
    return int.from_bytes(pair[:4], "big"), int.from_bytes(pair[4:], "big")


def _check_table(available: int, entry: int, count: int) -> None:
    if entry * count > available:
        raise UnsafeMedia(_OVERSTATED)


def _check_references(file: BinaryIO, start: int, end: int) -> None:
    for _, entry, _ in _boxes(file, start + 8, end):
        flags, _ = _numbers(file, entry)
        if not flags & _SELF_CONTAINED:
            raise UnsafeMedia(_REFERS)


def _element(file: BinaryIO, place: int) -> tuple[int, int, int | None]:
    """Identifier, first byte of the content and its size (None: not declared) of an element."""
    file.seek(place)
    header = file.read(12)
    if len(header) < 2 or not header[0]:
        raise UnsafeMedia(_HALF)
    id_bytes = 9 - header[0].bit_length()
    if len(header) <= id_bytes or not header[id_bytes]:
        raise UnsafeMedia(_HALF)
    size_bytes = 9 - header[id_bytes].bit_length()
    coded = int.from_bytes(header[id_bytes : id_bytes + size_bytes], "big")
    largest = (1 << 7 * size_bytes) - 1
    declared = coded & largest
    return (
        int.from_bytes(header[:id_bytes], "big"),
        place + id_bytes + size_bytes,
        None if declared == largest else declared,
    )


def _check_matroska(file: BinaryIO, size: int) -> None:
    place = 0
    while place < size:
        kind, content, length = _element(file, place)
        if length is None:  # written as it was recorded: no length was known
            if kind == _SEGMENT:
                _check_descriptions(file, content, size)
            return
        if content + length > size:
            raise UnsafeMedia(_HALF)
        if kind == _SEGMENT:
            _check_descriptions(file, content, content + length)
            return
        place = content + length
    raise UnsafeMedia(_HALF)


def _check_descriptions(file: BinaryIO, place: int, end: int) -> None:
    described = 0
    for _ in range(_MOST_BOXES):
        if place >= end:
            return
        try:
            kind, content, length = _element(file, place)
        except UnsafeMedia:
            return  # damage among the pictures, behind which the demuxer finds the next ones
        if length is None:
            return
        if kind in _DESCRIPTIONS:
            described += length
        if described > _LARGEST_DESCRIPTIONS_BYTES:
            raise UnsafeMedia(_MISLEADING)
        place = content + length


def _check_avi(file: BinaryIO, size: int) -> None:
    place = 0
    while size - place >= 12:
        file.seek(place)
        header = file.read(12)
        if header[:4] != b"RIFF":
            return  # whatever lies behind the last part is not read
        length = int.from_bytes(header[4:8], "little")
        if length == 0 or place + 8 + length > size:
            raise UnsafeMedia(_HALF)
        place += 8 + length + length % 2


def _check_ts(file: BinaryIO, size: int) -> None:
    file.seek(0)
    packet = packet_size(file.read(HEAD_BYTES))
    if size % packet:
        raise UnsafeMedia(_HALF)
    if size >= _SPLIT_BYTES:
        return
    file.seek(max(0, size - TAIL_BYTES // packet * packet))
    if not ends_whole(file.read(), packet):
        raise UnsafeMedia(_HALF)
