"""Small pictures of a recording: a poster, and thumbnails for moving along its timeline.

Thumbnails are tiled into sheets, so that a page loads hundreds with a few requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from mbtg_video import interrupt
from mbtg_video.errors import MediaError
from mbtg_video.media.cut import Progress, no_progress
from mbtg_video.media.medium import Footage, Medium, told_plainly
from mbtg_video.media.stills import stills_near

TILE_BOX: Final = (160, 90)
POSTER_BOX: Final = (480, 270)
COLUMNS: Final = 10
ROWS: Final = 10
MOST_TILES: Final = 600
LEAST_STEP_US: Final = 500_000

_TILE_QUALITY: Final = 75
_POSTER_QUALITY: Final = 85
_SHARE_BEFORE: Final = 50
"""A thumbnail may be earlier than its place by this part of the recording: a finger's breadth."""
_POSTER_SHARE: Final = 10
_HIGH_DEFINITION_ROWS: Final = 720
_UNSPECIFIED: Final = 2
_TURNS: Final = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


@dataclass(frozen=True, slots=True)
class Sprites:
    """Thumbnails on JPEG sheets, row by row; the last sheet holds the rows that it needs.

    `times_us` tells for each thumbnail which frame it shows: microseconds of recording time.
    """

    tile_width: int
    tile_height: int
    columns: int
    rows: int
    sheets: tuple[bytes, ...]
    times_us: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Poster:
    """One picture that stands for a recording, as JPEG."""

    width: int
    height: int
    time_us: int
    jpeg: bytes


class _Scaler:
    """Makes pictures (rows, columns, BGR) upright and as wide and high as fits into a box."""

    def __init__(self, medium: Medium, box: tuple[int, int]) -> None:
        self._rotation = medium.footage.rotation
        self._aspect = medium.video.sample_aspect_ratio or Fraction(1)
        self._box = box
        self._size: tuple[int, int] | None = None
        self._reformatter = VideoReformatter()

    def _fitted(self, frame: VideoFrame) -> tuple[int, int]:
        """Width and height before turning; pictures of another size take that of the first."""
        turned = self._rotation % 180 == 90
        box = self._box[::-1] if turned else self._box
        shape = frame.width * self._aspect, Fraction(frame.height)
        scale = min(Fraction(1), *(most / side for most, side in zip(box, shape, strict=True)))
        width, height = (max(1, round(side * scale)) for side in shape)
        return width, height

    def picture(self, frame: VideoFrame) -> NDArray[np.uint8]:
        self._size = self._size or self._fitted(frame)
        # Browsers take high definition that does not say how it is coloured for BT.709.
        silent = frame.colorspace == _UNSPECIFIED and frame.height >= _HIGH_DEFINITION_ROWS
        small = self._reformatter.reformat(
            frame,
            *self._size,
            "bgr24",
            src_colorspace=Colorspace.ITU709 if silent else None,
            interpolation=Interpolation.AREA,
            threads=1,
        )
        picture: Any = small.to_ndarray()
        turn = _TURNS.get(self._rotation)
        return picture if turn is None else np.asarray(cv2.rotate(picture, turn), np.uint8)


def _jpeg(picture: NDArray[np.uint8], quality: int) -> bytes:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()


def _sheet(tiles: list[NDArray[np.uint8]]) -> bytes:
    height, width, _ = tiles[0].shape
    rows = -(-len(tiles) // COLUMNS)
    sheet = np.zeros((rows * height, COLUMNS * width, 3), np.uint8)
    for place, tile in enumerate(tiles):
        row, column = divmod(place, COLUMNS)
        sheet[row * height :, column * width :][:height, :width] = tile
    return _jpeg(sheet, _TILE_QUALITY)


def make_sprites(
    footage: Footage,
    *,
    box: tuple[int, int] = TILE_BOX,
    most: int = MOST_TILES,
    progress: Progress = no_progress,
) -> Sprites:
    """Thumbnails spread evenly over the recording, at most `most`, each fitting into `box`.

    Each shows the frame at its place, or in a long recording one shortly before. Raises
    `MediaError` when no picture can be shown, and what `progress` raises.
    """
    count = max(1, min(most, footage.length_us // LEAST_STEP_US))
    places = [place * footage.length_us // count for place in range(count)]
    sheets: list[bytes] = []
    tiles: list[NDArray[np.uint8]] = []
    times: list[int] = []
    with told_plainly(), interrupt.postponed(), Medium.opened(footage) as medium:
        scaler = _Scaler(medium, box)
        for still in stills_near(medium, places, footage.length_us // _SHARE_BEFORE):
            tiles.append(scaler.picture(still.frame))
            times.append(still.time_us)
            height, width, _ = tiles[-1].shape
            if len(tiles) == COLUMNS * ROWS:
                sheets.append(_sheet(tiles))
                tiles.clear()
            progress(min(1.0, still.time_us / footage.length_us))
    if not times:
        raise MediaError("no picture of the recording can be shown")
    if tiles:
        sheets.append(_sheet(tiles))
    return Sprites(width, height, COLUMNS, ROWS, tuple(sheets), tuple(times))


def make_poster(footage: Footage, *, box: tuple[int, int] = POSTER_BOX) -> Poster:
    """A picture from about a tenth of the recording, fitting into `box`; raises `MediaError`."""
    place = footage.length_us // _POSTER_SHARE
    with told_plainly(), interrupt.postponed(), Medium.opened(footage) as medium:
        for still in stills_near(medium, [place], footage.length_us // _SHARE_BEFORE):
            picture = _Scaler(medium, box).picture(still.frame)
            height, width, _ = picture.shape
            return Poster(width, height, still.time_us, _jpeg(picture, _POSTER_QUALITY))
    raise MediaError("no picture of the recording can be shown")
