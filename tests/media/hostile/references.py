"""Files that refer to others: playlists under a video's name, and videos with references inside."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from tests.media.hostile.pieces import (
    ATTACHMENTS,
    CHAPTERS,
    PACKET_BYTES,
    TAGS,
    avi,
    beside,
    box,
    chunk,
    element,
    inside,
    listed,
    matroska,
    packet,
)
from tests.media.hostile.shop import Hostile, Shop, hostile
from tests.media.test_probe_refusals import DATA_REFERENCE, alias

FILES: dict[str, Hostile] = {}

PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{}\n#EXT-X-ENDLIST\n",
    "hls with a key and a map": '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{0}"\n'
    '#EXT-X-MAP:URI="{0}"\n#EXTINF:9,\n{0}\n',
    "ffconcat": "ffconcat version 1.0\nfile '{}'\n",
    "dash": '<?xml version="1.0"?>\n<MPD type="static"><Period><AdaptationSet><Representation>'
    "<BaseURL>{}</BaseURL></Representation></AdaptationSet></Period></MPD>\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n"
    "a=control:{}\n",
    "smil": '<smil><body><video src="{}"/></body></smil>\n',
    "asx": '<asx version="3.0"><entry><ref href="{}"/></entry></asx>\n',
    "xspf": '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY x SYSTEM "{0}">]>\n'
    "<playlist><trackList><track><location>{0}</location>&x;</track></trackList></playlist>\n",
    "pls": "[playlist]\nFile1={}\nNumberOfEntries=1\n",
    "ffmetadata": ";FFMETADATA1\ntitle={}\n",
    "a bare address": "{}\n",
}
SUFFIXES = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".mts")


def _playlist(text: str, target: int) -> Callable[[Shop], bytes]:
    return lambda shop: text.format(shop.targets()[target]).encode()


for _place, (_name, _text) in enumerate(PLAYLISTS.items()):
    for _target, _said in ((0, "a path"), (3, "an address")):
        FILES[f"{_name} of {_said}"] = Hostile(
            f"recording{SUFFIXES[_place % len(SUFFIXES)]}", _playlist(_text, _target)
        )


def _hls(shop: Shop) -> bytes:
    return PLAYLISTS["hls"].format(shop.address).encode()


@hostile(FILES, ".mp4")
def hls_behind_an_id3_tag(shop: Shop) -> bytes:
    return b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + _hls(shop)


@hostile(FILES, ".mp4")
def hls_in_utf_16(shop: Shop) -> bytes:
    return _hls(shop).decode().encode("utf-16")


@hostile(FILES, ".ts")
def hls_in_the_packets_of_a_transport_stream(shop: Shop) -> bytes:
    return packet(0x100, _hls(shop), starts=True) * 40


@hostile(FILES, ".ts")
def hls_with_the_marks_of_a_transport_stream(shop: Shop) -> bytes:
    text = bytearray(_hls(shop).ljust(40 * PACKET_BYTES, b"\n"))
    text[::PACKET_BYTES] = b"G" * 40
    return bytes(text)


@hostile(FILES, ".mp4")
def hls_as_the_media_of_an_honest_table(shop: Shop) -> bytes:
    content = bytearray(shop.honest("no_audio"))
    place = content.index(b"mdat") + 4
    text = _hls(shop)
    content[place : place + len(text)] = text
    return bytes(content)


def _references(*entries: bytes) -> bytes:
    return struct.pack(">II", 0, len(entries)) + b"".join(entries)


def _reference(kind: bytes, target: bytes, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", flags), target)


for _target, _said in enumerate(("a path", "a name", "a file address", "an address")):
    FILES[f"data at {_said}"] = Hostile(
        "recording.mp4",
        lambda shop, target=_target: inside(  # type: ignore[misc]
            shop.honest("no_audio"),
            DATA_REFERENCE,
            lambda _: _references(_reference(b"url ", shop.targets()[target].encode() + b"\0")),
        ),
    )


@hostile(FILES, ".mov")
def data_at_an_alias(shop: Shop) -> bytes:
    entry = _reference(b"alis", alias(shop.canary))
    return inside(shop.honest("pcm_mov"), DATA_REFERENCE, lambda _: _references(entry))


@hostile(FILES, ".mov")
def data_at_an_alias_behind_a_reference_to_itself(shop: Shop) -> bytes:
    entries = _reference(b"url ", b"", 1), _reference(b"alis", alias(shop.canary))
    return inside(shop.honest("pcm_mov"), DATA_REFERENCE, lambda _: _references(*entries))


@hostile(FILES, ".mov")
def data_at_an_alias_that_claims_to_be_the_file_itself(shop: Shop) -> bytes:
    entry = _reference(b"alis", alias(shop.canary), 1)
    return inside(shop.honest("pcm_mov"), DATA_REFERENCE, lambda _: _references(entry))


@hostile(FILES, ".mov")
def data_references_where_none_are_expected(shop: Shop) -> bytes:
    hidden = box(b"dinf", box(b"dref", _references(_reference(b"alis", alias(shop.canary)))))
    path = [b"moov", b"trak"]
    return beside(
        shop.honest("pcm_mov"), path, box(b"udta", hidden), box(b"meta", bytes(4), hidden)
    )


@hostile(FILES, ".mp4")
def data_references_of_fragments(shop: Shop) -> bytes:
    hidden = box(b"dinf", box(b"dref", _references(_reference(b"alis", alias(shop.canary)))))
    return beside(shop.honest("fragmented"), [b"moov", b"mvex"], hidden)


@hostile(FILES, ".mov")
def a_movie_made_of_another(shop: Shop) -> bytes:
    named = shop.address.encode() + b"\0"
    reference = box(b"rdrf", bytes(4), b"url ", struct.pack(">I", len(named)), named)
    made = box(b"moov", box(b"rmra", box(b"rmda", reference)))
    return box(b"ftyp", b"qt  ", bytes(4), b"qt  ") + made


@hostile(FILES, ".mov")
def an_honest_movie_beside_one_made_of_another(shop: Shop) -> bytes:
    return shop.honest("no_audio") + a_movie_made_of_another(shop)[20:]


@hostile(FILES, ".mov")
def a_packed_movie(shop: Shop) -> bytes:
    whole = data_at_an_alias(shop)
    place = whole.rindex(b"moov") - 4
    contents = whole[place:]
    packed = struct.pack(">I", len(contents)) + zlib.compress(contents)
    return whole[:place] + box(b"moov", box(b"cmov", box(b"dcom", b"zlib"), box(b"cmvd", packed)))


@hostile(FILES, ".mp4")
def metadata_items_in_another_file(shop: Shop) -> bytes:
    named = _reference(b"url ", shop.address.encode() + b"\0")
    place = struct.pack(">BBHHHHHII", 0x44, 0, 1, 1, 1, 1, 0, 0, 100)
    meta = box(
        b"meta",
        bytes(4),
        box(b"hdlr", bytes(8), b"pict", bytes(13)),
        box(b"dinf", box(b"dref", _references(named))),
        box(b"iloc", bytes(4), place),
        box(b"pitm", bytes(4), struct.pack(">H", 1)),
    )
    return beside(shop.honest("no_audio"), [b"moov"], box(b"udta", meta)) + meta


@hostile(FILES, ".mp4")
def a_description_with_an_outside_entity(shop: Shop) -> bytes:
    text = PLAYLISTS["xspf"].format(shop.canary.as_uri()).encode()
    known = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    return shop.honest("no_audio") + box(b"uuid", known, text)


@hostile(FILES, ".mkv")
def a_playlist_as_an_attachment(shop: Shop) -> bytes:
    attached = element(
        b"\x61\xa7",
        element(b"\x46\x6e", shop.canary.name.encode()),
        element(b"\x46\x60", b"application/vnd.apple.mpegurl"),
        element(b"\x46\x5c", _hls(shop)),
        element(b"\x46\xae", b"\1"),
    )
    return matroska(shop.honest("mkv_gop25"), element(ATTACHMENTS, attached))


@hostile(FILES, ".mkv")
def a_segment_linked_to_other_files(shop: Shop) -> bytes:
    name = str(shop.canary).encode()
    info = b"".join(
        element(bytes.fromhex(identifier), content)
        for identifier, content in (
            ("73a4", b"u" * 16), ("3cb923", b"p" * 16), ("3eb923", b"n" * 16),
            ("7384", name), ("3c83ab", name), ("3e83bb", name),
        )
    )  # fmt: skip
    return matroska(shop.honest("mkv_gop25"), info=info)


@hostile(FILES, ".mkv")
def chapters_that_lie_in_another_file(shop: Shop) -> bytes:
    atom = element(
        b"\xb6",
        element(b"\x73\xc4", b"\1"),
        element(b"\x91", b"\0"),
        element(b"\x92", b"\x3b\x9a\xca\0"),
        element(b"\x6e\x67", b"n" * 16),
    )
    edition = element(b"\x45\xb9", element(b"\x45\xdd", b"\1"), atom)
    return matroska(shop.honest("mkv_gop25"), element(CHAPTERS, edition))


@hostile(FILES, ".mkv")
def tags_that_name_another_file(shop: Shop) -> bytes:
    simple = element(
        b"\x67\xc8", element(b"\x45\xa3", b"URL"), element(b"\x44\x87", shop.address.encode())
    )
    return matroska(shop.honest("mkv_gop25"), element(TAGS, element(b"\x73\x73", simple)))


def _subtitles(text: bytes) -> bytes:
    """A stream of subtitles that holds a file of its own."""
    name = "en".encode("utf-16-le")
    return (
        b"GAB2\0"
        + struct.pack("<HI", 2, len(name))
        + name
        + struct.pack("<HI", 4, len(text))
        + text
    )


def _with_subtitles(shop: Shop, text: bytes) -> bytes:
    header = struct.pack("<4s4sIHHIIIIIIIIHHHH", b"txts", b"DXSA", *[0] * 15)
    stream = listed(b"strl", chunk(b"strh", header), chunk(b"strf", bytes(40)))
    source = shop.honest("mpeg4_avi")
    return avi(source, stream, movie=chunk(b"02tx", _subtitles(text)))


@hostile(FILES, ".avi")
def hls_as_the_subtitles(shop: Shop) -> bytes:
    return _with_subtitles(shop, _hls(shop))


@hostile(FILES, ".avi")
def ffconcat_as_the_subtitles(shop: Shop) -> bytes:
    return _with_subtitles(shop, PLAYLISTS["ffconcat"].format(shop.canary).encode())


@hostile(FILES, ".avi")
def subtitles_that_are_subtitles(shop: Shop) -> bytes:
    return _with_subtitles(shop, b"1\n00:00:00,000 --> 00:00:01,000\n<img src=x>\n\n")


@hostile(FILES, ".ts")
def a_table_of_programmes_that_leads_elsewhere(shop: Shop) -> bytes:
    linkage = bytes([0x4A, len(shop.address)]) + shop.address.encode()
    section = bytes([0, 0x4A, 0xF0, len(linkage) + 9]) + bytes(5) + linkage + bytes(4)
    return packet(0x11, section, starts=True) * 3 + shop.honest("mpeg2_ts")
