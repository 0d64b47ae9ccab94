"""SubRip: our tags as subtitles that come back, any other subtitles as a transcript."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mbtg_video.tag.exchange.content import Incoming, Loss, Outgoing, Target, Written
from mbtg_video.tag.exchange.cue_text import is_tag, shown, tag_of
from mbtg_video.tag.exchange.found import no_place
from mbtg_video.transcript.captions import (
    CaptionFormat,
    caption_lines,
    joined,
    read_captions,
    within,
)
from mbtg_video.transcript.read import lane_from
from mbtg_video.transcript.write import without_arrows

_MS: Final = 1000


def write(content: Outgoing) -> Written:
    """Every tag as a subtitle, to the millisecond."""
    losses = no_place(content, "SubRip", tags=True, clips=False)
    lines: list[str] = []
    for number, tag in enumerate(content.tags, start=1):
        place = tag.name or str(tag.start)

        def told(what: str, place: str = place) -> None:
            losses.append(Loss(place, what))

        if any(time is not None and time.microseconds % _MS for time in (tag.start, tag.end)):
            told("rounded to the millisecond")
        one = shown(tag, content, told)
        bare = replace(one, lines=tuple(without_arrows(list(one.lines), told)))
        lines += caption_lines(number, bare, CaptionFormat.SRT)
    return Written(joined(lines), tuple(losses))


def read(data: bytes, into: Target) -> Incoming:
    """Tags from a file that we have written, else a transcript; raises `BadInput`.

    It is ours if at least half of its subtitles are tags: some may have been changed since.
    """
    found = read_captions(data, CaptionFormat.SRT)
    ours = sum(map(is_tag, found.captions))
    if not ours or 2 * ours < len(found.captions):
        lane, losses = lane_from(found, CaptionFormat.SRT, into.length)
        return Incoming(lanes=(lane,), losses=tuple(losses))
    captions, told_times = within(found.captions, into.length)
    losses = [*found.losses, *told_times]
    tags = []
    for number, one in captions:

        def told(what: str, place: str = f"cue {number}") -> None:
            losses.append(Loss(place, what))

        tag = tag_of(one, into, told)
        if tag is not None:
            tags.append(tag)
    return Incoming(tags=tuple(tags), losses=tuple(losses))
