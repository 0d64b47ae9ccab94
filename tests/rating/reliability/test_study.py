import math
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mbtg_video.rating.reliability.alpha import Level
from mbtg_video.rating.reliability.estimate import Estimate
from mbtg_video.rating.reliability.kappa import Weighting
from mbtg_video.rating.reliability.study import reliability
from tests.rating.reliability.matrices import NAN, close, numbers, scored


@st.composite
def studies(draw, most_missing=0.4):
    """Scores of up to 6 sessions, 4 raters and 3 items, some with little in them."""
    shape = draw(st.integers(0, 6)), draw(st.integers(0, 4)), draw(st.integers(0, 3))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scores = chance.integers(1, draw(st.integers(2, 8)), size=shape).astype(float)
    if draw(st.booleans()):
        scores += chance.integers(0, 3, size=(shape[0], 1, 1))
    if draw(st.booleans()) and shape[1]:
        scores = np.repeat(scores[:, :1], shape[1], axis=1)
    scores[chance.random(shape) < draw(st.floats(0.0, most_missing))] = NAN
    return scores


@settings(max_examples=60)
@given(scores=studies(most_missing=1.0))
def test_whatever_the_scores_every_number_is_finite_or_says_why_there_is_none(scores):
    found = reliability(scores)
    for estimate in numbers(found):
        assert (estimate.value is None) != (estimate.why is None)
        for number in (estimate.value, estimate.low, estimate.high):
            assert number is None or math.isfinite(number)
        assert (estimate.low is None) == (estimate.high is None) == (estimate.interval is None)
        assert estimate.low is None or estimate.low < estimate.high
        assert estimate.used >= 0
        assert estimate.left_out >= 0


def by_rater(found):
    """Estimates of each pair by its raters, and all others in their order."""
    others, pairs = [], {}
    for item in found.items:
        others += [*numbers(item.intraclass), *numbers(item.generalizability)]
        others += numbers(dict(item.alpha))
        over = [*item.pairwise.kappa.values(), item.pairwise.raw, item.pairwise.within_one]
        for place, index in enumerate(over):
            others.append(index.mean)
            for pair in index.pairs:
                pairs.setdefault((place, frozenset((pair.first, pair.second))), []).append(
                    pair.estimate
                )
    return [*others, *numbers(found.overall)], pairs


CONSTANT_AFTER_ALL = np.array([[[2.0], [3.0]], [[1.0], [3.0]], [[1.0], [3.0]]])


@settings(max_examples=40)
@example(scores=CONSTANT_AFTER_ALL, order=Random(0))
@example(scores=CONSTANT_AFTER_ALL, order=Random(4))
@given(scores=studies(), order=st.randoms(use_true_random=False))
def test_the_order_of_raters_and_sessions_changes_nothing(scores, order):
    rows, columns = list(range(scores.shape[0])), list(range(scores.shape[1]))
    order.shuffle(rows)
    order.shuffle(columns)
    found, pairs = by_rater(reliability(scores))
    turned, turned_pairs = by_rater(reliability(scores[rows][:, columns]))
    assert all(close(a, b) for a, b in zip(found, turned, strict=True))
    for (place, raters), estimates in pairs.items():
        moved = frozenset(columns.index(rater) for rater in raters)
        assert all(close(a, b) for a, b in zip(estimates, turned_pairs[place, moved], strict=True))


@settings(max_examples=40)
@example(scores=np.repeat([3.0, 2.0, 2.0], 6).reshape(3, 2, 3), constant=3.5)
@given(scores=studies(), constant=st.sampled_from([1.0, 3.5, 40.0]))
def test_a_constant_added_to_every_score_changes_nothing_but_ratio_alpha(scores, constant):
    one, two = reliability(scores), reliability(scores + constant)
    for record in (one, two):
        for item in record.items:
            item.alpha.pop(Level.RATIO)
    assert all(close(a, b) for a, b in zip(numbers(one), numbers(two), strict=True))


def test_ratio_alpha_does_change_with_a_constant():
    scores = scored(2)[:, :, None]
    one, two = reliability(scores).items[0], reliability(scores + 3.0).items[0]
    assert one.alpha[Level.RATIO].value != pytest.approx(two.alpha[Level.RATIO].value)


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), raters=st.integers(2, 5), items=st.integers(1, 3))
def test_identical_raters_agree_completely_where_anything_varies(seed, raters, items):
    chance = np.random.default_rng(seed)
    scores = np.repeat(chance.integers(1, 8, size=(6, 1, items)) / 2.0, raters, axis=1)
    found = reliability(scores)
    for item, column in zip(found.items, scores[:, 0].T, strict=True):
        if len(set(column)) == 1:
            continue
        estimates = [
            *numbers(item.intraclass),
            *numbers(item.generalizability.projections),
            *numbers(item.alpha),
            *numbers(item.pairwise),
        ]
        assert {estimate.value for estimate in estimates} == {1.0}
        assert [needed.raters for needed in item.generalizability.needed] == [1, 1]


def test_a_constant_item_has_reasons_and_complete_raw_agreement():
    scores = np.dstack([np.full((5, 3), 4.0), scored(6)[:5, :3]])
    item = reliability(scores).items[0]
    made = [e for e in numbers(item) if e.value is not None]
    raw = [*numbers(item.pairwise.raw), *numbers(item.pairwise.within_one)]
    assert made == raw
    assert {estimate.value for estimate in raw} == {1.0}


def test_an_item_that_one_rater_never_scored_is_studied_without_them():
    scores = np.dstack([scored(9)[:6, :2], scored(10)[:6, :2]])
    scores = np.concatenate([scores, scores[:, :1] * 0 + 4.0], axis=1)
    scores[:, 2, 1] = NAN
    found = reliability(scores)
    assert found.items[0].raters == (0, 1, 2)
    assert found.items[1].raters == (0, 1)
    assert found.items[1].intraclass.two_single.used == 6
    assert found.overall.used == 0


def test_a_study_without_items_is_empty():
    found = reliability(np.zeros((3, 2, 0)))
    assert found.items == ()
    assert isinstance(next(numbers(found.overall)), Estimate)


def test_every_weighting_and_level_is_there():
    item = reliability(scored(1)[:, :, None]).items[0]
    assert list(item.alpha) == list(Level)
    assert list(item.pairwise.kappa) == list(Weighting)
    assert [p.raters for p in item.generalizability.projections] == list(range(1, 11))


def test_scores_without_three_axes_are_refused():
    with pytest.raises(ValueError, match="dimensions"):
        reliability([[1.0, 2.0]])
