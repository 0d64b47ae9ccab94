"""AVI and transport streams that claim to be giant, and pictures that are."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import av
import numpy as np

from tests.media.hostile.pieces import avi, chunk, listed, packet
from tests.media.hostile.shop import DEEP, Hostile, Shop, hostile

FILES: dict[str, Hostile] = {}


@hostile(FILES, ".avi")
def lists_nested_ten_thousand_deep(shop: Shop) -> bytes:
    body = b""
    for _ in range(DEEP):
        body = listed(b"strl", body)
    return avi(shop.honest("mpeg4_avi"), body)


@hostile(FILES, ".avi")
def ten_thousand_kinds_of_comments(shop: Shop) -> bytes:
    comments = b"".join(chunk(b"%04X" % number, b"x") for number in range(10_000))
    return avi(shop.honest("mpeg4_avi"), added=listed(b"INFO", comments))


def _stream(change: dict[int, int]) -> Callable[[Shop], bytes]:
    """An AVI with numbers of its first stream's header changed, by their offset."""

    def make(shop: Shop) -> bytes:
        content = bytearray(shop.honest("mpeg4_avi"))
        start = content.index(b"strh") + 8
        for offset, value in change.items():
            struct.pack_into("<I", content, start + offset, value)
        return bytes(content)

    return make


for _said, _changed in {
    "a rate of nothing": {20: 0, 24: 0},
    "a rate of 4 billion frames a second": {20: 1, 24: 0xFFFFFFFF},
    "a frame in 136 years": {20: 0xFFFFFFFF, 24: 1},
    "a start at the end of time": {28: 0xFFFFFFFF},
    "4 billion frames": {32: 0xFFFFFFFF},
    "samples of 4 billion bytes": {44: 0xFFFFFFFF},
}.items():
    FILES[f"an AVI with {_said}"] = Hostile("recording.avi", _stream(_changed))


@hostile(FILES, ".avi")
def a_thousand_streams(shop: Shop) -> bytes:
    header = struct.pack("<4s4sIHHIIIIIIIIHHHH", b"vids", b"FMP4", *[0] * 4, 1, 25, *[0] * 9)
    stream = listed(b"strl", chunk(b"strh", header), chunk(b"strf", bytes(40)))
    return avi(shop.honest("mpeg4_avi"), stream * 1000)


@hostile(FILES, ".avi")
def an_index_to_odd_places(shop: Shop) -> bytes:
    entries = b"".join(
        struct.pack("<4sIII", b"00dc", 0x10, place, 0xFFFFFFF0)
        for place in (0, 4, 0x7FFFFFFF, 0xFFFFFFFF) * 1000
    )
    return avi(shop.honest("mpeg4_avi")) + chunk(b"idx1", entries)


@hostile(FILES, ".avi")
def an_index_of_indices_that_leads_to_itself(shop: Shop) -> bytes:
    content = bytearray(shop.honest("mpeg4_avi"))
    place = content.index(b"indx") if b"indx" in content else content.index(b"JUNK")
    entry = struct.pack("<QII", place, 1000, 1)
    head = struct.pack("<HBBI4s12x", 4, 0, 0, 16, b"00dc")
    content[place : place + 4] = b"indx"
    size = int.from_bytes(content[place + 4 : place + 8], "little")
    content[place + 8 : place + 8 + size] = (head + entry * 1000)[:size].ljust(size, b"\0")
    return bytes(content)


@hostile(FILES, ".ts")
def two_thousand_programmes(shop: Shop) -> bytes:
    tables = b""
    for first in range(1, 2000, 40):
        listing = b"".join(
            struct.pack(">HH", number, 0xE000 | 0x200 + number)
            for number in range(first, first + 40)
        )
        section = struct.pack(">BHHBBB", 0, 0xB000 | len(listing) + 9, 1, 0xC1, 0, 0) + listing
        tables += packet(0, b"\0" + section + _checksum(section), starts=True)
    return tables + shop.honest("mpeg2_ts")


@hostile(FILES, ".ts")
def a_programme_of_a_hundred_streams(shop: Shop) -> bytes:
    streams = b"".join(struct.pack(">BHH", 2, 0xE000 | 0x300 + n, 0xF000) for n in range(30))
    tables = b""
    for version in range(30):
        section = struct.pack(
            ">BHHBBBHH", 2, 0xB000 | len(streams) + 13, 1, 0xC1 | version << 1, 0, 0, 0xE100, 0xF000
        )
        section += streams
        tables += packet(0x1000, b"\0" + section + _checksum(section), starts=True)
    content = shop.honest("mpeg2_ts")
    return content[: 188 * 3] + tables + content[188 * 3 :]


def _checksum(section: bytes) -> bytes:
    value = 0xFFFFFFFF
    for byte in section:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
    return value.to_bytes(4, "big")


def _stamped(stamp: Callable[[int], int]) -> Callable[[Shop], bytes]:
    """A transport stream whose presentation times are changed."""

    def make(shop: Shop) -> bytes:
        content = bytearray(shop.honest("mpeg2_ts"))
        place = count = 0
        while (place := content.find(b"\0\0\1\xe0", place + 1)) >= 0:
            if content[place + 7] & 0x80:
                pts = stamp(count) & (1 << 33) - 1
                flags = content[place + 9] & 0xF0
                content[place + 9 : place + 14] = bytes(
                    (
                        flags | pts >> 29 & 14 | 1,
                        pts >> 22 & 255,
                        pts >> 14 & 254 | 1,
                        pts >> 7 & 255,
                        pts << 1 & 254 | 1,
                    )
                )
                count += 1
        return bytes(content)

    return make


FILES["time stamps that leap by a day"] = Hostile(
    "recording.ts", _stamped(lambda count: count * 7_776_000_000)
)


FILES["time stamps that run backwards"] = Hostile(
    "recording.ts", _stamped(lambda count: -count * 3600)
)


FILES["time stamps that are all the same"] = Hostile("recording.ts", _stamped(lambda _: 1))


FILES["time stamps at the end of their clock"] = Hostile(
    "recording.ts", _stamped(lambda count: -1800 + count * 3600)
)


def _film(codec: str, width: int, height: int, pixels: str, frames: int, **options: str) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as output:
        stream = output.add_stream(codec, rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, pixels
        for number in range(frames):
            frame = av.VideoFrame(width, height, pixels)
            for plane in frame.planes:
                plane.update(np.full(plane.buffer_size, 16 + number, np.uint8))
            frame.pts = number
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return target.getvalue()


@hostile(FILES, ".mp4")
def pictures_as_large_as_may_be_in_every_colour(_shop: Shop) -> bytes:
    options = {"preset": "ultrafast", "refs": "16", "bf": "0", "crf": "40"}
    return _film("libx264", 8192, 4320, "yuv444p10le", 12, **options)


@hostile(FILES, ".avi")
def a_picture_that_turns_giant_among_small_ones(shop: Shop) -> bytes:
    content = shop.honest("mjpeg_avi")
    frame = b"\xff\xc0\x00\x11\x08"
    place = [at for at in range(len(content)) if content.startswith(frame, at)][4]
    return content[: place + 5] + struct.pack(">HH", 65_500, 65_500) + content[place + 9 :]
