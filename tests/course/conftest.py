from __future__ import annotations

import pytest

from mbtg_video.consent.model import Role
from mbtg_video.consent.record import add_group, add_person
from mbtg_video.course.people import enrol
from mbtg_video.course.programme import find_programme


@pytest.fixture
def course():
    """The shipped course."""
    return find_programme("mbt-g-2026")


@pytest.fixture
def enrolled(library, course):
    """A library with participants K1 to K12 of the course, T1 of group G1, and patient P1."""
    with library.transaction() as session:
        add_group(session, "KURS", "Kurset", approval_required=False)
        add_group(session, "G1", "Tirsdagsgruppen", approval_required=False)
        add_person(session, "T1", "G1", Role.THERAPIST)
        add_person(session, "P1", "G1", Role.PATIENT)
        codes = [f"K{number}" for number in range(1, 13)]
        for code in reversed(codes):
            add_person(session, code, "KURS", Role.PARTICIPANT)
        enrol(session, course, codes)
    return library
