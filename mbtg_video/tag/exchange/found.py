"""What a reader has found so far, checked against the recording that it is read into.

Whatever does not fit is mended where nothing is lost by it and told as a `Loss` either way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from mbtg_video.tag.exchange.content import Clip, Incoming, Loss, Outgoing, TagValues, Target
from mbtg_video.tag.exchange.item_text import numbered
from mbtg_video.timecode import MICROSECONDS, Timecode

_CLOCK = re.compile(
    r"(?:(?:(?P<hours>[0-9]{1,3}):)?(?P<minutes>[0-9]{1,3}):)?"
    r"(?P<seconds>[0-9]{1,7}(?:[.,][0-9]{1,12})?)s?"
)
_TAG = re.compile(r"T[1-9][0-9]{0,8}")
_EXCERPT = re.compile(r"X[1-9][0-9]{0,8}")
_NO_TEXT: Final = re.compile("[\ud800-\udfff\0]")


def seconds(number: Decimal) -> Timecode:
    """A number of seconds, to the nearest microsecond."""
    return Timecode(int((number * MICROSECONDS).to_integral_value(ROUND_HALF_UP)))


def time_written(text: str) -> Timecode | None:
    """A time that people and tools write: ``00:10:03.48``, ``10:03,48``, ``603,48``; else None."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    last = Decimal(match["seconds"].replace(",", "."))
    if match["minutes"] is not None and last >= 60:
        return None
    if match["hours"] is not None and int(match["minutes"]) >= 60:
        return None
    whole = int(match["hours"] or 0) * 3600 + int(match["minutes"] or 0) * 60
    return seconds(whole + last)


def clock(time: Timecode) -> str:
    """A time to the microsecond, as ``00:10:03.480000``."""
    whole, rest = divmod(time.microseconds, MICROSECONDS)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}.{rest:06d}"


def decimal_seconds(time: Timecode) -> str:
    """A time in seconds to the microsecond, as ``603.480000``."""
    whole, rest = divmod(time.microseconds, MICROSECONDS)
    return f"{whole}.{rest:06d}"


def item_name(content: Outgoing, tag: TagValues) -> str:
    """Name of a tag's item in the language of the content; empty for a label."""
    scale = content.scales.get(tag.scale or "")
    found = None if scale is None or tag.item is None else numbered(scale, tag.item)
    return "" if found is None else found.spoken(content.language)


def place_of(tag: TagValues, number: int) -> str:
    """What a loss calls a tag that is written: its id, else its number in the content."""
    return tag.name or f"tag {number}"


def no_place(content: Outgoing, title: str, *, tags: bool, clips: bool) -> list[Loss]:
    """A loss for each part of the content that a format called `title` has no place for."""
    losses = []
    if not tags:
        for number, tag in enumerate(content.tags, start=1):
            losses.append(Loss(place_of(tag, number), f"{title} has no place for tags"))
    for number, _ in enumerate(content.lanes, start=1):
        losses.append(Loss(f"transcript {number}", f"{title} has no place for transcripts"))
    if not clips:
        for number, clip in enumerate(content.clips, start=1):
            place = clip.name or f"excerpt {number}"
            losses.append(Loss(place, f"{title} has no place for excerpts"))
    return losses


def _held(text: str) -> str:
    """The text with signs that nothing can keep replaced."""
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)


@dataclass(slots=True)
class Found:
    """Tags and clips read so far, and what was left out or changed.

    `strangers` are authors who are no persons here and were told of already.
    """

    into: Target
    tags: list[TagValues] = field(default_factory=list)
    clips: list[Clip] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)

    def lose(self, place: str, what: str) -> None:
        """Note that something was left out or changed."""
        self.losses.append(Loss(_held(place), _held(what)))

    def incoming(self) -> Incoming:
        """All of it."""
        return Incoming(tags=tuple(self.tags), clips=tuple(self.clips), losses=tuple(self.losses))

    def add(self, place: str, tag: TagValues) -> None:
        """Take a tag in as far as it fits the recording, the scales and the persons."""
        placed = self._placed(place, tag.start, tag.end)
        if placed is None:
            return
        name = tag.name if tag.name and _TAG.fullmatch(tag.name) else None
        fitting = replace(tag, start=placed[0], end=placed[1], name=name)
        fitting = self._readable(place, self._with_author(place, self._with_item(place, fitting)))
        if fitting.item is None and not (fitting.label or "").strip():
            self.lose(place, "there is neither an item nor a label; left out")
            return
        self.tags.append(fitting)

    def add_clip(self, place: str, clip: Clip) -> None:
        """Take a clip in as far as it fits the recording."""
        placed = self._placed(place, clip.start, clip.end)
        if placed is None:
            return
        start, end = placed
        if end is None:
            self.lose(place, f"the excerpt at {start} has no length; left out")
            return
        title, question = self.text(place, clip.title), self.text(place, clip.question)
        name = clip.name if clip.name and _EXCERPT.fullmatch(clip.name) else None
        self.clips.append(
            Clip(start=start, end=end, title=title or "", question=question, name=name)
        )

    def text(self, place: str, text: str | None) -> str | None:
        """A text without signs that nothing can keep; None for one that is empty."""
        if not text:
            return None
        readable = _held(text)
        if readable != text:
            self.lose(place, "signs that are no text were replaced")
        return readable

    def _readable(self, place: str, tag: TagValues) -> TagValues:
        label, note = self.text(place, tag.label), self.text(place, tag.note)
        made_at, changed_at = self._day(place, tag.made_at), self._day(place, tag.changed_at)
        return replace(tag, label=label, note=note, made_at=made_at, changed_at=changed_at)

    def _day(self, place: str, day: datetime | None) -> datetime | None:
        """A day that exists everywhere on earth."""
        try:
            return day and day.astimezone(UTC)
        except OverflowError:
            self.lose(place, "it was made or changed at no time that there is; read as made now")
            return None

    def _placed(
        self, place: str, start: Timecode, end: Timecode | None
    ) -> tuple[Timecode, Timecode | None] | None:
        """Start and end inside the recording; None when nothing of it lies there."""
        length, zero = self.into.length, Timecode(0)
        if end is not None and end < start:
            self.lose(place, f"it ends ({end}) before it starts ({start}); left out")
            return None
        if end == start:
            end = None
        last = start if end is None else end
        if start >= length or last < zero or (end is not None and end <= zero):
            self.lose(
                place, f"{start} lies outside the recording, which is {length} long; left out"
            )
            return None
        if start < zero:
            self.lose(place, f"it starts at {start}; moved to {zero}")
            start = zero
        if end is not None and end > length:
            self.lose(place, f"it ends at {end}, after the recording; moved to {length}")
            end = length
        return start, end

    def _with_item(self, place: str, tag: TagValues) -> TagValues:
        """The tag with an item that is there; any other becomes a label."""
        if tag.item is None:
            return replace(tag, scale=None)
        scale_id = tag.scale or self.into.scale.id
        known = {self.into.scale.id: self.into.scale} | dict(self.into.scales)
        scale = known.get(scale_id)
        if scale is not None and numbered(scale, tag.item) is not None:
            if tag.label:
                self.lose(place, "it has an item, so its label became part of the note")
                note = "\n".join(filter(None, (tag.label, tag.note)))
                return replace(tag, scale=scale_id, label=None, note=note)
            return replace(tag, scale=scale_id)
        why = (
            f"there is no scale {scale_id} here"
            if scale is None
            else f"item {tag.item} is not in {scale_id}"
        )
        label = " ".join(filter(None, (f"{scale_id}:{tag.item}", tag.label)))
        self.lose(place, f"{why}; kept as a label")
        return replace(tag, scale=None, item=None, label=label)

    def _with_author(self, place: str, tag: TagValues) -> TagValues:
        """The tag with an author who is a person here; any other stands in the note."""
        author = self.text(place, (tag.author or "").strip())
        if author is None or author in self.into.authors:
            return replace(tag, author=author)
        if author.upper() in self.into.authors:
            return replace(tag, author=author.upper())
        if author not in self.strangers:
            self.strangers.add(author)
            self.lose(place, f"{author} is no person here; the notes of their tags name them")
        note = "\n".join(filter(None, (tag.note, f"({author})")))
        return replace(tag, author=None, note=note)
