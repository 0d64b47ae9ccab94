"""A library with recording R1 of 12 seconds: taken in once, and copied for each test."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.record import add_group, add_person, record_consent
from mbtg_video.library import create_library, open_library
from mbtg_video.recording.ingest import Description, take_in
from tests.libraries import PASSPHRASE, SIGNED_ON, UNTIL


@pytest.fixture(scope="session")
def _with_recording(tmp_path_factory, recording_file):
    root = tmp_path_factory.mktemp("exchange") / "library"
    create_library(root, PASSPHRASE)
    with open_library(root, PASSPHRASE) as library:
        with library.transaction() as session:
            add_group(session, "G1", "Tirsdagsgruppen", approval_required=False)
            for code, role in (("P1", Role.PATIENT), ("T1", Role.THERAPIST)):
                add_person(session, code, "G1", role)
                uses = {"signed_on": SIGNED_ON, "until": UNTIL}
                record_consent(session, code, Use, Form.IDENTIFIABLE, **uses)
        present = Description("G1", date(2026, 3, 13), ["P1", "T1"])
        take_in(library, recording_file("gop25"), present, on=date(2026, 3, 14))
    return root


@pytest.fixture
def recorded(_with_recording, tmp_path):
    shutil.copytree(_with_recording, tmp_path / "library")
    with open_library(tmp_path / "library", PASSPHRASE) as library:
        yield library
