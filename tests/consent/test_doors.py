"""Every door to an excerpt opens if and only if the written rule of consent allows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given

import mbtg_video
from tests.consent.doors import QUICK, SLOW, cases, check, edges, often


@pytest.mark.parametrize("door", QUICK)
@edges
@given(case=cases())
@often(60)
def test_export_and_playlist_open_if_and_only_if_the_rule_allows_it(door, case, ground):
    check(ground, door, case)


@pytest.mark.parametrize("door", SLOW)
@edges
@given(case=cases())
@often(20)
def test_cut_and_bundle_open_if_and_only_if_the_rule_allows_it(door, case, ground):
    check(ground, door, case)


@pytest.mark.long
@pytest.mark.parametrize("door", QUICK)
@given(case=cases())
@often(600)
def test_export_and_playlist_keep_to_the_rule_in_hundreds_of_cases(door, case, ground):
    check(ground, door, case)


@pytest.mark.long
@pytest.mark.parametrize("door", SLOW)
@given(case=cases())
@often(120)
def test_cut_and_bundle_keep_to_the_rule_in_a_hundred_cases(door, case, ground):
    check(ground, door, case)


def test_whatever_leaves_goes_through_the_door_that_asks_about_names():
    package = Path(mbtg_video.__file__).parent
    knowing = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if re.search(r"\b(open_medium|permit_leaving)\b", path.read_text(encoding="utf-8"))
    }
    # A playlist and its day are only plans: they ask for consent, and hand nothing out. The studio
    # looks.
    door = {str(Path("recording", "access.py")), str(Path("excerpt", "leave.py"))}
    looking = Path("studio", "viewing.py")
    plans = {str(Path("supervision", name)) for name in ("playlist.py", "held.py")}
    assert knowing == door | plans | {str(looking)}
    acts = re.findall(r"\bAct\.(\w+)", (package / looking).read_text(encoding="utf-8"))
    assert set(acts) == {"VIEW"}
