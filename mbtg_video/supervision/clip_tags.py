"""The tags of an excerpt in its own time."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from mbtg_video.excerpt.model import Excerpt
from mbtg_video.media.chapters import Chapter
from mbtg_video.scale import find_scale
from mbtg_video.settings import Language
from mbtg_video.supervision.package_content import ClipTag
from mbtg_video.tag.mark import list_tags
from mbtg_video.tag.model import Tag
from mbtg_video.timecode import Timecode


def _clip_tag(tag: Tag, first: Timecode) -> ClipTag:
    end = tag.end.microseconds - first.microseconds if tag.end is not None else None
    known = tag.scale is not None and tag.item is not None
    return ClipTag(
        start_us=max(0, tag.start.microseconds - first.microseconds),
        end_us=end,
        item=tag.item,
        name=find_scale(tag.scale).item(tag.item) if known else None,  # type: ignore[arg-type]
        label=tag.label,
        note=tag.note,
        valence=tag.valence,
        author=tag.author,
    )


def clip_tags(session: Session, excerpt: Excerpt) -> tuple[ClipTag, ...]:
    """The tags that touch what an excerpt shows, in order of time."""
    tags = list_tags(session, recording=excerpt.recording, span=excerpt.shown)
    return tuple(_clip_tag(tag, excerpt.first_frame) for tag in tags)


def tag_chapters(
    session: Session, excerpt: Excerpt, *, language: Language, labels: bool
) -> Sequence[Chapter]:
    """Where each tag begins, called by its item; free labels only if `labels` asks for them.

    Tags that begin together share a chapter.
    """
    titles: dict[int, list[str]] = {}
    for tag in clip_tags(session, excerpt):
        title = tag.name.spoken(language) if tag.name else (tag.label if labels else None)
        if title is not None:
            titles.setdefault(tag.start_us, []).append(title)
    return [
        Chapter(Timecode(start), " / ".join(dict.fromkeys(texts)))
        for start, texts in sorted(titles.items())
    ]
