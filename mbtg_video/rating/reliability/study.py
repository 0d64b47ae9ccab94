"""Everything about how a group of raters agrees, item by item and over all items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mbtg_video.rating.reliability.alpha import Level, alphas
from mbtg_video.rating.reliability.estimate import Estimate
from mbtg_video.rating.reliability.generalizability import (
    Generalizability,
    item_study,
    rater_study,
)
from mbtg_video.rating.reliability.intraclass import Intraclass, intraclass
from mbtg_video.rating.reliability.missing import Numbers, scoring, table
from mbtg_video.rating.reliability.pairs import Pairwise, pairwise


@dataclass(frozen=True, slots=True)
class ItemReliability:
    """Every index of one item; `raters` are those who scored it, as places on that axis."""

    raters: tuple[int, ...]
    intraclass: Intraclass
    generalizability: Generalizability
    alpha: Mapping[Level, Estimate]
    pairwise: Pairwise


@dataclass(frozen=True, slots=True)
class Reliability:
    """Every index of every item, in their order, and the G study over all of them."""

    items: tuple[ItemReliability, ...]
    overall: Generalizability


def _of_item(scores: Numbers) -> ItemReliability:
    return ItemReliability(
        tuple(scoring(scores).tolist()),
        intraclass(scores),
        rater_study(scores),
        alphas(scores),
        pairwise(scores),
    )


def reliability(scores: npt.ArrayLike) -> Reliability:
    """All indices of scores of shape (sessions, raters, items), NaN where one is missing.

    Each index leaves out what its own module says: intraclass correlations and G studies
    every session that some rater did not score, alpha sessions with a single score, and
    kappa of a pair sessions that one of them did not score. Raises `ValueError` for another
    shape or an infinite score.
    """
    array = table(scores, 3)
    items = tuple(_of_item(np.ascontiguousarray(array[:, :, i])) for i in range(array.shape[2]))
    return Reliability(items, item_study(array))
