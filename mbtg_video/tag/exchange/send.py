"""Write a recording's tags as a file of another tool, which is not sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.errors import BadInput
from mbtg_video.excerpt.make import list_excerpts
from mbtg_video.leaving import check_target, write_out
from mbtg_video.library import Library
from mbtg_video.recording.access import find_recording, permit
from mbtg_video.recording.model import Recording
from mbtg_video.scale import find_scale
from mbtg_video.settings import Language
from mbtg_video.tag.exchange.content import Clip, Kept, Loss, Outgoing, TagValues
from mbtg_video.tag.exchange.formats import Format
from mbtg_video.tag.mark import list_tags
from mbtg_video.tag.model import KeptDocument, Tag, TagOrigin
from mbtg_video.transcript.lane import lane_of, list_transcripts
from mbtg_video.users import Power


@dataclass(frozen=True, slots=True)
class Sent:
    """How many tags were written, and what the format has no place for."""

    tags: int
    size: int
    losses: tuple[Loss, ...]


def outgoing(
    session: Session, recording: Recording, language: Language, *, format_name: str = ""
) -> Outgoing:
    """A recording's tags, transcripts and excerpts as plain values.

    With them come the documents of the format that tags were taken in from.
    """
    tags = list_tags(session, recording=recording)
    return Outgoing(
        recording=recording.name,
        media=f"{recording.name}.mp4",
        recorded_on=recording.recorded_on,
        length=recording.length,
        frame_rate=recording.frame_rate,
        language=language,
        tags=tuple(_values(tag) for tag in tags),
        lanes=tuple(lane_of(lane) for lane in list_transcripts(session, recording)),
        clips=tuple(
            Clip(
                start=excerpt.start,
                end=excerpt.end,
                title=excerpt.title,
                question=excerpt.question,
                name=excerpt.name,
            )
            for excerpt in list_excerpts(session, recording)
        ),
        scales={name: find_scale(name) for name in sorted({t.scale for t in tags if t.scale})},
        kept=_kept(session, recording, format_name, tags),
    )


def _values(tag: Tag) -> TagValues:
    return TagValues(
        start=tag.start,
        end=tag.end,
        scale=tag.scale,
        item=tag.item,
        label=tag.label,
        author=tag.author,
        note=tag.note,
        valence=tag.valence,
        name=tag.name,
        made_at=tag.made_at,
        changed_at=tag.changed_at,
    )


def _kept(
    session: Session, recording: Recording, format_name: str, tags: Sequence[Tag]
) -> tuple[Kept, ...]:
    documents = session.scalars(
        select(KeptDocument)
        .where(KeptDocument.recording_id == recording.id, KeptDocument.format == format_name)
        .order_by(KeptDocument.id)
    ).all()
    if not documents:
        return ()
    revisions = {tag.id: tag.revision for tag in tags}
    origins = session.scalars(
        select(TagOrigin).where(TagOrigin.document_id.in_([one.id for one in documents]))
    ).all()
    found = []
    for document in documents:
        ours = [one for one in origins if one.document_id == document.id]
        found.append(
            Kept(
                document.content,
                {f"T{one.tag_id}": one.key for one in ours},
                frozenset(
                    f"T{one.tag_id}" for one in ours if revisions[one.tag_id] != one.revision
                ),
            )
        )
    return tuple(found)


def send_file(
    library: Library,
    number: int,
    target: Path,
    format_: Format,
    *,
    language: Language,
    on: date,
    strict: bool = False,
) -> Sent:
    """Write the tags of recording `number` to `target`, and note that they left.

    With `strict`, nothing is written when the format has no place for something. Raises
    `BadInput`, `NotFound` or `ConsentRefused`.
    """
    check_target(library, target)
    with library.transaction(Power.HAND_OUT) as session:
        recording = find_recording(session, number)
        permit(recording, Use.OWN_REVIEW, on)
        content = outgoing(session, recording, language, format_name=format_.name)
    written = format_.writer()(content)
    tags = len(content.tags) if format_.holds_tags else 0
    if strict and written.losses:
        first = written.losses[0]
        raise BadInput(
            f"{format_.title} has no place for {len(written.losses)} things, and nothing was "
            f"written. The first: {first.place}: {first.what}"
        )

    def note(session: Session) -> None:
        # Once more, in the transaction of the deed: a consent may have ended meanwhile.
        permit(find_recording(session, number), Use.OWN_REVIEW, on)
        audit.append(
            session,
            Act.EXCHANGE,
            content.recording,
            deed="export",
            format=format_.name,
            tags=tags,
            losses=len(written.losses),
        )

    write_out(library, target, written.data, note)
    return Sent(tags, len(written.data), written.losses)
