"""The room in which the role-play is held, with its clock: what stands still."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mbtg_video.media.roleplay.brush import OVERSIZE, Brush, Colour, shrunk

WIDTH: Final = 1280
HEIGHT: Final = 720

CLOCK_CENTRE: Final = (640, 126)
CLOCK_RADIUS: Final = 44
CLOCK_STARTS_AT_SECONDS: Final = 10 * 3600

SEATS: Final = ((640, 560, 1.36), (268, 632, 1.6), (1012, 632, 1.6))
"""Where the feet of T1, P1 and P2 stand, and how large each is drawn."""

_FLOOR: Final = 408
_WOOD: Final = (150, 108, 74)
_WALL_TOP: Final = (236, 229, 216)
_WALL_BOTTOM: Final = (222, 211, 194)
_FLOOR_FAR: Final = (188, 152, 116)
_FLOOR_NEAR: Final = (206, 172, 134)


def _graded(height: int, top: Colour, bottom: Colour) -> NDArray[np.uint8]:
    share = np.linspace(0, 1, height * OVERSIZE)[:, None]
    rows = np.array(top)[::-1] * (1 - share) + np.array(bottom)[::-1] * share
    return np.repeat(rows[:, None, :], WIDTH * OVERSIZE, axis=1).round().astype(np.uint8)


def draw_room() -> NDArray[np.uint8]:
    """The empty room, as a picture (rows, columns, BGR)."""
    canvas = np.concatenate(
        [
            _graded(_FLOOR, _WALL_TOP, _WALL_BOTTOM),
            _graded(HEIGHT - _FLOOR, _FLOOR_FAR, _FLOOR_NEAR),
        ]
    )
    brush = Brush(canvas)
    _draw_floor(brush)
    _draw_window(brush)
    _draw_shelf(brush)
    _draw_plant(brush)
    _draw_rug(brush)
    for x, y, scale in SEATS:
        _draw_chair(Brush(canvas, scale, (x, y)))
    _draw_table(brush)
    return shrunk(canvas)


def _draw_floor(brush: Brush) -> None:
    for plank in range(-14, 15):
        far, near = 640 + plank * 62, 640 + plank * 168
        brush.line([(far, _FLOOR), (near, HEIGHT)], 1.4, (176, 140, 104))
    brush.polygon(
        [(0, _FLOOR - 14), (WIDTH, _FLOOR - 14), (WIDTH, _FLOOR), (0, _FLOOR)], (246, 241, 232)
    )
    brush.line([(0, _FLOOR), (WIDTH, _FLOOR)], 2, (160, 130, 100))


def _draw_window(brush: Brush) -> None:
    brush.polygon([(86, 78), (352, 78), (352, 300), (86, 300)], (248, 246, 240))
    for step in range(26):
        shade = (176 + step * 2, 208 + step, 230 + step // 2)
        y = 90 + step * 5
        brush.polygon([(98, y), (340, y), (340, y + 6), (98, y + 6)], shade)
    brush.polygon(
        [(98, 222), (98, 176), (134, 150), (170, 184), (214, 138), (262, 190), (300, 164),
         (340, 190), (340, 222)],
        (142, 164, 176),
    )  # fmt: skip
    brush.polygon(
        [(98, 236), (98, 206), (150, 188), (208, 214), (270, 200), (340, 216), (340, 236)],
        (108, 138, 120),
    )
    brush.polygon([(98, 222), (340, 222), (340, 288), (98, 288)], (132, 172, 190))
    for row, (left, right) in enumerate(((120, 180), (220, 300), (150, 250), (108, 150))):
        brush.line([(left, 236 + row * 13), (right, 236 + row * 13)], 1.6, (168, 202, 214))
    for x in (213, 225):
        brush.line([(x, 84), (x, 294)], 6, (248, 246, 240))
    brush.line([(92, 190), (346, 190)], 6, (248, 246, 240))
    brush.polygon([(74, 296), (364, 296), (370, 310), (68, 310)], (238, 233, 224))
    for left, right in ((58, 112), (326, 380)):
        brush.polygon([(left, 62), (right, 62), (right - 6, 330), (left + 4, 330)], (206, 190, 164))
        for fold in range(1, 5):
            crease = left + fold * (right - left) / 5
            brush.line([(crease, 64), (crease, 328)], 1.6, (190, 172, 146))
    brush.line([(44, 62), (394, 62)], 7, _WOOD)


_BOOKS: Final = (
    (170, 74, 66), (70, 98, 122), (214, 178, 96), (122, 148, 104), (236, 230, 218), (92, 74, 88),
    (206, 118, 84), (60, 108, 110), (188, 160, 132), (120, 62, 60), (84, 92, 140), (226, 204, 160),
)  # fmt: skip


def _draw_shelf(brush: Brush) -> None:
    brush.polygon([(918, 92), (1164, 92), (1164, 318), (918, 318)], _WOOD)
    for shelf in range(3):
        top = 102 + shelf * 71
        brush.polygon([(928, top), (1154, top), (1154, top + 62), (928, top + 62)], (118, 84, 58))
        x, book = 934, shelf * 5
        while x < 1126 - shelf * 26:
            width, height = 11 + book * 7 % 9, 42 + book * 11 % 17
            colour = _BOOKS[book % len(_BOOKS)]
            floor = top + 62
            brush.polygon(
                [(x, floor - height), (x + width, floor - height), (x + width, floor), (x, floor)],
                colour,
            )
            brush.line([(x + 3, floor - height + 8), (x + width - 3, floor - height + 8)], 2,
                       (244, 236, 220))  # fmt: skip
            x, book = x + width + 1, book + 1
    brush.ellipse((1126, 292), (14, 17), (198, 120, 90))
    brush.ellipse((1126, 276), (7, 4), (160, 92, 66))


def _draw_plant(brush: Brush) -> None:
    brush.ellipse((1222, 470), (44, 10), (170, 136, 102))
    for angle, length in ((-64, 120), (-40, 150), (-16, 170), (8, 176), (32, 152), (58, 118)):
        lean = math.radians(angle)
        tip = (1222 + length * math.sin(lean) * 0.62, 404 - length * math.cos(lean))
        middle = ((1222 + tip[0]) / 2, (404 + tip[1]) / 2)
        shade = (82 + abs(angle) // 3, 128 + abs(angle) // 4, 88)
        brush.ellipse(middle, (15, length * 0.5), shade, turned=angle * 0.62)
        brush.line([(1222, 404), tip], 1.6, (120, 160, 112))
    brush.polygon([(1188, 400), (1256, 400), (1246, 470), (1198, 470)], (226, 220, 208))
    brush.ellipse((1222, 400), (34, 7), (110, 84, 64))


def _draw_rug(brush: Brush) -> None:
    for radius, colour in ((1.0, (94, 124, 130)), (0.93, (214, 202, 178)), (0.88, (108, 140, 146)),
                           (0.58, (124, 154, 158)), (0.55, (108, 140, 146))):  # fmt: skip
        brush.ellipse((640, 604), (560 * radius, 104 * radius), colour)


def _draw_chair(brush: Brush) -> None:
    """Feet at the origin; the seated figure is drawn over it."""
    brush.ellipse((0, 2), (74, 11), (84, 108, 114))
    for side in (-1, 1):
        brush.line([(side * 48, -70), (side * 56, 0)], 7, (112, 78, 52))
    back, seat = (196, 180, 158), (178, 160, 136)
    for side in (-1, 1):
        brush.ellipse((side * 38, -150), (20, 20), back)
    brush.polygon([(-58, -150), (58, -150), (54, -60), (-54, -60)], back)
    brush.polygon([(-38, -170), (38, -170), (38, -140), (-38, -140)], back)
    brush.line([(-50, -60), (50, -60)], 28, seat)


def _draw_table(brush: Brush) -> None:
    brush.ellipse((640, 664), (70, 12), (90, 118, 124))
    for x in (612, 640, 668):
        brush.line([(640 + (x - 640) * 0.7, 606), (x, 662)], 6, (112, 78, 52))
    brush.ellipse((640, 608), (82, 21), (120, 84, 56))
    brush.ellipse((640, 603), (82, 21), (176, 132, 92))
    brush.polygon([(596, 582), (634, 582), (634, 604), (596, 604)], (232, 228, 220))
    brush.polygon([(596, 590), (634, 590), (634, 594), (596, 594)], (94, 130, 150))
    brush.blob([(606, 584), (611, 566), (619, 574), (626, 568), (625, 584)], (252, 252, 250))
    brush.polygon([(660, 578), (680, 578), (677, 604), (663, 604)], (206, 222, 228))
    brush.ellipse((670, 604), (7, 2.4), (190, 208, 216))
    brush.ellipse((670, 588), (9, 2.6), (170, 198, 210))


def draw_clock(brush: Brush, second: int) -> None:
    """The clock on the wall, `second` after the start; its centre lies at the origin."""
    passed = CLOCK_STARTS_AT_SECONDS + second
    brush.ellipse((2, 3), (CLOCK_RADIUS, CLOCK_RADIUS), (204, 192, 174))
    brush.ellipse((0, 0), (CLOCK_RADIUS, CLOCK_RADIUS), (70, 62, 58))
    brush.ellipse((0, 0), (CLOCK_RADIUS - 5, CLOCK_RADIUS - 5), (252, 250, 246))
    for mark in range(12):
        angle = mark * math.pi / 6
        inner = 27 if mark % 3 == 0 else 31
        brush.line(
            [
                (inner * math.sin(angle), -inner * math.cos(angle)),
                (34 * math.sin(angle), -34 * math.cos(angle)),
            ],
            2.6 if mark % 3 == 0 else 1.4,
            (70, 62, 58),
        )
    for turns, length, width, colour in (
        (passed / 43_200, 18, 4.0, (60, 54, 52)),
        (passed / 3600, 27, 3.0, (60, 54, 52)),
        (passed % 60 / 60, 31, 1.4, (196, 64, 52)),
    ):
        angle = turns * 2 * math.pi
        brush.line([(0, 0), (length * math.sin(angle), -length * math.cos(angle))], width, colour)
    brush.ellipse((0, 0), (3, 3), (196, 64, 52))
