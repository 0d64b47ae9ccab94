"""Pieces of containers, put together by hand: what no muxer would write."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

SEGMENT, INFO, TRACKS, CLUSTER = (
    b"\x18\x53\x80\x67",
    b"\x15\x49\xa9\x66",
    b"\x16\x54\xae\x6b",
    b"\x1f\x43\xb6\x75",
)
TRACK_ENTRY = b"\xae"
CHAPTERS, ATTACHMENTS, TAGS, CUES = (
    b"\x10\x43\xa7\x70",
    b"\x19\x41\xa4\x69",
    b"\x12\x54\xc3\x67",
    b"\x1c\x53\xbb\x6b",
)
PACKET_BYTES = 188


def box(kind: bytes, *content: bytes) -> bytes:
    """Box of an MP4."""
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def inside(content: bytes, path: list[bytes], change: Callable[[bytes], bytes]) -> bytes:
    """`content` with every box at `path` changed and the sizes around it made to fit."""
    result, place = b"", 0
    while place < len(content):
        size, kind = struct.unpack_from(">I4s", content, place)
        body = content[place + 8 : place + size]
        if kind == path[0]:
            body = inside(body, path[1:], change) if path[1:] else change(body)
        result += box(kind, body)
        place += size
    return result


def beside(content: bytes, path: list[bytes], *added: bytes) -> bytes:
    """`content` with boxes added at the end of every box at `path`."""
    return inside(content, path, lambda body: body + b"".join(added))


def with_table(content: bytes, kind: bytes, *table: bytes, named: bytes = b"") -> bytes:
    """`content` with a table of its first track's samples replaced."""
    place = content.index(b"stbl") - 4
    size = int.from_bytes(content[place : place + 4], "big")
    old = content.index(kind, place, place + size) - 4
    old_size = int.from_bytes(content[old : old + 4], "big")
    new = box(named or kind, *table)
    grown = len(new) - old_size
    changed = content[:old] + new + content[old + old_size :]
    around = []
    for name in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
        around.append(changed.index(name, around[-1] + 4 if around else changed.rindex(b"moov")))
    result = bytearray(changed)
    for name in around:
        (held,) = struct.unpack_from(">I", result, name - 4)
        struct.pack_into(">I", result, name - 4, held + grown)
    return bytes(result)


def element(identifier: bytes, *content: bytes) -> bytes:
    """Element of a Matroska file, its size in eight bytes."""
    body = b"".join(content)
    return identifier + struct.pack(">Q", 1 << 56 | len(body)) + body


def elements(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Identifier and content of each element, one after the other."""
    place = 0
    while place < len(data):
        behind = place + 9 - data[place].bit_length()
        size_bytes = 9 - data[behind].bit_length()
        coded = int.from_bytes(data[behind : behind + size_bytes], "big")
        start = behind + size_bytes
        end = start + (coded & (1 << 7 * size_bytes) - 1)
        yield data[place:behind], data[start:end]
        place = end


def matroska(
    source: bytes,
    *added: bytes,
    info: bytes = b"",
    track: bytes = b"",
    clusters: Callable[[bytes], bytes] = lambda body: element(CLUSTER, body),
) -> bytes:
    """`source` without its index; `added` stands before the pictures, the rest inside."""
    (head, head_body), (_, segment) = list(elements(source))[:2]
    held = list(elements(segment))
    tracks = next(body for name, body in held if name == TRACKS)
    entries = [
        element(name, body, track) if name == TRACK_ENTRY else element(name, body)
        for name, body in elements(tracks)
    ]
    about = next(body for name, body in held if name == INFO)
    pictures = [clusters(body) for name, body in held if name == CLUSTER]
    return element(head, head_body) + element(
        SEGMENT, element(INFO, about, info), element(TRACKS, *entries), *added, *pictures
    )


def chunk(kind: bytes, *content: bytes) -> bytes:
    """Chunk of an AVI."""
    body = b"".join(content)
    return struct.pack("<4sI", kind, len(body)) + body + bytes(len(body) % 2)


def listed(kind: bytes, *content: bytes) -> bytes:
    """List of an AVI."""
    return chunk(b"LIST", kind, *content)


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each chunk of an AVI, one after the other."""
    place = 0
    while place + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, place)
        yield kind, data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def avi(source: bytes, *streams: bytes, added: bytes = b"", movie: bytes = b"") -> bytes:
    """`source` without its index, with further streams, lists and chunks among the pictures."""
    parts = dict(_named(source[12:]))
    headers = b"".join(chunk(kind, body) for kind, body in chunks(parts[b"hdrl"]))
    return chunk(
        b"RIFF", b"AVI ", listed(b"hdrl", headers, *streams), added,
        listed(b"movi", movie, parts[b"movi"]),
    )  # fmt: skip


def _named(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    for kind, body in chunks(data):
        if kind == b"LIST":
            yield body[:4], body[4:]


def packet(stream: int, payload: bytes, *, starts: bool, counter: int = 0) -> bytes:
    """Packet of a transport stream, filled up with 0xff."""
    head = bytes([0x47, starts << 6 | stream >> 8, stream & 0xFF, 0x10 | counter & 15])
    return (head + payload).ljust(PACKET_BYTES, b"\xff")
