"""Boxes of a fragmented MP4 (ISO/IEC 14496-12), written field by field.

A muxer chooses its own decode times, durations and fragment borders. Here each is the exact
one that the page needs, so they are written by hand; what describes the codec is copied.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from mbtg_video.errors import MediaError

_IDENTITY: Final = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_KEY: Final = 0x02000000
_NOT_KEY: Final = 0x01010000
_LONGEST_HEAD: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """One coded picture or piece of sound; times count in its track's own unit."""

    data: bytes
    duration: int
    offset: int  # from decode time to presentation time, never negative
    key: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Samples of one track that stand together in a fragment."""

    track: int
    samples: Sequence[Sample]


@dataclass(frozen=True, slots=True)
class Track:
    """What the head says of one track; `delay` is the media time of presentation time zero."""

    number: int
    timescale: int
    delay: int
    is_video: bool
    header: bytes  # a whole tkhd box of the source: size of the picture and its display matrix
    descriptions: bytes  # a whole stsd box of the source


def box(kind: bytes, *contents: bytes) -> bytes:
    """A box of this kind around its contents."""
    size = 8 + sum(map(len, contents))
    return b"".join((struct.pack(">I4s", size, kind), *contents))


def _full(kind: bytes, version: int, flags: int, *contents: bytes) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *contents)


def _walk(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each box that stands in `data`."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if not 8 <= size <= len(data) - at:
            raise MediaError("the excerpt's table of contents is damaged; cut the excerpt again")
        yield kind, data[at + 8 : at + size]
        at += size


def _child(data: bytes, *path: bytes) -> bytes:
    for kind in path:
        found = next((content for name, content in _walk(data) if name == kind), None)
        if found is None:
            raise MediaError("the excerpt is no complete MP4; cut the excerpt again")
        data = found
    return data


def read_descriptions(file: BinaryIO) -> dict[int, tuple[bytes, bytes]]:
    """Track header and sample descriptions of each track of a flat MP4, as whole boxes."""
    file.seek(0)
    while len(head := file.read(8)) == 8:
        size, kind = struct.unpack(">I4s", head)
        body = 8
        if size == 1:
            size = int.from_bytes(file.read(8), "big")
            body = 16
        if kind == b"moov":
            if not body <= size <= _LONGEST_HEAD:
                break
            moov = file.read(size - body)
            return dict(_described(content) for name, content in _walk(moov) if name == b"trak")
        if size < body:
            break
        file.seek(size - body, 1)
    raise MediaError("the excerpt is no complete MP4; cut the excerpt again")


def _described(trak: bytes) -> tuple[int, tuple[bytes, bytes]]:
    header = _child(trak, b"tkhd")
    descriptions = _child(trak, b"mdia", b"minf", b"stbl", b"stsd")
    long_times = header[:1] == b"\x01"
    (number,) = struct.unpack_from(">I", header, 20 if long_times else 12)
    return number, (box(b"tkhd", header), box(b"stsd", descriptions))


def _track_header(track: Track) -> bytes:
    source = track.header[8:]
    # Times of making and the old duration stay behind; the rest is layer, volume, matrix, size.
    kept = source[36:] if source[:1] == b"\x01" else source[24:]
    times = struct.pack(">IIIII", 0, 0, track.number, 0, 0)
    return _full(b"tkhd", 0, 3, times, kept)


def _trak(track: Track) -> bytes:
    handler = b"vide" if track.is_video else b"soun"
    media_header = (
        _full(b"vmhd", 0, 1, bytes(8)) if track.is_video else _full(b"smhd", 0, 0, bytes(4))
    )
    empty = bytes(4)
    return box(
        b"trak",
        _track_header(track),
        # Without it the delay of reordered pictures and of sound that starts before zero would
        # shift them; with it both MediaSource and a Blob show presentation time.
        box(b"edts", _full(b"elst", 1, 0, struct.pack(">IQqHH", 1, 0, track.delay, 1, 0))),
        box(
            b"mdia",
            _full(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, track.timescale, 0, 0x55C4, 0)),
            _full(b"hdlr", 0, 0, bytes(4), handler, bytes(13)),
            box(
                b"minf",
                media_header,
                box(b"dinf", _full(b"dref", 0, 0, struct.pack(">I", 1), _full(b"url ", 0, 1))),
                box(
                    b"stbl",
                    track.descriptions,
                    _full(b"stts", 0, 0, empty),
                    _full(b"stsc", 0, 0, empty),
                    _full(b"stsz", 0, 0, bytes(8)),
                    _full(b"stco", 0, 0, empty),
                ),
            ),
        ),
    )


def initialisation(tracks: Sequence[Track], length: int) -> bytes:
    """The head that stands before all fragments; `length` counts in the first track's unit."""
    timescale = tracks[0].timescale
    movie = struct.pack(">IIIIIH10x", 0, 0, timescale, 0, 0x10000, 0x100)
    next_number = max(track.number for track in tracks) + 1
    extends = [
        _full(b"trex", 0, 0, struct.pack(">IIIII", track.number, 1, 0, 0, _KEY)) for track in tracks
    ]
    return box(b"ftyp", b"iso6", struct.pack(">I", 512), b"iso6mp41") + box(
        b"moov",
        _full(b"mvhd", 0, 0, movie, _IDENTITY, bytes(24), struct.pack(">I", next_number)),
        *(_trak(track) for track in tracks),
        box(b"mvex", _full(b"mehd", 1, 0, struct.pack(">Q", length)), *extends),
    )


def _run_table(run: Run, data_offset: int, is_video: bool) -> bytes:
    head = struct.pack(">Ii", len(run.samples), data_offset)
    if is_video:
        rows = [
            struct.pack(">IIII", s.duration, len(s.data), _KEY if s.key else _NOT_KEY, s.offset)
            for s in run.samples
        ]
        return _full(b"trun", 0, 0xF01, head, *rows)
    rows = [struct.pack(">II", s.duration, len(s.data)) for s in run.samples]
    return _full(b"trun", 0, 0x301, head, *rows)


def _fragment_head(
    sequence: int, tracks: Sequence[Track], starts: Sequence[int], placed: list[tuple[Run, int]]
) -> bytes:
    trafs = []
    for track, start in zip(tracks, starts, strict=True):
        runs = [(run, offset) for run, offset in placed if run.track == track.number]
        if not runs:
            continue
        trafs.append(
            box(
                b"traf",
                _full(b"tfhd", 0, 0x020000, struct.pack(">I", track.number)),
                _full(b"tfdt", 1, 0, struct.pack(">Q", start)),
                *(_run_table(run, offset, track.is_video) for run, offset in runs),
            )
        )
    return box(b"moof", _full(b"mfhd", 0, 0, struct.pack(">I", sequence)), *trafs)


def fragment(
    sequence: int, tracks: Sequence[Track], starts: Sequence[int], runs: Sequence[Run]
) -> bytes:
    """One fragment of `runs`; `starts` holds the first decode time of each track."""
    lengths = [sum(len(sample.data) for sample in run.samples) for run in runs]
    # The head's own length does not depend on the offsets that it holds.
    head_bytes = len(_fragment_head(sequence, tracks, starts, [(run, 0) for run in runs]))
    offset = head_bytes + 8
    placed = []
    for run, length in zip(runs, lengths, strict=True):
        placed.append((run, offset))
        offset += length
    head = _fragment_head(sequence, tracks, starts, placed)
    samples = (sample.data for run in runs for sample in run.samples)
    return b"".join((head, struct.pack(">I4s", 8 + sum(lengths), b"mdat"), *samples))
