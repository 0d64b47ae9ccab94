"""A frame's own number, painted into its top rows so that every copy of it can be told.

24 cells span the picture's width: guard ``1 0``, 16 bits of the number with the lowest
first, 4 check bits, guard ``0 1``. A picture that mixes two frames does not read.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

NUMBERS: Final = 1 << 16
"""Numbers start again at 0 after this many frames."""

SMALLEST_WIDTH: Final = 256
"""Narrower pictures leave a cell too few columns to survive compression."""

_CELLS: Final = 24
_BITS: Final = 16
_CHECK_BITS: Final = 4
_OPENING: Final = (1, 0)
_CLOSING: Final = (0, 1)
_DARK: Final = 40
_BRIGHT: Final = 210
_LEAST_CONTRAST: Final = 60.0
# A cell must lie this close to one of the two levels, as a share of their distance.
_TOLERANCE: Final = 0.3


def _check(number: int) -> int:
    return (number ^ number >> 4 ^ number >> 8 ^ number >> 12) & 0xF


def _edges(width: int) -> list[int]:
    return [cell * width // _CELLS for cell in range(_CELLS + 1)]


def height_of(picture_height: int) -> int:
    """How many rows the barcode takes of a picture `picture_height` rows high."""
    return max(16, picture_height // 16)


def draw(luma: NDArray[np.uint8], number: int) -> None:
    """Paint `number`, modulo `NUMBERS`, over the top rows of a luma plane (rows, columns)."""
    number %= NUMBERS
    check = _check(number)
    bits = (
        *_OPENING,
        *(number >> bit & 1 for bit in range(_BITS)),
        *(check >> bit & 1 for bit in range(_CHECK_BITS)),
        *_CLOSING,
    )
    edges = _edges(luma.shape[1])
    rows = luma[: height_of(luma.shape[0])]
    for bit, (left, right) in zip(bits, pairwise(edges), strict=True):
        rows[:, left:right] = _BRIGHT if bit else _DARK


def read(luma: NDArray[np.uint8]) -> int | None:
    """Number painted into a luma plane or gray picture; None when there is none to be sure of."""
    height, width = luma.shape
    if width < SMALLEST_WIDTH or height < height_of(height):
        return None
    rows = height_of(height)
    profile = luma[rows // 4 : rows - rows // 4].mean(axis=0)
    edges = _edges(width)
    levels = np.array(
        [
            profile[left + (right - left) // 4 : right - (right - left) // 4].mean()
            for left, right in pairwise(edges)
        ]
    )
    bright = (levels[0] + levels[-1]) / 2
    dark = (levels[1] + levels[-2]) / 2
    if bright - dark < _LEAST_CONTRAST:
        return None
    shares = (levels - dark) / (bright - dark)
    bits = shares > 0.5
    if np.abs(shares - bits).max() > _TOLERANCE:
        return None
    values = [int(bit) for bit in bits[2:-2]]
    number = sum(bit << place for place, bit in enumerate(values[:_BITS]))
    check = sum(bit << place for place, bit in enumerate(values[_BITS:]))
    return number if check == _check(number) else None
