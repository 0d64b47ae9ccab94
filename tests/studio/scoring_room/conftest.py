"""Fixtures: a playlist with two sequences and twelve raters, and its room while it is open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mbtg_video.consent.model import Role, Use
from mbtg_video.consent.record import add_person
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.supervision.playlist import add_excerpts, new_playlist
from tests.sequences import DAY, RATERS, Sequence
from tests.studio.scoring_room.serving import Clock, Running, running

TWELVE = tuple(f"K{number}" for number in range(1, 13))
PLANTED = "Plantet tittel"


@pytest.fixture
def course(sequence: Sequence) -> Sequence:
    """The sequence's library with twelve raters and playlist L1: excerpts X1 and X2."""
    cut_excerpt(sequence.library, 1, Wish("f5", "f30", PLANTED, f"{PLANTED}?"), on=DAY)
    with sequence.library.transaction() as session:
        for code in TWELVE[len(RATERS) :]:
            add_person(session, code, "KURS", Role.PARTICIPANT)
        playlist = new_playlist(session, PLANTED, Use.COURSE)
        excerpts = [find_excerpt(session, 1), find_excerpt(session, 2)]
        add_excerpts(session, playlist, excerpts, minutes=5, on=DAY)
    return sequence


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room(course: Sequence) -> Iterator[Running]:
    with running(course.library, raters=TWELVE) as started:
        yield started
