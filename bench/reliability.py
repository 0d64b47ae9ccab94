"""Reliability of a large study, beside its peers; ``python -m bench.reliability``.

With the name of one way of doing it, it is done once and what it took is told.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable

import numpy as np

from bench.measure import Begun, Cost, cost, python, tell

SESSIONS, RATERS, ITEMS = 200, 12, 19
LEVELS = ("nominal", "ordinal", "interval", "ratio")
HEAD = ["what", "intervals", "seconds", "least-most", "ratio", "target"]


def study() -> np.ndarray:
    """Scores of 1 to 7: sessions, raters and items differ, every rater misses some sessions."""
    chance = np.random.default_rng(19)

    def effect(spread: float, *shape: int) -> np.ndarray:
        return chance.normal(scale=spread, size=shape)

    scores = 4.0 + effect(0.8, SESSIONS, 1, 1) + effect(0.4, 1, RATERS, 1)
    scores = scores + effect(0.6, 1, 1, ITEMS) + effect(0.6, SESSIONS, 1, ITEMS)
    scores = scores + effect(0.4, SESSIONS, RATERS, 1) + effect(0.3, 1, RATERS, ITEMS)
    scores = np.clip(np.round(scores + effect(0.8, SESSIONS, RATERS, ITEMS)), 1, 7)
    scores[chance.random((SESSIONS, RATERS)) < 0.03] = np.nan
    scores[chance.random(scores.shape) < 0.0005] = np.nan
    return scores


def everything(scores: np.ndarray) -> None:
    from mbtg_video.rating.reliability.study import reliability

    begun = Begun.now()
    reliability(scores)
    tell(begun)


def correlations(scores: np.ndarray) -> None:
    from mbtg_video.rating.reliability.intraclass import intraclass

    begun = Begun.now()
    for item in range(ITEMS):
        intraclass(scores[:, :, item])
    tell(begun)


def alphas(scores: np.ndarray) -> None:
    from mbtg_video.rating.reliability.alpha import alphas

    begun = Begun.now()
    for item in range(ITEMS):
        alphas(scores[:, :, item])
    tell(begun)


def pingouin(scores: np.ndarray) -> None:
    import pandas
    from pingouin import intraclass_corr

    session, rater = np.indices((SESSIONS, RATERS)).reshape(2, -1)
    frames = [
        pandas.DataFrame({"session": session, "rater": rater, "score": scores[:, :, item].ravel()})
        for item in range(ITEMS)
    ]
    begun = Begun.now()
    for frame in frames:
        intraclass_corr(frame, "session", "rater", "score", nan_policy="omit")
    tell(begun)


def krippendorff(scores: np.ndarray) -> None:
    from krippendorff import alpha

    begun = Begun.now()
    for item in range(ITEMS):
        for level in LEVELS:
            alpha(scores[:, :, item].T, level_of_measurement=level)
    tell(begun)


WAYS = {way.__name__: way for way in (everything, correlations, alphas, pingouin, krippendorff)}


def _row(what: str, intervals: str, spent: Cost, base: Cost, target: str = "") -> list[str]:
    spread = f"{spent.least:.3f}-{spent.most:.3f}"
    ratio = f"{spent.seconds / base.seconds:.2f}"
    return [what, intervals, f"{spent.seconds:.3f}", spread, ratio, target]


def measured(table: Callable[[list[str], list[list[str]]], str]) -> list[str]:
    """Section of the results."""
    load = os.getloadavg()[0]
    costs = {name: cost(python("bench.reliability", name)) for name in WAYS}
    icc, alpha = "six intraclass correlations", "alpha at four levels"
    rows = [
        _row(f"pingouin, {icc}", "F", costs["pingouin"], costs["pingouin"]),
        _row(f"mbtg, {icc}", "F", costs["correlations"], costs["pingouin"]),
        _row(f"krippendorff, {alpha}", "none", costs["krippendorff"], costs["krippendorff"]),
        _row(f"mbtg, {alpha}", "1000 resamples", costs["alphas"], costs["krippendorff"]),
        _row("mbtg, every index", "all", costs["everything"], costs["everything"], "2 s"),
    ]
    missing = np.isnan(study()).mean()
    pairs = RATERS * (RATERS - 1) // 2
    return [
        "## Reliability",
        f"Load of the machine before: {load:.1f}. {ITEMS} items, {SESSIONS} sessions, {RATERS} "
        f"raters, {missing:.1%} of the scores missing; without imports and without bringing the "
        "scores into each one's shape. Ratios are to the peer above. krippendorff has no "
        "intervals, so its point estimates stand beside ours with them. Every index: for each item "
        f"these, {pairs} pairs by three kappas, raw and within-one agreement, the means over the "
        "pairs, and a D study of 1 to 10 raters; over all items the G study of three facets.",
        table(HEAD, rows),
    ]


def main(*ways: str) -> None:
    """Do it the ways that are named, or measure all and print."""
    warnings.simplefilter("ignore")
    for way in ways:
        WAYS[way](study())
    if not ways:
        from bench.__main__ import table

        print("\n\n".join(measured(table)))


if __name__ == "__main__":
    main(*sys.argv[1:])
