"""Tags into an ELAN document: a new one, or the one that they came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mbtg_video.scale import Scale
from mbtg_video.tag.exchange.content import Kept, Loss, Outgoing, TagValues, Written
from mbtg_video.tag.exchange.elan.document import Annotation, Document, Marked
from mbtg_video.tag.exchange.elan.edit import Edit
from mbtg_video.tag.exchange.elan.read import child_of, item_of, label_of
from mbtg_video.tag.exchange.elan.skeleton import skeleton
from mbtg_video.tag.exchange.elan.vocabulary import BY
from mbtg_video.tag.exchange.elan.xml import parsed, serialised
from mbtg_video.tag.exchange.found import no_place
from mbtg_video.tag.exchange.item_text import item_code, item_text


def write(content: Outgoing) -> Written:
    """The tags as an ELAN document, of version 3.0 unless one came in for this recording.

    That one then comes back whole, with what was changed since. A moment is written a tenth of a
    second long, and a property of the document says so.
    """
    writing = edited(content, content.kept[-1] if content.kept else None)
    nowhere = no_place(content, "ELAN", tags=True, clips=False)
    losses = (*nowhere, *_told_of_earlier(content), *writing.edit.losses)
    return Written(serialised(writing.document.root), losses)


def edited(content: Outgoing, kept: Kept | None) -> Writing:
    """The tags in a document that came in, or in a new one."""
    root = parsed(kept.content.encode()) if kept else skeleton(content)
    writing = Writing(Edit(Document(root), content), content)
    writing.write(kept.origins if kept else {}, kept.changed if kept else frozenset())
    writing.edit.finish()
    return writing


def _told_of_earlier(content: Outgoing) -> list[Loss]:
    """Say that only the newest document is built on."""
    number = len(content.kept) - 1
    told = f"{number} earlier ELAN documents came in: their tags are here, the rest is not"
    return [Loss(content.recording, told)] if number > 0 else []


class Writing:
    """What happens to each annotation and each tag of one document.

    `keys` gives the key of a tag's annotation by the tag's id.
    """

    def __init__(self, edit: Edit, content: Outgoing) -> None:
        self.edit = edit
        self.document = edit.document
        self.content = content
        self.keys: dict[str, str] = {}

    def write(self, keys: Mapping[str, str], changed: frozenset[str]) -> None:
        """Change, remove and add."""
        marked, _ = self.document.marked(self.content.length)
        here = {one.annotation.key: one for one in marked}
        tags = {keys.get(tag.name or "", ""): tag for tag in self.content.tags}
        staying = {key: tag for key, tag in tags.items() if key in here}
        gone = [one.annotation for key, one in here.items() if key not in staying]
        moved = self._remove(gone, {here[key].annotation.id: key for key in staying})
        for key, tag in staying.items():
            if key not in moved:
                self._keep(here[key], tag, changed=tag.name in changed)
                self.keys[tag.name or ""] = key
        old = set(staying) - moved
        new = [tag for tag in self.content.tags if keys.get(tag.name or "", "") not in old]
        for tag in sorted(new, key=lambda one: (one.start, one.end or one.start)):
            added = self.edit.add(tag)
            if added is not None:
                self.keys[tag.name or ""] = added.key

    def _remove(self, gone: list[Annotation], staying: dict[str, str]) -> set[str]:
        """Take annotations away with all that belongs to them; keys of tags that lost their place.

        An annotation with a time of its own that is inside a removed one, on a tier below, cannot
        stay there; its tag gets a place on our own tiers.
        """
        moved: set[str] = set()
        for annotation in gone:
            for below in self._inside(annotation):
                if below.id in staying:
                    told = f"it stood below {annotation.id}, which is gone: moved to ours"
                    self.edit.losses.append(Loss(f"annotation {below.id}", told))
                    moved.add(staying[below.id])
                self.edit.remove(below)
            self.edit.remove(annotation)
        return moved

    def _inside(self, outer: Annotation) -> Iterator[Annotation]:
        for tier in self.document.tiers.values():
            if tier.parent != outer.tier.id:
                continue
            for one in list(tier.annotations):
                if one.timed and _within(one, outer):
                    yield from self._inside(one)
                    yield one

    def _keep(self, one: Marked, tag: TagValues, *, changed: bool) -> None:
        annotation = one.annotation
        persons = annotation.tier.persons
        said = tag.author in (persons[:1] if changed else persons)
        if tag.author is not None and (changed or not self._by(annotation, tag.author)):
            self.edit.say_author(annotation, None if said else tag.author, tag.name)
        if not changed:
            return
        if (one.start, one.end) != (tag.start, tag.end):
            self.edit.move(annotation, tag)
            if any(True for _ in self._outside(annotation)):
                told = "it was moved, and annotations below it were not"
                self.edit.losses.append(Loss(tag.name or annotation.id, told))
        scale = self.content.scales.get(tag.scale or "")
        if not self._says(annotation, tag, scale):
            self._say(annotation, tag, scale)
        self.edit.annotate(annotation, tag)

    def _by(self, annotation: Annotation, author: str) -> bool:
        """Whether the document says already that somebody made it."""
        by = child_of(self.document, annotation, BY)
        return by.value == author if by is not None else author in annotation.tier.persons

    def _outside(self, outer: Annotation) -> Iterator[Annotation]:
        """Annotations below a moved one that it does not hold any more, or never did."""
        for tier in self.document.tiers.values():
            related = outer.tier.id == tier.parent or outer.tier.parent == tier.id
            if related and any(one.timed for one in tier.annotations):
                held = [one for one in tier.annotations if one.timed and _overlap(one, outer)]
                yield from (one for one in held if not _nested(one, outer))

    def _says(self, annotation: Annotation, tag: TagValues, scale: Scale | None) -> bool:
        if tag.item is None or scale is None:
            known = next(iter(self.content.scales.values()), None)
            item = item_of(annotation, known, dict(self.content.scales)) if known else None
            return item is None and label_of(annotation) == tag.label
        found = item_of(annotation, scale, dict(self.content.scales))
        return found == (tag.scale, tag.item)

    def _say(self, annotation: Annotation, tag: TagValues, scale: Scale | None) -> None:
        annotation.element.attrib.pop("CVE_REF", None)
        if tag.item is None or scale is None:
            self.edit.set_value(annotation, tag.label or "", tag.name)
            return
        ours = self.edit.vocabulary_of(annotation.tier) == item_code(scale.id, 0)
        text = item_text(scale, tag.item, self.content.language, full=not ours)
        if ours:
            annotation.element.set("CVE_REF", item_code(scale.id, tag.item))
        self.edit.set_value(annotation, text, tag.name)


def _times(one: Annotation) -> tuple[int, int]:
    return (one.start or 0, one.end or 0)


def _within(one: Annotation, outer: Annotation) -> bool:
    if one.start is None or one.end is None:
        return False
    (start, end), (first, last) = _times(one), _times(outer)
    return first <= start and end <= last


def _overlap(one: Annotation, other: Annotation) -> bool:
    (start, end), (first, last) = _times(one), _times(other)
    return start < last and first < end


def _nested(one: Annotation, other: Annotation) -> bool:
    return _within(one, other) or _within(other, one)
