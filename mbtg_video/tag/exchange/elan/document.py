"""An ELAN document: its tiers, its annotations and when each of them is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from xml.etree.ElementTree import Element

from mbtg_video.errors import BadInput
from mbtg_video.timecode import Timecode
from mbtg_video.transcript.content import Loss

EXACT: Final = "mbtg-exact"
"""Property that says where our own annotations are to the microsecond, and which are moments."""

_MS: Final = 1000
_LONGEST_KEY: Final = 64
_DEEPEST: Final = 64
_EXACT = re.compile(r"(\S+)=([0-9]{1,18})(?:-([0-9]{1,18}))?@([0-9]{1,18})-([0-9]{1,18})")
_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,15}\s*")


@dataclass(slots=True)
class Tier:
    """One tier; `person` is what it says of who speaks or annotates."""

    element: Element
    annotations: list[Annotation] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Its name, which is unique in a document."""
        return self.element.get("TIER_ID", "")

    @property
    def kind(self) -> str:
        """Name of its linguistic type."""
        return self.element.get("LINGUISTIC_TYPE_REF", "")

    @property
    def parent(self) -> str | None:
        """Name of the tier whose annotations its own belong to."""
        return self.element.get("PARENT_REF")

    @property
    def persons(self) -> tuple[str, ...]:
        """What it says of who is heard, and who annotates."""
        named = (self.element.get(key, "").strip() for key in ("PARTICIPANT", "ANNOTATOR"))
        return tuple(name for name in named if name)


@dataclass(slots=True)
class Annotation:
    """One annotation: `start` and `end` in microseconds of the document's time, None if unknown.

    `of` is the id of the annotation that one without a time of its own belongs to.
    """

    id: str
    tier: Tier
    holder: Element
    element: Element
    of: str | None = None
    start: int | None = None
    end: int | None = None

    @property
    def timed(self) -> bool:
        """Whether it has a time of its own."""
        return self.element.tag == "ALIGNABLE_ANNOTATION"

    @property
    def key(self) -> str:
        """Its id, or what stands for one that is too long."""
        if len(self.id) <= _LONGEST_KEY:
            return self.id
        return sha256(self.id.encode()).hexdigest()

    @property
    def value(self) -> str:
        """What it says."""
        found = self.element.find("ANNOTATION_VALUE")
        return "" if found is None else "".join(found.itertext())


@dataclass(frozen=True, slots=True)
class Marked:
    """An annotation as a stretch of the recording, or a moment of it."""

    annotation: Annotation
    start: Timecode
    end: Timecode | None


def whole(text: str | None, what: str) -> int:
    """A whole number of the document; raises `BadInput`."""
    if text is None or not _WHOLE.fullmatch(text):
        raise BadInput(f"The ELAN document is damaged: {what} is no whole number.")
    return int(text)


class Document:
    """A document's tree, read into tiers and annotations; raises `BadInput` for a broken one."""

    def __init__(self, root: Element) -> None:
        self.root = root
        header = root.find("HEADER")
        if header is not None and header.get("TIME_UNITS", "milliseconds") != "milliseconds":
            raise BadInput("The ELAN document counts time in frames; save it in milliseconds.")
        self.origin = self._origin() * _MS
        self.slots = {
            slot.get("TIME_SLOT_ID", ""): self.slot_time(slot) for slot in root.iter("TIME_SLOT")
        }
        self.tiers: dict[str, Tier] = {}
        self.annotations: dict[str, Annotation] = {}
        self.children: dict[str, list[Annotation]] = {}
        for element in root.findall("TIER"):
            self._add_tier(Tier(element))
        _refuse_endless({one.id: one.parent for one in self.tiers.values()}, "tier")
        _refuse_endless({one.id: one.of for one in self.annotations.values()}, "annotation")
        self._place()
        self.exact = dict(self._exactly())

    def _origin(self) -> int:
        media = self.root.findall("HEADER/MEDIA_DESCRIPTOR")
        pictures = [one for one in media if one.get("MIME_TYPE", "").startswith("video")]
        first = (pictures or media)[:1]
        return sum(whole(one.get("TIME_ORIGIN", "0"), "a time origin") for one in first)

    @staticmethod
    def slot_time(slot: Element) -> int | None:
        """When a slot is, in microseconds; None where that is left open."""
        value = slot.get("TIME_VALUE")
        return None if value is None else whole(value, f"slot {slot.get('TIME_SLOT_ID')}") * _MS

    def _add_tier(self, tier: Tier) -> None:
        if not tier.id or tier.id in self.tiers:
            raise BadInput(f"The ELAN document is damaged: the tier {tier.id!r} is there twice.")
        self.tiers[tier.id] = tier
        for holder in tier.element.findall("ANNOTATION"):
            for element in holder:
                if element.tag in ("ALIGNABLE_ANNOTATION", "REF_ANNOTATION"):
                    self._add(tier, holder, element)

    def _add(self, tier: Tier, holder: Element, element: Element) -> None:
        name = element.get("ANNOTATION_ID", "")
        if not name or name in self.annotations:
            raise BadInput(f"The ELAN document is damaged: annotation {name!r} is there twice.")
        self.enter(Annotation(name, tier, holder, element, element.get("ANNOTATION_REF")))

    def enter(self, annotation: Annotation) -> None:
        """Take note of an annotation that is in the tree."""
        self.annotations[annotation.id] = annotation
        annotation.tier.annotations.append(annotation)
        if annotation.of is not None:
            self.children.setdefault(annotation.of, []).append(annotation)

    def refs(self, annotation: Annotation) -> tuple[str, str]:
        """The time slots of an annotation."""
        get = annotation.element.get
        return get("TIME_SLOT_REF1", ""), get("TIME_SLOT_REF2", "")

    def _place(self) -> None:
        for tier in self.tiers.values():
            timed = [one for one in tier.annotations if one.timed]
            for one in timed:
                one.start, one.end = (self.slots.get(ref) for ref in self.refs(one))
            for run in _runs(timed):
                _spread(run)
        if any(one.start is None or one.end is None for one in self._timed()):
            between = self._between()
            for one in self._timed():
                first, last = self.refs(one)
                one.start = between.get(first) if one.start is None else one.start
                one.end = between.get(last) if one.end is None else one.end

    def _timed(self) -> Iterator[Annotation]:
        return (one for one in self.annotations.values() if one.timed)

    def _between(self) -> dict[str, int]:
        """Times of slots that have none, evenly between those before and behind that have one."""
        found: dict[str, int] = {}
        waiting: list[str] = []
        before: int | None = None
        for name, time in self.slots.items():
            if time is None:
                waiting.append(name)
                continue
            if before is not None:
                for place, slot in enumerate(waiting, start=1):
                    found[slot] = before + (time - before) * place // (len(waiting) + 1)
            waiting, before = [], time
        return found

    def _exactly(self) -> Iterator[tuple[str, tuple[int, int | None]]]:
        for kept in self.root.findall("HEADER/PROPERTY"):
            if kept.get("NAME") != EXACT:
                continue
            for match in map(_EXACT.fullmatch, (kept.text or "").split()):
                one = self.annotations.get(match[1]) if match else None
                if match is None or one is None:
                    continue
                times = [int(match[place]) * _MS for place in (4, 5)]
                if times == [one.start, one.end]:  # else it was moved in ELAN since
                    yield match[1], (int(match[2]), int(match[3]) if match[3] else None)

    def marked(self, length: Timecode) -> tuple[list[Marked], list[Loss]]:
        """Annotations that lie in a recording of this length, and what is told of the others."""
        found, losses = [], []
        for one in self._timed():
            placed, told = self._in_recording(one, length.microseconds)
            if placed is not None:
                found.append(placed)
            if told is not None:
                losses.append(Loss(f"annotation {one.id}", told))
        return found, losses

    def _in_recording(self, one: Annotation, length: int) -> tuple[Marked | None, str | None]:
        if one.start is None or one.end is None:
            return None, "it has no time, and none can be worked out: kept, not tagged"
        start, last = one.start + self.origin, one.end + self.origin
        end: int | None = None if last == start else last
        start, end = self.exact.get(one.id, (start, end))
        if not 0 <= start < length:
            return None, f"{Timecode(start)} lies outside the recording: kept, not tagged"
        if end is not None and end < start:
            return None, "it ends before it begins: kept, not tagged"
        if end is None or end <= length:
            return Marked(one, Timecode(start), None if end is None else Timecode(end)), None
        told = f"it ends at {Timecode(end)}, behind the recording: tagged until the recording ends"
        return Marked(one, Timecode(start), Timecode(length)), told


def _refuse_endless(above: Mapping[str, str | None], what: str) -> None:
    """Raise `BadInput` for parts that stand below themselves, or below more than any have above."""
    depths: dict[str, int] = {}
    for name in above:
        chain: list[str] = []
        one: str | None = name
        while one is not None and one not in depths and len(chain) <= _DEEPEST:
            chain.append(one)
            one = above.get(one)
        for depth, below in enumerate(reversed(chain), start=depths.get(one or "", 0) + 1):
            depths[below] = depth
        if depths[name] > _DEEPEST:
            raise BadInput(
                f"The ELAN document is damaged: the {what} {name!r} is below others without end."
            )


def _runs(timed: Iterable[Annotation]) -> Iterator[list[Annotation]]:
    """Neighbours on a tier that have no time between them, with the ends of them known."""
    run: list[Annotation] = []
    for one in timed:
        if one.start is not None:
            run = [one]
        elif run:
            run.append(one)
        if run and one.end is not None:
            if len(run) > 1:
                yield run
            run = []


def _spread(run: list[Annotation]) -> None:
    first, last = run[0].start, run[-1].end
    if first is None or last is None or last < first:
        return
    edges = [first + (last - first) * place // len(run) for place in range(len(run) + 1)]
    for one, start, end in zip(run, edges, edges[1:], strict=False):
        one.start, one.end = start, end
