"""The figures: seated, facing the camera, drawn from a pose.

Lengths are in units of the figure: its head is 80 high, its feet stand at 260.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mbtg_video.media.roleplay.brush import Brush, Colour, Point
from mbtg_video.media.roleplay.motion import HAND_STEPS, LOOK_STEPS, MOUTH_STEPS, NOD_STEPS, Pose

WIDTH: Final = 200
HEIGHT: Final = 268
NECK: Final = 100
"""Above it is the head, below the body: two drawings that never overlap."""

_MIDDLE: Final = WIDTH / 2
_DARK: Final = (62, 44, 40)
_WHITE: Final = (250, 248, 244)
_LIPS: Final = (176, 92, 88)
_MOUTH: Final = (110, 42, 46)


def _shade(colour: Colour, share: float) -> Colour:
    red, green, blue = (max(0, min(255, round(part * share))) for part in colour)
    return red, green, blue


@dataclass(frozen=True, slots=True)
class Figure:
    """How somebody looks."""

    skin: Colour
    hair: Colour
    top: Colour
    shirt: Colour
    trousers: Colour
    shoes: Colour
    long_hair: bool = False
    beard: bool = False
    glasses: bool = False
    notebook: bool = False

    def draw_body(self, brush: Brush, pose: Pose) -> None:
        """Everything below `NECK`."""
        lift = -0.8 * pose.breath
        self._draw_legs(brush)
        self._draw_trunk(brush, lift)
        if self.notebook:
            brush.polygon([(78, 176), (121, 171), (126, 196), (82, 201)], (188, 82, 70))
            brush.polygon([(81, 178), (118, 174), (122, 194), (84, 198)], _WHITE)
            for row in range(3):
                brush.line([(87, 183 + row * 5), (115, 180 + row * 5)], 1, (190, 190, 196))
        self._draw_arm(brush, -1, pose.left_hand / HAND_STEPS, lift)
        self._draw_arm(brush, 1, pose.right_hand / HAND_STEPS, lift)

    def _draw_legs(self, brush: Brush) -> None:
        dark = _shade(self.trousers, 0.86)
        for side in (-1, 1):
            knee: Point = (_MIDDLE + side * 32, 204)
            foot: Point = (_MIDDLE + side * 36, 250)
            brush.line([knee, foot], 25, dark)
            brush.blob(
                [(foot[0] - side * 13, 262), (foot[0] - side * 12, 248), (foot[0] + side * 8, 246),
                 (foot[0] + side * 24, 256), (foot[0] + side * 22, 263)],
                self.shoes,
            )  # fmt: skip
            brush.line([(_MIDDLE + side * 20, 186), knee], 36, self.trousers)

    def _draw_trunk(self, brush: Brush, lift: float) -> None:
        half = [(17, 99), (42, 104), (57, 122), (52, 152), (43, 192), (0, 197)]
        outline = [(_MIDDLE + x, y + lift) for x, y in half]
        outline += [(_MIDDLE - x, y + lift) for x, y in reversed(half[:-1])]
        brush.blob(outline, self.top)
        brush.blob(
            [
                (_MIDDLE - 15, 98 + lift),
                (_MIDDLE + 15, 98 + lift),
                (_MIDDLE + 11, 150),
                (_MIDDLE, 186),
                (_MIDDLE - 11, 150),
            ],
            self.shirt,
        )
        edge = _shade(self.top, 0.84)
        for side in (-1, 1):
            brush.line(
                [
                    (_MIDDLE + side * 18, 101 + lift),
                    (_MIDDLE + side * 12, 150),
                    (_MIDDLE + side * 1, 190),
                ],
                2,
                edge,
            )
        brush.ellipse((_MIDDLE, 100 + lift), (13.5, 13), _shade(self.skin, 0.84), arc=(0, 180))

    def _draw_arm(self, brush: Brush, side: int, raised: float, lift: float) -> None:
        shoulder: Point = (_MIDDLE + side * 45, 119 + lift)
        elbow: Point = (_MIDDLE + side * (61 + 6 * raised), 160 - 2 * raised)
        hand: Point = (
            _MIDDLE + side * (17 + 47 * raised),
            188 - 62 * raised + lift,
        )
        sleeve = _shade(self.top, 0.92)
        brush.line([shoulder, elbow], 24, sleeve)
        wrist: Point = (
            hand[0] + (elbow[0] - hand[0]) * 0.2,
            hand[1] + (elbow[1] - hand[1]) * 0.2,
        )
        brush.ellipse(hand, (10.5, 9.5), self.skin)
        if raised > 0.3:
            for finger in (-1, 0, 1):
                tip = (hand[0] + side * 2 + finger * 6, hand[1] - 14 + abs(finger) * 2)
                brush.line([hand, tip], 5.5, self.skin)
        brush.line([elbow, wrist], 21, sleeve)

    def draw_head(self, brush: Brush, pose: Pose) -> None:
        """Everything above `NECK`."""
        look, nod = pose.look / LOOK_STEPS, pose.nod / NOD_STEPS
        x, y = _MIDDLE + look * 4, 54 + nod * 3
        if self.long_hair:
            brush.blob(
                [(x - 37, y), (x, y - 44), (x + 37, y), (x + 40, 96), (x, 90), (x - 40, 96)],
                _shade(self.hair, 0.85),
            )
        brush.line([(_MIDDLE, 76), (_MIDDLE, 102)], 25, _shade(self.skin, 0.84))
        for side in (-1, 1):
            brush.ellipse(
                (x + side * 31 - look * 5, y + 5 - nod * 2), (6, 9), _shade(self.skin, 0.92)
            )
        brush.ellipse((x, y - 5), (35, 39), self.hair)
        face_x, face_y = x + look * 3, y + 3 + nod
        brush.ellipse((face_x, face_y), (30, 36), self.skin)
        self._draw_fringe(brush, face_x, face_y)
        self._draw_features(brush, pose, (face_x + look * 5, face_y + nod * 4), look)

    def _draw_fringe(self, brush: Brush, x: float, y: float) -> None:
        if self.long_hair:
            shape = [(-32, 2), (-27, -28), (0, -40), (28, -28), (32, 2), (24, -14), (-4, -24),
                     (-22, -12)]  # fmt: skip
        else:
            shape = [(-31, -8), (-24, -32), (2, -40), (26, -31), (31, -8), (22, -22), (0, -27),
                     (-18, -23)]  # fmt: skip
        brush.blob([(x + dx, y + dy) for dx, dy in shape], self.hair)

    def _draw_features(self, brush: Brush, pose: Pose, centre: Point, look: float) -> None:
        x, y = centre
        for side in (-1, 1):
            brush.ellipse((x + side * 17 - look * 2, y + 11), (6, 4), _blush(self.skin))
        if self.beard:
            jaw = x - look * 4
            brush.blob(
                [(jaw - 28, y + 2), (jaw - 22, y + 24), (jaw, y + 36), (jaw + 22, y + 24),
                 (jaw + 28, y + 2), (x + 14, y + 13), (x, y + 10), (x - 14, y + 13)],
                self.hair,
            )  # fmt: skip
        for side in (-1, 1):
            self._draw_eye(brush, (x + side * 12.5, y - 3), pose.lids, look)
            brow = y - 13 - (1.5 if pose.mouth > 2 else 0)
            brush.line(
                [(x + side * 18, brow + 1.5), (x + side * 12, brow - 1), (x + side * 7, brow)],
                2.6,
                _shade(self.hair, 0.8),
            )
        nose = x + look * 3
        brush.line([(x, y + 1), (nose + 1, y + 8), (nose - 2, y + 9)], 2.2, _shade(self.skin, 0.8))
        if self.glasses:
            for side in (-1, 1):
                brush.ellipse((x + side * 12.5, y - 2), (10, 9), _DARK, width=1.6)
            brush.line([(x - 3, y - 3), (x + 3, y - 3)], 1.6, _DARK)
        opened = pose.mouth / MOUTH_STEPS
        if opened < 0.15:
            brush.ellipse((x, y + 16), (8, 4), _LIPS, arc=(15, 165), width=2.4)
        else:
            brush.ellipse((x, y + 19), (9 - 2 * opened, 2.4 + 5.5 * opened), _LIPS)
            brush.ellipse((x, y + 19), (7 - 2 * opened, 1 + 4.4 * opened), _MOUTH)

    def _draw_eye(self, brush: Brush, centre: Point, lids: int, look: float) -> None:
        x, y = centre
        if lids == 2:
            brush.ellipse((x, y - 1), (6, 3), _shade(self.skin, 0.7), arc=(10, 170), width=2)
            return
        brush.ellipse(centre, (6.2, 4.6 - lids * 1.8), _WHITE)
        brush.ellipse((x + look * 2.5, y), (3.3, min(3.3, 4.4 - lids * 1.8)), _DARK)
        brush.ellipse((x, y), (6.2, 4.8 - lids * 1.8), _DARK, arc=(195, 345), width=1.2)


def _blush(skin: Colour) -> Colour:
    red, green, blue = skin
    return min(255, red + 6), round(green * 0.93), round(blue * 0.92)


CAST: Final = (
    Figure(
        skin=(238, 201, 176), hair=(150, 143, 138), top=(70, 98, 122), shirt=(236, 232, 222),
        trousers=(66, 64, 74), shoes=(48, 40, 38), long_hair=True, glasses=True, notebook=True,
    ),
    Figure(
        skin=(222, 176, 142), hair=(74, 52, 40), top=(122, 148, 104), shirt=(232, 226, 208),
        trousers=(64, 84, 118), shoes=(92, 64, 48), beard=True,
    ),
    Figure(
        skin=(176, 124, 92), hair=(44, 32, 32), top=(206, 118, 84), shirt=(246, 224, 196),
        trousers=(92, 74, 88), shoes=(60, 46, 52), long_hair=True,
    ),
)  # fmt: skip
"""T1, P1 and P2."""
