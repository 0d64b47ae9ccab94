"""Every index of agreement on one matrix of scores, and what each rests on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from mbtg_video.rating.matrix import Matrix, Numbers, Score
from mbtg_video.rating.reliability.alpha import Level, alpha
from mbtg_video.rating.reliability.estimate import Estimate, Why
from mbtg_video.rating.reliability.generalizability import (
    Generalizability,
    item_study,
    rater_study,
)
from mbtg_video.rating.reliability.kappa import Weighting
from mbtg_video.rating.reliability.missing import scoring
from mbtg_video.rating.reliability.pairs import pairwise
from mbtg_video.rating.reliability.study import ItemReliability, reliability
from mbtg_video.rating.report.content import Agreement, ItemAgreement, Occurrence, Study

Truths = npt.NDArray[np.bool_]


def without_interval(estimate: Estimate) -> Estimate:
    """The number alone: an interval over items would take them for a random sample."""
    return replace(estimate, low=None, high=None, interval=None)


def _as_units(scores: Numbers) -> Numbers:
    """Every item of every sequence as one row; columns are raters."""
    rows: Numbers = scores.transpose(0, 2, 1).reshape(-1, scores.shape[1])
    return rows


def _item(name: str, scores: Numbers, found: ItemReliability) -> ItemAgreement:
    return ItemAgreement(
        name,
        int((~np.isnan(scores)).sum()),
        found.pairwise.raw.mean,
        found.pairwise.within_one.mean,
        found.pairwise.kappa[Weighting.QUADRATIC].mean,
        found.alpha[Level.INTERVAL],
        found.intraclass,
    )


def _study(matrix: Matrix) -> Study:
    """G study of the sequences that everybody rated, on the items that all scored there."""
    raters = scoring(matrix.scores)
    given = ~np.isnan(matrix.scores[:, raters])
    # Without any rater, or any sequence that all rated, `all` would be true of nothing.
    rated: Truths = np.all(np.any(given, axis=2), axis=1) & (len(raters) > 0)
    complete: Truths = np.all(given[rated], axis=(0, 1)) & rated.any()
    used = matrix.scores[rated][:, :, complete]
    found = item_study(used) if used.size else _why_none(matrix, rated)
    return Study(
        tuple(np.array(matrix.scorings)[rated].tolist()),
        tuple(np.array(matrix.scorings)[~rated].tolist()),
        tuple(np.array(matrix.items)[complete].tolist()),
        tuple(np.array(matrix.items)[~complete].tolist()),
        found,
    )


def _why_none(matrix: Matrix, rated: Truths) -> Generalizability:
    raters = len(scoring(matrix.scores))
    if not raters:
        why = Why.ALL_MISSING
    elif raters == 1:
        why = Why.ONE_RATER
    elif len(matrix.scorings) == 1:
        why = Why.ONE_SESSION
    elif not rated.any():
        why = Why.TOO_FEW_COMPLETE
    else:
        why = Why.ONE_ITEM
    return Generalizability.unmade(Estimate.unmade(why, 0, len(matrix.scorings)))


def _profile(matrix: Matrix) -> Study:
    """One sequence with its items in place of sequences: only those that all raters scored."""
    scores = matrix.scores[0].T
    raters = scoring(scores)
    complete: Truths = ~np.any(np.isnan(scores[:, raters]), axis=1) & (len(raters) > 0)
    study = rater_study(scores)
    projections = tuple(
        replace(p, phi=without_interval(p.phi), erho2=without_interval(p.erho2))
        for p in study.projections
    )
    return Study(
        matrix.scorings,
        (),
        tuple(np.array(matrix.items)[complete].tolist()),
        tuple(np.array(matrix.items)[~complete].tolist()),
        replace(study, projections=projections),
    )


def agreement(matrix: Matrix) -> Agreement:
    """Agreement item by item and over all; the G study where items are a facet."""
    found = reliability(matrix.scores)
    over_all = pairwise(_as_units(matrix.scores))
    facet = matrix.score is not Score.OVERALL
    return Agreement(
        matrix.score,
        matrix.gaps,
        without_interval(over_all.raw.mean),
        without_interval(over_all.within_one.mean),
        tuple(
            _item(name, matrix.scores[:, :, place], found.items[place])
            for place, name in enumerate(matrix.items)
        ),
        _study(matrix) if facet else None,
        _profile(matrix) if facet and len(matrix.scorings) == 1 else None,
    )


def occurrence(matrix: Matrix) -> Occurrence:
    """Agreement on whether items occurred: scored, or said not to have occurred."""
    units = _as_units(matrix.occurred)
    return Occurrence(
        int((~np.isnan(units)).sum()),
        matrix.gaps.did_not_occur,
        without_interval(pairwise(units).raw.mean),
        without_interval(alpha(units, Level.NOMINAL)),
    )
