from fractions import Fraction

import numpy as np

from mbtg_video.media.film import caption, slate


def test_a_slate_fades_in_stands_and_fades_out():
    frames = list(slate(("A title", "and a line below"), (320, 180), 2, Fraction(25)))
    assert len(frames) == 50
    assert {frame.shape for frame in frames} == {(180, 320, 3)}
    light = [int(frame.max()) for frame in frames]
    assert light[0] < light[6] < light[25] > light[-1]
    assert np.array_equal(frames[20], frames[30])


def test_the_first_line_is_larger_than_those_below():
    (frame, *_) = list(slate(("Wide words", "Wide words"), (640, 360), 1, Fraction(25)))[12:]
    ground = frame[0, 0].astype(int)
    written = np.abs(frame.astype(int) - ground).sum(axis=2) > 60
    rows = np.flatnonzero(written.any(axis=1))
    (gap,) = np.flatnonzero(np.diff(rows) > 6)[:1]
    first, second = rows[: gap + 1], rows[gap + 1 :]
    assert len(first) > len(second) > 4


def test_a_caption_comes_with_what_it_covers():
    picture, cover = caption("00:17", 27, "#f4efe6")
    assert picture.shape[:2] == cover.shape
    assert 0 < cover.mean() < 0.5
    assert cover.max() == 1.0
