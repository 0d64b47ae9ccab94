"""Pictures with words: title slates and captions, set by moviepy in its own typeface.

The typeface has no letters beyond ASCII, so what is written here keeps to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

import numpy as np
from moviepy import ColorClip, CompositeVideoClip, TextClip
from numpy.typing import NDArray

_BACKGROUND: Final = (38, 50, 56)
_FIRST: Final = "#f4efe6"
_FOLLOWING: Final = "#b8c6c9"
_FADE_FRAMES: Final = 12


def slate(
    lines: Sequence[str], size: tuple[int, int], seconds: int, frame_rate: Fraction
) -> Iterator[NDArray[np.uint8]]:
    """Frames (rows, columns, RGB) of a title that fades in and out; the first line is larger."""
    width, height = size
    clips = [ColorClip(size, color=_BACKGROUND)]
    place = height * 2 // 5
    for index, line in enumerate(lines):
        letters = height // 11 if index == 0 else height // 22
        text = TextClip(
            text=line,
            font_size=letters,
            color=_FOLLOWING if index else _FIRST,
            margin=(8, letters // 3),
        )
        clips.append(text.with_position(((width - text.w) // 2, place)))
        place += text.h
    still = CompositeVideoClip(clips, size=size).get_frame(0).astype(np.float32)
    background = np.array(_BACKGROUND, np.float32)
    count = int(seconds * frame_rate)
    for index in range(count):
        shown = min(1.0, (index + 1) / _FADE_FRAMES, (count - index) / _FADE_FRAMES)
        yield (background + (still - background) * shown).astype(np.uint8)


def caption(text: str, letters: int, colour: str) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Picture (rows, columns, RGB) of a line of text and how much of each pixel it covers."""
    clip = TextClip(text=text, font_size=letters, color=colour, margin=(0, letters // 3))
    return clip.get_frame(0), clip.mask.get_frame(0).astype(np.float32)
