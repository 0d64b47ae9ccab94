import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from mbtg_video.rating.reliability.estimate import Estimate, Why
from mbtg_video.rating.reliability.event_matching import Marked, Match, matched
from mbtg_video.rating.reliability.tag_agreement import tag_agreement
from tests.rating.reliability.matrices import close, numbers

S = 1_000_000


def moment(second, code="a"):
    return Marked(round(second * S), None, code)


def stretch(start, end, code="a"):
    return Marked(round(start * S), round(end * S), code)


def matches(found):
    return [(match.first.start_us // S, match.second.start_us // S) for match in found]


def test_a_second_has_a_code_when_a_tag_touches_it():
    one = [stretch(1.5, 3.0), moment(5.999), moment(8, "b")]
    two = [stretch(2, 4.000001), moment(5), moment(20, "b")]
    found = {code.code: code for code in tag_agreement(one, two, 10 * S, S).seconds}
    first, second = np.zeros(10, int), np.zeros(10, int)
    first[[1, 2, 5]] = 1
    second[[2, 3, 4, 5]] = 1
    assert found["a"].raw.value == pytest.approx((first == second).mean())
    assert found["a"].kappa.value == pytest.approx(cohen_kappa_score(first, second))
    assert found["b"].raw.value == pytest.approx(0.9)
    assert found["b"].kappa.value == pytest.approx(0.0)
    assert found["a"].raw.interval is None


def test_a_begun_second_counts_and_what_lies_beyond_the_end_does_not():
    found = tag_agreement([stretch(2, 90)], [stretch(-5, 2)], 3 * S + 1, 0).seconds[0]
    assert found.raw.used == 4
    assert found.raw.value == 0.0


def test_a_code_all_the_time_has_raw_agreement_and_no_kappa():
    found = tag_agreement([stretch(0, 9)], [stretch(0, 9)], 9 * S, 0).seconds[0]
    assert (found.raw.value, found.kappa.why) == (1.0, Why.NO_VARIANCE)


def test_codes_are_compared_on_events_matched_by_time_alone():
    one = [moment(10, "a"), moment(20, "b"), moment(30, "c"), moment(70, "a")]
    two = [moment(11, "a"), moment(19, "c"), moment(30, "c"), moment(50, "b")]
    found = tag_agreement(one, two, 100 * S, 2 * S).events
    assert (found.raw.value, found.raw.used, found.unmatched) == (pytest.approx(2 / 3), 3, 2)
    assert found.kappa.value == pytest.approx(cohen_kappa_score(list("abc"), list("acc")))
    strict = cohen_kappa_score(list("abca-"), list("acc-b"))
    assert found.kappa_with_unmatched.value == pytest.approx(strict)
    assert found.raw_with_unmatched.value == pytest.approx(2 / 5)


def test_boundaries_are_those_of_events_matched_within_their_code():
    one = [stretch(10, 20), stretch(40, 50), moment(70), stretch(80, 85, "b")]
    two = [stretch(11, 24), stretch(38, 50), stretch(73, 75), stretch(80, 99, "c")]
    found = tag_agreement(one, two, 100 * S, 5 * S)
    assert (found.start.median_us, found.start.used) == (2 * S, 3)
    assert (found.end.median_us, found.end.used) == (2 * S, 2)
    assert found.start.ninetieth_us == round(np.percentile([1 * S, 2 * S, 3 * S], 90))
    assert found.either.median_us == 2 * S
    assert found.either.used == 5


def test_the_tolerance_belongs_to_a_match():
    assert matches(matched([moment(10)], [moment(12)], 2 * S)) == [(10, 12)]
    assert matched([moment(10)], [moment(12)], 2 * S - 1) == []
    with pytest.raises(ValueError, match="negative"):
        matched([], [], -1)


def test_more_matches_are_worth_more_than_near_ones():
    """Greedy would take 12 with 13 and leave 10 and 15 alone."""
    found = matched([moment(10), moment(13)], [moment(12), moment(15)], 2 * S)
    assert matches(found) == [(10, 12), (13, 15)]


def test_equal_codes_and_then_ends_decide_between_events_at_one_time():
    one = [moment(10, "b"), moment(10, "a")]
    found = matched(one, [moment(10, "a"), moment(10, "b")], 0)
    assert all(match.first.code == match.second.code for match in found)
    for code in "ab":
        found = matched([moment(10, code)], [moment(10, "a"), moment(10, "b")], 0)
        assert [match.second.code for match in found] == [code]
    found = matched([stretch(10, 20)], [stretch(10, 30), stretch(10, 21)], 0)
    assert [match.second.end_us for match in found] == [21 * S]


EVENTS = st.lists(
    st.builds(
        lambda start, length, code: Marked(start, None if length == 0 else start + length, code),
        st.integers(0, 12),
        st.integers(0, 3),
        st.sampled_from("ab"),
    ),
    max_size=5,
)


def best_by_trying(one, two, tolerance_us):
    """Most matches and least distance of starts over every one-to-one matching there is."""
    short, long = sorted([one, two], key=len)
    best = (0, 0)
    for chosen in itertools.permutations(range(len(long)), len(short)):
        near = [
            abs(mark.start_us - long[c].start_us) for mark, c in zip(short, chosen, strict=True)
        ]
        # Any subset of the pairs within reach is a matching; all of them are the most.
        reached = [distance for distance in near if distance <= tolerance_us]
        best = min(best, (-len(reached), sum(reached)))
    return best


@settings(max_examples=150)
@given(one=EVENTS, two=EVENTS, tolerance_us=st.integers(0, 5))
def test_no_matching_has_more_matches_or_the_same_number_nearer(one, two, tolerance_us):
    found = matched(one, two, tolerance_us)
    distances = [abs(match.first.start_us - match.second.start_us) for match in found]
    assert all(distance <= tolerance_us for distance in distances)
    assert (-len(found), sum(distances)) == best_by_trying(one, two, tolerance_us)
    for side, marks in (("first", one), ("second", two)):
        left = list(marks)
        for match in found:
            left.remove(getattr(match, side))


@settings(max_examples=100)
@given(one=EVENTS, two=EVENTS, tolerance_us=st.integers(0, 5), order=st.randoms())
def test_neither_the_order_of_raters_nor_of_tags_matters(one, two, tolerance_us, order):
    found = tag_agreement(one, two, 14, tolerance_us)
    order.shuffle(one)
    order.shuffle(two)
    turned = tag_agreement(two, one, 14, tolerance_us)
    assert (found.start, found.end, found.either) == (turned.start, turned.end, turned.either)
    assert all(close(a, b) for a, b in zip(numbers(found), numbers(turned), strict=True))


@settings(max_examples=60)
@given(marks=EVENTS)
def test_a_rater_agrees_with_themselves(marks):
    found = tag_agreement(marks, marks, 14, 3)
    assert found.events.unmatched == 0
    for estimate in numbers(found):
        assert isinstance(estimate, Estimate)
        assert estimate.value == 1.0 or estimate.why in (Why.NO_VARIANCE, Why.NOTHING_TAGGED)
    if marks:
        assert (found.start.median_us, found.start.ninetieth_us) == (0, 0)


def test_nothing_tagged_says_so():
    found = tag_agreement([], [], 10 * S, S)
    assert found.seconds == ()
    assert {estimate.why for estimate in numbers(found)} == {Why.NOTHING_TAGGED}
    assert {e.why for e in (found.start, found.end, found.either)} == {Why.NOTHING_TAGGED}


def test_tags_of_one_rater_alone_match_nothing():
    found = tag_agreement([moment(3), moment(4, "b")], [], 10 * S, S)
    assert found.events.kappa.why is Why.NO_PAIRS
    assert found.events.raw_with_unmatched.value == 0.0
    assert found.events.unmatched == 2
    assert found.start.why is Why.NO_PAIRS


def test_a_recording_without_length_has_no_seconds():
    found = tag_agreement([moment(0)], [moment(0)], 0, S)
    assert found.seconds[0].raw.why is Why.NO_LENGTH
    assert found.events.raw.value == 1.0


def test_long_lists_are_matched_in_clusters():
    one = [moment(10 * i) for i in range(3000)]
    two = [moment(10 * i + 1) for i in range(3000)]
    found = matched(one, two, 2 * S)
    assert len(found) == 3000
    assert found[0] == Match(moment(0), moment(1))
