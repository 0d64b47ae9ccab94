"""Make an excerpt again from its recording, so that it is silent where a name was muted since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.excerpt.leave import is_stale
from mbtg_video.excerpt.make import (
    find_excerpt,
    list_excerpts,
    muted_in,
    receipt,
)
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.library import Library
from mbtg_video.media.cut import cut, no_progress
from mbtg_video.media.receipt import Rung
from mbtg_video.recording.access import permit
from mbtg_video.recording.footage import footage_of
from mbtg_video.recording.model import NameState, SpokenName
from mbtg_video.recording.spoken import decide_name, find_name, names_heard
from mbtg_video.timecode import Timecode
from mbtg_video.users import Power
from mbtg_video.vault.model import SealedObject


def remake_excerpt(
    library: Library,
    number: int,
    *,
    on: date,
    progress: Callable[[float], None] = no_progress,
) -> Excerpt:
    """Cut an excerpt again where it was; its names are muted as they are decided now.

    Id, title, question, playlists and retention stay. The program holds no key for the earlier
    file afterwards. Raises `NotFound`, `ConsentRefused` or `CutFailed`, and then nothing changed.
    """
    with library.transaction(Power.CUT) as session:
        excerpt = find_excerpt(session, number)
        recording, span = excerpt.recording, excerpt.span
        permit(recording, Use.OWN_REVIEW, on, excerpt.name)
        silent = muted_in(session, recording, span)
        copied = excerpt.receipt["rung"] != Rung.REENCODE
        keep_codec = copied and not recording.plays_in_browser
        footage = footage_of(recording, library.store.open(session, recording.object_id))
    with footage.file, library.store.drafts() as new_draft:
        made, draft = cut(
            footage, span, new_draft, keep_codec=keep_codec, silent=silent, progress=progress
        )
        with library.transaction() as session:
            excerpt = find_excerpt(session, number)
            # Once more, in the transaction of the deed: a consent may have ended meanwhile.
            permit(excerpt.recording, Use.OWN_REVIEW, on, excerpt.name)
            earlier = excerpt.object_id
            excerpt.object_id = library.store.publish(session, draft).id
            excerpt.first_frame = Timecode(made.first_frame_us)
            excerpt.receipt = receipt(made)
            excerpt.made_at = datetime.now(UTC)
            session.flush()
            session.execute(delete(SealedObject).where(SealedObject.id == earlier))
            audit.append(
                session,
                Act.CUT,
                excerpt.name,
                excerpt.recording.name,
                deed="remake",
                rung=made.rung,
            )
    with library.finishing(f"{excerpt.name} was made again"):
        library.forget([earlier])
    return excerpt


def excerpts_hearing(session: Session, name: SpokenName) -> list[Excerpt]:
    """Excerpts in which a name may be heard, or is silenced."""
    return [
        excerpt
        for excerpt in list_excerpts(session, name.recording)
        if name in names_heard(session, name.recording, excerpt.shown)
    ]


def mute_name(session: Session, number: int, *, on: date) -> list[int]:
    """Mute a name; the numbers of excerpts that must be made again before they may leave.

    Raises `NotFound`, `ConsentRefused`, or `RoleRefused` when there are some and the user may not
    cut.
    """
    name = decide_name(session, find_name(session, number), NameState.MUTED, on=on)
    stale = [excerpt.id for excerpt in excerpts_hearing(session, name) if is_stale(excerpt, name)]
    if stale:
        audit.acting(session).require(Power.CUT)
    return stale
