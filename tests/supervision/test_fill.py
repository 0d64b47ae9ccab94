"""The best choice for a slot, against every choice there is."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import chain, combinations

import pytest

from mbtg_video.supervision.fill import fill
from mbtg_video.supervision.fill_case import Candidate, FillCase
from mbtg_video.timecode import Span, Timecode

FOCUS = frozenset({10, 11, 12})


def minutes(count):
    return timedelta(minutes=count)


def clip(name, takes, *, items=(), presenter=None, recording=None, at=0, length=60, refused=None):
    """A clip that takes so many minutes; it lies alone in its recording unless that is named."""
    span = Span(Timecode(at * 1_000_000), Timecode((at + length) * 1_000_000))
    whole = takes if isinstance(takes, timedelta) else minutes(takes)
    where = recording or f"R{name[1:]}"
    return Candidate(name, whole, frozenset(items), presenter, where, span, refused)


def case(free, *clips, **more):
    return FillCase(minutes(free), clips, **({"focus": FOCUS} | more))


def names(filled):
    return [one.candidate.name for one in filled.chosen]


def reason(filled, name):
    (found,) = [one.reason for one in filled.left_out if one.candidate.name == name]
    return found


# ---------- every choice there is


def seconds(length):
    whole, rest = divmod(length, timedelta(seconds=1))
    return whole + bool(rest)


def lie_in_each_other(one, two):
    if one.recording != two.recording:
        return False
    microseconds = [
        set(range(c.span.start.microseconds // 1_000_000, c.span.end.microseconds // 1_000_000))
        for c in (one, two)
    ]
    return 2 * len(microseconds[0] & microseconds[1]) > min(map(len, microseconds))


def possible(given):
    free = given.free // timedelta(seconds=1)
    usable = [
        c
        for c in given.candidates
        if c.refused is None
        and seconds(c.takes) <= free
        and not any(lie_in_each_other(c, other) for other in given.entered)
    ]
    for chosen in chain.from_iterable(combinations(usable, n) for n in range(len(usable) + 1)):
        fits = sum(seconds(c.takes) for c in chosen) <= free
        if fits and not any(lie_in_each_other(a, b) for a, b in combinations(chosen, 2)):
            yield usable, chosen


def goodness(given, usable, chosen):
    """All aims of a choice, larger is better; the last one names its clips, lowest first."""
    free = given.free // timedelta(seconds=1)
    seen = {
        item
        for c in (*given.entered, *given.elsewhere, *chosen)
        for item in c.items
        if item in given.focus
    }
    whose = {c.presenter for c in usable if c.presenter}
    before = {p: seconds(given.shown.get(p, timedelta())) for p in whose}
    after = dict(before)
    for c in chosen:
        if c.presenter:
            after[c.presenter] += seconds(c.takes)
    first = {p for p in whose if before[p] == min(before.values())}
    low = min(after.values(), default=0) // 60
    high = (max(after.values(), default=0) + 59) // 60
    unused = (free - sum(seconds(c.takes) for c in chosen)) // 60
    numbers = sorted(int(c.name[1:]) for c in usable)
    taken = {int(c.name[1:]) for c in chosen}
    return (
        len(seen),
        len(first & {c.presenter for c in chosen}),
        low,
        -unused,
        -(high - low),
        -len(chosen),
        tuple(number in taken for number in numbers),
    )


def some_case(seed):
    chance = random.Random(seed)
    people = ["K1", "K2", "K10"]

    def some(name):
        length = chance.randint(20, 900)
        lasts = timedelta(seconds=length, microseconds=chance.choice([0, 1, 999_999]))
        return clip(
            name,
            lasts + minutes(chance.randint(0, 10)),
            items=chance.sample([9, 10, 11, 12], chance.randint(0, 2)),
            presenter=chance.choice([None, *people]),
            recording=f"R{chance.randint(1, 3)}",
            at=chance.randint(0, 1500),
            length=length,
            refused=chance.choice([None] * 6 + ["refused"]),
        )

    count = chance.randint(0, 8)
    clips = [some(f"X{number}") for number in chance.sample(range(1, 15), count)]
    return FillCase(
        free=timedelta(seconds=chance.randint(0, 3600), microseconds=chance.choice([0, 500_000])),
        candidates=tuple(clips),
        focus=frozenset(chance.sample([10, 11, 12], chance.randint(0, 3))),
        shown={p: timedelta(seconds=chance.choice([0, 0, 600, 1111])) for p in people[:2]},
        entered=tuple(some(f"X{20 + n}") for n in range(chance.randint(0, 1))),
        elsewhere=tuple(some(f"X{30 + n}") for n in range(chance.randint(0, 1))),
    )


def check_best(seed):
    given = some_case(seed)
    found = fill(given)
    chosen = [one.candidate for one in found.chosen]
    usable, best = max(possible(given), key=lambda one: goodness(given, *one))
    assert goodness(given, usable, chosen) == goodness(given, usable, best), seed
    assert found.left == given.free - sum((c.takes for c in chosen), timedelta()) >= timedelta()
    assert {c.name for c in given.candidates} == {
        *names(found), *(one.candidate.name for one in found.left_out)
    }  # fmt: skip
    assert all(one.reason for one in found.left_out)
    high, low = goodness(given, usable, chosen)[2:5:2]
    assert found.aims[2] == high
    assert found.aims[4] == -low


@pytest.mark.parametrize("hundred", range(1))
def test_no_other_choice_is_better(hundred):
    for seed in range(hundred * 100, hundred * 100 + 100):
        check_best(seed)


@pytest.mark.long
@pytest.mark.parametrize("hundred", range(1, 12))
def test_no_other_choice_is_better_in_many_more_cases(hundred):
    for seed in range(hundred * 100, hundred * 100 + 100):
        check_best(seed)


# ---------- one aim after the other


def test_the_items_of_the_day_come_before_long_clips():
    found = fill(case(30, clip("X1", 28), clip("X2", 14, items=[10]), clip("X3", 12, items=[11])))
    assert names(found) == ["X2", "X3"]
    assert [one.brings for one in found.chosen] == [(10,), (11,)]
    assert found.missing == (12,)
    assert "items in focus that are seen: 0 instead of 2" in reason(found, "X1")


def test_who_was_shown_least_comes_first():
    clips = (clip("X1", 15, presenter="K2"), clip("X2", 14, presenter="K4"))
    found = fill(case(20, *clips, shown={"K2": minutes(20)}))
    assert names(found) == ["X2"]
    assert "K2 was shown 20 minutes before, K4 none" in reason(found, "X1")
    assert names(fill(case(20, *clips))) == ["X1"]  # else the one that leaves less over


def test_more_presenters_come_before_more_clips_of_one():
    clips = [clip(f"X{n}", 10, presenter="K1") for n in (1, 2, 3)]
    found = fill(case(30, *clips, clip("X4", 12, presenter="K2")))
    assert names(found) == ["X1", "X4"]
    assert "K1 is shown in X1 already" in reason(found, "X2")
    assert "2 minutes too long for what is left" in reason(found, "X2")


def test_two_presenters_come_before_one_with_a_longer_clip_even_where_not_all_can_be_shown():
    clips = [clip("X1", 10, presenter="K1"), clip("X2", 8, presenter="K2")]
    found = fill(case(20, *clips, clip("X3", 20, presenter="K3")))
    assert names(found) == ["X1", "X2"]
    assert found.aims[:4] == (0, 2, 0, 2)
    assert "presenters seen of those shown least: 1 instead of 2" in reason(found, "X3")


def test_equally_good_choices_take_the_lower_numbers_whatever_their_order():
    clips = [clip(f"X{n}", 10) for n in (10, 9, 2)]
    assert names(fill(case(20, *clips))) == ["X2", "X9"]
    assert names(fill(case(20, *reversed(clips)))) == ["X2", "X9"]
    assert "that whose clips come first" in reason(fill(case(20, *clips)), "X10")


def test_a_clip_that_fits_to_the_second_fits_and_one_a_microsecond_longer_does_not():
    exact = minutes(20)
    assert names(fill(case(20, clip("X1", exact)))) == ["X1"]
    longer = fill(case(20, clip("X1", exact + timedelta(microseconds=1))))
    assert names(longer) == []
    assert reason(longer, "X1") == "1 minute too long for all that is free"


def test_a_clip_that_fits_only_when_fractions_of_a_second_are_counted_is_too_long():
    free = minutes(20) + timedelta(milliseconds=700)
    longer = fill(FillCase(free, (clip("X1", minutes(20) + timedelta(milliseconds=500)),)))
    assert reason(longer, "X1") == "1 minute too long for all that is free"


def test_an_item_that_another_session_of_the_day_shows_need_not_be_shown_again():
    given = (clip("X1", 5, items=[10]), clip("X2", 8, items=[11]))
    morning = clip("X9 of L1", 5, items=[11])
    found = fill(case(10, *given, elsewhere=(morning,)))
    assert names(found) == ["X1"]
    assert found.missing == (12,)
    assert "item 11 is seen in X9 of L1" in reason(found, "X2")
    assert names(fill(case(10, *given))) == ["X2"]


# ---------- what is never chosen


def test_clips_of_the_same_moments_are_not_shown_twice():
    half = clip("X2", 5, recording="R1", at=30, length=60)
    more = clip("X3", 5, recording="R1", at=29, length=60)
    first = clip("X1", 5, recording="R1", at=0, length=60)
    assert names(fill(case(60, first, half))) == ["X1", "X2"]
    found = fill(case(60, first, more))
    assert names(found) == ["X1"]
    assert "more than half of it is in X1, which was chosen" in reason(found, "X3")
    long = clip("X4", 6, recording="R1", at=0, length=600)
    whole = fill(case(60, first, long, entered=(first,)))
    assert reason(whole, "X4") == "it holds more than half of X1, which the playlist holds"
    held = fill(case(60, more, entered=(first,)))
    assert reason(held, "X3") == "more than half of it is in X1, which the playlist holds"


def test_what_is_refused_stays_out_with_its_reason_and_nothing_is_chosen_of_nothing():
    found = fill(case(60, clip("X1", 5, items=[10], refused="P3 has given no consent.")))
    assert names(found) == []
    assert reason(found, "X1") == "P3 has given no consent."
    assert fill(case(60)).chosen == ()
