"""Fixtures: libraries, empty or with a group whose members have consented."""

from __future__ import annotations

from datetime import date

import pytest

from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.record import add_group, add_person, record_consent
from mbtg_video.library import create_library, open_library
from mbtg_video.vault import slots

PASSPHRASE = "four random words here"
SIGNED_ON, UNTIL = date(2026, 1, 1), date(2099, 12, 31)


@pytest.fixture(scope="session", autouse=True)
def _quick_slots():
    """Slots say how often they are stretched; nothing but time depends on it."""
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(slots, "_PASSES", 1)
        quick.setattr(slots, "_MEMORY_KIB", 64)
        yield


@pytest.fixture(scope="session")
def passphrase():
    return PASSPHRASE


@pytest.fixture
def library(tmp_path):
    """An empty library, opened."""
    root = tmp_path / "library"
    create_library(root, PASSPHRASE)
    with open_library(root, PASSPHRASE) as opened:
        yield opened


@pytest.fixture
def consenting(library):
    """A library with group G1, patients P1 and P2 and therapist T1, who consent to everything."""
    with library.transaction() as session:
        add_group(session, "G1", "Tirsdagsgruppen", approval_required=False)
        for code, role in (("P1", Role.PATIENT), ("P2", Role.PATIENT), ("T1", Role.THERAPIST)):
            add_person(session, code, "G1", role)
            record_consent(session, code, Use, Form.IDENTIFIABLE, signed_on=SIGNED_ON, until=UNTIL)
    return library
