"""Soft-edged shapes on a picture that is drawn larger than it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Colour = tuple[int, int, int]
"""Red, green, blue."""

OVERSIZE: Final = 2
_SHIFT: Final = 4
_PIECES: Final = 8


@dataclass(frozen=True, slots=True)
class Brush:
    """Draws in units of its own: `scale` pixels each, from `origin` in the shown picture."""

    canvas: NDArray[np.uint8]
    scale: float = 1.0
    origin: Point = (0.0, 0.0)

    def _fixed(self, point: Point) -> tuple[int, int]:
        factor = self.scale * OVERSIZE * (1 << _SHIFT)
        offset = OVERSIZE * (1 << _SHIFT)
        return (
            round(point[0] * factor + self.origin[0] * offset),
            round(point[1] * factor + self.origin[1] * offset),
        )

    def _length(self, length: float) -> int:
        return max(1, round(length * self.scale * OVERSIZE))

    def ellipse(
        self,
        centre: Point,
        axes: Point,
        colour: Colour,
        *,
        arc: tuple[float, float] = (0.0, 360.0),
        turned: float = 0.0,
        width: float | None = None,
    ) -> None:
        """A filled ellipse with half axes `axes`, or the line of its arc, in degrees."""
        factor = self.scale * OVERSIZE * (1 << _SHIFT)
        cv2.ellipse(
            self.canvas,
            self._fixed(centre),
            (max(1, round(axes[0] * factor)), max(1, round(axes[1] * factor))),
            turned,
            *arc,
            colour[::-1],
            -1 if width is None else self._length(width),
            cv2.LINE_AA,
            _SHIFT,
        )

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """A line with round ends through the points."""
        fixed = np.array([self._fixed(point) for point in points], np.int32)
        cv2.polylines(
            self.canvas, [fixed], False, colour[::-1], self._length(width), cv2.LINE_AA, _SHIFT
        )

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled shape with straight sides."""
        fixed = np.array([self._fixed(point) for point in points], np.int32)
        cv2.fillPoly(self.canvas, [fixed], colour[::-1], cv2.LINE_AA, _SHIFT)

    def blob(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled shape that runs smoothly through the points (Catmull-Rom)."""
        corners = np.array(points)
        before, after = np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0)
        beyond = np.roll(corners, -2, axis=0)
        smooth = []
        for step in range(_PIECES):
            at = step / _PIECES
            smooth.append(
                0.5
                * (
                    2 * corners
                    + (after - before) * at
                    + (2 * before - 5 * corners + 4 * after - beyond) * at**2
                    + (3 * corners - before - 3 * after + beyond) * at**3
                )
            )
        path = np.stack(smooth, axis=1).reshape(-1, 2)
        self.polygon([(float(x), float(y)) for x, y in path], colour)


def enlarged(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture (rows, columns, BGR) at the size in which a `Brush` draws."""
    return picture.repeat(OVERSIZE, axis=0).repeat(OVERSIZE, axis=1)


def shrunk(canvas: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What was drawn, at the size in which it is shown."""
    height, width = canvas.shape[0] // OVERSIZE, canvas.shape[1] // OVERSIZE
    return np.asarray(cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
