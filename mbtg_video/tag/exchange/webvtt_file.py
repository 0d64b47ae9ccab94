"""WebVTT: our tags as captions that come back, any other captions as a transcript."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Final

from mbtg_video.tag.exchange.content import Incoming, Loss, Outgoing, Target, Written
from mbtg_video.tag.exchange.cue_text import shown, tag_of
from mbtg_video.tag.exchange.found import no_place
from mbtg_video.timecode import Timecode
from mbtg_video.transcript.captions import (
    Caption,
    CaptionFormat,
    Captions,
    caption_lines,
    joined,
    read_captions,
    within,
)
from mbtg_video.transcript.read import lane_from

_OURS: Final = "mbtg-video tags 1"
_EXACT: Final = re.compile(r"mbtg:([0-9]{1,18})(?:-([0-9]{1,18}))?")
_MS: Final = 1000


def write(content: Outgoing) -> Written:
    """Every tag as a caption, exact to the microsecond by the caption's name."""
    losses = no_place(content, "WebVTT", tags=True, clips=False)
    lines = ["WEBVTT", "", f"NOTE {_OURS}", ""]
    for number, tag in enumerate(content.tags, start=1):
        place = tag.name or str(tag.start)
        one = shown(tag, content, lambda what, place=place: losses.append(Loss(place, what)))  # type: ignore[misc]
        end = "" if tag.end is None else f"-{tag.end.microseconds}"
        name = f"mbtg:{tag.start.microseconds}{end}"
        escaped = tuple(html.escape(line, quote=False) for line in one.lines)
        named = replace(one, lines=escaped, identifier=name)
        lines += caption_lines(number, named, CaptionFormat.WEBVTT)
    return Written(joined(lines), tuple(losses))


def read(data: bytes, into: Target) -> Incoming:
    """Tags from a file that we have written, else a transcript; raises `BadInput`."""
    found = read_captions(data, CaptionFormat.WEBVTT)
    if not any(comment.strip() == _OURS for comment in found.comments):
        lane, losses = lane_from(found, CaptionFormat.WEBVTT, into.length)
        return Incoming(lanes=(lane,), losses=tuple(losses))
    return _tags(found, into)


def _tags(found: Captions, into: Target) -> Incoming:
    losses = list(found.losses)
    exact = [_exactly(one) for one in found.captions]
    captions, told = within(exact, into.length)
    losses += told
    tags = []
    for number, one in captions:
        place = f"cue {number}"
        lines = tuple(html.unescape(line) for line in one.lines)
        tag = tag_of(
            replace(one, lines=lines),
            into,
            lambda what, place=place: losses.append(Loss(place, what)),  # type: ignore[misc]
        )
        if tag is not None:
            tags.append(tag)
    return Incoming(tags=tuple(tags), losses=tuple(losses))


def _exactly(one: Caption) -> Caption:
    """The caption with the microseconds that its name gives, unless its times were changed."""
    match = _EXACT.fullmatch(one.identifier or "")
    if match is None:
        return one
    start = Timecode(int(match[1]))
    end = Timecode(int(match[2])) if match[2] else one.end
    if start.microseconds // _MS * _MS != one.start.microseconds:
        start = one.start
    short = end.microseconds // _MS * _MS <= start.microseconds
    if not short and end.microseconds // _MS * _MS != one.end.microseconds:
        end = one.end
    return replace(one, start=start, end=end)
