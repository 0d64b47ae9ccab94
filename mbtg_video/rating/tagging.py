"""How two persons agree on tagging the same recording."""

from __future__ import annotations

from sqlalchemy.orm import Session

from mbtg_video.consent.record import find_person
from mbtg_video.errors import BadInput
from mbtg_video.rating.reliability.event_matching import Marked
from mbtg_video.rating.reliability.tag_agreement import TagAgreement, tag_agreement
from mbtg_video.recording.model import Recording
from mbtg_video.tag.mark import list_tags
from mbtg_video.tag.model import Tag


def code_of(tag: Tag) -> str:
    """What a tag is about: the number of its item, with another scale's id, or its label."""
    if tag.item is None:
        return (tag.label or "").strip().casefold()
    return f"{tag.scale}:{tag.item}"


def _marked(session: Session, recording: Recording, author: str) -> list[Marked]:
    tags = list_tags(session, recording=recording, author=author)
    return [
        Marked(
            tag.start.microseconds,
            None if tag.end is None else tag.end.microseconds,
            code_of(tag),
        )
        for tag in tags
    ]


def compare_tags(
    session: Session, recording: Recording, first: str, second: str, *, tolerance_us: int
) -> TagAgreement:
    """Agreement of two authors on a recording; events match when they start within the tolerance.

    Raises `NotFound` for an unknown person, and `BadInput` for one who is compared with himself.
    """
    codes = [find_person(session, code).code for code in (first, second)]
    if codes[0] == codes[1]:
        raise BadInput(f"{codes[0]} agrees with {codes[0]}; name two persons")
    ones, twos = (_marked(session, recording, code) for code in codes)
    return tag_agreement(ones, twos, recording.length.microseconds, tolerance_us)
