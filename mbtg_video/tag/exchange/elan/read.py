"""Tags out of an ELAN document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from mbtg_video.scale import Scale
from mbtg_video.tag.exchange.content import Incoming, Loss, TagValues, Target
from mbtg_video.tag.exchange.elan.document import Annotation, Document, Marked, Tier
from mbtg_video.tag.exchange.elan.vocabulary import BELOW, BY, FREE, NOTE, VALENCE, valence_of
from mbtg_video.tag.exchange.elan.xml import parsed, text_of
from mbtg_video.tag.exchange.item_text import item_of_code, item_of_text
from mbtg_video.tag.model import Valence


def read(data: bytes, into: Target) -> Incoming:
    """Every annotation with a time as a tag; the whole document is kept for the next export.

    A value such as ``17``, ``17 Fokus på følelser`` or ``mbt-g-aqs:17``, or an entry of our own
    vocabulary, is an item, any other a label. Who annotates comes from the tier. Raises `BadInput`.
    """
    document = Document(parsed(data))
    marked, losses = document.marked(into.length)
    tags = []
    for one in marked:
        values, told = _tag(document, one, into)
        tags.append(values)
        losses += told
    losses += _told_of_tiers(document, marked, into)
    return Incoming(tags=tuple(tags), losses=tuple(losses), keep=text_of(document.root))


def child_of(document: Document, annotation: Annotation, kind: str) -> Annotation | None:
    """Our own note on an annotation, or what it is an example of."""
    children = document.children.get(annotation.id, ())
    return next((one for one in children if one.tier.kind == kind), None)


def label_of(annotation: Annotation) -> str:
    """An annotation's text, or its tier's name where it has none."""
    return annotation.value if annotation.value.strip() else annotation.tier.id


def item_of(
    annotation: Annotation, default: Scale, scales: dict[str, Scale]
) -> tuple[str, int] | None:
    """The item that an annotation speaks of, if it does."""
    if annotation.tier.kind == FREE:
        return None
    code = item_of_code(annotation.element.get("CVE_REF", ""), scales)
    return code or item_of_text(annotation.value, default, scales)


def _tag(document: Document, one: Marked, into: Target) -> tuple[TagValues, list[Loss]]:
    annotation = one.annotation
    losses = []
    item = item_of(annotation, into.scale, {into.scale.id: into.scale, **into.scales})
    if item is None and not annotation.value.strip():
        told = "it is empty: its label is the name of its tier"
        losses.append(Loss(f"annotation {annotation.id}", told))
    note = child_of(document, annotation, NOTE)
    valence = child_of(document, annotation, VALENCE)
    by = child_of(document, annotation, BY)
    author = author_of(annotation.tier, into.authors)
    if by is not None and by.value in into.authors:
        author = by.value
    elif by is not None:
        told = "who made it is no person here: it counts as whom its tier names"
        losses.append(Loss(f"annotation {by.id}", told))
    found = valence_of(valence.element.get("CVE_REF", ""), valence.value) if valence else None
    if valence is not None and found is None:
        losses.append(Loss(f"annotation {valence.id}", "what it is an example of is not known"))
    values = TagValues(
        start=one.start,
        end=one.end,
        scale=item[0] if item else None,
        item=item[1] if item else None,
        label=None if item else label_of(annotation),
        author=author,
        note=note.value if note is not None and note.value else None,
        valence=found or Valence.NEUTRAL,
        key=annotation.key,
    )
    return values, losses


def author_of(tier: Tier, authors: Iterable[str]) -> str | None:
    """The person whom a tier names by code."""
    return next((name for name in tier.persons if name in set(authors)), None)


def _told_of_tiers(document: Document, marked: Iterable[Marked], into: Target) -> list[Loss]:
    tagged = {one.annotation.id for one in marked}
    kept: Counter[str] = Counter()
    for one in document.annotations.values():
        ours = one.tier.kind in BELOW and one.of in tagged
        if not one.timed and not ours:
            kept[one.tier.id] += 1
    losses = [
        Loss(
            f"tier {tier}",
            f"{number} annotations have no time of their own: kept for ELAN, shown nowhere else",
        )
        for tier, number in kept.items()
    ]
    for tier in document.tiers.values():
        timed = any(one.id in tagged for one in tier.annotations)
        if timed and tier.persons and author_of(tier, into.authors) is None:
            told = "whom it names is no person's code here: its tags are by nobody"
            losses.append(Loss(f"tier {tier.id}", told))
    return losses
