"""What goes to and comes from another tool: plain values, the same for every format.

A format is a module of this package with `read`, `write`, or both::

    def read(data: bytes, into: Target) -> Incoming
    def write(content: Outgoing) -> Written

Neither knows rows or files. What a format or the library has no place for is told as a `Loss`
and never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from mbtg_video.scale import Scale
from mbtg_video.settings import Language
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import Timecode
from mbtg_video.transcript.content import CueValues as CueValues
from mbtg_video.transcript.content import Lane as Lane
from mbtg_video.transcript.content import Loss as Loss


@dataclass(frozen=True, slots=True, kw_only=True)
class TagValues:
    """A tag as plain values; `end` is None for a moment. `key` is the part of the file it is from.

    `name` is its id as printed, None for one that comes in.
    """

    start: Timecode
    end: Timecode | None = None
    scale: str | None = None
    item: int | None = None
    label: str | None = None
    author: str | None = None
    note: str | None = None
    valence: Valence = Valence.NEUTRAL
    name: str | None = None
    key: str | None = None
    made_at: datetime | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """The span of an excerpt, with its title and question; `name` is None for one to be cut."""

    start: Timecode
    end: Timecode
    title: str
    question: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A document of another tool as it came, and which tags came from which part of it.

    `origins` gives the key of the part for the id of a tag, unless it was removed since;
    `changed` are the ids of tags that were changed since they came.
    """

    content: str
    origins: Mapping[str, str]
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Document:
    """A document of another tool that a file carries, to be kept: `format` is its format's name.

    `origins` gives the key of its part for the place of a tag among the file's; `changed` are the
    places of tags that say something else than their part.
    """

    format: str
    content: str
    origins: Mapping[int, str]
    changed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The recording that something is read into: it ends at `length`.

    `scales` are those an item may belong to, `scale` the one meant where a file names none;
    `authors` are the codes of persons that exist.
    """

    length: Timecode
    frame_rate: Fraction
    scale: Scale
    scales: Mapping[str, Scale] = field(default_factory=dict)
    authors: frozenset[str] = frozenset()
    language: Language = Language.NB


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What a file holds; `keep` is its text when a later export has to build on it.

    `documents` are those of other tools that it carries, oldest first.
    """

    tags: tuple[TagValues, ...] = ()
    lanes: tuple[Lane, ...] = ()
    clips: tuple[Clip, ...] = ()
    losses: tuple[Loss, ...] = ()
    keep: str | None = None
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A recording's tags, transcripts and excerpts; `scales` holds every scale that tags name.

    `media` is the file name to refer to, such as R1.mp4: the recording's own name stays sealed.
    `kept` are the documents that came in for this recording and that the format has a place for,
    oldest first.
    """

    recording: str
    media: str
    recorded_on: date
    length: Timecode
    frame_rate: Fraction
    language: Language
    tags: Sequence[TagValues] = ()
    lanes: Sequence[Lane] = ()
    clips: Sequence[Clip] = ()
    scales: Mapping[str, Scale] = field(default_factory=dict)
    kept: Sequence[Kept] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """The content of a file, and what it has no place for."""

    data: bytes
    losses: tuple[Loss, ...] = ()
