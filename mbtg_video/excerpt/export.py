"""Write an excerpt out in the clear, to somebody named, and note what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit, interrupt
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.errors import BadInput, NotFound
from mbtg_video.excerpt.leave import open_excerpt, permit_excerpt
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.excerpt.model import Excerpt, Export, HandedOut, ReturnedHow
from mbtg_video.leaving import check_target
from mbtg_video.library import Library
from mbtg_video.media.chapters import Chapter, with_chapters
from mbtg_video.users import Power
from mbtg_video.vault.durable import copy_durably

_BLOCK_BYTES: Final = 1 << 20


def export_excerpt(
    library: Library,
    number: int,
    target: Path,
    *,
    recipient: str,
    use: Use,
    reason: str,
    on: date,
    chapters: Callable[[Session, Excerpt], Sequence[Chapter]] | None = None,
) -> Export:
    """Write an excerpt in the clear to `target`, which must not exist; the row that tells of it.

    `chapters` says which chapters the file gets; without it, it holds picture and sound alone.
    Raises `ConsentRefused`, `NotFound` or `BadInput`.
    """
    check_target(library, target)
    if not reason.strip():
        raise BadInput("an export needs a reason: --reason TEXT")
    if not recipient.strip():
        raise BadInput("say who gets it: --recipient TEXT")
    with library.transaction(Power.HAND_OUT) as session:
        excerpt = find_excerpt(session, number)
        opened = excerpt.object_id
        marked = () if chapters is None else tuple(chapters(session, excerpt))
        medium = open_excerpt(session, library.store, excerpt, act=Act.EXPORT, use=use, on=on)
    interrupt.let_go()  # the line that tells of the opening may stay when this is broken off
    written = False
    try:
        with medium:
            plain = iter(partial(medium.read, _BLOCK_BYTES), b"")
            copy_durably(target, with_chapters(medium, marked) if marked else plain)
        written = True
        with library.transaction() as session:
            # Once more, in the transaction of the deed: a consent may have ended meanwhile.
            excerpt = find_excerpt(session, number)
            permit_excerpt(session, excerpt, use, on, opened=opened)
            export = Export(
                excerpt=excerpt.name,
                recording=excerpt.recording.name,
                recipient=recipient.strip(),
                use=use,
                reason=reason,
                made_at=datetime.now(UTC),
            )
            session.add(export)
            session.flush()
            told = {"chapters": len(marked)} if marked else {}
            audit.append(
                session, Act.DISCLOSURE, export.name, excerpt.name, use=use, recipients=1, **told
            )
    except BaseException:
        if written:
            target.unlink(missing_ok=True)
        raise
    return export


def find_export(session: Session, number: int) -> Export:
    """Export with this number; raises `NotFound`."""
    export = session.get(Export, number)
    if export is None:
        raise NotFound(f"There is no export E{number}. See: mbtg excerpt exports")
    return export


def list_exports(session: Session) -> Sequence[Export]:
    """All exports, oldest id first."""
    return session.scalars(select(Export).order_by(Export.id)).all()


def note_return(session: Session, left: HandedOut, how: ReturnedHow, on: date) -> None:
    """Write down what became of something that had left; raises `BadInput`."""
    if left.returned_on is not None:
        raise BadInput(f"{left.name} was {left.returned_how} on {left.returned_on} already")
    if on < left.made_at.date():
        raise BadInput(f"{left.name} was made on {left.made_at.date()}, after {on}")
    left.returned_on, left.returned_how = on, how
    audit.append(session, Act.RETURN, left.name, how=how, on=on.isoformat())
