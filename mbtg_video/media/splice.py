"""Copy what can be copied, encode only the frames before the first and after the last of it.

The copied middle starts at an IDR or CRA picture and is the longest stretch in decode order
that is also a stretch in display order; whatever else is wanted before or behind it is encoded
anew. Only the groups of pictures at both ends are looked at to plan it: the middle between
them is checked while it is copied.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from av.packet import Packet

from mbtg_video.media.encode import encoded, frames_at
from mbtg_video.media.medium import Medium, Wanted
from mbtg_video.media.mux import Coded
from mbtg_video.media.syntax import Entry, NotSpliceable, Syntax

MOST_ENCODED: Final = Fraction(1, 3)
"""With more than this part encoded anew, encoding all is hardly slower and simpler."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Time stamps of the frames to encode before and behind those to copy.

    The copied ones are all from `first` to `last` in decode order, less the pictures shown
    before `first`. A picture is decoded at most `delay` places before it is shown.
    """

    entry: Entry
    head: Sequence[int]
    first: int
    last: int
    tail: Sequence[int]
    delay: int

    @property
    def aligned(self) -> bool:
        """Whether nothing is encoded anew."""
        return not self.head and not self.tail


@dataclass(frozen=True, slots=True)
class _Seen:
    pts: int
    entry: Entry | None


def _seen(medium: Medium, syntax: Syntax, stamp: int) -> Iterator[_Seen]:
    """Pictures in decode order, from the keyframe shown at or before `stamp` on."""
    for packet in medium.packets_from(stamp):
        if not packet.size:
            continue
        if packet.pts is None:
            raise NotSpliceable("pictures without a presentation time")
        yield _Seen(packet.pts, entry_of(packet, syntax))


def entry_of(packet: Packet[Any], syntax: Syntax) -> Entry | None:
    """How playing may begin at a packet, None for one in a group of pictures.

    Raises `NotSpliceable` for a keyframe at which it may not.
    """
    if not packet.is_keyframe:
        return None
    entry = syntax.entry(bytes(packet))
    if entry is None:
        raise NotSpliceable("a keyframe at which playing cannot begin")
    return entry


def _start(medium: Medium, syntax: Syntax, wanted: Wanted) -> _Seen:
    """The first keyframe in the span."""
    for one in _seen(medium, syntax, wanted.stamps[0]):
        if one.entry is not None and one.pts >= wanted.stamps[0]:
            if one.pts <= wanted.stamps[-1]:
                return one
            break
    raise NotSpliceable("no keyframe in the span")


def _end(medium: Medium, syntax: Syntax, wanted: Wanted, start: _Seen) -> tuple[int, int, int]:
    """Last picture to copy in decode order, the last shown of those copied, and the delay."""
    group: list[int] = []
    begun: int | None = None
    for one in _seen(medium, syntax, max(start.pts, wanted.stamps[-1])):
        if begun is None:
            begun = one.pts
        if begun == start.pts and one.pts < begun:
            continue  # cannot be decoded from there, and is encoded anew where it is wanted
        if one.pts < start.pts or wanted.place_of(one.pts) is None:
            break
        group.append(one.pts)
    if not group:
        raise NotSpliceable("no picture to copy")
    shown = sorted(group)
    rank = {stamp: position for position, stamp in enumerate(shown)}
    # Frames wanted in this stretch, in order of display, without a gap from its first on.
    begin = bisect_left(wanted.stamps, shown[0])
    pairs = zip(shown, wanted.stamps[begin:], strict=False)
    gapless = next((at for at, (a, b) in enumerate(pairs) if a != b), len(shown))
    highest, copied, delay = -1, 0, 0
    for position, stamp in enumerate(group):
        highest = max(highest, rank[stamp])
        delay = max(delay, position - rank[stamp])
        if highest == position < gapless:
            copied = position + 1
    if not copied:
        raise NotSpliceable("pictures are stored in an order that cannot be copied")
    return group[copied - 1], shown[copied - 1], delay


def make_plan(medium: Medium, syntax: Syntax, wanted: Wanted) -> Plan:
    """What to copy and what to encode; raises `NotSpliceable`."""
    start = _start(medium, syntax, wanted)
    last, last_shown, delay = _end(medium, syntax, wanted, start)
    head = wanted.stamps[: bisect_left(wanted.stamps, start.pts)]
    tail = wanted.stamps[bisect_right(wanted.stamps, last_shown) :]
    if len(head) + len(tail) > MOST_ENCODED * len(wanted.stamps):
        raise NotSpliceable("most of the span lies outside whole groups of pictures")
    if (head or tail) and medium.footage.interlaced:
        raise NotSpliceable("interlaced pictures are copied in whole groups only")
    return Plan(
        entry=start.entry or Entry.IDR,
        head=head,
        first=start.pts,
        last=last,
        tail=tail,
        delay=max(delay, medium.video.codec_context.reorder_depth),
    )


def encode_beside(
    medium: Medium, syntax: Syntax, wanted: Wanted, stamps: Sequence[int]
) -> list[Coded]:
    """The frames with these stamps encoded anew; raises `NotSpliceable` when one is missing."""
    if not stamps:
        return []
    encoder = syntax.encoder()
    coded = [
        Coded(
            syntax.encoded(packet),
            (packet.pts or 0) - wanted.stamps[0],
            packet.is_keyframe,
        )
        for packet in encoded(encoder, frames_at(medium, stamps), wanted.time_base)
    ]
    if [one.pts + wanted.stamps[0] for one in coded] != list(stamps):
        raise NotSpliceable(f"{len(coded)} of {len(stamps)} frames beside the copied ones decode")
    return coded


class Copier:
    """Passes on the packets of the copied middle, in decode order."""

    def __init__(self, plan: Plan, syntax: Syntax, wanted: Wanted) -> None:
        self._plan = plan
        self._syntax = syntax
        self._wanted = wanted
        self._begun = False
        self._middle = range(len(plan.head), len(wanted.stamps) - len(plan.tail))
        self._copied = 0
        self.done = False

    def take(self, packet: Packet[Any]) -> Coded | None:
        """A picture of the source as it goes into the excerpt; None when it does not."""
        if packet.has_sidedata("new_extradata"):
            raise NotSpliceable("the recording describes its pictures anew")
        if self.done or packet.pts is None:
            return None
        first = not self._begun
        if first and packet.pts != self._plan.first:
            return None
        self._begun = True
        entry_of(packet, self._syntax)
        if self._wanted.place_of(packet.pts) not in self._middle:
            if packet.pts < self._plan.first:
                return None
            raise NotSpliceable("pictures of the middle are not stored together")
        self._copied += 1
        self.done = packet.pts == self._plan.last
        if self.done and self._copied != len(self._middle):
            raise NotSpliceable("pictures of the middle are not stored, or twice")
        data = self._syntax.copied(packet, first=first)
        return Coded(data, packet.pts - self._wanted.stamps[0], packet.is_keyframe)
