"""A full disk and Ctrl-C at any moment leave the library as it was, or the deed done whole."""

from __future__ import annotations

import pytest

from tests.crash.conftest import DEEDS
from tests.crash.points import sample

SAID = {"enospc": "The disk is full", "interrupt": "Aborted!"}


def _check(ground, deed, base, mode, at):
    mbtg = ground.fresh(base)
    before, files = mbtg.state(), _around(base)
    run = ground.run(deed, base, mode=mode, at=at)
    assert "Traceback" not in run.stderr, run.stderr
    if run.returncode == 0:
        mbtg("recording", "list")
        assert mbtg.state() != before
        return
    assert run.returncode == 1, run.stderr
    assert SAID[mode] in run.stderr
    assert run.stdout == ""
    mbtg("recording", "list")  # opening sweeps what was left behind
    assert _around(base) == files
    if "whether this was saved is not known" in run.stderr:
        return
    assert mbtg.state() == before
    again = ground.run(deed, base)
    assert again.returncode == 0, again.stderr


def _around(base):
    """Files beside the library."""
    return sorted(path.name for path in base.iterdir())


@pytest.mark.parametrize("mode", SAID)
@pytest.mark.parametrize("name", DEEDS)
def test_some_moments(ground, tmp_path, name, mode):
    deed, base = DEEDS[name], tmp_path / "base"
    for at in sample(len(ground.calls(deed, base)), 5):
        _check(ground, deed, base, mode, at)


@pytest.mark.long
@pytest.mark.parametrize("mode", SAID)
@pytest.mark.parametrize("name", DEEDS)
def test_every_moment(ground, tmp_path, name, mode):
    deed, base = DEEDS[name], tmp_path / "base"
    for at in range(1, len(ground.calls(deed, base)) + 1):
        _check(ground, deed, base, mode, at)
