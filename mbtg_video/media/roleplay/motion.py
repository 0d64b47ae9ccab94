"""How each figure moves: worked out for every frame before the first is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mbtg_video.media.roleplay.script import SPEAKERS, Line
from mbtg_video.media.roleplay.voice import SAMPLE_RATE

LOOK_STEPS: Final = 10
"""A head turned all the way aside."""
NOD_STEPS: Final = 6
MOUTH_STEPS: Final = 5
HAND_STEPS: Final = 12

_SEATS: Final = (0.0, -1.0, 1.0)
"""Where each sits, from left (-1) to right (1)."""
_TURN_FRAMES: Final = 7.0
_HAND_FRAMES: Final = 9.0
_BLINK: Final = (1, 2, 2, 1)
_NODS: Final = 2
_NOD_FRAMES: Final = 12
_BREATH_FRAMES: Final = 95


class Pose(NamedTuple):
    """One figure in one frame, in whole steps, so that a drawing can be used again."""

    look: int
    nod: int
    mouth: int
    lids: int
    left_hand: int
    right_hand: int
    breath: int


@dataclass(frozen=True, slots=True)
class Motion:
    """Poses of one figure; row is the frame."""

    steps: NDArray[np.int8]
    speaks: NDArray[np.bool_]

    def pose(self, frame: int) -> Pose:
        """The figure's pose in one frame."""
        return Pose(*(int(step) for step in self.steps[frame]))


def _eased(target: NDArray[np.float64], frames: float) -> NDArray[np.float64]:
    """Follows `target` as a body does: late, and softly."""
    place = speed = 0.0
    eased = np.empty_like(target)
    for index, wanted in enumerate(target):
        speed += (wanted - place) / frames**2 * 4 - speed * 4 / frames
        place += speed
        eased[index] = place
    return eased


def _gaze(me: int, heard: NDArray[np.int64], chance: np.random.Generator) -> NDArray[np.float64]:
    """Listeners look at whoever speaks; the speaker looks from one to the other."""
    looks = np.zeros(len(heard))
    others = [seat for seat in range(len(_SEATS)) if seat != me]
    faced, until = others[0], 0
    for frame, speaker in enumerate(heard):
        if frame >= until:
            faced = int(chance.choice(others))
            until = frame + int(chance.integers(35, 90))
        seen = faced if speaker in (me, -1) else int(speaker)
        # The camera sits in the circle too: nobody looks quite past it.
        looks[frame] = np.clip((_SEATS[seen] - _SEATS[me]) * 0.75, -0.9, 0.9)
    return looks


def _nods(listens: NDArray[np.bool_], chance: np.random.Generator) -> NDArray[np.float64]:
    nod = np.zeros(len(listens))
    frame = int(chance.integers(20, 120))
    while frame < len(listens):
        length = _NODS * _NOD_FRAMES
        if listens[frame : frame + length].all():
            swing = np.abs(np.sin(np.pi * np.arange(length) / _NOD_FRAMES))
            nod[frame : frame + length] = (swing * (0.9, 0.5)[chance.integers(2)])[
                : len(nod) - frame
            ]
        frame += int(chance.integers(50, 170))
    return nod


def _lids(count: int, chance: np.random.Generator) -> NDArray[np.float64]:
    lids = np.zeros(count)
    frame = int(chance.integers(10, 80))
    while frame < count - len(_BLINK):
        lids[frame : frame + len(_BLINK)] = _BLINK
        frame += int(chance.integers(55, 130))
    return lids


def _hand(speaks: NDArray[np.bool_], chance: np.random.Generator) -> NDArray[np.float64]:
    """Lies in the lap, rises for some of what is said, and beats time with it."""
    wanted = np.zeros(len(speaks))
    frame = 0
    while frame < len(speaks):
        length = int(chance.integers(25, 70))
        wanted[frame : frame + length] = chance.choice((0.0, 0.0, 0.6, 0.9))
        frame += length
    wanted *= speaks
    raised = _eased(wanted, _HAND_FRAMES)
    sway = 0.12 * np.sin(np.arange(len(speaks)) * 0.55)
    return np.asarray(raised * (1 + sway), np.float64)


def make_motions(
    lines: list[Line], loudness: NDArray[np.float32], frames: int, frame_rate: int
) -> list[Motion]:
    """Movement of every speaker, following the lines and how loud each is (speakers, samples)."""
    chance = np.random.default_rng(19_0326)
    heard = np.full(frames, -1)
    for line in lines:
        span = slice(line.start_ms * frame_rate // 1000, line.end_ms * frame_rate // 1000)
        heard[span] = line.speaker
    samples = np.minimum(
        np.arange(frames) * SAMPLE_RATE // frame_rate, max(loudness.shape[1] - 1, 0)
    )
    motions = []
    for me in range(len(SPEAKERS)):
        speaks = heard == me
        look = _eased(_gaze(me, heard, chance), _TURN_FRAMES)
        nod = _nods((heard >= 0) & ~speaks, chance)
        nod[speaks] += 0.25 * loudness[me, samples][speaks]
        nod = _eased(nod, 4.0)
        breath = np.sin(2 * np.pi * (np.arange(frames) / _BREATH_FRAMES + me / 3)) > 0
        steps = [
            look * LOOK_STEPS,
            nod * NOD_STEPS,
            loudness[me, samples] * MOUTH_STEPS,
            _lids(frames, chance),
            _hand(speaks, chance) * HAND_STEPS,
            _hand(speaks, chance) * HAND_STEPS,
            breath,
        ]
        motions.append(Motion(np.rint(np.stack(steps, axis=1)).astype(np.int8), speaks))
    return motions
