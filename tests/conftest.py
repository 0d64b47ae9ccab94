"""Fixtures that every part of the tests may use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from tests import synthetic
from tests.recipes import RECIPES

RecordingFile = Callable[..., Path]

# How long an example takes says more of the machine than of the program. The examples are the same
# in every run, so that what was red is red again; --hypothesis-profile=explore draws others.
settings.register_profile(
    "repeatable", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.register_profile("explore", settings.get_profile("repeatable"), derandomize=False)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def recording_file(tmp_path_factory: pytest.TempPathFactory) -> RecordingFile:
    """``recording_file(kind, seconds=12)``: a medium made once a session; read only."""
    base = tmp_path_factory.getbasetemp()
    # Each worker has its own folder below the session's; the media are shared.
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "media"

    def provide(kind: str, seconds: int = 12) -> Path:
        folder = shared / str(seconds)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{kind}{RECIPES[kind].suffix}"
        with FileLock(folder / f"{kind}.lock"):
            if not path.exists():
                unfinished = folder / f"{kind}.making"
                unfinished.mkdir(exist_ok=True)
                synthetic.make(kind, unfinished, seconds).rename(path)
        return path

    return provide


@pytest.fixture(autouse=True)
def _no_error_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    errors = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= 40]
    assert not errors, errors
