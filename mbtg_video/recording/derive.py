"""Make what shows a long recording quickly, and keep it sealed beside the recording."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.library import Library
from mbtg_video.media.cut import Progress, cut, no_progress
from mbtg_video.media.direct import plays_directly
from mbtg_video.media.medium import Footage
from mbtg_video.media.sprites import make_poster, make_sprites
from mbtg_video.media.waveform import make_waveform
from mbtg_video.recording.access import find_recording, permit_watching
from mbtg_video.recording.footage import footage_of
from mbtg_video.recording.model import DerivedKind, DerivedMedium, Recording
from mbtg_video.timecode import Span, Timecode
from mbtg_video.users import Power
from mbtg_video.vault.store import Draft

_Made = tuple[Draft, dict[str, Any]]
_NewDraft = Callable[[], Draft]


def find_derived(session: Session, recording: Recording, kind: DerivedKind) -> DerivedMedium | None:
    """What of this kind was made of a recording; None when it was not yet."""
    query = select(DerivedMedium).where(
        DerivedMedium.recording_id == recording.id, DerivedMedium.kind == kind
    )
    return session.scalars(query).one_or_none()


def needs_proxy(library: Library, number: int, *, on: date, use: Use = Use.OWN_REVIEW) -> bool:
    """Whether a page must play a `PROXY` of the recording, as no browser plays its own file.

    Raises `NotFound`, `RoleRefused`, `ConsentRefused` or `Damaged`.
    """
    with library.transaction(Power.WATCH) as session:
        recording = _permitted(session, number, use, on)
        footage = footage_of(recording, library.store.open(session, recording.object_id))
    with footage.file:
        return not plays_directly(footage)


def derive(
    library: Library,
    number: int,
    kind: DerivedKind,
    *,
    on: date,
    use: Use = Use.OWN_REVIEW,
    progress: Progress = no_progress,
) -> DerivedMedium:
    """The derived medium of this kind, made now unless it was before.

    `progress` is told the part done and may raise, which leaves nothing behind. Where two make
    the same at once, both get the one that was ready first. Raises `NotFound`, `RoleRefused`,
    `ConsentRefused`, `MediaError` or `Damaged`.
    """
    with library.transaction(Power.WATCH) as session:
        recording = _permitted(session, number, use, on)
        found = find_derived(session, recording, kind)
        if found is not None:
            return found
        footage = footage_of(recording, library.store.open(session, recording.object_id))
    with footage.file, library.store.drafts() as new_draft:
        draft, facts = _MAKERS[kind](footage, new_draft, progress)
        with library.transaction(Power.WATCH) as session:
            # Once more, in the transaction of the deed: a consent may have ended meanwhile.
            recording = _permitted(session, number, use, on)
            # Nobody else writes until this transaction ends, so nobody can come between.
            found = find_derived(session, recording, kind)
            if found is not None:
                return found
            row = library.store.publish(session, draft)
            session.flush()  # its row comes first: the other names it
            made = DerivedMedium(
                recording_id=recording.id,
                kind=kind,
                object_id=row.id,
                facts=facts,
                made_at=datetime.now(UTC),
            )
            session.add(made)
            session.flush()
            audit.append(session, Act.VIEW, recording.name, use=use, made=kind)
    return made


def _permitted(session: Session, number: int, use: Use, on: date) -> Recording:
    recording = find_recording(session, number)
    permit_watching(recording, use, on)
    return recording


def _poster(footage: Footage, new_draft: _NewDraft, progress: Progress) -> _Made:
    made = make_poster(footage)
    progress(1.0)
    draft = new_draft()
    draft.write(made.jpeg)
    return draft, {"width": made.width, "height": made.height, "time_us": made.time_us}


def _sprites(footage: Footage, new_draft: _NewDraft, progress: Progress) -> _Made:
    made = make_sprites(footage, progress=progress)
    draft = new_draft()
    sheets = []
    for sheet in made.sheets:
        sheets.append([draft.tell(), len(sheet)])
        draft.write(sheet)
    facts = {
        "tile_width": made.tile_width,
        "tile_height": made.tile_height,
        "columns": made.columns,
        "rows": made.rows,
        "sheets": sheets,
        "times_us": list(made.times_us),
    }
    return draft, facts


def _waveform(footage: Footage, new_draft: _NewDraft, progress: Progress) -> _Made:
    made = make_waveform(footage, progress=progress)
    draft = new_draft()
    draft.write(made.peaks.tobytes())
    return draft, {"bucket_us": made.bucket_us, "buckets": len(made.peaks)}


def _proxy(footage: Footage, new_draft: _NewDraft, progress: Progress) -> _Made:
    whole = Span(Timecode(0), Timecode(footage.length_us))
    made, draft = cut(footage, whole, new_draft, progress=progress)
    return draft, {"frames": made.frames}


_MAKERS: Final[Mapping[DerivedKind, Callable[[Footage, _NewDraft, Progress], _Made]]] = {
    DerivedKind.POSTER: _poster,
    DerivedKind.SPRITES: _sprites,
    DerivedKind.WAVEFORM: _waveform,
    DerivedKind.PROXY: _proxy,
}
