from __future__ import annotations

import shutil

import pytest

from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.record import add_group, add_person, record_consent
from mbtg_video.library import create_library, open_library
from mbtg_video.vault.store import Store
from tests.libraries import PASSPHRASE, SIGNED_ON, UNTIL


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """The same library twice, with the same keys."""
    folder = tmp_path_factory.mktemp("twins")
    create_library(folder / "one", PASSPHRASE)
    with open_library(folder / "one", PASSPHRASE) as library, library.transaction() as session:
        add_group(session, "G1", "Tirsdagsgruppen", approval_required=False)
        for code in ("P1", "P2", "T1"):
            add_person(session, code, "G1", Role.PATIENT)
            record_consent(session, code, Use, Form.IDENTIFIABLE, signed_on=SIGNED_ON, until=UNTIL)
    shutil.copytree(folder / "one", folder / "other")
    with (
        open_library(folder / "one", PASSPHRASE) as one,
        open_library(folder / "other", PASSPHRASE) as other,
    ):
        yield one, other


@pytest.fixture
def small(recording_file):
    return recording_file("gop25", 2)


@pytest.fixture
def large(recording_file):
    """A recording of some chunks."""
    path = recording_file("mjpeg_avi", 12)
    assert path.stat().st_size > 10 << 18
    return path


@pytest.fixture
def no_draft(monkeypatch):
    """Whatever begins to keep bytes fails."""

    def draft(_store):
        raise AssertionError("a draft was begun")

    monkeypatch.setattr(Store, "draft", draft)
