"""The one door for an excerpt that others will see: consents, and every name said in it."""

from __future__ import annotations

from datetime import date
from typing import BinaryIO

from sqlalchemy.orm import Session

from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.consent.policy import Decision, decide, shown_openly
from mbtg_video.errors import Busy, NameSpoken
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.recording.access import open_medium, permit_leaving
from mbtg_video.recording.model import NameState, SpokenName
from mbtg_video.recording.spoken import names_heard
from mbtg_video.vault.store import Store


def is_stale(excerpt: Excerpt, name: SpokenName) -> bool:
    """Whether a name is muted, and the excerpt was cut before that."""
    covered = any(one.start <= name.start and name.end <= one.end for one in excerpt.muted)
    return name.state is NameState.MUTED and not covered


def _reasons(excerpt: Excerpt, name: SpokenName) -> list[str]:
    where = f"{name.name} ({name.span})"
    if name.state is NameState.OPEN:
        return [
            f"{where} is open. Silence it: mbtg name mute {name.name}, "
            f"or, when nobody can be recognised by it: mbtg name clear {name.name} --reason TEXT"
        ]
    if is_stale(excerpt, name):
        return [
            f"{where} was muted after {excerpt.name} was cut. Make that again: "
            f"mbtg excerpt remake {excerpt.name}"
        ]
    return []


def against_leaving(session: Session, excerpt: Excerpt, use: Use, on: date) -> tuple[str, ...]:
    """What stands in the way of handing an excerpt out, in sentences; nothing is enforced."""
    recording = excerpt.recording
    decision = shown_openly(decide(recording.group, recording.present, use, on))
    names = names_heard(session, recording, excerpt.shown)
    return (
        *(refusal.sentence for refusal in decision.refusals),
        *(reason for name in names for reason in _reasons(excerpt, name)),
    )


def permit_excerpt(
    session: Session, excerpt: Excerpt, use: Use, on: date, *, opened: str | None = None
) -> Decision:
    """The decision on handing an excerpt out, enforced.

    `opened` is the id of the file that is being handed out, if it is already. Raises
    `ConsentRefused`, `NameSpoken` when a name would be heard, and `Busy` when the file is no
    longer the excerpt's.
    """
    decision = permit_leaving(excerpt.recording, use, on, excerpt.name)
    names = names_heard(session, excerpt.recording, excerpt.shown)
    refused = {name.name: _reasons(excerpt, name) for name in names}
    reasons = [f"  {reason}" for reasons in refused.values() for reason in reasons]
    if reasons:
        first = f"{excerpt.name} cannot be handed out for {use}: a full name is said in it."
        subjects = [excerpt.name, *(name for name, why in refused.items() if why)]
        raise NameSpoken("\n".join([first, *reasons]), tuple(subjects), use)
    if opened not in (None, excerpt.object_id):
        raise Busy(
            f"{excerpt.name} was made again while it was being handed out. Nothing was handed "
            "out; give the same command again."
        )
    return decision


def open_excerpt(
    session: Session, store: Store, excerpt: Excerpt, *, act: Act, use: Use, on: date
) -> BinaryIO:
    """Plain content of an excerpt that is handed out, after decision and audit line.

    Raises as `permit_excerpt` does, and `RoleRefused` or `Damaged`.
    """
    permit_excerpt(session, excerpt, use, on)
    return open_medium(
        session,
        store,
        excerpt.recording,
        excerpt.object_id,
        name=excerpt.name,
        act=act,
        use=use,
        on=on,
    )
