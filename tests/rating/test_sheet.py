from __future__ import annotations

import msgspec
import pytest

from mbtg_video.errors import BadInput, NotFound
from mbtg_video.rating.model import Absence
from mbtg_video.rating.sheet import (
    ItemScore,
    Moment,
    Sheet,
    check_complete,
    check_sheet,
    tidied,
    unanswered,
)
from mbtg_video.scale import find_scale
from tests.sequences import filled

SCALE = find_scale("mbt-g-aqs")


def test_a_sheet_with_every_answer_passes():
    check_sheet(SCALE, filled(SCALE))
    check_complete(SCALE, filled(SCALE))


@pytest.mark.parametrize(
    ("score", "told"),
    [
        (ItemScore(item=3, adherence=8, quality=4), "item 3, adherence: 8"),
        (ItemScore(item=3, adherence=1, quality=0), "item 3, quality: 0"),
        (ItemScore(item=10, adherence=4, quality=4), "item 10: adherence is not rated"),
        (ItemScore(item=3, quality=4, absence=Absence.DID_NOT_OCCUR), "item 3: what did not"),
        (ItemScore(item=3, adherence=4, absence=Absence.DID_NOT_OCCUR), "item 3: what did not"),
        (
            ItemScore(item=3, adherence=4, quality=4, absence=Absence.CANNOT_JUDGE),
            "item 3: all its numbers",
        ),
        (ItemScore(item=10, quality=4, absence=Absence.CANNOT_JUDGE), "item 10: all its numbers"),
        (ItemScore(item=3, evidence=(Moment(5, 5),)), "item 3: a piece of evidence ends"),
    ],
)
def test_an_answer_that_cannot_be_so_is_refused_by_its_item(score, told):
    with pytest.raises(BadInput, match=told):
        check_sheet(SCALE, Sheet(items=(score,)))


def test_an_item_twice_or_unknown_is_refused():
    with pytest.raises(BadInput, match="item 3 is on the sheet twice"):
        check_sheet(SCALE, Sheet(items=(ItemScore(item=3), ItemScore(item=3))))
    with pytest.raises(NotFound, match="no item 20"):
        check_sheet(SCALE, Sheet(items=(ItemScore(item=20),)))


@pytest.mark.parametrize(
    ("overall", "told"),
    [
        ({"charm": 3}, "no overall 'charm'; it has: adherence, quality"),
        ({"quality": 9}, "overall quality: 9"),
        ({"quality": Absence.DID_NOT_OCCUR}, "give a score, or cannot_judge"),
    ],
)
def test_an_overall_rating_must_be_one_of_the_scale(overall, told):
    with pytest.raises(BadInput, match=told):
        check_sheet(SCALE, Sheet(overall=overall))


def test_what_is_left_to_answer_is_named():
    sheet = filled(
        SCALE,
        item2=ItemScore(item=2, adherence=3),
        item5=ItemScore(item=5),
        item7=ItemScore(item=7, absence=Absence.DID_NOT_OCCUR),
        item8=ItemScore(item=8, adherence=3, absence=Absence.CANNOT_JUDGE),
    )
    sheet = msgspec.structs.replace(sheet, overall={"adherence": Absence.CANNOT_JUDGE})
    check_sheet(SCALE, sheet)
    assert unanswered(SCALE, sheet) == ["2", "5", "quality"]
    with pytest.raises(BadInput, match="not answered yet: 2, 5, quality"):
        check_complete(SCALE, sheet)


def test_a_sheet_is_kept_in_order_and_without_blanks():
    sheet = Sheet(
        items=(ItemScore(item=4, note="  "), ItemScore(item=2, quality=3, note=" æ ")), note=" "
    )
    assert tidied(sheet) == Sheet(items=(ItemScore(item=2, quality=3, note="æ"),))


def test_evidence_moves_with_the_time_it_is_counted_from():
    sheet = Sheet(items=(ItemScore(item=2, evidence=(Moment(10, 20, "T3"), Moment(5))),))
    assert sheet.shifted(100).shifted(-100) == sheet
    assert sheet.shifted(100).items[0].evidence == (Moment(110, 120, "T3"), Moment(105))


@pytest.mark.parametrize(
    "written",
    [
        '{"items":[{"item":1,"quality":1.5}]}',
        '{"items":[{"item":1,"quality":"4"}]}',
        '{"items":[{"item":1,"charm":4}]}',
        '{"items":[{"item":1,"absence":"maybe"}]}',
        '{"items":[{"item":1,"evidence":[{"start_us":-1}]}]}',
        '{"items":[{"item":1,"evidence":[{"start_us":1,"tag":"../T1"}]}]}',
        '{"items":[{"item":1,"evidence":[{"start_us":1,"tag":"T1\\n"}]}]}',
        '{"overall":{"quality":null}}',
    ],
)
def test_a_written_sheet_is_read_strictly(written):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(written, type=Sheet)
