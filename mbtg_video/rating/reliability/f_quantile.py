"""Quantiles of the F distribution, without scipy."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

_TINY: Final = 1e-300
_TERMS: Final = 10_000
_STEPS: Final = 200
_WIDEST: Final = 700.0


def _continued_fraction(a: float, b: float, x: float) -> float:
    """Continued fraction of the incomplete beta function, by the modified Lentz method."""
    above, below = 1.0, 1.0 / (1.0 - (a + b) * x / (a + 1.0) or _TINY)
    value = below
    for m in range(1, _TERMS):
        for factor in (
            m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0)),
        ):
            below = 1.0 / (1.0 + factor * below or _TINY)
            above = 1.0 + factor / above or _TINY
            step = above * below
            value *= step
        if abs(step - 1.0) < 1e-16:
            break
    return value


def _front(a: float, b: float, x: float, rest: float) -> float:
    """``x**a * (1 - x)**b / B(a, b)`` with ``rest = 1 - x``."""
    if x == 0.0 or rest == 0.0:
        return 0.0
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(logarithm + a * math.log(x) + b * math.log(rest))


def incomplete_beta(a: float, b: float, x: float, rest: float | None = None) -> float:
    """Regularized incomplete beta function I_x(a, b) for x in 0 to 1.

    `rest` is 1 - x where the caller knows it more exactly. Continued fraction 8.17.22 of
    the NIST Digital Library of Mathematical Functions, on the side where it converges fast.
    """
    rest = 1.0 - x if rest is None else rest
    front = _front(a, b, x, rest)
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _continued_fraction(a, b, x) / a
    return 1.0 - front * _continued_fraction(b, a, rest) / b


@lru_cache(maxsize=4096)
def f_quantile(share: float, above: float, below: float) -> float:
    """Value that this share of an F distribution does not exceed.

    `above` and `below` are the degrees of freedom of the numerator and the denominator and
    need not be whole. F is sought as ``below / above * x / (1 - x)`` with x beta
    distributed, on the scale of log(x / (1 - x)), where both tails keep their digits, by
    Newton steps inside a bracket that halves when a step leaves it.
    """
    if not (0.0 < share < 1.0 and above > 0.0 and below > 0.0):
        raise ValueError(f"no F quantile at {share} with {above} and {below} degrees of freedom")
    a, b = float(above) / 2.0, float(below) / 2.0
    low, high, place = -_WIDEST, _WIDEST, 0.0
    for _ in range(_STEPS):
        x, rest = 1.0 / (1.0 + math.exp(-place)), 1.0 / (1.0 + math.exp(place))
        excess = incomplete_beta(a, b, x, rest) - share
        if excess > 0.0:
            high = place
        else:
            low = place
        slope = _front(a, b, x, rest)
        following = place - excess / slope if slope > _TINY else low
        if not low < following < high:
            following = (low + high) / 2.0
        if abs(following - place) <= 1e-15 * (1.0 + abs(following)):
            break
        place = following
    return b / a * math.exp(place)
