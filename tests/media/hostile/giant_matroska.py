"""Matroska files that claim to be giant: depths, clocks, numbers of chapters and tags."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from tests.media.hostile.pieces import (
    ATTACHMENTS,
    CHAPTERS,
    CLUSTER,
    CUES,
    INFO,
    SEGMENT,
    TAGS,
    TRACKS,
    element,
    elements,
    matroska,
)
from tests.media.hostile.shop import DEEP, Hostile, Shop, hostile

FILES: dict[str, Hostile] = {}


def _deep_masters(identifier: bytes) -> bytes:
    body = b""
    for _ in range(DEEP):
        body = element(identifier, body)
    return body


@hostile(FILES, ".mkv")
def segments_nested_ten_thousand_deep(shop: Shop) -> bytes:
    head, body = next(elements(shop.honest("mkv_gop25")))
    return element(head, body) + _deep_masters(SEGMENT)


@hostile(FILES, ".mkv")
def tags_nested_ten_thousand_deep(shop: Shop) -> bytes:
    return matroska(
        shop.honest("mkv_gop25"), element(TAGS, element(b"\x73\x73", _deep_masters(b"\x67\xc8")))
    )


@hostile(FILES, ".mkv")
def chapters_nested_ten_thousand_deep(shop: Shop) -> bytes:
    edition = element(b"\x45\xb9", _deep_masters(b"\xb6"))
    return matroska(shop.honest("mkv_gop25"), element(CHAPTERS, edition))


def _chapters(uids: range) -> bytes:
    atoms = b"".join(
        b"\xb6\x92\x73\xc4\x84%b\x91\x81\0\x92\x81\1\x80\x83\x85\x81x" % uid.to_bytes(4, "big")
        for uid in uids
    )
    return element(CHAPTERS, element(b"\x45\xb9", atoms))


@hostile(FILES, ".mkv")
def two_hundred_thousand_chapters_backwards(shop: Shop) -> bytes:
    return matroska(shop.honest("mkv_gop25"), _chapters(range(200_000, 0, -1)))


@hostile(FILES, ".mkv")
def a_thousand_attachments(shop: Shop) -> bytes:
    attached = element(
        b"\x61\xa7",
        element(b"\x46\x6e", b"x.ttf"),
        element(b"\x46\x60", b"font/ttf"),
        element(b"\x46\x5c", b"x"),
        element(b"\x46\xae", b"\1"),
    )
    return matroska(shop.honest("mkv_gop25"), element(ATTACHMENTS, attached * 1000))


@hostile(FILES, ".mkv")
def a_hundred_thousand_tags(shop: Shop) -> bytes:
    tags = b"".join(
        b"\x67\xc8\x91\x45\xa3\x88T%07d\x44\x87\x83val" % number for number in range(100_000)
    )
    return matroska(shop.honest("mkv_gop25"), element(TAGS, element(b"\x73\x73", tags)))


@hostile(FILES, ".mkv")
def a_hundred_thousand_cues_to_nowhere(shop: Shop) -> bytes:
    cue = element(
        b"\xbb",
        element(b"\xb3", b"\0"),
        element(b"\xb7", element(b"\xf7", b"\1"), element(b"\xf1", b"\x7f" + b"\xff" * 7)),
    )
    return matroska(shop.honest("mkv_gop25"), element(CUES, cue * 100_000))


@hostile(FILES, ".mkv")
def an_index_that_leads_to_itself(shop: Shop) -> bytes:
    seek = element(
        b"\x4d\xbb", element(b"\x53\xab", b"\x11\x4d\x9b\x74"), element(b"\x53\xac", b"\0")
    )
    return matroska(shop.honest("mkv_gop25"), element(b"\x11\x4d\x9b\x74", seek * 1000))


def _info(identifier: bytes, value: bytes) -> Callable[[Shop], bytes]:
    return lambda shop: matroska(shop.honest("mkv_gop25"), info=element(identifier, value))


def _track(identifier: bytes, value: bytes) -> Callable[[Shop], bytes]:
    return lambda shop: matroska(shop.honest("mkv_gop25"), track=element(identifier, value))


def _picture(identifier: bytes, value: bytes) -> Callable[[Shop], bytes]:
    return lambda shop: matroska(
        shop.honest("mkv_gop25"), track=element(b"\xe0", element(identifier, value))
    )


def _clusters(change: Callable[[bytes], bytes]) -> Callable[[Shop], bytes]:
    return lambda shop: matroska(shop.honest("mkv_gop25"), clusters=change)


END_OF_TIME = b"\x7f" + b"\xff" * 7


for _said, _make in {
    "ticks of no length": _info(b"\x2a\xd7\xb1", b"\0"),
    "ticks of 300 years": _info(b"\x2a\xd7\xb1", END_OF_TIME),
    "a length that is no number": _info(b"\x44\x89", struct.pack(">d", float("nan"))),
    "an endless length": _info(b"\x44\x89", struct.pack(">d", float("inf"))),
    "a negative length": _info(b"\x44\x89", struct.pack(">d", -1e300)),
    "frames of a nanosecond": _track(b"\x23\xe3\x83", b"\1"),
    "frames of 300 years": _track(b"\x23\xe3\x83", END_OF_TIME),
    "a clock that runs infinitely fast": _track(b"\x23\x31\x4f", struct.pack(">d", float("inf"))),
    "a track without a number": _track(b"\xd7", b"\0"),
    "a codec that starts 300 years early": _track(b"\x56\xaa", END_OF_TIME),
    "a picture wider than numbers go": _picture(b"\xb0", b"\xff" * 8),
    "a picture shown wider than numbers go": _picture(b"\x54\xb0", b"\xff" * 8),
    "a picture cropped to less than nothing": _picture(b"\x54\xaa", b"\x7f\xff\xff\xff"),
    "pictures at the end of time": _clusters(
        lambda body: element(CLUSTER, body, element(b"\xe7", END_OF_TIME))
    ),
    "clusters of clusters": _clusters(lambda body: element(CLUSTER, _deep_masters(CLUSTER), body)),
    "a block in laces of laces": _clusters(
        lambda body: element(CLUSTER, body, element(b"\xa3", b"\x81\0\0\x86\xff" + b"\x40\0" * 300))
    ),
    "a block of a size below zero": _clusters(
        lambda body: element(CLUSTER, body, element(b"\xa3", b"\x81\0\0\x86\2\x81\x80\x80"))
    ),
}.items():
    FILES[_said] = Hostile("recording.mkv", _make)


@hostile(FILES, ".mkv")
def packed_frames_of_a_thousand_times_their_size(shop: Shop) -> bytes:
    algorithm = element(b"\x50\x34", element(b"\x42\x54", b"\0"))
    coding = element(b"\x6d\x80", element(b"\x62\x40", element(b"\x50\x33", b"\0"), algorithm))
    bomb = zlib.compress(bytes(100_000_000), 1)
    block = element(b"\xa3", b"\x81\0\0\x80", bomb)
    return matroska(
        shop.honest("mkv_gop25"),
        track=coding,
        clusters=lambda body: element(CLUSTER, body, block * 3),
    )


@hostile(FILES, ".mkv")
def elements_of_72_petabytes(shop: Shop) -> bytes:
    head, body = next(elements(shop.honest("mkv_gop25")))
    unknown = b"\1" + b"\xff" * 7
    giant = b"\1" + b"\xff" * 6 + b"\xfe"
    return (
        element(head, body) + SEGMENT + unknown + INFO + giant + TRACKS + giant + CLUSTER + unknown
    )


@hostile(FILES, ".webm")
def a_head_of_72_petabytes(_shop: Shop) -> bytes:
    return b"\x1a\x45\xdf\xa3\1" + b"\xff" * 6 + b"\xfe" + bytes(1000)
