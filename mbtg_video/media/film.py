"""Pictures with words: title slates and captions, set by moviepy.

Its own typeface has no letters beyond ASCII; `font` names the file of another.
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
    lines: Sequence[str],
    size: tuple[int, int],
    seconds: int,
    frame_rate: Fraction,
    *,
    font: str | None = None,
    letters: Sequence[int] = (),
) -> Iterator[NDArray[np.uint8]]:
    """Frames (rows, columns, RGB) of a title that fades in and out; the first line is larger.

    With the height of each line's `letters` they stand in the middle, and all lines as high as
    the first are as bright.
    """
    width, height = size
    clips = [ColorClip(size, color=_BACKGROUND)]
    place = (height - 2 * sum(letters)) // 2 if letters else height * 2 // 5
    heights = letters or [height // 22 if index else height // 11 for index in range(len(lines))]
    for line, high in zip(lines, heights, strict=True):
        text = TextClip(
            font=font,
            text=line,
            font_size=high,
            color=_FIRST if high == heights[0] else _FOLLOWING,
            margin=(8, high // 3),
        )
        clips.append(text.with_position(((width - text.w) // 2, place)))
        place += text.h
    still = CompositeVideoClip(clips, size=size).get_frame(0).astype(np.float32)
    background = np.array(_BACKGROUND, np.float32)
    count = int(seconds * frame_rate)
    for index in range(count):
        shown = min(1.0, (index + 1) / _FADE_FRAMES, (count - index) / _FADE_FRAMES)
        yield (background + (still - background) * shown).astype(np.uint8)


def caption(
    text: str, letters: int, colour: str, *, font: str | None = None
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Picture (rows, columns, RGB) of a line of text and how much of each pixel it covers."""
    clip = TextClip(font=font, text=text, font_size=letters, color=colour, margin=(0, letters // 3))
    return clip.get_frame(0), clip.mask.get_frame(0).astype(np.float32)
