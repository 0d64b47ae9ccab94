"""mbtg-video's own JSON: complete, strict, with a version; older versions are read as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import msgspec

from mbtg_video.errors import BadInput
from mbtg_video.scale import Scale, scale_hash, written_out
from mbtg_video.tag.exchange.content import (
    Clip,
    CueValues,
    Document,
    Incoming,
    Lane,
    Loss,
    Outgoing,
    TagValues,
    Target,
    Written,
)
from mbtg_video.tag.exchange.elan.carry import carried, checked
from mbtg_video.tag.exchange.found import Found
from mbtg_video.tag.exchange.json_text import MOST_BYTES, read_json
from mbtg_video.tag.exchange.own_versions import (
    FORMAT,
    VERSION,
    ClipPart,
    CuePart,
    DocumentPart,
    File,
    LanePart,
    OriginPart,
    RecordingPart,
    ScalePart,
    TagPart,
    read_file,
)
from mbtg_video.timecode import Timecode


def read(data: bytes, into: Target) -> Incoming:
    """All that a file of this or an older version holds; raises `BadInput`."""
    if len(data) > MOST_BYTES:
        raise BadInput(f"the file is too large to be a {FORMAT} file")
    file = read_file(data.removeprefix(b"\xef\xbb\xbf"))
    read_json(data, f"a {FORMAT} file")  # refuses what is said twice, of which one would be lost
    return _read(file, into)


def _read(file: File, into: Target) -> Incoming:
    found = Found(into)
    # Version 1 knew milliseconds only.
    if abs(file.recording.length_us - into.length.microseconds) >= 1000:
        found.lose(
            "the recording",
            f"the file speaks of one that is {Timecode(file.recording.length_us)} long; this one "
            f"is {into.length}",
        )
    own = {into.scale.id: into.scale} | dict(into.scales)
    meant = {one.scale.id: one.scale for one in file.scales}
    for one in file.scales:
        here = own.get(one.scale.id)
        if one.hash != scale_hash(written_out(one.scale)):
            raise BadInput(f"the scale {one.scale.id} in the file is not the one that it was")
        if here is not None and here != one.scale:
            found.lose(f"scale {one.scale.id}", "it says something else in the file than here")
    places: dict[int, int] = {}
    for number, tag in enumerate(file.tags, start=1):
        place = len(found.tags)
        found.add(f"tag {tag.name or number}", _named(_tag_values(tag), own, meant))
        if len(found.tags) > place:
            places[number] = place
    for number, clip in enumerate(file.clips, start=1):
        found.add_clip(f"excerpt {clip.name or number}", _clip_values(clip))
    lanes = tuple(_lane(lane, f"transcript {n}", found) for n, lane in enumerate(file.lanes, 1))
    documents = tuple(_documents(file, places, found))
    return replace(found.incoming(), lanes=lanes, documents=documents)


def _documents(file: File, places: Mapping[int, int], found: Found) -> Iterator[Document]:
    """The documents of other tools, once they are known to be harmless; raises `BadInput`.

    `places` tells where each tag of the file stands among those that were taken in.
    """
    named = Counter(origin.tag for part in file.documents for origin in part.origins)
    tags = dict(enumerate(found.tags))
    for number, part in enumerate(file.documents, start=1):
        keys = Counter(origin.key for origin in part.origins)
        if {*named.values(), *keys.values()} - {1} or max(named, default=0) > len(file.tags):
            raise BadInput(
                f"the file is no complete {FORMAT} file: document {number} names a tag or a part "
                "twice, or a tag that is not there"
            )
        origins = {places[one.tag]: one.key for one in part.origins if one.tag in places}
        try:
            document = checked(Document(part.format, part.content, origins), tags, found.into)
        except BadInput as error:
            raise BadInput(f"document {number} in the file is not taken in: {error}") from error
        if lost := len(origins) - len(document.origins):
            found.lose(f"document {number}", f"it has no part for {lost} tags that name one")
        yield document


def _named(tag: TagValues, own: Mapping[str, Scale], meant: Mapping[str, Scale]) -> TagValues:
    """A tag with its item's name for a label, where this library has no such scale."""
    scale = None if tag.scale in own else meant.get(tag.scale or "")
    if scale is None or tag.label:
        return tag
    named = [item.nb for item in scale.items if item.number == tag.item]
    return replace(tag, label=named[0]) if named else tag


def _time(us: int | None) -> Timecode | None:
    return None if us is None else Timecode(us)


def _tag_values(tag: TagPart) -> TagValues:
    return TagValues(
        start=Timecode(tag.start_us),
        end=_time(tag.end_us),
        scale=tag.scale,
        item=tag.item,
        label=tag.label,
        author=tag.author,
        note=tag.note,
        valence=tag.valence,
        name=tag.name,
        key=tag.key,
        made_at=tag.made_at,
        changed_at=tag.changed_at,
    )


def _clip_values(clip: ClipPart) -> Clip:
    return Clip(
        start=Timecode(clip.start_us),
        end=Timecode(clip.end_us),
        title=clip.title,
        question=clip.question,
        name=clip.name,
    )


def _lane(lane: LanePart, place: str, found: Found) -> Lane:
    cues = []
    for number, cue in enumerate(lane.cues, start=1):
        where = f"{place}, cue {number}"
        start, end = Timecode(cue.start_us), min(Timecode(cue.end_us), found.into.length)
        if start >= end:
            found.lose(where, f"{start} lies outside the recording, or it is empty; left out")
            continue
        if end.microseconds != cue.end_us:
            found.lose(where, f"it ends after the recording; moved to {end}")
        text, speaker = found.text(where, cue.text), found.text(where, cue.speaker)
        cues.append(CueValues(start=start, end=end, text=text or "", speaker=speaker))
    title, language = found.text(place, lane.title), found.text(place, lane.language)
    return Lane(title=title or "", cues=tuple(cues), language=language)


def write(content: Outgoing) -> Written:
    """All of it; what hung on a removed tag in a document of another tool is told.

    Documents that would make the file too large to be read again are left out, oldest first.
    """
    losses: list[Loss] = []
    documents = []
    for kept in content.kept:
        document, told = carried(content, kept)
        documents.append(_written_document(document))
        losses += told
    data = _encoded(content, documents)
    while documents and len(data) > MOST_BYTES:
        del documents[0]
        told_of = "a document of another tool is too large for the file; export it in its format"
        losses.append(Loss(content.recording, told_of))
        data = _encoded(content, documents)
    return Written(data, tuple(losses))


def _encoded(content: Outgoing, documents: Sequence[DocumentPart]) -> bytes:
    file = File(
        format="mbtg-video",
        version=VERSION,
        recording=RecordingPart(
            name=content.recording,
            media=content.media,
            recorded_on=content.recorded_on,
            length_us=content.length.microseconds,
            frame_rate=str(content.frame_rate),
        ),
        scales=tuple(
            ScalePart(hash=scale_hash(written_out(scale)), scale=scale)
            for scale in content.scales.values()
        ),
        tags=tuple(map(_written_tag, content.tags)),
        lanes=tuple(map(_written_lane, content.lanes)),
        clips=tuple(map(_written_clip, content.clips)),
        documents=tuple(documents),
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n"


def _written_document(document: Document) -> DocumentPart:
    origins = sorted(document.origins.items())
    return DocumentPart(
        format="elan",
        content=document.content,
        origins=tuple(OriginPart(tag=place + 1, key=key) for place, key in origins),
    )


def _written_tag(tag: TagValues) -> TagPart:
    return TagPart(
        start_us=tag.start.microseconds,
        end_us=None if tag.end is None else tag.end.microseconds,
        scale=tag.scale,
        item=tag.item,
        label=tag.label,
        author=tag.author,
        note=tag.note,
        valence=tag.valence,
        name=tag.name,
        key=tag.key,
        made_at=tag.made_at,
        changed_at=tag.changed_at,
    )


def _written_lane(lane: Lane) -> LanePart:
    cues = tuple(
        CuePart(
            start_us=cue.start.microseconds,
            end_us=cue.end.microseconds,
            text=cue.text,
            speaker=cue.speaker,
        )
        for cue in lane.cues
    )
    return LanePart(title=lane.title, cues=cues, language=lane.language)


def _written_clip(clip: Clip) -> ClipPart:
    return ClipPart(
        start_us=clip.start.microseconds,
        end_us=clip.end.microseconds,
        title=clip.title,
        question=clip.question,
        name=clip.name,
    )
