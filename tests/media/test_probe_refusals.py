from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame

from mbtg_video.errors import NotFound, UnsafeMedia
from mbtg_video.media.probe import open_untrusted, probe
from mbtg_video.media.reading import open_media
from tests.recipes import RECIPES

SECRET = b"the diary of somebody else " * 8

PLAYLISTS = {
    "m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{secret}\n#EXT-X-ENDLIST\n",
    "ffconcat": "ffconcat version 1.0\nfile '{secret}'\n",
    "mpd": '<?xml version="1.0"?>\n<MPD type="static"><BaseURL>{secret}</BaseURL></MPD>\n',
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 5004 RTP/AVP 96\n",
    "pls": "[playlist]\nFile1={secret}\n",
}


def refusal(path: Path) -> str:
    with pytest.raises(UnsafeMedia) as caught, open_untrusted(path) as file:
        probe(file)
    message = str(caught.value)
    assert caught.value.exit_code == 5
    assert message.endswith(".")
    assert "Traceback" not in message
    return message


def written(folder: Path, name: str, content: bytes | bytearray) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_missing_file_is_not_found(tmp_path):
    for path in (tmp_path / "nothing.mp4", written(tmp_path, "file", b"x") / "below.mp4"):
        with pytest.raises(NotFound, match=r"There is no file .*mp4") as caught:
            open_untrusted(path)
        assert caught.value.exit_code == 4


def test_a_name_that_no_file_can_have_is_refused(tmp_path):
    for name in ("a\0b.mp4", "x" * 300 + ".mp4"):
        assert "may not be read" in refusal(tmp_path / name)


def test_what_is_no_regular_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "target.mp4").write_bytes(b"x")
    (tmp_path / "link.mp4").symlink_to(tmp_path / "target.mp4")
    (tmp_path / "dangling.mp4").symlink_to(tmp_path / "nowhere.mp4")
    assert "is a folder" in refusal(tmp_path)
    assert "is a pipe or device" in refusal(tmp_path / "pipe.mp4")
    assert "is a pipe or device" in refusal(Path(os.devnull))
    assert "is a symbolic link" in refusal(tmp_path / "link.mp4")
    assert "is a symbolic link" in refusal(tmp_path / "dangling.mp4")


def test_an_empty_file_is_refused(tmp_path):
    assert "is empty" in refusal(written(tmp_path, "empty.mp4", b""))


@pytest.mark.parametrize("content", [b"x", b"Referat fra gruppen.\n" * 500, bytes(5000), SECRET])
def test_what_is_no_video_is_refused(content, tmp_path):
    assert "no recording that can be read" in refusal(written(tmp_path, "text.mp4", content))


@pytest.mark.parametrize("playlist", PLAYLISTS)
@pytest.mark.parametrize("lead", [b"", b"\xef\xbb\xbf", b"\n\n  "])
def test_a_playlist_under_another_name_is_refused(playlist, lead, recording_file, tmp_path):
    text = PLAYLISTS[playlist].format(secret=recording_file("gop25"))
    path = written(tmp_path, "recording.mp4", lead + text.encode())
    assert "is a playlist" in refusal(path)


@pytest.mark.parametrize("playlist", PLAYLISTS)
@pytest.mark.parametrize(
    "head", [b"\0\0\0\x18ftypisom\0\0\0\0isomisom", b"\x1aE\xdf\xa3\x80", b"RIFF\xff\0\0\0AVI LIST"]
)
def test_a_playlist_behind_the_first_bytes_of_a_video_is_refused(
    playlist, head, recording_file, tmp_path
):
    text = PLAYLISTS[playlist].format(secret=recording_file("gop25"))
    refusal(written(tmp_path, "recording.mp4", head + text.encode()))


CUT_SHORT = [
    "gop25",
    "faststart",
    "fragmented",
    "mkv_gop25",
    "mpeg4_avi",
    "mpeg2_ts",
    "interlaced_ts",
    "vp9_webm",
    "prores_mov",
]


@pytest.mark.parametrize("kind", CUT_SHORT)
def test_a_part_of_a_file_is_refused(kind, recording_file, tmp_path):
    path = recording_file(kind)
    content = path.read_bytes()
    for size in (len(content) // 2 + 1, len(content) * 9 // 10 + 1, len(content) - 1):
        message = refusal(written(tmp_path, path.name, content[:size]))
        assert "Only a part of the file is there" in message


@pytest.mark.parametrize(("kind", "packet"), [("mpeg2_ts", 188), ("interlaced_ts", 192)])
def test_a_transport_stream_cut_between_two_packets_of_a_frame_is_refused(
    kind, packet, recording_file, tmp_path
):
    path = recording_file(kind)
    content = path.read_bytes()
    with av.open(str(path)) as source:
        places = [unit.pos or 0 for unit in source.demux(video=0) if unit.size > 1000]
    for place in places[len(places) // 2 :][:5]:
        cut = place // packet * packet + 3 * packet
        assert "Only a part" in refusal(written(tmp_path, path.name, content[:cut]))


def test_a_table_of_contents_that_lists_missing_pictures_is_refused(recording_file, tmp_path):
    content = bytearray(recording_file("faststart").read_bytes())
    media = content.rindex(b"mdat")
    content[media - 4 : media] = bytes(4)  # "as far as the file goes"
    whole = written(tmp_path, "whole.mp4", content)
    with open_untrusted(whole) as file:
        probe(file)
    half = written(tmp_path, "half.mp4", content[: len(content) * 2 // 3])
    assert "Only a part of the file is there" in refusal(half)


def declare(box: bytes, offset: int, value: bytes) -> Callable[[bytearray], None]:
    def change(content: bytearray) -> None:
        place = content.index(box) + 4 + offset
        content[place : place + len(value)] = value

    return change


HUGE = b"\xff" * 4
GIANTS = {
    "media of 2^60 bytes": declare(b"mdat", -8, struct.pack(">I4sQ", 1, b"mdat", 1 << 60)),
    "contents of 4 GB": declare(b"moov", -8, HUGE),
    "4 billion frames": declare(b"stsz", 8, HUGE),
    "4 billion time steps": declare(b"stts", 4, HUGE),
    "4 billion chunks": declare(b"stco", 4, HUGE),
    "a frame of 2 GB": declare(b"stsz", 12, b"\x7f\xff\xff\xff"),
    "a length of years": declare(b"stts", 12, b"\x7f\xff\xff\xff"),
}


@pytest.mark.parametrize("giant", GIANTS)
def test_giant_declared_sizes_are_refused(giant, recording_file, tmp_path):
    content = bytearray(recording_file("gop25").read_bytes())
    GIANTS[giant](content)
    refusal(written(tmp_path, "giant.mp4", content))


def test_a_giant_picture_is_refused(recording_file, tmp_path):
    content = bytearray(recording_file("mjpeg_avi").read_bytes())
    start_of_frame = b"\xff\xc0\x00\x11\x08"
    size, giant = struct.pack(">HH", 180, 320), struct.pack(">HH", 65_500, 65_500)
    assert start_of_frame + size in content
    content = content.replace(start_of_frame + size, start_of_frame + giant)
    refusal(written(tmp_path, "giant.avi", content))


def test_a_giant_segment_of_matroska_is_refused(recording_file, tmp_path):
    content = bytearray(recording_file("mkv_gop25").read_bytes())
    segment = content.index(b"\x18\x53\x80\x67") + 4
    content[segment : segment + 8] = struct.pack(">Q", 1 << 56 | 1 << 50)
    assert "Only a part" in refusal(written(tmp_path, "giant.mkv", content))


def test_sound_alone_is_refused(tmp_path):
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("aac", rate=48_000, layout="mono")
        frame = AudioFrame.from_ndarray(np.zeros((1, 48_000), np.float32), "fltp", "mono")
        frame.sample_rate = 48_000
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    assert "no moving picture" in refusal(path)


@pytest.mark.parametrize(
    ("kind", "entry", "unknown"),
    [("gop25", b"avc1", b"zzzz"), ("mkv_gop25", b"V_MPEG4/ISO/AVC", b"V_MPEG4/ISO/XYZ")],
)
def test_an_unknown_codec_is_refused(kind, entry, unknown, recording_file, tmp_path):
    path = recording_file(kind)
    before, _, after = path.read_bytes().rpartition(entry)
    content = before + unknown + after
    assert "coded in a way" in refusal(written(tmp_path, path.name, content))


def test_a_codec_that_no_camera_writes_is_refused(tmp_path):
    path = tmp_path / "recording.mkv"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        output.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        output.mux(stream.encode(None))
    assert "coded in a way" in refusal(path)


def test_two_pictures_beside_each_other_are_refused(recording_file, tmp_path):
    path = tmp_path / "two.mp4"
    with av.open(str(recording_file("no_audio"))) as source, av.open(str(path), "w") as target:
        streams = [target.add_stream_from_template(source.streams.video[0]) for _ in range(2)]
        for packet in source.demux():
            if packet.size:
                for stream in streams:
                    packet.stream = stream
                    target.mux(packet)
    assert "holds 2 pictures" in refusal(path)


def inside(content: bytes, path: list[bytes], change: Callable[[bytes], bytes]) -> bytes:
    """`content` with the box at `path` changed and the sizes around it made to fit."""
    result, place = b"", 0
    while place < len(content):
        size, kind = struct.unpack_from(">I4s", content, place)
        body = content[place + 8 : place + size]
        if kind == path[0]:
            body = inside(body, path[1:], change) if path[1:] else change(body)
        result += struct.pack(">I4s", len(body) + 8, kind) + body
        place += size
    return result


DATA_REFERENCE = [b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"]


def referring(content: bytes, kind: bytes, target: bytes) -> bytes:
    """An MP4 whose every track says that its data lies in the file `target`."""
    entry = struct.pack(">I4sI", 12 + len(target), kind, 0) + target
    return inside(content, DATA_REFERENCE, lambda _: struct.pack(">II", 0, 1) + entry)


def alias(path: Path) -> bytes:
    """Alias record as QuickTime wrote it, naming a file by its whole path."""
    name = str(path).encode()
    return (
        bytes(10)
        + b"\x04disk".ljust(28, b"\0")
        + bytes(12)
        + bytes([min(len(path.name), 63)])
        + path.name.encode()[:63].ljust(63, b"\0")
        + bytes(16)
        + struct.pack(">hh", 1, 1)
        + bytes(16)
        + struct.pack(">hh", 2, len(name))
        + name
        + bytes(len(name) % 2)
        + struct.pack(">hh", -1, 0)
    )


@pytest.mark.parametrize("kind", [b"url ", b"alis"])
def test_a_recording_whose_data_lies_in_another_file_is_refused(kind, recording_file, tmp_path):
    content = recording_file("gop25").read_bytes()
    secret = written(tmp_path, "secret.bin", SECRET * 10_000)
    target = alias(secret) if kind == b"alis" else f"file://{secret}\0".encode()
    path = written(tmp_path, "refers.mov", referring(content, kind, target))
    assert "refers to other files" in refusal(path)


def test_the_demuxer_itself_reads_nothing_of_another_file(recording_file, tmp_path):
    content = recording_file("gop25").read_bytes()
    secret = written(tmp_path, "secret.bin", SECRET * 10_000)
    path = written(tmp_path, "refers.mov", referring(content, b"alis", alias(secret)))
    with path.open("rb") as file, open_media(file, "mp4") as source:
        packets = [bytes(packet) for packet in source.demux() if packet.size]
    assert not any(SECRET in packet for packet in packets)
    # The same file does lead there when references are allowed.
    with av.open(str(path), options={"enable_drefs": "1", "use_absolute_path": "1"}) as source:
        led = [bytes(packet) for packet in source.demux() if packet.size]
    assert any(SECRET[:100] in packet for packet in led)


def test_a_movie_that_is_made_of_other_movies_is_refused(recording_file, tmp_path):
    content = recording_file("gop25").read_bytes()
    reference = struct.pack(">I4sI4sI", 20, b"rmda", 12, b"rdrf", 0)
    for kind in (b"rmra", b"cmov"):
        box = struct.pack(">I4s", 8 + len(reference), kind) + reference
        moved = inside(content, [b"moov"], lambda body, box=box: body + box)
        assert "refers to other files" in refusal(written(tmp_path, "movie.mov", moved))


def test_times_that_are_not_told_are_refused(recording_file, tmp_path):
    path = tmp_path / "reordered.avi"
    with av.open(str(recording_file("no_audio"))) as source, av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.options = {"preset": "veryfast", "x264-params": "bframes=3:b-adapt=0"}
        for frame in source.decode(video=0):
            frame.pict_type = 0
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    assert "does not say when" in refusal(path)


def test_damage_in_the_middle_is_survived_or_refused(recording_file, tmp_path):
    chance = np.random.default_rng(3)
    for kind in ("gop25", "mkv_gop25", "mpeg2_ts", "mpeg4_avi"):
        path = recording_file(kind)
        for _ in range(5):
            content = bytearray(path.read_bytes())
            for place in chance.integers(0, len(content), 200):
                content[place] = chance.integers(0, 256)
            damaged = written(tmp_path, path.name, content)
            try:
                with open_untrusted(damaged) as file:
                    assert probe(file).frame_times
            except UnsafeMedia:
                pass


def test_every_container_has_a_kind_that_is_cut_short():
    assert {RECIPES[kind].suffix for kind in CUT_SHORT} == {
        recipe.suffix for recipe in RECIPES.values()
    }
