"""Long recordings to measure on: two minutes are encoded, and repeated as often as needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from mbtg_video.media import barcode

RATE = 25
PIECE_SECONDS = 120
"""Holds a whole number of frames and of AAC packets, so that pieces follow without a gap."""
_SAMPLE_RATE = 48_000


@dataclass(frozen=True)
class Size:
    """A picture's size, and how it is coded: by quality, or at a camera's bit rate."""

    width: int
    height: int
    options: Mapping[str, str]
    grain: int
    label: str = ""


HD = Size(1280, 720, {"crf": "25"}, grain=5)
FULL_HD = Size(1920, 1080, {"b": "5M", "maxrate": "6M", "bufsize": "6M"}, grain=24, label="1080p-")


def _pictures(size: Size):
    """A room with grain and two moving bodies, each frame with its number."""
    width, height = size.width, size.height
    chance = np.random.default_rng(11)
    room = chance.integers(70, 170, (height // 40, width // 40), dtype=np.uint8)
    room = room.repeat(40, axis=0).repeat(40, axis=1)
    grain = chance.integers(0, size.grain, (8, height, width), dtype=np.uint8)
    chroma = np.full((height // 2, width), 128, np.uint8)
    for number in range(PIECE_SECONDS * RATE):
        luma = room + grain[number % 8]
        for body, (x, y) in enumerate(((200, 240), (780, 300))):
            left = x + round(60 * np.sin(number / 40 + body))
            luma[y : y + 320, left : left + 220] = 110 + 60 * body + grain[0][:320, :220]
        barcode.draw(luma, number)
        yield VideoFrame.from_ndarray(np.concatenate([luma, chroma]), format="yuv420p")


def _write_piece(path: Path, group: int, size: Size) -> None:
    chance = np.random.default_rng(5)
    with av.open(str(path), "w") as output:
        video = output.add_stream("libx264", rate=RATE)
        video.width, video.height, video.pix_fmt = size.width, size.height, "yuv420p"
        video.codec_context.thread_count = 2
        video.options = {
            "preset": "veryfast",
            **size.options,
            "x264-params": f"keyint={group}:min-keyint={group}:scenecut=0:bframes=3:open-gop=0",
        }
        audio = output.add_stream("aac", rate=_SAMPLE_RATE, layout="stereo")
        samples = 0
        for number, picture in enumerate(_pictures(size)):
            picture.pts, picture.time_base = number, Fraction(1, RATE)
            output.mux(video.encode(picture))
            while samples < (number + 1) * _SAMPLE_RATE // RATE:
                block = chance.normal(0, 0.05, (2, 1024)).astype(np.float32)
                sound = AudioFrame.from_ndarray(block, "fltp", "stereo")
                sound.sample_rate, sound.pts = _SAMPLE_RATE, samples
                sound.time_base = Fraction(1, _SAMPLE_RATE)
                output.mux(audio.encode(sound))
                samples += 1024
        output.mux(video.encode(None))
        output.mux(audio.encode(None))


def _repeat(piece: Path, path: Path, times: int) -> None:
    with av.open(str(path), "w") as output:
        streams = None
        for turn in range(times):
            with av.open(str(piece)) as source:
                if streams is None:
                    streams = [output.add_stream_from_template(s) for s in source.streams]
                for packet in source.demux():
                    sound = packet.stream.type == "audio"
                    if packet.dts is None or (
                        sound and not 0 <= packet.pts * packet.time_base < PIECE_SECONDS
                    ):
                        continue
                    shift = turn * PIECE_SECONDS / packet.time_base
                    packet.pts += round(shift)
                    packet.dts += round(shift)
                    packet.stream = streams[packet.stream_index]
                    output.mux(packet)


def recording(folder: Path, minutes: int, group: int, size: Size = HD) -> Path:
    """A recording of so many minutes with a keyframe every `group` frames, made once."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{minutes}min-{size.label}gop{group}.mp4"
    if not path.exists():
        piece = folder / f"piece-{size.label}gop{group}.mp4"
        if not piece.exists():
            _write_piece(piece.with_suffix(".making.mp4"), group, size)
            piece.with_suffix(".making.mp4").rename(piece)
        _repeat(piece, path.with_suffix(".making.mp4"), minutes * 60 // PIECE_SECONDS)
        path.with_suffix(".making.mp4").rename(path)
    return path
