"""A deed that is cut short at any change of a file was not done, or was done whole."""

from __future__ import annotations

import pytest

from tests.crash.conftest import DEEDS
from tests.crash.invariants import MODES, spread

SAMPLED = 3
SHARDS = 8


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_cut_short_at_some_moments_was_done_or_not(judge, tmp_path, name, mode):
    deed, base = DEEDS[name], tmp_path / "base"
    # Every mode looks at other moments.
    shift = (MODES.index(mode) + 0.5) / len(MODES)
    for at in spread(len(judge.whole(deed, base).calls), SAMPLED, shift):
        judge.check(deed, base, mode, at)


@pytest.mark.long
@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_cut_short_at_any_moment_was_done_or_not(judge, tmp_path, name, mode, shard):
    deed, base = DEEDS[name], tmp_path / "base"
    for at in range(1 + shard, len(judge.whole(deed, base).calls) + 1, SHARDS):
        judge.check(deed, base, mode, at)
