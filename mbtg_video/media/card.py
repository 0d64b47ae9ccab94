"""Cards with words in any letters: title slates that stand in a film, and captions on it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final

import matplotlib
import numpy as np
from numpy.typing import NDArray

from mbtg_video.media.film import caption, slate

_LETTER_WIDTH: Final = 0.62
"""Of a letter's height: DejaVu Sans on average; wide letters are caught by measuring."""
_FILLED: Final = 0.88
_SMALLEST: Final = 30
"""A picture's height holds so many letters at most."""


@cache
def font() -> str:
    """File of the typeface DejaVu Sans, which knows the letters of most languages."""
    return str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")


def wrapped(text: str, letters: int, width: int) -> list[str]:
    """Lines of a text that are set in so high letters and stay within a picture's width."""
    most = max(4, int(width * _FILLED / (letters * _LETTER_WIDTH)))
    return textwrap.wrap(" ".join(text.split()), most) or [""]


def card(
    heading: str, texts: Sequence[str], size: tuple[int, int], seconds: int, frame_rate: Fraction
) -> Iterator[NDArray[np.uint8]]:
    """Frames (rows, columns, RGB) of a title: a heading, and texts below it.

    The letters become smaller until all fits; what is longer still ends in dots.
    """
    width, height = size
    for share in range(11, _SMALLEST, 2):
        sizes = (height // share, height // (share + 9))
        rows = [(line, sizes[0]) for line in wrapped(heading, sizes[0], width)]
        for text in texts:
            rows += [(line, sizes[1]) for line in wrapped(text, sizes[1], width)]
        if sum(letters * 2 for _, letters in rows) <= height * _FILLED:
            break
    else:
        while sum(letters * 2 for _, letters in rows) > height * _FILLED:
            rows.pop()
        last, letters = rows[-1]
        rows[-1] = (f"{last[:-1]}\N{HORIZONTAL ELLIPSIS}", letters)
    lines = [line for line, _ in rows]
    return slate(lines, size, seconds, frame_rate, font=font(), letters=[n for _, n in rows])


def subtitle(text: str, size: tuple[int, int]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Luma (rows, columns) of a line of text in a dark band, and how much it covers: the band's
    sides are even, and it is no wider than the picture.
    """
    width, height = size
    letters = max(10, height // 24)
    lines = wrapped(text, letters, width)[:2]
    set_ = [caption(line, letters, "#ffffff", font=font()) for line in lines]
    tall = sum(cover.shape[0] for _, cover in set_)
    wide = min(width, max(cover.shape[1] for _, cover in set_) + 2 * letters)
    wide, tall = wide - wide % 2, tall + tall % 2
    luma = np.full((tall, wide), 24, np.float32)
    top = 0
    for _, cover in set_:
        part = cover[:, : wide - letters]
        row = luma[top : top + part.shape[0], letters : letters + part.shape[1]]
        row += (225 - row) * part[:, : row.shape[1]]
        top += cover.shape[0]
    return luma.astype(np.uint8), np.full((tall, wide), 0.85, np.float32)
