"""A sheet is taken if and only if the written rule of consent lets raters see the excerpt."""

from __future__ import annotations

import pytest
from hypothesis import given

from mbtg_video.audit import Act
from mbtg_video.consent.model import Role, Use
from mbtg_video.consent.record import add_person
from mbtg_video.errors import ConsentRefused
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.rating.model import Source
from mbtg_video.rating.record import record_sheet
from mbtg_video.rating.scoring import scoring_of
from mbtg_video.rating.sheet import ItemScore, Sheet
from mbtg_video.scale import find_scale
from tests.consent.doors import (
    Case,
    Ground,
    cases,
    edges,
    often,
    rule_allows,
    says_a_name,
)

SHEET = Sheet(items=(ItemScore(item=1, adherence=3, quality=3),))


@pytest.fixture(scope="module")
def rated(ground):
    with ground.library.transaction() as session:
        add_person(session, "K1", "G1", Role.PARTICIPANT)
    return ground


def give(ground: Ground, case: Case) -> None:
    scale = find_scale("teaching-example")
    with ground.library.transaction() as session:
        scoring = scoring_of(session, find_excerpt(session, 1), scale, on=case.on)
        how = {"submit": False, "source": Source.COMMAND, "on": case.on}
        record_sheet(session, scoring, "K1", SHEET, **how)


@edges
@given(case=cases())
@often(40)
def test_a_sheet_is_taken_if_and_only_if_the_rule_allows_scoring(case, rated):
    rated.write_down(case)
    before = len(rated.lines())
    if rule_allows(case, Use.SCORING, others_see_it=True) and not says_a_name(case):
        give(rated, case)
        assert Act.REFUSAL not in {act for act, _ in rated.lines()[before:]}
        return
    with pytest.raises(ConsentRefused):
        give(rated, case)
    ((act, subjects),) = rated.lines()[before:]
    assert act is Act.REFUSAL
    assert subjects.split()[0] == "X1"
