"""Fixtures: libraries, empty or with a group whose members have consented.

Each is made once a session and copied for every test, as nothing is quicker.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.record import add_group, add_person, record_consent
from mbtg_video.library import Library, create_library, open_library
from mbtg_video.supervision import lock
from mbtg_video.vault import slots

PASSPHRASE = "four random words here"
SIGNED_ON, UNTIL = date(2026, 1, 1), date(2099, 12, 31)
ITERATIONS = lock.ITERATIONS
"""As the program has them; the tests' own are fewer."""


@pytest.fixture(scope="session", autouse=True)
def _quick_slots():
    """Slots and locks say how often they are stretched; nothing but time depends on it."""
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(slots, "_PASSES", 1)
        quick.setattr(slots, "_MEMORY_KIB", 64)
        quick.setattr(lock, "ITERATIONS", 1000)
        yield


@pytest.fixture(scope="session")
def passphrase():
    return PASSPHRASE


@contextmanager
def copied(folder: Path, into: Path) -> Iterator[Library]:
    """A copy of a closed library, opened."""
    shutil.copytree(folder, into / "library")
    with open_library(into / "library", PASSPHRASE) as library:
        yield library


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory, _quick_slots) -> Path:
    """An empty library, closed; to be copied."""
    root = tmp_path_factory.mktemp("empty") / "library"
    create_library(root, PASSPHRASE)
    return root


@pytest.fixture(scope="session")
def consenting_folder(tmp_path_factory, empty_folder) -> Path:
    """The library of `consenting`, closed; to be copied."""
    base = tmp_path_factory.mktemp("consenting")
    with copied(empty_folder, base) as library, library.transaction() as session:
        add_group(session, "G1", "Tirsdagsgruppen", approval_required=False)
        for code, role in (("P1", Role.PATIENT), ("P2", Role.PATIENT), ("T1", Role.THERAPIST)):
            add_person(session, code, "G1", role)
            record_consent(session, code, Use, Form.IDENTIFIABLE, signed_on=SIGNED_ON, until=UNTIL)
    return library.root


@pytest.fixture
def library_folder(request) -> Path:
    """What `library` is a copy of; a module whose tests begin with more names another."""
    wanted = (name for name in ("sequence", "consenting") if name in request.fixturenames)
    return request.getfixturevalue(f"{next(wanted, 'empty')}_folder")


@pytest.fixture
def library(library_folder, tmp_path) -> Iterator[Library]:
    """A library, opened: empty, or holding what the test's further fixtures say of it."""
    with copied(library_folder, tmp_path) as opened:
        yield opened


@pytest.fixture
def consenting(library) -> Library:
    """A library with group G1, patients P1 and P2 and therapist T1, who consent to everything."""
    return library
