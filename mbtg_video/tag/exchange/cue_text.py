"""A tag as the lines of a caption that people can read, and back.

::

    [missed] mbt-g-aqs:17 Fokus på følelser (K1)
    The note, as many lines as it has.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from mbtg_video.tag.exchange.content import Outgoing, TagValues, Target
from mbtg_video.tag.exchange.item_text import item_of_text, item_text
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import Timecode
from mbtg_video.transcript.captions import Caption, lines_of

_SHOWN: Final = 2_000_000
_HEAD: Final = re.compile(
    r"(?P<moment>\[moment\] )?(?:\[(?P<valence>good|missed)\] )?"
    r"(?:\[label\] \u201c(?P<label>.*)\u201d|(?P<item>[a-z0-9][a-z0-9-]{0,63}:[0-9]{1,4} .*?))"
    r"(?P<behind> \((?P<author>[A-Za-z0-9][A-Za-z0-9_-]{0,31})\))?"
)


def shown(tag: TagValues, content: Outgoing, told: Callable[[str], None]) -> Caption:
    """A tag as a caption; a moment is shown for two seconds."""
    end = tag.end
    if end is None:
        told("a moment, shown for two seconds; mbtg reads it back as a moment")
        until = min(tag.start.microseconds + _SHOWN, content.length.microseconds)
        end = Timecode(max(until, tag.start.microseconds + 1))
    return Caption(tag.start, end, tuple(_lines(tag, content, told)))


def _lines(tag: TagValues, content: Outgoing, told: Callable[[str], None]) -> list[str]:
    marks = ["moment"] if tag.end is None else []
    if tag.valence is not Valence.NEUTRAL:
        marks.append(tag.valence.value)
    scale = content.scales.get(tag.scale or "")
    if scale is not None and tag.item is not None:
        body = item_text(scale, tag.item, content.language, full=True)
    else:
        label = " ".join(lines_of(tag.label or "", told))
        if label != tag.label:
            told("its label was brought to one line")
        marks.append("label")
        body = f"\u201c{label}\u201d"
    behind = [f"({tag.author})"] if tag.author else []
    note = lines_of(tag.note, told) if tag.note else []
    return [" ".join([*(f"[{mark}]" for mark in marks), body, *behind]), *note]


def is_tag(caption: Caption) -> bool:
    """Whether a caption is a tag that we have written."""
    return bool(caption.lines) and _HEAD.fullmatch(caption.lines[0]) is not None


def tag_of(caption: Caption, into: Target, told: Callable[[str], None]) -> TagValues | None:
    """The tag that a caption says; a line that is not as we write it is a label."""
    head, note = caption.lines[0] if caption.lines else "", "\n".join(caption.lines[1:])
    values = TagValues(start=caption.start, end=caption.end, note=note or None)
    match = _HEAD.fullmatch(head)
    if match is None:
        if not head.strip():
            told("it says nothing: left out")
            return None
        return replace(values, label=head)
    author = match["author"]
    if match["label"] is not None:
        values = replace(values, label=match["label"])
    else:
        scales = {into.scale.id: into.scale, **into.scales}
        whole = item_of_text(match["item"] + (match["behind"] or ""), into.scale, scales)
        item = whole or item_of_text(match["item"], into.scale, scales)
        author = None if whole else author
        if item is None:
            told("its item is not known: taken in as a label")
            values = replace(values, label=match["item"])
        else:
            values = replace(values, scale=item[0], item=item[1])
    if author is not None and author not in into.authors:
        told(f"{author} is no person here: by nobody")
        author = None
    return replace(
        values,
        end=None if match["moment"] else values.end,
        author=author,
        valence=Valence(match["valence"] or Valence.NEUTRAL),
    )
