"""Take in the scores that a rater saved in a bundle: all of a file, or nothing."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mbtg_video.consent.model import Person, Use
from mbtg_video.consent.policy import decide
from mbtg_video.errors import BadInput, ConsentRefused, Damaged, MbtgError, NotFound, RoleRefused
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.rating.model import Rating, RatingState, Scoring, Source
from mbtg_video.rating.record import (
    pictured,
    rating_by,
    record_sheet,
    refuse_unless_blind,
    sheet_of,
)
from mbtg_video.rating.scoring import find_scoring
from mbtg_video.rating.sheet import Moment, Sheet, tidied
from mbtg_video.supervision.model import Bundle
from mbtg_video.supervision.scores_lock import LARGEST_SCORES, ScoresFile, open_scores

_ROUNDING_US: Final = 500
"""By which a frame's time, counted from a cut's first frame, may differ; no frame is as short."""

_Hash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]


class SavedSheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One sheet as the page saved it: of which scoring, scale and cut; in recording time."""

    scoring: Annotated[str, msgspec.Meta(pattern=r"^S[1-9][0-9]{0,8}\Z")]
    scale: _Hash
    receipt: _Hash
    sheet: Sheet


class SavedScores(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is sealed in a file of scores."""

    state: Literal["draft", "submitted"]
    rater: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}\Z")]
    sheets: Annotated[tuple[SavedSheet, ...], msgspec.Meta(max_length=1000)]


@dataclass(frozen=True, slots=True)
class ImportedScores:
    """What came in: from which bundle, by whom, and one rating a sheet.

    Of a `draft` the rater is not done yet; `replaced` names the ratings that were there as drafts.
    """

    bundle: Bundle
    rater: str
    draft: bool
    ratings: Sequence[Rating]
    replaced: frozenset[str]


def _read(data: bytes) -> ScoresFile:
    if len(data) > LARGEST_SCORES:
        raise BadInput(
            f"the file has {len(data)} bytes, and scores have at most {LARGEST_SCORES}; name the "
            "file scores-CODE.json that a bundle's page saved"
        )
    try:
        return msgspec.json.decode(data, type=ScoresFile)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged(
            "the file is damaged, or holds no scores of a bundle; name the file scores-CODE.json, "
            f"as its page saved it ({error})"
        ) from error


def _bundle_of(session: Session, file: ScoresFile) -> tuple[Bundle, str]:
    """The bundle that a file is of, and the key that opens it."""
    bundle = session.scalar(select(Bundle).where(Bundle.package_id == file.bundle))
    if bundle is None:
        raise NotFound(
            f"This library handed out no bundle with the id {file.bundle}: the scores belong into "
            "the library that did, or it was put back from an older backup. See: mbtg bundle list"
        )
    if bundle.scores_key is None:
        raise BadInput(f"{bundle.name} asked for no scores: it was handed out for {bundle.use}")
    return bundle, bundle.scores_key


@contextmanager
def _telling(*about: str) -> Iterator[None]:
    """Errors inside say what they are about; refusals name their excerpt themselves."""
    try:
        yield
    except (ConsentRefused, RoleRefused):
        raise
    except MbtgError as error:
        raise type(error)(f"{', '.join(about)}: {error}") from error


def _opened(bundle: Bundle, file: ScoresFile, key: str) -> SavedScores:
    with _telling(f"scores of {bundle.name}"):
        plain = open_scores(file, key)
        try:
            saved = msgspec.json.decode(plain, type=SavedScores)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise BadInput(f"they hold what no sheet has ({error})") from error
        if not saved.sheets:
            raise BadInput(f"{saved.rater} has filled in nothing yet")
        twice = [name for name, n in Counter(s.scoring for s in saved.sheets).items() if n > 1]
        if twice:
            raise BadInput(f"{twice[0]} is in the file twice")
        return saved


def _rater(session: Session, code: str) -> str:
    """The code as the library writes it: no two differ in their capitals alone."""
    known = session.scalar(select(Person.code).where(func.lower(Person.code) == code.lower()))
    if known is None:
        raise NotFound(
            f"There is no person {code}. Add the rater: mbtg person add {code} --group CODE "
            "--role participant; or, if the code was mistyped, have it put right in the bundle's "
            "page (Go on from a saved file) and saved again"
        )
    return known


def _checked_scoring(session: Session, bundle: Bundle, saved: SavedSheet) -> Scoring:
    """The scoring that a sheet is for, if the bundle asked for it, with that scale and cut."""
    receipts = {clip.get("scoring"): clip.get("receipt") for clip in bundle.clips}
    if saved.scoring not in receipts:
        raise BadInput("the bundle did not ask for it. See: mbtg bundle list, mbtg rate list")
    scoring = find_scoring(session, int(saved.scoring[1:]))
    if saved.scale != scoring.scale_hash:
        raise BadInput(
            f"these scores were given on another scale than {scoring.scale.label}, or on another "
            "version of it. Ask for a sheet of this one: mbtg bundle make"
        )
    if saved.receipt != receipts[saved.scoring]:
        raise BadInput(f"these scores are of another cut of {scoring.sequence} than was handed out")
    return scoring


def _refuse_withdrawn(excerpt: Excerpt, on: date) -> None:
    """Scores may come in after a consent ran out, never after it was withdrawn."""
    recording = excerpt.recording
    decision = decide(recording.group, recording.present, Use.SCORING, on)
    # A newer consent that does not hold that day is told as the reason, and mends nothing.
    withdrawn = {
        person.code
        for person in recording.present
        for consent in person.consents
        for entry in consent.uses
        if entry.use is Use.SCORING and entry.withdrawn_on is not None and entry.withdrawn_on <= on
    }
    if any(refusal.code in withdrawn for refusal in decision.refusals):
        decision.enforce(excerpt.name)


def _refuse_second(scoring: Scoring, rater: str, sheet: Sheet) -> None:
    rating = rating_by(scoring, rater)
    if rating is None or rating.state is RatingState.DRAFT:
        return
    if tidied(sheet) == tidied(sheet_of(rating)):
        raise BadInput(
            f"{rater} has submitted {rating.name} already, with the same scores: nothing is missing"
        )
    refuse_unless_blind(scoring)
    raise BadInput(
        f"{rater} has submitted {rating.name} already, with other scores. To take these instead: "
        f"mbtg rate reopen {rating.name}"
    )


def _on_frames(excerpt: Excerpt, sheet: Sheet) -> Sheet:
    """The sheet with its evidence on the recording's own frames, to the microsecond."""
    times = excerpt.recording.frames.times

    def exact(time: int) -> int:
        at = bisect_left(times, time)
        near = min(times[max(0, at - 1) : at + 1], key=lambda one: abs(one - time))
        return near if abs(near - time) <= _ROUNDING_US else time

    def moved(moment: Moment) -> Moment:
        end = moment.end_us
        return msgspec.structs.replace(
            moment, start_us=exact(moment.start_us), end_us=None if end is None else exact(end)
        )

    items = (
        msgspec.structs.replace(score, evidence=tuple(moved(one) for one in score.evidence))
        for score in sheet.items
    )
    return msgspec.structs.replace(sheet, items=tuple(items))


def _take_in(
    session: Session, bundle: Bundle, rater: str, saved: SavedSheet, *, submit: bool, on: date
) -> tuple[Rating, bool]:
    """The rating, and whether a draft of it was there."""
    scoring = _checked_scoring(session, bundle, saved)
    excerpt = pictured(scoring)
    _refuse_withdrawn(excerpt, on)
    sheet = _on_frames(excerpt, saved.sheet)
    _refuse_second(scoring, rater, sheet)
    there = rating_by(scoring, rater) is not None
    rating = record_sheet(
        session,
        scoring,
        rater,
        sheet,
        submit=submit,
        source=Source.BUNDLE,
        receipt=saved.receipt,
        # A bundle outlives none of its consents: what was scored in time may come in later.
        on=min(on, bundle.expires_on),
    )
    return rating, there


def import_scores(session: Session, data: bytes, *, on: date) -> ImportedScores:
    """Take in a file that a bundle's page saved; all of its sheets in the caller's transaction.

    The rater's drafts are replaced, what was submitted is not. Raises `Damaged` for a file that
    was changed, `NotFound` for a bundle of another library, an unknown rater or a shredded
    excerpt, `BadInput` for whatever else the library does not take, and `ConsentRefused`.
    """
    file = _read(data)
    bundle, key = _bundle_of(session, file)
    saved = _opened(bundle, file, key)
    with _telling(f"scores of {bundle.name}"):
        rater = _rater(session, saved.rater)
    submit = saved.state == "submitted"
    ratings, replaced = [], set()
    for sheet in saved.sheets:
        with _telling(f"scores of {bundle.name}", sheet.scoring, f"by {rater}"):
            rating, there = _take_in(session, bundle, rater, sheet, submit=submit, on=on)
        ratings.append(rating)
        if there:
            replaced.add(rating.name)
    return ImportedScores(bundle, rater, not submit, tuple(ratings), frozenset(replaced))
