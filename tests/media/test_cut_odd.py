"""Recordings that do not keep to what their kind promises: cut right all the same, or refused."""

from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
import pytest
from av.sidedata.sidedata import Type

from mbtg_video.errors import UnsafeMedia
from mbtg_video.media import nal
from mbtg_video.media.probe import open_untrusted, probe
from mbtg_video.media.receipt import Rung
from tests import synthetic

GOP = "keyint=25:min-keyint=25:scenecut=0:bframes=0:open-gop=0"
OTHER_SETS = GOP + ":cabac=0:8x8dct=0:weightp=0"


def only_in_long(value):
    return pytest.param(value, marks=pytest.mark.long)


def _ffmpeg(*words: object) -> None:
    executable = imageio_ffmpeg.get_ffmpeg_exe()
    command = [executable, "-nostdin", "-v", "error", "-y", *map(str, words)]
    subprocess.run(command, check=True, capture_output=True)


def _third(source: Path, part: int, folder: Path, video: tuple[str, ...], *sound: str) -> bytes:
    """A hundred frames of a recording, encoded anew, as a stretch of one transport stream."""
    target = folder / f"part{part}.ts"
    first = part * 100
    select = f"select='between(n,{first},{first + 99})',setpts=N/25/TB"
    _ffmpeg(
        "-i", source,
        "-vf", ",".join((select, *video[1:])), "-c:v", "libx264", "-preset", "veryfast",
        "-x264-params", video[0],
        "-af", f"atrim=start={part * 4}:end={part * 4 + 4},asetpts=N/SR/TB", *sound,
        "-muxdelay", "0", "-muxpreload", "0", "-output_ts_offset", 10 + part * 4, target,
    )  # fmt: skip
    return target.read_bytes()


def _numbers(excerpt) -> list[int]:
    """As `synthetic.frame_numbers`, at any size of the picture."""
    return synthetic.frame_numbers(excerpt, "mp4")


@pytest.mark.parametrize("container", [".ts", *map(only_in_long, (".mkv", ".mp4"))])
def test_pictures_described_otherwise_in_the_middle_are_not_copied(
    film, recording_file, tmp_path, container
):
    source = recording_file("gop25")
    ways = ((GOP,), (OTHER_SETS,), (GOP,))
    parts = [_third(source, n, tmp_path, way, "-c:a", "mp2") for n, way in enumerate(ways)]
    whole = tmp_path / "changing.ts"
    whole.write_bytes(b"".join(parts))
    if container != ".ts":
        other = whole.with_suffix(container)
        tag = ("-tag:v", "avc3") if container == ".mp4" else ()
        _ffmpeg("-i", whole, "-c", "copy", *tag, other)
        whole = other
    changing = film(whole)
    for first, behind in ((37, 290), (60, 150), (0, 300)):
        made, excerpt = changing.cut(first, behind, keep_codec=True)
        assert _numbers(excerpt) == list(range(first, behind))
        assert made.rung is Rung.REENCODE
        assert "change" in made.fell[0].reason


def test_an_mp4_of_several_descriptions_is_not_copied_across_them(film, recording_file, tmp_path):
    source = recording_file("gop25")
    listed = []
    for number, parameters in enumerate((GOP, OTHER_SETS, GOP)):
        part = tmp_path / f"part{number}.mp4"
        first = number * 100
        select = f"select='between(n,{first},{first + 99})',setpts=N/25/TB"
        _ffmpeg("-i", source, "-an", "-vf", select, "-c:v", "libx264", "-preset", "veryfast",
                "-x264-params", parameters, part)  # fmt: skip
        listed.append(f"file '{part}'\n")
    (tmp_path / "list.txt").write_text("".join(listed))
    whole = tmp_path / "whole.mp4"
    _ffmpeg("-f", "concat", "-safe", "0", "-i", tmp_path / "list.txt", "-c", "copy", whole)
    changing = film(whole)
    for first, behind in ((37, 290), (130, 190), (0, 300)):
        _, excerpt = changing.cut(first, behind)
        assert _numbers(excerpt) == list(range(first, behind))


@pytest.mark.parametrize("span", [(37, 290), *map(only_in_long, ((93, 150), (110, 190)))])
def test_pictures_that_change_their_size_are_brought_to_one(film, recording_file, tmp_path, span):
    source = recording_file("gop25")
    ways = ((GOP,), (GOP, "scale=480:270"), (GOP,))
    parts = [_third(source, n, tmp_path, way, "-c:a", "mp2") for n, way in enumerate(ways)]
    whole = tmp_path / "growing.ts"
    whole.write_bytes(b"".join(parts))
    _, excerpt = film(whole).cut(*span)
    assert _numbers(excerpt) == list(range(*span))


def test_sound_that_changes_its_channels_and_rate_stays_in_time(film, recording_file, tmp_path):
    source = recording_file("gop25")
    sounds = (("-ac", "2"), ("-ac", "6"), ("-ac", "2", "-ar", "44100"))
    parts = [
        _third(source, number, tmp_path, (GOP,), "-c:a", "ac3", "-ar", "48000", *sound)
        for number, sound in enumerate(sounds)
    ]
    whole = tmp_path / "layout.ts"
    whole.write_bytes(b"".join(parts))
    heard_before = synthetic.beep_onsets(source)
    _, excerpt = film(whole).cut(30, 290)
    heard = synthetic.beep_onsets(excerpt, "mp4")
    # Where two sounds meet, a beep may be cut in two by their coders.
    inside = [beep - 1_200_000 for beep in heard_before if 1_300_000 < beep < 11_400_000]
    meet = [4_000_000 - 1_200_000, 8_000_000 - 1_200_000]
    for beep in inside:
        if min(abs(beep - place) for place in meet) > 100_000:
            assert min(abs(beep - onset) for onset in heard) <= 10_000


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_span_in_which_a_track_is_silent_is_cut_without_it(
    film, recording_file, tmp_path, suffix
):
    short = tmp_path / f"short{suffix}"
    _ffmpeg("-i", recording_file("gop25"), "-c:v", "copy", "-af", "atrim=end=4", "-c:a", "aac",
            short)  # fmt: skip
    source = film(short)
    made, excerpt = source.cut(210, 300)
    assert made.sound_packets == (0,)
    assert _numbers(excerpt) == list(range(210, 300))
    excerpt.seek(0)
    with av.open(excerpt, format="mp4") as stored:
        assert [stream.type for stream in stored.streams] == ["video"]
    made, excerpt = source.cut(10, 60)
    assert made.sound_packets[0] > 0


@pytest.mark.parametrize("amplitude", ["0.01", only_in_long("0.3")])
def test_the_hiss_of_a_quiet_room_is_recognised_as_the_sound(
    film, recording_file, tmp_path, amplitude
):
    hiss = tmp_path / "hiss.mov"
    noise = f"anoisesrc=a={amplitude}:r=48000:d=12:seed="
    _ffmpeg("-i", recording_file("gop25"), "-f", "lavfi", "-i", f"{noise}1", "-f", "lavfi", "-i",
            f"{noise}2", "-filter_complex", "[1:a][2:a]amerge=inputs=2[a]", "-map", "0:v", "-map",
            "[a]", "-c:v", "copy", "-c:a", "pcm_s16le", hiss)  # fmt: skip
    for first, behind in ((37, 190), (0, 80), (120, 290)):
        made, _ = film(hiss).cut(first, behind)
        assert made.rung is not Rung.REENCODE
        assert any(check.figure == "0.0 ms off" for check in made.checks)


def _with_units(source: Path, target: Path, *units: bytes) -> None:
    """The same recording with more units in front of each picture."""
    with av.open(str(source)) as read, av.open(str(target), "w") as written:
        stream = written.add_stream_from_template(read.streams.video[0])
        for packet in read.demux(video=0):
            if not packet.size:
                continue
            changed = av.Packet(nal.join_prefixed(list(units)) + bytes(packet))
            changed.pts, changed.dts, changed.time_base = packet.pts, packet.dts, packet.time_base
            changed.duration, changed.is_keyframe = packet.duration, packet.is_keyframe
            changed.stream = stream
            written.mux(changed)


PLANTED = b"PLANTED-TIME-OF-DAY"


@pytest.mark.parametrize(
    ("kind", "units"),
    [
        ("gop25", (b"\x06\xc8" + bytes([len(PLANTED)]) + PLANTED + b"\x80", b"\x1e" + PLANTED)),
        (
            "hevc_closed",
            (
                b"\x4e\x01\x88" + bytes([len(PLANTED)]) + PLANTED + b"\x80",
                b"\x7c\x01" + PLANTED,
            ),
        ),
    ],
)
def test_nothing_that_stands_beside_the_pictures_is_copied(
    film, recording_file, tmp_path, kind, units
):
    planted = tmp_path / "planted.mp4"
    _with_units(recording_file(kind), planted, *units)
    assert planted.read_bytes().count(PLANTED) >= 600
    for first, behind in ((50, 100), (37, 190)):
        made, excerpt = film(planted).cut(first, behind, keep_codec=True)
        assert made.rung is not Rung.REENCODE
        assert PLANTED not in excerpt.read()
        assert "data beside the pictures" in made.stripped
        assert _numbers(excerpt) == list(range(first, behind))


def test_a_keyframe_that_is_none_is_not_believed(film, tmp_path, recording_file):
    lying = tmp_path / "lying.mp4"
    _ffmpeg("-i", recording_file("gop25"), "-c:v", "mpeg4", "-g", "50", "-bf", "0", "-q:v", "4",
            "-an", lying)  # fmt: skip
    content = lying.read_bytes()
    assert content.count(b"stss") == 1
    lying.write_bytes(content.replace(b"stss", b"free"))  # now every frame counts as a keyframe
    for first, behind in ((37, 190), (61, 62), (210, 300)):
        _, excerpt = film(lying).cut(first, behind)
        assert _numbers(excerpt) == list(range(first, behind))


@pytest.mark.parametrize("suffix", [only_in_long(".mp4"), ".ts"])
def test_pictures_that_become_whole_little_by_little_are_decoded_from_before(
    film, recording_file, tmp_path, suffix
):
    refreshed = tmp_path / f"refreshed{suffix}"
    parameters = "keyint=50:intra-refresh=1:bframes=0:scenecut=0"
    _ffmpeg("-i", recording_file("gop25"), "-c:v", "libx264", "-preset", "veryfast",
            "-x264-params", parameters, refreshed)  # fmt: skip
    for first, behind in ((50, 100), (61, 62), (210, 300)):
        _, excerpt = film(refreshed).cut(first, behind)
        assert _numbers(excerpt) == list(range(first, behind))


def test_a_clock_finer_than_a_microsecond_is_cut_exactly(film, recording_file, tmp_path):
    fine = tmp_path / "fine.mp4"
    _ffmpeg("-i", recording_file("ntsc"), "-c", "copy", "-video_track_timescale", "10000000", fine)
    source = film(fine)
    assert source.facts.time_base == Fraction(1, 10_000_000)
    for first, behind in ((37, 190), (30, 60), (61, 62), (100, len(source.times))):
        _, excerpt = source.cut(first, behind)
        assert _numbers(excerpt) == list(range(first, behind))


def test_a_recording_of_two_frames_is_cut(film, recording_file, tmp_path):
    short = tmp_path / "short.ts"
    _ffmpeg("-i", recording_file("gop25"), "-frames:v", "2", "-c:v", "libx264", "-c:a", "mp2",
            "-shortest", short)  # fmt: skip
    source = film(short)
    for first, behind in ((0, 1), (1, 2), (0, 2)):
        _, excerpt = source.cut(first, behind)
        assert _numbers(excerpt) == list(range(first, behind))


def test_an_edit_list_that_plays_a_stretch_twice_is_cut_as_it_is_shown(
    film, recording_file, tmp_path
):
    twice = tmp_path / "twice.mp4"
    twice.write_bytes(_with_edits(recording_file("gop25").read_bytes(), [(3, 2), (3, 2)]))
    shown = synthetic.frame_numbers(twice)
    assert shown[70:80] == [120, 121, 122, 123, 124, 50, 51, 52, 53, 54]
    source = film(twice)
    for first, behind in ((0, 40), (55, 100), (75, 76), (70, 120)):
        _, excerpt = source.cut(first, behind)
        assert _numbers(excerpt) == shown[first:behind]


def _with_edits(content: bytes, edits: list[tuple[int, int]]) -> bytes:
    """An MP4 whose tracks play these stretches: seconds long, from second; its index stays last."""
    place = content.rindex(b"moov") - 4
    boxes = _boxes(content[place:])
    tracks = [inner for kind, inner in boxes[0][1] if kind == b"trak"]
    (header,) = (inner for kind, inner in boxes[0][1] if kind == b"mvhd")
    movie_scale = int.from_bytes(header[12:16], "big")
    for track in tracks:
        media = dict(track)[b"mdia"]
        scale = int.from_bytes(dict(media)[b"mdhd"][12:16], "big")
        old = dict(dict(track)[b"edts"])[b"elst"]
        zero = int.from_bytes(old[12:16], "big")
        body = bytes(4) + len(edits).to_bytes(4, "big")
        for length, start in edits:
            body += (length * movie_scale).to_bytes(4, "big")
            body += (zero + start * scale).to_bytes(4, "big") + b"\0\1\0\0"
        at = next(number for number, (kind, _) in enumerate(track) if kind == b"edts")
        track[at] = (b"edts", [(b"elst", body)])
    return content[:place] + _bytes(boxes)


_NESTING = {b"moov", b"trak", b"edts", b"mdia"}


def _boxes(data: bytes) -> list:
    found, place = [], 0
    while place + 8 <= len(data):
        size, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        inner = data[place + 8 : place + size]
        found.append((kind, _boxes(inner) if kind in _NESTING else inner))
        place += size
    return found


def _bytes(boxes: list) -> bytes:
    out = b""
    for kind, inner in boxes:
        body = _bytes(inner) if isinstance(inner, list) else inner
        out += (8 + len(body)).to_bytes(4, "big") + kind + body
    return out


def test_a_mirrored_picture_is_refused(recording_file, tmp_path):
    mirrored = tmp_path / "mirrored.mp4"
    _ffmpeg("-display_hflip", "-i", recording_file("gop25"), "-c", "copy", mirrored)
    with av.open(str(mirrored)) as source:
        matrix = next(source.decode(video=0)).side_data.get(Type.DISPLAYMATRIX)
    assert np.frombuffer(bytes(matrix), np.int32)[0] < 0
    with open_untrusted(mirrored) as file, pytest.raises(UnsafeMedia, match="mirrored"):
        probe(file)
