"""Take a file of another tool in: its tags, transcripts and clips, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Person, Use
from mbtg_video.consent.record import find_person
from mbtg_video.excerpt.make import list_excerpts
from mbtg_video.recording.access import permit
from mbtg_video.recording.model import Recording
from mbtg_video.scale import find_scale, scale_paths
from mbtg_video.settings import Language
from mbtg_video.tag.exchange.content import Clip, Document, Incoming, Lane, Loss, TagValues, Target
from mbtg_video.tag.exchange.elan.carry import carried
from mbtg_video.tag.exchange.formats import OWN, Format
from mbtg_video.tag.exchange.send import kept_documents, outgoing
from mbtg_video.tag.mark import Mark, add_tags, list_tags
from mbtg_video.tag.model import KeptDocument, Tag, TagOrigin
from mbtg_video.transcript.lane import add_transcript, lane_of, list_transcripts


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a file would bring; `present` gives, by place in the file, ids of tags that are here.

    `lanes` and `clips` are those that are not here yet.
    """

    format: str
    incoming: Incoming
    new: tuple[TagValues, ...]
    present: dict[int, int]
    lanes: tuple[Lane, ...] = ()
    clips: tuple[Clip, ...] = ()

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What would be left out or changed."""
        return self.incoming.losses


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a file has brought: ids of new tags and transcripts, and the clips it asks for.

    `already` tags were here before; clips are cut by whoever asked for the import.
    """

    format: str
    tags: tuple[str, ...]
    already: int
    transcripts: tuple[str, ...]
    clips: tuple[Clip, ...]
    losses: tuple[Loss, ...]


def target_for(session: Session, recording: Recording, scale: str, language: Language) -> Target:
    """The recording as readers of formats know it; `scale` is meant where a file names none."""
    return Target(
        length=recording.length,
        frame_rate=recording.frame_rate,
        scale=find_scale(scale),
        scales={name: find_scale(name) for name in scale_paths()},
        authors=frozenset(session.scalars(select(Person.code))),
        language=language,
    )


def plan_import(
    session: Session,
    recording: Recording,
    data: bytes,
    format_: Format,
    *,
    on: date,
    scale: str,
    language: Language = Language.NB,
    author: str | None = None,
) -> Plan:
    """What a file would bring to a recording, with nothing changed.

    `author` made the tags that name nobody. A tag or transcript that is here already is not added
    again. Raises `BadInput`, `MalformedTime`, `NotFound` or `ConsentRefused`.
    """
    permit(recording, Use.OWN_REVIEW, on)
    code = find_person(session, author).code if author is not None else None
    incoming = format_.reader()(data, target_for(session, recording, scale, language))
    tags = [tag if tag.author else replace(tag, author=code) for tag in incoming.tags]
    here = list_tags(session, recording=recording)
    known = _known_by_key(session, recording, format_, incoming)
    alike: dict[tuple[object, ...], list[int]] = {}
    taken = set(known.values())
    for one in reversed(here):
        if one.id not in taken:
            alike.setdefault(_said(one), []).append(one.id)
    new: list[TagValues] = []
    present: dict[int, int] = {}
    for place, tag in enumerate(tags):
        same = alike.get(_said(tag))
        if tag.key in known:
            present[place] = known[tag.key]
        elif same:
            present[place] = same.pop()
        else:
            new.append(tag)
    return Plan(
        format=format_.name,
        incoming=incoming,
        new=tuple(new),
        present=present,
        lanes=_new_lanes(session, recording, incoming.lanes),
        clips=_unknown_clips(session, recording, incoming.clips),
    )


def _new_lanes(session: Session, recording: Recording, lanes: Sequence[Lane]) -> tuple[Lane, ...]:
    """The transcripts that say something else than those that are here."""
    if not lanes:
        return ()
    here = [_in_order(lane_of(one)) for one in list_transcripts(session, recording)]
    new = []
    for lane in lanes:
        ordered = _in_order(lane)
        if ordered in here:
            here.remove(ordered)
        else:
            new.append(lane)
    return tuple(new)


def _in_order(lane: Lane) -> Lane:
    return replace(lane, cues=tuple(sorted(lane.cues, key=lambda cue: cue.start)))


def _unknown_clips(
    session: Session, recording: Recording, clips: Sequence[Clip]
) -> tuple[Clip, ...]:
    cut = {(one.start, one.end, one.title) for one in list_excerpts(session, recording)}
    return tuple(clip for clip in clips if (clip.start, clip.end, clip.title) not in cut)


def _said(tag: Tag | TagValues) -> tuple[object, ...]:
    """All that a tag says: two that say the same are the same."""
    return (
        tag.start,
        tag.end,
        tag.scale,
        tag.item,
        tag.label,
        tag.author,
        tag.note,
        tag.valence,
    )


def _kept_alike(
    session: Session, recording: Recording, format_: str, content: str | None
) -> KeptDocument | None:
    """The same document, when it came in before."""
    documents = session.scalars(
        select(KeptDocument).where(
            KeptDocument.recording_id == recording.id, KeptDocument.format == format_
        )
    )
    return next((one for one in documents if content and one.content == content), None)


def _known_by_key(
    session: Session, recording: Recording, format_: Format, incoming: Incoming
) -> dict[str, int]:
    """Tags that came from the very same document, however they were changed since."""
    kept = _kept_alike(session, recording, format_.name, incoming.keep)
    if kept is None:
        return {}
    keys = {tag.key for tag in incoming.tags}
    origins = session.scalars(select(TagOrigin).where(TagOrigin.document_id == kept.id))
    return {origin.key: origin.tag_id for origin in origins if origin.key in keys}


def carry_out(session: Session, recording: Recording, plan: Plan, *, on: date) -> Brought:
    """Do what was planned in the same transaction; raises as `plan_import`, with nothing added."""
    tags = add_tags(session, recording, map(_mark, plan.new), on=on)
    for tag, values in zip(tags, plan.new, strict=True):
        if values.made_at is not None:
            tag.made_at = values.made_at
        if values.changed_at is not None:
            tag.changed_at = values.changed_at
    lanes = [add_transcript(session, recording, lane, on=on) for lane in plan.lanes]
    session.flush()
    _keep_all(session, recording, plan, tags)
    audit.append(
        session,
        Act.EXCHANGE,
        recording.name,
        deed="import",
        format=plan.format,
        tags=len(tags),
        already=len(plan.present),
        transcripts=len(lanes),
        losses=len(plan.losses),
    )
    return Brought(
        format=plan.format,
        tags=tuple(tag.name for tag in tags),
        already=len(plan.present),
        transcripts=tuple(lane.name for lane in lanes),
        clips=plan.clips,
        losses=plan.losses,
    )


def _mark(values: TagValues) -> Mark:
    return Mark(
        start=values.start,
        end=values.end,
        scale=values.scale,
        item=values.item,
        label=values.label,
        author=values.author,
        note=values.note,
        valence=values.valence,
    )


def _keep_all(session: Session, recording: Recording, plan: Plan, tags: Iterable[Tag]) -> None:
    """Keep the documents that came, and what came from which part of them."""
    incoming = plan.incoming
    added = iter(tags)
    ids = [
        plan.present[place] if place in plan.present else next(added).id
        for place in range(len(incoming.tags))
    ]
    if incoming.keep is not None:
        keys = {place: tag.key for place, tag in enumerate(incoming.tags) if tag.key}
        document = Document(plan.format, incoming.keep, keys)
        kept = _kept_alike(session, recording, document.format, document.content)
        if kept is not None:
            kept.made_at = datetime.now(UTC)  # it is the one to be built on again
        _keep(session, recording, document, ids, kept)
    if incoming.documents:
        here = _as_carried(session, recording)
        for document in incoming.documents:
            kept = here.get((document.format, document.content))
            _keep(session, recording, document, ids, kept, gently=kept is not None)


def _as_carried(session: Session, recording: Recording) -> dict[tuple[str, str], KeptDocument]:
    """The kept documents by what they say now, and by what they said when they came."""
    rows = kept_documents(session, recording, OWN)
    found = {(row.format, row.content): row for row in rows}
    for language in Language:  # whichever it was exported in
        content = outgoing(session, recording, language, format_name=OWN)
        for row, kept in zip(rows, content.kept, strict=True):
            found[row.format, carried(content, kept)[0].content] = row
    return found


def _keep(
    session: Session,
    recording: Recording,
    document: Document,
    ids: Sequence[int],
    kept: KeptDocument | None,
    *,
    gently: bool = False,
) -> None:
    """Note which of the tags with these ids, by place, came from which part of the document.

    `kept` is its row if it is here already. Gently, no tag and no part gets another origin.
    """
    if kept is None:
        kept = KeptDocument(
            recording_id=recording.id,
            format=document.format,
            content=document.content,
            made_at=datetime.now(UTC),
        )
        session.add(kept)
        session.flush()
    counts = select(Tag.id, Tag.revision).where(Tag.recording_id == recording.id)
    revisions = {row[0]: row[1] for row in session.execute(counts)}
    earlier = select(TagOrigin).join(Tag).where(Tag.recording_id == recording.id)
    there = {origin.tag_id: origin for origin in session.scalars(earlier)}
    taken = {one.key for one in there.values() if one.document_id == kept.id}
    for place, key in document.origins.items():
        number = ids[place]
        origin = there.get(number)
        if gently and (origin is not None or key in taken):
            continue
        if origin is None:
            origin = TagOrigin(tag_id=number)
            session.add(origin)
        elif origin.document_id == kept.id:
            continue  # what was changed since the same document came stays changed
        origin.document_id, origin.key = kept.id, key
        # One revision behind, and the tag counts as changed since it came.
        origin.revision = revisions[number] - (1 if place in document.changed else 0)
    session.flush()
