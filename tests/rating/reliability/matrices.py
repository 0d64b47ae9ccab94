"""Scores to try the indices on."""

import numpy as np

NAN = float("nan")


def scored(seed, missing=0.0, most=7):
    """Random scores of 1 to `most`, 4 to 15 sessions by 2 to 6 raters, with some structure."""
    chance = np.random.default_rng(seed)
    sessions, raters = chance.integers(4, 16), chance.integers(2, 7)
    session = chance.normal(size=(sessions, 1)) * chance.uniform(0, 2)
    rater = chance.normal(size=(1, raters)) * chance.uniform(0, 1)
    error = chance.normal(size=(sessions, raters)) * chance.uniform(0.2, 1.5)
    scores = np.clip(np.round((1 + most) / 2 + session + rater + error), 1, most)
    scores[chance.random(scores.shape) < missing] = NAN
    return scores


def numbers(record):
    """Every estimate inside a record, however deep, in order."""
    from mbtg_video.rating.reliability.estimate import Estimate

    if isinstance(record, Estimate):
        yield record
    elif isinstance(record, dict):
        for value in record.values():
            yield from numbers(value)
    elif isinstance(record, tuple):
        for value in record:
            yield from numbers(value)
    elif hasattr(record, "__slots__") and not isinstance(record, str):
        for name in record.__slots__:
            yield from numbers(getattr(record, name))


def close(one, two, within=1e-9):
    """Whether two estimates are the same to rounding."""
    import math

    def same(a, b):
        if a is None or b is None:
            return a is b
        return math.isclose(a, b, rel_tol=within, abs_tol=within)

    return (
        one.why is two.why
        and (one.used, one.left_out, one.interval) == (two.used, two.left_out, two.interval)
        and all(same(getattr(one, name), getattr(two, name)) for name in ("value", "low", "high"))
    )
