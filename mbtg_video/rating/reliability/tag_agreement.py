"""How two raters agree on tagging one recording: second by second, and event by event.

Everything is symmetric: which of the two comes first changes nothing, and neither does the
order within a list.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from mbtg_video.rating.reliability.estimate import Estimate, Why
from mbtg_video.rating.reliability.event_matching import Marked, Match, matched
from mbtg_video.rating.reliability.kappa import Weighting, estimated, kappa_of_table, share

SECOND_US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class CodeSeconds:
    """Agreement on one code, second by second.

    A second has the code when a tag with it touches the second. No interval is given:
    neighbouring seconds are no independent observations.
    """

    code: str
    kappa: Estimate
    raw: Estimate


@dataclass(frozen=True, slots=True)
class EventCodes:
    """Agreement on the codes of matched events, whatever these are.

    `used` counts matched events, `left_out` those that match none. With `unmatched` ones
    counted, each stands against "nothing", so both numbers fall; nobody can agree on
    nothing, so kappa is strict there, and can be negative.
    """

    kappa: Estimate
    raw: Estimate
    kappa_with_unmatched: Estimate
    raw_with_unmatched: Estimate
    unmatched: int


@dataclass(frozen=True, slots=True)
class BoundaryError:
    """Distance of matched starts or ends in whole microseconds, or why there is none."""

    median_us: int | None
    ninetieth_us: int | None
    why: Why | None
    used: int


@dataclass(frozen=True, slots=True)
class TagAgreement:
    """Agreement of two raters on one recording.

    `start`, `end` and `either` are boundary errors of events matched within their code;
    `either` takes starts and ends together. An end counts where both events have one.
    """

    seconds: tuple[CodeSeconds, ...]
    events: EventCodes
    start: BoundaryError
    end: BoundaryError
    either: BoundaryError


def _present(marks: Iterable[Marked], seconds: int) -> npt.NDArray[np.bool_]:
    present = np.zeros(seconds, dtype=np.bool_)
    for mark in marks:
        last_us = mark.start_us if mark.end_us is None else max(mark.start_us, mark.end_us - 1)
        begin, after = mark.start_us // SECOND_US, last_us // SECOND_US + 1
        present[max(0, begin) : max(0, after)] = True
    return present


def _without_interval(estimate: Estimate) -> Estimate:
    if estimate.value is None:
        return estimate
    return Estimate.made(estimate.value, estimate.used, estimate.left_out)


def _second_by_second(
    first: Sequence[Marked], second: Sequence[Marked], length_us: int
) -> tuple[CodeSeconds, ...]:
    seconds = -(-max(0, length_us) // SECOND_US)
    found = []
    for code in sorted({mark.code for mark in (*first, *second)}):
        if not seconds:
            nothing = Estimate.unmade(Why.NO_LENGTH)
            found.append(CodeSeconds(code, nothing, nothing))
            continue
        one = _present((mark for mark in first if mark.code == code), seconds)
        two = _present((mark for mark in second if mark.code == code), seconds)
        table = np.bincount(2 * one + two, minlength=4).reshape(2, 2)
        weights = Weighting.UNWEIGHTED.disagreement(np.arange(2.0))
        kappa = estimated(kappa_of_table(table, weights), seconds, 0)
        raw = share(int(np.trace(table)), seconds, 0)
        found.append(CodeSeconds(code, _without_interval(kappa), _without_interval(raw)))
    return tuple(found)


def _codes(pairs: Sequence[tuple[str | None, str | None]], left_out: int) -> list[Estimate]:
    """Kappa and raw agreement of pairs of codes, None standing for no event."""
    places = {
        code: place
        for place, code in enumerate(
            sorted({code for pair in pairs for code in pair}, key=lambda code: code or "")
        )
    }
    table = np.zeros((len(places), len(places)))
    for one, two in pairs:
        table[places[one], places[two]] += 1.0
    weights = Weighting.UNWEIGHTED.disagreement(np.arange(float(len(places))))
    kappa = estimated(kappa_of_table(table, weights), len(pairs), left_out)
    return [kappa, share(int(np.trace(table)), len(pairs), left_out)]


def _event_codes(
    first: Sequence[Marked], second: Sequence[Marked], tolerance_us: int
) -> EventCodes:
    matches = matched(first, second, tolerance_us)
    unmatched = len(first) + len(second) - 2 * len(matches)
    if not first and not second:
        nothing = Estimate.unmade(Why.NOTHING_TAGGED)
        return EventCodes(nothing, nothing, nothing, nothing, 0)
    pairs: list[tuple[str | None, str | None]] = [
        (match.first.code, match.second.code) for match in matches
    ]
    kappa, raw = _codes(pairs, unmatched)
    for one, two in _alone(first, second, matches):
        pairs.append((one, two))
    strict_kappa, strict_raw = _codes(pairs, 0)
    return EventCodes(kappa, raw, strict_kappa, strict_raw, unmatched)


def _alone(
    first: Sequence[Marked], second: Sequence[Marked], matches: Sequence[Match]
) -> list[tuple[str | None, str | None]]:
    """Codes of the events that match none, beside None for the other rater."""
    ones = Counter(first) - Counter(match.first for match in matches)
    twos = Counter(second) - Counter(match.second for match in matches)
    alone: list[tuple[str | None, str | None]] = [(mark.code, None) for mark in ones.elements()]
    return alone + [(None, mark.code) for mark in twos.elements()]


def _boundary(errors: Sequence[int], why: Why) -> BoundaryError:
    if not errors:
        return BoundaryError(None, None, why, 0)
    ninetieth = np.percentile(np.array(errors, dtype=np.float64), 90)
    return BoundaryError(
        round(statistics.median(errors)), round(float(ninetieth)), None, len(errors)
    )


def tag_agreement(
    first: Iterable[Marked], second: Iterable[Marked], length_us: int, tolerance_us: int
) -> TagAgreement:
    """Agreement of two raters on a recording of `length_us` microseconds.

    Two events match one to one when their starts lie within `tolerance_us`; see `matched`.
    Codes are compared on events matched by time alone; boundaries on events matched within
    their code, because the ends of different things need not agree. The seconds are those
    of the whole recording, a begun one included; a tag without an end lies in one second.
    Raises `ValueError` for a negative tolerance.
    """
    ones, twos = list(first), list(second)
    shared = [
        match
        for code in sorted({mark.code for mark in ones} & {mark.code for mark in twos})
        for match in matched(
            [mark for mark in ones if mark.code == code],
            [mark for mark in twos if mark.code == code],
            tolerance_us,
        )
    ]
    why = Why.NO_PAIRS if ones or twos else Why.NOTHING_TAGGED
    starts = [abs(match.first.start_us - match.second.start_us) for match in shared]
    ends = [
        abs(match.first.end_us - match.second.end_us)
        for match in shared
        if match.first.end_us is not None and match.second.end_us is not None
    ]
    return TagAgreement(
        _second_by_second(ones, twos, length_us),
        _event_codes(ones, twos, tolerance_us),
        _boundary(starts, why),
        _boundary(ends, why),
        _boundary(starts + ends, why),
    )
