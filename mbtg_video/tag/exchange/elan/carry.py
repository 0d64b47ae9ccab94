"""A kept ELAN document inside another file: as it is now when it goes, checked when it comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mbtg_video.errors import BadInput
from mbtg_video.tag.exchange.content import Document, Kept, Loss, Outgoing, TagValues, Target
from mbtg_video.tag.exchange.elan.edit import MOMENT
from mbtg_video.tag.exchange.elan.read import read
from mbtg_video.tag.exchange.elan.write import edited
from mbtg_video.tag.exchange.elan.xml import text_of


def carried(content: Outgoing, kept: Kept) -> tuple[Document, list[Loss]]:
    """A kept document with what was changed since, and without what was removed.

    It holds no tag that did not come with it. `origins` are by place in `content.tags`; told is
    what went together with a tag that was removed.
    """
    theirs = [tag for tag in content.tags if tag.name in kept.origins]
    writing = edited(replace(content, tags=theirs), kept)
    places = {tag.name: place for place, tag in enumerate(content.tags)}
    origins = {places[name]: key for name, key in writing.keys.items()}
    losses = [loss for loss in writing.edit.losses if loss.what != MOMENT]
    return Document("elan", text_of(writing.document.root), origins), losses


def checked(document: Document, tags: Mapping[int, TagValues], into: Target) -> Document:
    """The document as `read` would keep it, with the origins that it has for these tags.

    A tag that says something else than its annotation is counted as changed. Raises `BadInput` for
    what `read` does not take.
    """
    came = read(document.content.encode(errors="surrogatepass"), into)
    if came.keep is None:
        raise BadInput("The ELAN document is empty.")
    theirs = {tag.key: tag for tag in came.tags}
    origins = {
        place: key for place, key in document.origins.items() if place in tags and key in theirs
    }
    changed = {place for place, key in origins.items() if not _alike(tags[place], theirs[key])}
    return Document(document.format, came.keep, origins, frozenset(changed))


def _alike(one: TagValues, other: TagValues) -> bool:
    """Whether two say the same, wherever they are from."""
    plain = {"name": None, "key": None, "made_at": None, "changed_at": None}
    return replace(one, **plain) == replace(other, **plain)  # type: ignore[arg-type]
