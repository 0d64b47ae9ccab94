"""The generated role-play: numbered, spoken, the same every time."""

from itertools import pairwise

import av
import numpy as np
import pytest

from mbtg_video.errors import MediaError
from mbtg_video.media.probe import open_untrusted, probe
from mbtg_video.media.roleplay import make_roleplay
from mbtg_video.media.roleplay.make import FRAME_RATE, SIZE
from tests.synthetic import frame_numbers, sound_samples

SECONDS = 12


@pytest.fixture(scope="module")
def roleplay(tmp_path_factory):
    path = tmp_path_factory.mktemp("roleplay") / "roleplay.mp4"
    make_roleplay(path, seconds=SECONDS)
    return path


def test_every_frame_carries_its_number_from_the_title_on(roleplay):
    assert frame_numbers(roleplay) == list(range(SECONDS * FRAME_RATE))


def test_it_is_taken_in_like_any_recording(roleplay):
    with open_untrusted(roleplay) as file:
        facts = probe(file)
    assert (facts.width, facts.height) == SIZE
    assert (facts.codec, facts.frame_rate, facts.plays_in_browser) == ("h264", FRAME_RATE, True)
    assert facts.duration_us == SECONDS * 1_000_000
    assert [track.codec for track in facts.audio] == ["aac"]


def test_voices_follow_the_script(roleplay):
    samples, _, rate = sound_samples(roleplay)
    before, spoken = samples[: 4 * rate], samples[5 * rate : 8 * rate]
    assert np.sqrt(np.mean(spoken**2)) > 10 * np.sqrt(np.mean(before**2))


def test_people_move_and_the_clock_goes_on(roleplay):
    with av.open(str(roleplay)) as film:
        pictures = [
            frame.to_ndarray(format="gray").astype(int)
            for index, frame in enumerate(film.decode(video=0))
            if index in (130, 160, 290)
        ]
    changed = [np.abs(a - b) > 24 for a, b in pairwise(pictures)]
    assert all(mask[220:620].sum() > 500 for mask in changed)
    clock = slice(80, 175), slice(595, 690)
    assert all(mask[clock].sum() > 40 for mask in changed)


@pytest.mark.long
def test_the_same_pictures_are_made_every_time(roleplay, tmp_path):
    make_roleplay(tmp_path / "again.mp4", seconds=SECONDS)
    assert (tmp_path / "again.mp4").read_bytes() == roleplay.read_bytes()


def test_a_folder_that_is_not_there_is_an_error_in_plain_words(tmp_path):
    with pytest.raises(MediaError, match="Choose another folder"):
        make_roleplay(tmp_path / "missing" / "roleplay.mp4", seconds=4)


def test_progress_is_told(tmp_path):
    told = []
    make_roleplay(tmp_path / "short.mp4", seconds=4, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
