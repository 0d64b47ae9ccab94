from __future__ import annotations

from dataclasses import replace

import pytest

from mbtg_video.media.direct import plays_directly
from tests.recipes import KINDS

DIRECT = {
    "closed250",
    "gop25",
    "faststart",
    "intra",
    "vfr",
    "vfr_bframes",
    "rotated",
    "no_audio",
    "two_audio",
    "ntsc",
}


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_a_browser_plays_frame_for_frame_is_played_directly(film, kind):
    assert plays_directly(film(kind).footage) == (kind in DIRECT)


@pytest.mark.parametrize("kind", ["edit_list", "edit_list_tail"])
def test_hidden_pictures_alone_are_reason_enough(film, kind):
    footage = film(kind).footage
    assert (footage.container, footage.start_pts) == ("mp4", 0)
    assert not plays_directly(replace(footage, plays_in_browser=True))


def test_sound_that_browsers_do_not_know_alone_is_reason_enough(film):
    footage = film("pcm_mov").footage
    assert footage.plays_in_browser
    assert not plays_directly(footage)


def test_a_first_frame_behind_time_zero_alone_is_reason_enough(film):
    footage = film("gop25").footage
    assert plays_directly(footage)
    assert not plays_directly(replace(footage, start_pts=512))
