"""Annotations of an ELAN document added, changed and removed, with all that hangs on them."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from mbtg_video.settings import Language
from mbtg_video.tag.exchange.content import Loss, Outgoing, TagValues
from mbtg_video.tag.exchange.elan import vocabulary
from mbtg_video.tag.exchange.elan.document import EXACT, Annotation, Document, Tier
from mbtg_video.tag.exchange.elan.settle import (
    drop_links,
    get_property,
    set_property,
    settle_slots,
)
from mbtg_video.tag.exchange.elan.skeleton import insert
from mbtg_video.tag.exchange.elan.vocabulary import BELOW, BY, FREE, NOTE, PLAIN, VALENCE
from mbtg_video.tag.exchange.elan.xml import allowed
from mbtg_video.tag.exchange.item_text import item_code, item_text
from mbtg_video.tag.model import Valence

MOMENT_MS: Final = 100
MOMENT: Final = f"a moment, written {MOMENT_MS} ms long; mbtg reads it back as a moment"
_MS: Final = 1000
_NUMBER = re.compile(r"[0-9]+")
_LAST_USED: Final = "lastUsedAnnotationId"
_DIGITS: Final = 15


@dataclass(slots=True)
class _Ours:
    """One of our tiers and which of its time is taken: in ELAN a tier holds one thing at a time."""

    tier: Tier
    taken: list[tuple[int, int]] = field(default_factory=list)

    def has_room(self, start: int, end: int) -> bool:
        place = bisect_left(self.taken, (start, end))
        before = self.taken[place - 1][1] if place else start
        behind = self.taken[place][0] if place < len(self.taken) else end
        return before <= start and end <= behind


class Edit:
    """A document that is being changed; `losses` tells what it has no place for."""

    def __init__(self, document: Document, content: Outgoing) -> None:
        self.document = document
        self.content = content
        self.losses: list[Loss] = []
        last = get_property(document.root, _LAST_USED) or ""
        self._before = _highest((*document.annotations, f"a{last}"), "a")
        self._annotations = self._before
        self._slots = _highest(document.slots, "ts")
        self._new_slots: list[tuple[int, str]] = []
        self._removed: set[str] = set()
        self._freed: set[str] = set()
        self._exact: dict[str, str] = {}
        self._ours: dict[tuple[str, str | None], list[_Ours]] = {}
        self._below: dict[tuple[str, str], Tier] = {}
        for tier in document.tiers.values():
            self._know(tier)

    # What the document has of ours already.

    def _know(self, tier: Tier) -> None:
        if tier.kind in BELOW and tier.parent is not None:
            self._below[tier.parent, tier.kind] = tier
        elif tier.kind == FREE or tier.kind.startswith(PLAIN):
            timed = [one for one in tier.annotations if one.start is not None]
            taken = sorted((one.start or 0, one.end or 0) for one in timed)
            person = tier.persons[0] if tier.persons else None
            self._ours.setdefault((tier.kind, person), []).append(_Ours(tier, taken))

    @property
    def _two_languages(self) -> bool:
        """Whether the document's version knows vocabularies in several languages."""
        numbers = _NUMBER.findall(self.document.root.get("VERSION", ""))[:2]
        return [int(number[:4]) for number in numbers] >= [2, 8]

    def vocabulary_of(self, tier: Tier) -> str | None:
        """Item 0 of the scale whose items our vocabulary of this tier holds."""
        scales = self.content.scales if self._two_languages else {}
        kinds = {vocabulary.of_scale(scale): scale for scale in scales}
        return item_code(kinds[tier.kind], 0) if tier.kind in kinds else None

    # Tags.

    def add(self, tag: TagValues) -> Annotation | None:
        """A new annotation on one of our tiers, with its note and what it is an example of."""
        times = self._milliseconds(tag)
        if times is None:
            return None
        kind = self._kind(tag)
        tier = self._roomy(kind, tag, *times)
        element = Element("ALIGNABLE_ANNOTATION", ANNOTATION_ID=self._new_id())
        annotation = self._enter(tier, element)
        self._time(annotation, tag, times)
        text = tag.label or ""
        scale = self.content.scales.get(tag.scale or "")
        if scale is not None and tag.item is not None:
            coded = kind != PLAIN
            text = item_text(scale, tag.item, self.content.language, full=not coded)
            if coded:
                element.set("CVE_REF", item_code(scale.id, tag.item))
        self.set_value(annotation, text, tag.name)
        self.annotate(annotation, tag)
        return annotation

    def move(self, annotation: Annotation, tag: TagValues) -> None:
        """Give an annotation the times of its tag, and slots of its own."""
        times = self._milliseconds(tag)
        if times is not None:
            self._freed |= set(self.document.refs(annotation))
            self._time(annotation, tag, times)

    def annotate(self, annotation: Annotation, tag: TagValues) -> None:
        """Write, change or remove an annotation's note, and what it is an example of."""
        self._set_below(annotation, NOTE, tag.note or "", None, tag.name)
        code = None
        text = ""
        if tag.valence is not Valence.NEUTRAL:
            text = tag.valence.value
            if self._two_languages:
                code = vocabulary.valence_code(tag.valence)
                text = vocabulary.valence_text(tag.valence, self.content.language)
        self._set_below(annotation, VALENCE, text, code, tag.name)

    def say_author(self, annotation: Annotation, author: str | None, name: str | None) -> None:
        """Write who made a tag below its annotation; None where its tier says it."""
        self._set_below(annotation, BY, author or "", None, name)

    def set_value(self, annotation: Annotation, text: str, name: str | None) -> None:
        """What an annotation says."""
        found = annotation.element.find("ANNOTATION_VALUE")
        if found is None:
            found = SubElement(annotation.element, "ANNOTATION_VALUE")
        for inner in list(found):
            found.remove(inner)
        found.text = allowed(text)
        if found.text != text:
            told = "signs that XML cannot hold were replaced"
            self.losses.append(Loss(name or annotation.id, told))

    def remove(self, annotation: Annotation) -> None:
        """Take an annotation away, and those that belong to it."""
        if annotation.id in self._removed:
            return
        self._removed.add(annotation.id)
        for child in self.document.children.get(annotation.id, ()):
            if child.tier.kind not in BELOW and child.id not in self._removed:
                told = f"it belonged to annotation {annotation.id}, which is gone: gone as well"
                self.losses.append(Loss(f"annotation {child.id}", told))
            self.remove(child)
        if annotation.timed:
            self._freed |= set(self.document.refs(annotation))
        annotation.tier.element.remove(annotation.holder)

    # Pieces.

    def _milliseconds(self, tag: TagValues) -> tuple[int, int] | None:
        """Where it stands in the document's time; None, and told, for what is before its zero."""
        start = (tag.start.microseconds - self.document.origin) // _MS
        if tag.end is None:
            self.losses.append(Loss(tag.name or str(tag.start), MOMENT))
            end = start + MOMENT_MS
        else:
            end = (tag.end.microseconds - self.document.origin) // _MS
        if start < 0:
            told = "it lies before the beginning of the document's time: left out"
            self.losses.append(Loss(tag.name or str(tag.start), told))
            return None
        return start, max(end, start + 1)

    def _time(self, annotation: Annotation, tag: TagValues, times: tuple[int, int]) -> None:
        annotation.start, annotation.end = (time * _MS for time in times)
        end = None if tag.end is None else tag.end.microseconds
        self._put(annotation, tag.start.microseconds, end, tag.name)

    def _put(self, one: Annotation, start: int, end: int | None, name: str | None) -> None:
        """Slots of its own for an annotation, and where it is to the microsecond, if that differs.

        `start` and `end` are the recording's, and no `end` is a moment.
        """
        times = [(time or 0) // _MS for time in (one.start, one.end)]
        for place, time in enumerate(times, start=1):
            self._slots += 1
            self._new_slots.append((time * _MS, f"ts{self._slots}"))
            one.element.set(f"TIME_SLOT_REF{place}", f"ts{self._slots}")
        if [start, end] == [time * _MS + self.document.origin for time in times]:
            self._exact[one.id] = ""
            return
        until = "" if end is None else f"-{end}"
        said = f"{one.id}={start}{until}@{times[0]}-{times[1]}"
        if said.split() == [said] and start >= 0:
            self._exact[one.id] = said
        else:
            self.losses.append(Loss(name or f"annotation {one.id}", "rounded to the millisecond"))

    def _enter(self, tier: Tier, element: Element) -> Annotation:
        holder = SubElement(tier.element, "ANNOTATION")
        holder.append(element)
        name = element.get("ANNOTATION_ID", "")
        annotation = Annotation(name, tier, holder, element, element.get("ANNOTATION_REF"))
        self.document.enter(annotation)
        return annotation

    def _set_below(
        self, above: Annotation, kind: str, text: str, code: str | None, name: str | None
    ) -> None:
        children = self.document.children.get(above.id, ())
        ours = (one for one in children if one.tier.kind == kind and one.id not in self._removed)
        found = next(ours, None)
        if not text:
            if found is not None:
                self.remove(found)
            return
        if found is None:
            tier = self._below.get((above.tier.id, kind)) or self._new_below(above.tier, kind)
            element = Element(
                "REF_ANNOTATION", ANNOTATION_ID=self._new_id(), ANNOTATION_REF=above.id
            )
            found = self._enter(tier, element)
        if code is not None:
            found.element.set("CVE_REF", code)
        else:
            found.element.attrib.pop("CVE_REF", None)
        self.set_value(found, text, name)

    def _new_id(self) -> str:
        self._annotations += 1
        return f"a{self._annotations}"

    def _kind(self, tag: TagValues) -> str:
        if tag.item is None or tag.scale is None:
            return FREE
        return vocabulary.of_scale(tag.scale) if self._two_languages else PLAIN

    def _roomy(self, kind: str, tag: TagValues, start: int, end: int) -> Tier:
        lanes = self._ours.setdefault((kind, tag.author), [])
        start, end = start * _MS, end * _MS
        for lane in lanes:
            if lane.has_room(start, end):
                insort(lane.taken, (start, end))
                return lane.tier
        what = "label" if kind == FREE else tag.scale
        tier = self._new_tier(f"{tag.author or 'mbtg'} {what}", kind, tag.author, None)
        lanes.append(_Ours(tier, [(start, end)]))
        return tier

    def _new_below(self, parent: Tier, kind: str) -> Tier:
        name = f"{parent.id} {BELOW[kind]}"
        tier = self._new_tier(name, kind, parent.element.get("PARTICIPANT"), parent)
        self._below[parent.id, kind] = tier
        return tier

    def _new_tier(self, name: str, kind: str, person: str | None, parent: Tier | None) -> Tier:
        number, free = 1, name
        while free in self.document.tiers:
            number += 1
            free = f"{name} {number}"
        element = Element("TIER", LINGUISTIC_TYPE_REF=kind, TIER_ID=free)
        if self._declare(kind):
            element.set("LANG_REF", vocabulary.LANGUAGES[self.content.language][0])
        if parent is not None:
            element.set("PARENT_REF", parent.id)
        if person:
            element.set("PARTICIPANT", person)
        insert(self.document.root, element)
        tier = Tier(element)
        self.document.tiers[free] = tier
        return tier

    # What has to be declared at the end of a document.

    def _declare(self, kind: str) -> bool:
        """Make sure that a type of ours and its vocabulary are there; whether it has one."""
        scales = {vocabulary.of_scale(one.id): one for one in self.content.scales.values()}
        words = self._two_languages and (kind in scales or kind == VALENCE)
        if not self._has("LINGUISTIC_TYPE", "LINGUISTIC_TYPE_ID", kind):
            element = vocabulary.kind_element(kind, kind if words else None)
            insert(self.document.root, element)
        if kind in BELOW and not self._has("CONSTRAINT", "STEREOTYPE", vocabulary.ASSOCIATION):
            insert(self.document.root, vocabulary.association())
        if words and not self._has("CONTROLLED_VOCABULARY", "CV_ID", kind):
            for language in Language:
                if not self._has("LANGUAGE", "LANG_ID", vocabulary.LANGUAGES[language][0]):
                    insert(self.document.root, vocabulary.language_element(language))
            scale = scales.get(kind)
            made = vocabulary.scale_vocabulary(scale) if scale else vocabulary.valence_vocabulary()
            insert(self.document.root, made)
        return words

    def _has(self, tag: str, attribute: str, value: str) -> bool:
        return any(one.get(attribute) == value for one in self.document.root.findall(tag))

    def finish(self) -> None:
        """Bring time slots, links and properties up to date; nothing is added after it."""
        root = self.document.root
        self._settle()
        self._hold()
        for what in drop_links(root, self._removed):
            self.losses.append(Loss(what, "it named an annotation that is gone: gone as well"))
        if self._annotations > self._before:
            set_property(root, _LAST_USED, str(self._annotations))
        said = {word.rpartition("=")[0]: word for word in (get_property(root, EXACT) or "").split()}
        said |= self._exact
        words = [word for name, word in said.items() if word and name not in self._removed]
        if words or get_property(root, EXACT) is not None:
            set_property(root, EXACT, " ".join(words))

    def _settle(self) -> None:
        settle_slots(self.document.root, sorted(self._new_slots), self._freed)
        self._new_slots, self._freed = [], set()

    def _hold(self) -> None:
        """Give slots of their own to annotations whose time hung on what is changed or gone.

        That can move others, which then get theirs; each gets them once at most.
        """
        if None not in self.document.slots.values():
            return
        while shifted := list(self._shifted()):
            for one, start, end in shifted:
                self._freed |= set(self.document.refs(one))
                self._put(one, start, None if end == start else end, None)
            self._settle()

    def _shifted(self) -> Iterator[tuple[Annotation, int, int]]:
        """Annotations that would be read elsewhere now, and where in the recording they belong."""
        now = Document(self.document.root).annotations
        for one in self.document.annotations.values():
            if one.id in self._removed or one.start is None or one.end is None:
                continue
            if (one.start, one.end) != (now[one.id].start, now[one.id].end):
                start, end = one.start + self.document.origin, one.end + self.document.origin
                one.start = one.start // _MS * _MS
                one.end = max(one.end // _MS * _MS, one.start + (_MS if end > start else 0))
                yield one, start, end


def _highest(names: Iterable[str], letters: str) -> int:
    """The highest number among the names that begin with `letters`."""
    numbers = (name.removeprefix(letters) for name in names if name.startswith(letters))
    return max((int(n) for n in numbers if n.isdecimal() and len(n) <= _DIGITS), default=0)
