"""Chapters are added to a file whose pictures and sound stay as they are, byte by byte."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import pytest

from mbtg_video.errors import BadInput, MediaError
from mbtg_video.media.chapters import Chapter, with_chapters
from mbtg_video.timecode import Timecode


def chapters(*starts, title="Fokus på følelser"):
    return [Chapter(Timecode(start), title) for start in starts]


def box(kind, content=b""):
    return (8 + len(content)).to_bytes(4) + kind + content


FILE = box(b"ftyp", b"isom") + box(b"mdat", b"picture" * 999) + box(b"moov", box(b"mvhd", bytes(9)))


def written(data, *starts):
    return b"".join(with_chapters(io.BytesIO(data), chapters(*starts)))


def test_only_the_index_grows():
    made = written(FILE, 0, 1_000_001)
    media = FILE.index(b"moov") - 4
    assert made[:media] == FILE[:media]
    assert made[media + 8 :].startswith(FILE[media + 8 :])
    assert int.from_bytes(made[media : media + 4]) == len(made) - media
    assert (10_000_010).to_bytes(8) in made


def test_a_title_is_cut_between_signs():
    made = b"".join(with_chapters(io.BytesIO(FILE), chapters(0, title="ø" * 200 + "\n")))
    assert made.endswith(b"\xfe" + "ø".encode() * 127)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0\0\1moov" + (16).to_bytes(8),
        box(b"moov") + box(b"mdat"),
        box(b"moof") + box(b"moov"),
        box(b"moov", box(b"udta", box(b"meta"))),
        FILE[:-3],
        FILE + b"xx",
    ],
)
def test_a_file_that_is_laid_out_otherwise_is_refused(data):
    with pytest.raises(MediaError):
        written(data, 0)


def test_more_chapters_than_fit_are_refused():
    with pytest.raises(BadInput, match="255 chapters at most"):
        written(FILE, *range(256))


def read_chapters(path):
    with av.open(path) as file:
        return [
            (one["start"] * Fraction(one["time_base"]), one["metadata"]["title"])
            for one in file.chapters()
        ]
