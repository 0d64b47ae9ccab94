"""One estimated number with its interval, or the reason why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_WIDTH: Final = 1e-12


class Why(StrEnum):
    """Why a number could not be made."""

    ALL_MISSING = "all_missing"
    """There is no score at all."""
    ONE_RATER = "one_rater"
    """Fewer than two raters scored anything."""
    ONE_SESSION = "one_session"
    """Only one session counts here, so sessions cannot be told apart."""
    ONE_ITEM = "one_item"
    """Fewer than two items were scored, and items are a facet here."""
    TOO_FEW_COMPLETE = "too_few_complete"
    """Fewer than two sessions were scored by every rater."""
    NO_PAIRS = "no_pairs"
    """No session was scored by two raters, or no event of one matches one of the other."""
    NO_VARIANCE = "no_variance"
    """Everybody always gave the same single value; agreement beyond chance has no meaning."""
    SESSIONS_ALIKE = "sessions_alike"
    """All sessions have the same mean, and the coefficient divides by how they differ."""
    NEGATIVE_VARIANCE = "negative_variance"
    """The variance that the coefficient divides by was estimated as nought or less."""
    NEGATIVE_SCORES = "negative_scores"
    """A ratio scale has no values below nought."""
    NOT_REACHABLE = "not_reachable"
    """No number of raters is enough."""
    NOTHING_TAGGED = "nothing_tagged"
    """Neither rater tagged anything."""
    NO_LENGTH = "no_length"
    """The recording has no length."""


class Interval(StrEnum):
    """Where a 95 % interval comes from."""

    F = "f"
    """Closed form, from quantiles of the F distribution."""
    ASYMPTOTIC = "asymptotic"
    """Closed form that holds for many sessions."""
    BOOTSTRAP = "bootstrap"
    """Percentiles over resampled sessions."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number or the reason for none: exactly one of `value` and `why` is set.

    `low` and `high` bound the 95 % interval. They are None where no interval exists, and
    also where it would have no width: data without any disagreement would otherwise claim
    a certainty that a few sessions cannot give. `used` counts the sessions (units, pairs)
    that went into the number, `left_out` those that did not because something was missing.
    """

    value: float | None
    low: float | None
    high: float | None
    why: Why | None
    used: int
    left_out: int
    interval: Interval | None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.why is None):
            raise ValueError("an estimate has either a value or a reason for none")
        if not all(x is None or math.isfinite(x) for x in (self.value, self.low, self.high)):
            raise ValueError(f"an estimate must be finite: {self}")

    @classmethod
    def made(
        cls,
        value: float,
        used: int,
        left_out: int = 0,
        bounds: tuple[float, float] | None = None,
        interval: Interval | None = None,
    ) -> Estimate:
        """A number; bounds that are not finite or have no width are dropped."""
        if bounds is None or not all(map(math.isfinite, bounds)) or bounds[1] - bounds[0] < _WIDTH:
            return cls(float(value), None, None, None, used, left_out, None)
        low, high = map(float, bounds)
        return cls(float(value), low, high, None, used, left_out, interval)

    @classmethod
    def unmade(cls, why: Why, used: int = 0, left_out: int = 0) -> Estimate:
        """No number, and why."""
        return cls(None, None, None, why, used, left_out, None)
