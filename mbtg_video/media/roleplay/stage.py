"""Puts a frame of the role-play together from drawings that are made once and used again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mbtg_video.media import barcode
from mbtg_video.media.film import caption
from mbtg_video.media.roleplay import figure, room
from mbtg_video.media.roleplay.brush import Brush, Colour, enlarged, shrunk
from mbtg_video.media.roleplay.motion import Motion, Pose
from mbtg_video.media.roleplay.script import SPEAKERS, Line

# A head or body takes 70 to 120 kB; few poses come back after a minute.
_KEPT_POSES: Final = 400
_CAPTION_MIDDLE: Final = 684
_CAPTION_LETTERS: Final = 27
_SIGN_LETTERS: Final = 21
_PILL: Final = (34, 40, 44)
_PILL_COVERS: Final = 0.78
_SIGN: Final = (96, 104, 108)
_SIGN_SPEAKING: Final = (196, 92, 52)
_TIME_MIDDLE: Final = 1200
_LETTERS: Final = "#f4efe6"


@dataclass(frozen=True, slots=True)
class Patch:
    """A finished piece of the picture; its place and size are even numbers."""

    top: int
    left: int
    planes: NDArray[np.uint8]
    """I420, one plane below the other."""


def _to_planes(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8)


def _views(planes: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    """Luma, blue and red planes of an I420 picture, as views."""
    rows, width = planes.shape
    height = rows * 2 // 3
    chroma = planes[height:].reshape(2, height // 2, width // 2)
    return planes[:height], chroma[0], chroma[1]


def _even(number: float) -> int:
    return round(number / 2) * 2


class Stage:
    """Draws any frame of the role-play."""

    def __init__(self, lines: list[Line], motions: list[Motion], frame_rate: int) -> None:
        self._frame_rate = frame_rate
        self._motions = motions
        self._room = room.draw_room()
        self._still = _to_planes(self._room)
        self._captions = {
            frame: line
            for line in lines
            for frame in range(line.start_ms * frame_rate // 1000, line.end_ms * frame_rate // 1000)
        }
        keep = lru_cache(_KEPT_POSES)
        self._head = keep(self._draw_head)
        self._body = keep(self._draw_body)
        self._clock = lru_cache(1)(self._draw_clock)
        self._caption = lru_cache(1)(self._draw_caption)
        self._sign = lru_cache(None)(self._draw_sign)
        self._time = lru_cache(1)(self._draw_time)

    def frame(self, number: int) -> NDArray[np.uint8]:
        """I420 planes of frame `number`, its barcode in the top rows."""
        planes = self._still.copy()
        views = _views(planes)
        patches = [self._clock(number // self._frame_rate)]
        for seat, motion in enumerate(self._motions):
            pose = motion.pose(number)
            head = pose._replace(left_hand=0, right_hand=0, breath=0)
            body = pose._replace(look=0, nod=0, mouth=0, lids=0)
            speaks = bool(motion.speaks[number])
            patches += [self._head(seat, head), self._body(seat, body), self._sign(seat, speaks)]
        if line := self._captions.get(number):
            patches.append(self._caption(line))
        patches.append(self._time(number // self._frame_rate))
        for patch in patches:
            for view, piece, part in zip(views, _views(patch.planes), (1, 2, 2), strict=True):
                top, left = patch.top // part, patch.left // part
                view[top : top + piece.shape[0], left : left + piece.shape[1]] = piece
        barcode.draw(views[0], number)
        return planes

    def _drawn(
        self, box: tuple[int, int, int, int], draw: Callable[[NDArray[np.uint8]], None]
    ) -> Patch:
        """The room's part in `box` (left, top, right, bottom) with something drawn over it."""
        left, top, right, bottom = box
        canvas = enlarged(self._room[top:bottom, left:right])
        draw(canvas)
        return Patch(top, left, _to_planes(shrunk(canvas)))

    def _seat(self, seat: int, upper: float, lower: float) -> tuple[int, int, int, int]:
        x, feet, scale = room.SEATS[seat]
        top = feet - 260 * scale
        return (
            _even(x - figure.WIDTH / 2 * scale),
            _even(top + upper * scale),
            _even(x + figure.WIDTH / 2 * scale),
            _even(top + lower * scale),
        )

    def _figure_brush(self, canvas: NDArray[np.uint8], seat: int, left: int, top: int) -> Brush:
        x, feet, scale = room.SEATS[seat]
        return Brush(canvas, scale, (x - figure.WIDTH / 2 * scale - left, feet - 260 * scale - top))

    def _draw_head(self, seat: int, pose: Pose) -> Patch:
        box = self._seat(seat, 0, figure.NECK)
        return self._drawn(
            box,
            lambda canvas: figure.CAST[seat].draw_head(
                self._figure_brush(canvas, seat, *box[:2]), pose
            ),
        )

    def _draw_body(self, seat: int, pose: Pose) -> Patch:
        box = self._seat(seat, figure.NECK, figure.HEIGHT)
        return self._drawn(
            box,
            lambda canvas: figure.CAST[seat].draw_body(
                self._figure_brush(canvas, seat, *box[:2]), pose
            ),
        )

    def _draw_clock(self, second: int) -> Patch:
        x, y = room.CLOCK_CENTRE
        reach = room.CLOCK_RADIUS + 6
        box = (x - reach, y - reach, x + reach, y + reach)
        return self._drawn(
            box, lambda canvas: room.draw_clock(Brush(canvas, 1, (reach, reach)), second)
        )

    def _draw_sign(self, seat: int, speaks: bool) -> Patch:
        x, feet, scale = room.SEATS[seat]
        middle = (_even(x + 80 * scale), _even(feet - 4))
        return self._pill(
            SPEAKERS[seat], _SIGN_LETTERS, middle, _SIGN_SPEAKING if speaks else _SIGN, 0.92
        )

    def _draw_caption(self, line: Line) -> Patch:
        text = f"{SPEAKERS[line.speaker]}:  {line.text}"
        return self._pill(text, _CAPTION_LETTERS, (540, _CAPTION_MIDDLE), _PILL, _PILL_COVERS)

    def _draw_time(self, second: int) -> Patch:
        text = f"{second // 60:02d}:{second % 60:02d}"
        return self._pill(text, _CAPTION_LETTERS, (_TIME_MIDDLE, _CAPTION_MIDDLE), _PILL, 0.92)

    def _pill(
        self, text: str, letters: int, middle: tuple[int, int], colour: Colour, covers: float
    ) -> Patch:
        """Light letters on a rounded ground that covers so much of the room behind it."""
        words, letters_cover = caption(text, letters, _LETTERS)
        # The typeface leaves more room above its letters than below.
        words, letters_cover = words[letters // 3 :], letters_cover[letters // 3 :]
        height = _even(words.shape[0])
        left = _even(middle[0] - words.shape[1] / 2 - height / 2)
        right = left + _even(words.shape[1] + height)
        top = _even(middle[1] - height / 2)
        ground = np.zeros((height, right - left), np.uint8)
        radius = height // 2
        cv2.rectangle(ground, (radius, 0), (right - left - radius - 1, height), 255, -1)
        for x in (radius, right - left - radius - 1):
            cv2.circle(ground, (x, radius), radius - 1, 255, -1, cv2.LINE_AA)
        behind = self._room[top : top + height, left:right].astype(np.float32)
        share = ground[..., None].astype(np.float32) / 255 * covers
        picture = behind * (1 - share) + np.array(colour, np.float32) * share
        inset = (right - left - words.shape[1]) // 2
        place = picture[: words.shape[0], inset : inset + words.shape[1]]
        cover = letters_cover[: place.shape[0], :, None]
        place[:] = place * (1 - cover) + words[: place.shape[0], :, ::-1] * cover
        return Patch(top, left, _to_planes(picture.astype(np.uint8)))
