"""The one door to stored media: it decides, writes the audit line and opens."""

from __future__ import annotations

from datetime import date
from typing import BinaryIO, Final, NoReturn

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.consent.policy import Decision, decide, shown_openly
from mbtg_video.errors import NotFound
from mbtg_video.recording.model import Recording
from mbtg_video.users import Power
from mbtg_video.vault.store import Store

_POWERS: Final = {
    Act.VIEW: Power.WATCH,
    Act.CUT: Power.CUT,
    Act.EXPORT: Power.HAND_OUT,
    Act.BUNDLE: Power.HAND_OUT,
}


def find_recording(session: Session, number: int) -> Recording:
    """Recording with this number; raises `NotFound`."""
    recording = session.get(Recording, number)
    if recording is None:
        missing(session, f"R{number}", "recording")
    return recording


def missing(session: Session, name: str, noun: str) -> NoReturn:
    """Raise `NotFound` for an id, saying since when if it was shredded."""
    day = audit.shredded_on(session, name)
    if day is not None:
        raise NotFound(f"{name} was shredded on {day}. Why: mbtg audit list --act shred")
    raise NotFound(f"There is no {noun} {name}. See: mbtg {noun} list")


def list_recordings(session: Session) -> list[Recording]:
    """All recordings, oldest id first."""
    return list(session.scalars(select(Recording).order_by(Recording.id)))


def permit(recording: Recording, use: Use, on: date, *subjects: str) -> Decision:
    """The decision on this recording, enforced; raises `ConsentRefused` naming `subjects`."""
    decision = decide(recording.group, recording.present, use, on)
    decision.enforce(*(subjects or (recording.name,)))
    return decision


def permit_leaving(recording: Recording, use: Use, on: date, *subjects: str) -> Decision:
    """As `permit`, for pictures that others will see: whoever must be concealed has to be."""
    decision = shown_openly(decide(recording.group, recording.present, use, on))
    decision.enforce(*(subjects or (recording.name,)))
    return decision


def permit_watching(recording: Recording, use: Use, on: date, *subjects: str) -> Decision:
    """As `permit` for own review; whoever watches for another use is another, as they leave."""
    rule = permit if use is Use.OWN_REVIEW else permit_leaving
    return rule(recording, use, on, *subjects)


def may_watch(recording: Recording, use: Use, on: date) -> bool:
    """Whether `permit_watching` would permit it."""
    decision = decide(recording.group, recording.present, use, on)
    return (decision if use is Use.OWN_REVIEW else shown_openly(decision)).allowed


def open_medium(
    session: Session,
    store: Store,
    recording: Recording,
    object_id: str,
    *,
    name: str,
    act: Act,
    use: Use,
    on: date,
) -> BinaryIO:
    """Plain content of a recording or an excerpt of it, after decision and audit line.

    Whatever is not for own review or cut leaves the therapist's own hands, and the stricter rule
    holds.
    Raises `RoleRefused`, `ConsentRefused` or `Damaged`.
    """
    audit.acting(session).require(_POWERS[act])
    rules = {Act.CUT: permit, Act.VIEW: permit_watching}
    rules.get(act, permit_leaving)(recording, use, on, name)
    audit.append(session, act, name, use=use)
    return store.open(session, object_id)


def look_again(
    session: Session,
    store: Store,
    recording: Recording,
    object_id: str,
    *,
    name: str,
    use: Use,
    on: date,
) -> BinaryIO:
    """One more piece of a view that `open_medium` has noted: decided again, not noted again.

    Raises as `open_medium` does.
    """
    audit.acting(session).require(Power.WATCH)
    permit_watching(recording, use, on, name)
    return store.open(session, object_id)
