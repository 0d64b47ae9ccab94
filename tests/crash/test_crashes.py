"""A deed that is cut short at any change of a file was not done, or was done whole."""

from __future__ import annotations

import pytest

from tests.crash.conftest import DEEDS
from tests.crash.invariants import MODES, spread

SAMPLED = 1
SHARDS = 8
OPENED = "unlink /library/failed-unlocks.json"


def _some():
    """Every deed in one mode, and every mode with several deeds; the others are exhaustive."""
    for place, name in enumerate(DEEDS):
        for number, mode in enumerate(MODES):
            quick = number == place % len(MODES)
            yield pytest.param(name, mode, marks=[] if quick else [pytest.mark.long])


@pytest.mark.parametrize(("name", "mode"), list(_some()))
def test_a_deed_cut_short_at_some_moments_was_done_or_not(judge, tmp_path, name, mode):
    deed, base = DEEDS[name], tmp_path / "base"
    # Every mode looks at other moments.
    shift = (MODES.index(mode) + 0.5) / len(MODES)
    for at in spread(len(judge.whole(deed, base).calls), SAMPLED, shift):
        judge.check(deed, base, mode, at)


def moments(calls, name, mode):
    """Numbers of the calls at which a mode has something of its own to show.

    Opening the library is the same for every deed, and is cut short in the first one only; half
    of a call is something else than none of it where something is written.
    """
    opened = next(place for place, call in enumerate(calls) if OPENED in call)
    first = opened if name != next(iter(DEEDS)) else 0
    for number, call in enumerate(calls, start=1):
        if number > first and (mode != "torn" or "write" in call):
            yield number


@pytest.mark.long
@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_cut_short_at_any_moment_was_done_or_not(judge, tmp_path, name, mode, shard):
    deed, base = DEEDS[name], tmp_path / "base"
    for at in list(moments(judge.whole(deed, base).calls, name, mode))[shard::SHARDS]:
        judge.check(deed, base, mode, at)
