"""Write the role-play: a title, then the room, with sound, number and time in every frame."""

from __future__ import annotations

import tempfile
import wave
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mbtg_video.media import barcode
from mbtg_video.media.ffmpeg import FilmWriter
from mbtg_video.media.film import slate
from mbtg_video.media.roleplay.motion import make_motions
from mbtg_video.media.roleplay.script import LENGTH_MS, lines_until
from mbtg_video.media.roleplay.stage import Stage
from mbtg_video.media.roleplay.voice import SAMPLE_RATE, make_sound

SIZE: Final = (1280, 720)
FRAME_RATE: Final = 25
KEYFRAME_EVERY: Final = 50
"""Frames: two seconds, as a camera that is made for editing writes them."""

_SLATE_SECONDS: Final = 3
_TITLE: Final = ("A group at work", "A role-play that nobody played: drawn and voiced by numbers")


def _write_sound(path: Path, sound: NDArray[np.float32]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(sound.shape[1])
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((sound * 32767).astype("<i2").tobytes())


def _title_planes() -> Iterator[NDArray[np.uint8]]:
    """The title's frames as I420 planes, each with its number."""
    for number, picture in enumerate(slate(_TITLE, SIZE, _SLATE_SECONDS, Fraction(FRAME_RATE))):
        planes = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420), np.uint8)
        barcode.draw(planes[: SIZE[1]], number)
        yield planes


def make_roleplay(
    target: Path,
    *,
    seconds: int = LENGTH_MS // 1000,
    progress: Callable[[float], None] = lambda _: None,
) -> None:
    """Write a role-play recording to `target`: 1280x720, 25 frames a second, H.264 and AAC.

    Every frame carries its number as a barcode in its top rows. The pictures are the same every
    time. Raises `MediaError` when it cannot be written.
    """
    lines = lines_until(seconds * 1000)
    sound, loudness = make_sound(lines, seconds * 1000)
    frames = seconds * FRAME_RATE
    stage = Stage(lines, make_motions(lines, loudness, frames, FRAME_RATE), FRAME_RATE)
    with tempfile.TemporaryDirectory(prefix="mbtg-roleplay-") as folder:
        voices = Path(folder) / "voices.wav"
        _write_sound(voices, sound)
        with FilmWriter(
            target,
            voices,
            size=SIZE,
            frame_rate=Fraction(FRAME_RATE),
            keyframe_every=KEYFRAME_EVERY,
        ) as film:
            for number, planes in enumerate(_title_planes()):
                if number < frames:
                    film.write(planes)
            for number in range(_SLATE_SECONDS * FRAME_RATE, frames):
                film.write(stage.frame(number))
                progress((number + 1) / frames)
