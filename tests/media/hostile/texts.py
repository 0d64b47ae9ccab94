"""Honest pictures with hostile texts: titles, comments, names of files."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests.media.hostile.pieces import avi, beside, box, chunk, element, listed, matroska
from tests.media.hostile.shop import Hostile, Shop

FILES: dict[str, Hostile] = {}

TEXTS = {
    "markup": b"<script>alert(1)</script><img src=x onerror=alert(1)>&amp;{{7*7}}${7*7}",
    "control characters": bytes(range(1, 32)) + b"\x7f\x1b[2J\x1b]0;x\x07",
    "no utf-8": b"\xff\xfe\xc3\x28\xed\xa0\x80\xf0\x28\x8c\xbc",
    "zeros": b"a\0b\0\0c",
    "turned letters": "\u202e\u2066\ufeff\U000e0041".encode(),
    "ten megabytes": b"x" * 10_000_000,
    "formats": b"%s%n%d{0}{}$(id)`id`;rm -rf /'\"",
}


def _mp4(text: bytes) -> Callable[[Shop], bytes]:
    data = box(b"data", struct.pack(">II", 1, 0), text)
    items = b"".join(box(kind, data) for kind in (b"\xa9nam", b"\xa9cmt", b"\xa9ART", b"covr"))
    handler = box(b"hdlr", bytes(8), b"mdir", text[:100], bytes(13))
    meta = box(b"udta", box(b"meta", bytes(4), handler, box(b"ilst", items)))
    return lambda shop: beside(shop.honest("gop25"), [b"moov"], meta)


def _mkv(text: bytes) -> Callable[[Shop], bytes]:
    return lambda shop: matroska(
        shop.honest("mkv_gop25"),
        info=element(b"\x7b\xa9", text) + element(b"\x57\x41", text),
        track=element(b"\x53\x6e", text) + element(b"\x22\xb5\x9c", text),
    )


def _avi(text: bytes) -> Callable[[Shop], bytes]:
    about = listed(b"INFO", chunk(b"INAM", text), chunk(b"ICMT", text), chunk(b"ISFT", text))
    return lambda shop: avi(shop.honest("mpeg4_avi"), added=about)


for _said, _text in TEXTS.items():
    FILES[f"an mp4 with {_said}"] = Hostile("recording.mp4", _mp4(_text))
    FILES[f"a matroska with {_said}"] = Hostile("recording.mkv", _mkv(_text))
    FILES[f"an avi with {_said}"] = Hostile("recording.avi", _avi(_text))

NAMES = {
    "markup": "<img src=x onerror=alert(1)>.mp4",
    "a line break": "line\nbreak\r\n.mp4",
    "control characters": "\x1b[2J\x07.mp4",
    "no utf-8": "\udcff\udcfe.mp4",
    "turned letters": "\u202e4pm.exe",
    "the longest name": "x" * 251 + ".mp4",
    "a protocol": "concat:a.mp4|b.mp4",
    "an option": "-i.mp4",
    "a format": "%s%n%05d{0}.mp4",
    "blanks": "   .mp4 ",
    "a pipe": "pipe:0",
}


def _named(number: int) -> Callable[[Shop], bytes]:
    # Each has a byte of its own behind the last box, so that none is a duplicate.
    return lambda shop: shop.honest("no_audio") + box(b"free", bytes(number))


for _number, (_said, _name) in enumerate(NAMES.items()):
    FILES[f"a name with {_said}"] = Hostile(_name, _named(_number))
