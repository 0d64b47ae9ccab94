"""MP4 files that claim to be giant: counts, sizes, depths, durations, numbers of tracks."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests.media.hostile.pieces import beside, box, inside, with_table
from tests.media.hostile.shop import DEEP, Hostile, Shop, hostile

FILES: dict[str, Hostile] = {}

FILE_TYPE = box(b"ftyp", b"isom", bytes(4), b"isom")


TRACK = [b"moov", b"trak"]


def _nested(kinds: list[bytes]) -> bytes:
    body = b""
    for place in range(DEEP):
        body = box(kinds[place % len(kinds)], body)
    return body


@hostile(FILES, ".mp4")
def contents_nested_ten_thousand_deep(_shop: Shop) -> bytes:
    return FILE_TYPE + _nested([b"moov"])


@hostile(FILES, ".mp4")
def tracks_nested_ten_thousand_deep(shop: Shop) -> bytes:
    return beside(shop.honest("no_audio"), [b"moov"], _nested([b"trak", b"mdia", b"minf"]))


@hostile(FILES, ".mp4")
def user_data_nested_ten_thousand_deep(shop: Shop) -> bytes:
    return beside(shop.honest("no_audio"), [b"moov"], _nested([b"udta", b"trak"]))


@hostile(FILES, ".mp4")
def a_million_boxes(shop: Shop) -> bytes:
    return shop.honest("no_audio") + box(b"free") * 1_000_001


@hostile(FILES, ".mp4")
def a_million_boxes_in_the_contents(shop: Shop) -> bytes:
    return beside(shop.honest("no_audio"), [b"moov"], box(b"free") * 1_000_001)


def _samples(
    size: int, count: int, length: int = 1, one_chunk: bool = True
) -> Callable[[Shop], bytes]:
    """Tables of a few bytes that list `count` samples."""

    def make(shop: Shop) -> bytes:
        content = shop.honest("no_audio")
        content = with_table(content, b"stsz", struct.pack(">III", 0, size, count))
        content = with_table(content, b"stts", struct.pack(">IIII", 0, 1, count, length))
        if one_chunk:
            content = with_table(content, b"stsc", struct.pack(">IIIII", 0, 1, 1, count, 1))
            content = with_table(content, b"stco", struct.pack(">III", 0, 1, 48))
        content = with_table(content, b"ctts", struct.pack(">IIII", 0, 1, count, 0))
        return with_table(content, b"stss", struct.pack(">III", 0, 1, 1))

    return make


FILES["a table of 4 billion frames of a byte"] = Hostile("recording.mp4", _samples(1, 0xFFFFFFFF))


FILES["a table of 100 million frames of a byte"] = Hostile("recording.mp4", _samples(1, 10**8))


FILES["a table of 20 million frames of a byte"] = Hostile("recording.mp4", _samples(1, 20_000_000))


FILES["a table of 3 million frames of a byte"] = Hostile("recording.mp4", _samples(1, 3_000_000))


@hostile(FILES, ".mp4")
def an_edit_list_that_shows_the_film_a_hundred_thousand_times(shop: Shop) -> bytes:
    edit = struct.pack(">IIHH", 1000, 0, 1, 0)
    table = box(b"elst", struct.pack(">II", 0, 100_000) + edit * 100_000)
    return inside(shop.honest("no_audio"), [*TRACK, b"edts"], lambda _: table)


@hostile(FILES, ".mp4")
def an_edit_list_that_shows_each_frame_a_million_times(shop: Shop) -> bytes:
    edit = struct.pack(">IIHH", 40, 0, 1, 0)
    table = box(b"elst", struct.pack(">II", 0, 1_000_000) + edit * 1_000_000)
    return inside(shop.honest("no_audio"), [*TRACK, b"edts"], lambda _: table)


def _fragment(count: int) -> Callable[[Shop], bytes]:
    def change(body: bytes) -> bytes:
        return body[:4] + struct.pack(">I", count) + body[8:]

    return lambda shop: inside(shop.honest("fragmented"), [b"moof", b"traf", b"trun"], change)


def _fragments(count: int, times: int) -> Callable[[Shop], bytes]:
    """Fragments whose samples all have the size that the header gives: no byte for each."""

    def make(shop: Shop) -> bytes:
        run = box(b"trun", bytes(4), struct.pack(">I", count))
        head = box(b"tfhd", struct.pack(">IIII", 0x020018, 1, 1, 1))
        decoded = box(b"tfdt", struct.pack(">II", 0, 1))
        part = box(b"moof", box(b"mfhd", bytes(8)), box(b"traf", head, decoded, run))
        return shop.honest("fragmented") + part * times

    return make


FILES["a fragment of 4 billion frames"] = Hostile("recording.mp4", _fragment(0xFFFFFFFF))


FILES["a fragment of 60 million frames without a byte"] = Hostile(
    "recording.mp4", _fragments(60_000_000, 1)
)


FILES["eighty fragments of a million frames"] = Hostile("recording.mp4", _fragments(1_000_000, 80))


FILES["a thousand fragments of nothing"] = Hostile("recording.mp4", _fragments(0, 1000))


def _header(kind: bytes, path: list[bytes], offset: int, value: bytes) -> Callable[[Shop], bytes]:
    def change(body: bytes) -> bytes:
        return body[:offset] + value + body[offset + len(value) :]

    return lambda shop: inside(shop.honest("no_audio"), [*path, kind], change)


MEDIA, TABLE = [*TRACK, b"mdia"], [*TRACK, b"mdia", b"minf", b"stbl"]


HUGE, LARGE = b"\xff" * 4, b"\x7f\xff\xff\xff"


for _said, _make in {
    "a clock of no ticks": _header(b"mdhd", MEDIA, 12, bytes(4)),
    "a clock of 4 billion ticks": _header(b"mdhd", MEDIA, 12, HUGE),
    "a clock of one tick": _header(b"mdhd", MEDIA, 12, b"\0\0\0\1"),
    "a track of 4 billion ticks": _header(b"mdhd", MEDIA, 16, HUGE),
    "a movie of no clock": _header(b"mvhd", [b"moov"], 12, bytes(8)),
    "a movie of 4 billion ticks": _header(b"mvhd", [b"moov"], 12, b"\0\0\0\1" + HUGE),
    "a track as wide as 65535": _header(b"tkhd", TRACK, 76, HUGE * 2),
    "a picture as wide as 65535": _header(b"stsd", TABLE, 40, HUGE),
    "4 billion descriptions": _header(b"stsd", TABLE, 4, HUGE),
    "a description of 4 billion bytes": _header(b"stsd", TABLE, 8, HUGE),
    "a description smaller than itself": _header(b"stsd", TABLE, 8, b"\0\0\0\1"),
    "steps of time backwards": _header(b"stts", TABLE, 12, b"\xff\xff\xff\xf0"),
    "one step of time of years": _header(b"stts", TABLE, 8, b"\0\0\0\1" + LARGE),
    "no steps of time": _header(b"stts", TABLE, 8, bytes(8)),
    "4 billion frames in a step of time": _header(b"stts", TABLE, 8, HUGE + bytes(4)),
    "a picture that is shown years later": _header(b"ctts", TABLE, 12, LARGE),
    "a picture that was shown years ago": _header(b"ctts", TABLE, 12, b"\x80\0\0\0"),
    "an edit of years": _header(b"elst", [*TRACK, b"edts"], 8, LARGE),
    "an edit at the end of time": _header(b"elst", [*TRACK, b"edts"], 12, LARGE),
    "an edit at a rate of nothing": _header(b"elst", [*TRACK, b"edts"], 16, bytes(4)),
    "chunks that start with the contents": _header(b"stco", TABLE, 8, bytes(4)),
    "chunks behind the end": _header(b"stco", TABLE, 8, HUGE),
    "chunks with 4 billion frames": _header(b"stsc", TABLE, 12, HUGE),
    "chunks that begin with none": _header(b"stsc", TABLE, 8, bytes(4)),
    "frames of 4 billion bytes": _header(b"stsz", TABLE, 4, HUGE),
    "a frame of no bytes": _header(b"stsz", TABLE, 12, bytes(4)),
    "a keyframe that is not there": _header(b"stss", TABLE, 8, HUGE),
}.items():
    FILES[_said] = Hostile("recording.mp4", _make)


@hostile(FILES, ".mp4")
def places_of_sixty_three_bits(shop: Shop) -> bytes:
    wide = struct.pack(">IIQ", 0, 1, (1 << 63) - 1)
    return with_table(shop.honest("no_audio"), b"stco", wide, named=b"co64")


@hostile(FILES, ".mp4")
def a_media_box_of_minus_one(shop: Shop) -> bytes:
    content = bytearray(shop.honest("no_audio"))
    place = content.index(b"mdat") - 4
    content[place : place + 16] = struct.pack(">I4sq", 1, b"mdat", -1)
    return bytes(content)


@hostile(FILES, ".mp4")
def boxes_that_end_before_they_begin(shop: Shop) -> bytes:
    return FILE_TYPE + struct.pack(">I4sQ", 1, b"free", 3) + shop.honest("no_audio")


def _with_tracks(content: bytes, more: int) -> bytes:
    """`content` with its first track once more, and again."""
    moov = content[content.rindex(b"moov") + 4 :]
    track = moov[moov.index(b"trak") - 4 :]
    track = track[: int.from_bytes(track[:4], "big")]
    return beside(content, [b"moov"], track * more)


@hostile(FILES, ".mp4")
def a_thousand_tracks(shop: Shop) -> bytes:
    return _with_tracks(shop.honest("no_audio"), 1000)


@hostile(FILES, ".mp4")
def four_tables_of_20_million_frames_of_a_byte(shop: Shop) -> bytes:
    return _with_tracks(_samples(1, 20_000_000)(shop).replace(b"edts", b"free"), 3)


@hostile(FILES, ".mov")
def a_hundred_thousand_references_between_tracks(shop: Shop) -> bytes:
    named = struct.pack(">I", 1) * 100_000
    kinds = (b"chap", b"tmcd", b"hint", b"sync")
    return beside(shop.honest("pcm_mov"), TRACK, box(b"tref", *(box(k, named) for k in kinds)))


@hostile(FILES, ".mp4")
def a_track_whose_chapters_are_itself(shop: Shop) -> bytes:
    return beside(shop.honest("no_audio"), TRACK, box(b"tref", box(b"chap", b"\0\0\0\1")))


@hostile(FILES, ".mp4")
def two_contents_of_the_same_tracks(shop: Shop) -> bytes:
    content = shop.honest("no_audio")
    return content + content[content.rindex(b"moov") - 4 :] * 50


@hostile(FILES, ".mp4")
def ten_thousand_titles(shop: Shop) -> bytes:
    items = b"".join(
        box(
            b"----",
            box(b"mean", bytes(4), b"com.apple.iTunes"),
            box(b"name", bytes(4), b"title%d" % number),
            box(b"data", struct.pack(">II", 1, 0), b"x"),
        )
        for number in range(10_000)
    )
    handler = box(b"hdlr", bytes(8), b"mdir", bytes(13))
    meta = box(b"udta", box(b"meta", bytes(4), handler, box(b"ilst", items)))
    return beside(shop.honest("no_audio"), [b"moov"], meta)
