from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import msgspec
import pytest
from av.stream import Disposition

from mbtg_video.errors import UnsafeMedia
from mbtg_video.media.probe import (
    AudioTrack,
    Probe,
    Refusal,
    child_environment,
    decode_report,
    encode_report,
    open_untrusted,
    probe,
)
from tests import synthetic
from tests.recipes import KINDS

PLAIN = {
    "container": "mp4",
    "codec": "h264",
    "width": 320,
    "height": 180,
    "rotation": 0,
    "pixel_format": "yuv420p",
    "interlaced": False,
    "frame_rate": Fraction(25),
    "constant_rate": True,
    "time_base": Fraction(1, 12_800),
    "start_pts": 0,
    "audio": (AudioTrack("aac", 48_000, 2),),
    "plays_in_browser": True,
}
MKV = {"container": "matroska", "time_base": Fraction(1, 1000)}
TS = {"container": "mpegts", "time_base": Fraction(1, 90_000)}
AVI = {"container": "avi", "time_base": Fraction(1, 25), "plays_in_browser": False}
NTSC = {"frame_rate": Fraction(30_000, 1001)}
UNEVEN = {"constant_rate": False, "time_base": Fraction(1, 90_000)}
OTHER = {"plays_in_browser": False}
PCM = {"audio": (AudioTrack("pcm_s16le", 48_000, 2),)}
OPUS = {"audio": (AudioTrack("opus", 48_000, 2),)}

FACTS = {
    "closed250": {},
    "gop25": {},
    "faststart": {},
    "fragmented": {"start_pts": 1024},
    "intra": {},
    "opengop": OTHER,
    "hevc_closed": OTHER | {"codec": "hevc"},
    "hevc_open": OTHER | {"codec": "hevc"},
    "interlaced_ts": TS
    | OTHER
    | {"interlaced": True, "start_pts": 7200, "audio": (AudioTrack("ac3", 48_000, 2),)},
    "vfr": UNEVEN,
    "vfr_bframes": UNEVEN,
    "rotated": {"width": 480, "height": 272, "rotation": 90},
    "late_start": MKV | {"start_pts": 480},
    "edit_list": {},
    "edit_list_tail": {},
    "no_audio": {"audio": ()},
    "two_audio": {"audio": (AudioTrack("aac", 48_000, 2),) * 2},
    "tenbit": OTHER | {"pixel_format": "yuv420p10le"},
    "ntsc": NTSC | {"time_base": Fraction(1, 30_000), "audio": (AudioTrack("aac", 44_100, 2),)},
    "mkv_gop25": MKV | NTSC,
    "midstream_ts": TS | {"start_pts": 97_200},
    "mpeg2_ts": TS
    | OTHER
    | {"codec": "mpeg2video", "start_pts": 3600, "audio": (AudioTrack("mp2", 48_000, 2),)},
    "mpeg4_avi": AVI | PCM | {"codec": "mpeg4"},
    "vp8_webm": MKV | OTHER | OPUS | {"codec": "vp8"},
    "vp9_webm": MKV | OTHER | OPUS | {"codec": "vp9"},
    "av1_mp4": OTHER | {"codec": "av1"},
    "mjpeg_avi": AVI | PCM | {"codec": "mjpeg", "pixel_format": "yuvj420p"},
    "prores_mov": OTHER | PCM | {"codec": "prores", "pixel_format": "yuv422p10le"},
    "pcm_mov": PCM,
}


def probed(path: Path) -> Probe:
    with open_untrusted(path) as file:
        return probe(file)


def test_every_kind_of_recording_has_its_facts_listed():
    assert set(FACTS) == set(KINDS)


@pytest.mark.parametrize("kind", FACTS)
def test_the_facts_of_every_kind_of_recording_are_found(kind, recording_file):
    facts = probed(recording_file(kind))
    expected = PLAIN | FACTS[kind]
    if not expected["constant_rate"]:
        expected["frame_rate"] = facts.frame_rate
    found = {name: getattr(facts, name) for name in expected}
    assert found == expected


@pytest.mark.parametrize("kind", FACTS)
def test_the_time_of_every_shown_frame_is_found(kind, recording_file):
    facts = probed(recording_file(kind))
    planned = [round(time * 1_000_000) for time in synthetic.planned_times(kind)]
    # A time base of a millisecond rounds what does not fit it.
    slack = 500 if facts.time_base == Fraction(1, 1000) else 1
    assert len(facts.frame_times) == len(planned)
    assert facts.frame_times[0] == 0
    worst = max(abs(found - meant) for found, meant in zip(facts.frame_times, planned, strict=True))
    assert worst <= slack
    assert facts.duration_us > facts.frame_times[-1]
    if facts.constant_rate:
        last = facts.frame_times[-1] + round(1_000_000 / facts.frame_rate)
        assert abs(facts.duration_us - last) <= 2 * slack


def test_an_uneven_recording_has_its_rate_on_average(recording_file):
    facts = probed(recording_file("vfr"))
    frames, length = len(facts.frame_times) - 1, facts.frame_times[-1]
    assert facts.frame_rate == Fraction(frames * 1_000_000, length)


def test_the_file_is_rewound(recording_file):
    path = recording_file("gop25")
    with open_untrusted(path) as file:
        file.read(1000)
        first = probe(file)
        assert file.read() == path.read_bytes()
        assert probe(file) == first


def test_a_cover_picture_is_not_taken_for_the_recording(recording_file, tmp_path):
    plain, covered = recording_file("gop25"), tmp_path / "covered.mp4"
    with av.open(str(plain)) as source, av.open(str(covered), "w") as target:
        streams = [target.add_stream_from_template(stream) for stream in source.streams]
        cover = target.add_stream("mjpeg", rate=25)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = Disposition.attached_pic
        target.mux(cover.encode(av.VideoFrame(64, 64, "yuvj420p")))
        for packet in source.demux():
            if packet.size:
                packet.stream = streams[packet.stream_index]
                target.mux(packet)
    with av.open(str(covered)) as source:
        assert len(source.streams.video) == 2
    assert probed(covered) == probed(plain)


def run_without_rights(code: str, stdin: Path) -> str:
    """What Python writes to stderr when it runs `code` under the child's limits."""
    program = (
        "import sys, av\nfrom mbtg_video.media import probe_child\nprobe_child.give_up_rights(60)\n"
    )
    with stdin.open("rb") as file:
        return subprocess.run(
            [sys.executable, "-c", program + code],
            stdin=file,
            capture_output=True,
            text=True,
            check=False,
        ).stderr


@pytest.mark.parametrize("opener", ["open(%r, 'rb')", "av.open(%r)"])
def test_the_child_can_open_no_other_file(opener, recording_file):
    path = recording_file("gop25")
    last_line = run_without_rights(opener % str(path), path).splitlines()[-1]
    assert "Too many open files" in last_line
    assert str(path) in last_line


def test_the_child_can_write_no_file(recording_file, tmp_path):
    target = tmp_path / "written"
    with target.open("wb") as output:
        code = f"import os; os.write({output.fileno()}, b'x')"
        program = (
            f"from mbtg_video.media import probe_child; probe_child.give_up_rights(60); {code}"
        )
        subprocess.run(
            [sys.executable, "-c", program],
            pass_fds=[output.fileno()],
            stderr=subprocess.DEVNULL,
            check=False,
        )
    assert target.read_bytes() == b""


def test_the_child_knows_nothing_of_the_passphrase(monkeypatch):
    monkeypatch.setenv("MBTG_PASSPHRASE", "planted")
    assert "planted" not in child_environment().values()


def test_a_child_that_dies_is_a_refusal(recording_file, monkeypatch):
    monkeypatch.setenv("PYTHONHOME", os.devnull)
    with open_untrusted(recording_file("gop25")) as file, pytest.raises(UnsafeMedia):
        probe(file)


def test_facts_survive_the_way_from_child_to_parent(recording_file):
    facts = replace(probed(recording_file("ntsc")), frame_rate=Fraction(10_007, 613))
    assert decode_report(encode_report(facts)) == facts
    assert decode_report(encode_report(Refusal("because"))) == Refusal("because")


def test_a_report_of_another_shape_is_not_believed():
    with pytest.raises(msgspec.DecodeError):
        decode_report(b'{"refused": 1}')
    with pytest.raises(msgspec.DecodeError):
        decode_report(b'{"container": "mp4"}')


def test_a_refused_file_is_closed(tmp_path):
    empty = tmp_path / "empty.mp4"
    empty.touch()
    with empty.open() as file:
        lowest_free = file.fileno()
    with pytest.raises(UnsafeMedia):
        open_untrusted(empty)
    with empty.open() as file:
        assert file.fileno() == lowest_free
