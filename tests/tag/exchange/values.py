"""Values that every format is tried with, and the recording that they belong to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

from mbtg_video.scale import find_scale
from mbtg_video.settings import Language
from mbtg_video.tag.exchange.content import Clip, Outgoing, TagValues, Target
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import Timecode

SCALE = find_scale("mbt-g-aqs")
LENGTH = Timecode(3_600_000_000)
AUTHORS = frozenset({"T1", "P3"})
RATE = Fraction(25)


def target(**changes):
    said = {
        "length": LENGTH,
        "frame_rate": RATE,
        "scale": SCALE,
        "scales": {SCALE.id: SCALE},
        "authors": AUTHORS,
    }
    return Target(**(said | changes))


def outgoing(*tags, **changes):
    said = {
        "recording": "R1",
        "media": "R1.mp4",
        "recorded_on": date(2026, 3, 13),
        "length": LENGTH,
        "frame_rate": RATE,
        "language": Language.NB,
        "tags": tags,
        "scales": {SCALE.id: SCALE},
    }
    return Outgoing(**(said | changes))


def at(us, end_us=None, **said):
    end = None if end_us is None else Timecode(end_us)
    return TagValues(start=Timecode(us), end=end, **said)


def item(us, end_us=None, number=3, **said):
    return at(us, end_us, scale=SCALE.id, item=number, **said)


def clip(us, end_us, title, **said):
    return Clip(start=Timecode(us), end=Timecode(end_us), title=title, **said)


NOTES = (
    "blåbær på øya",
    'she said "no"; he, too',
    "two\nlines",
    "carriage\r\nreturns\rtoo",
    "🙂 and \N{FAMILY}",
    "=1+1",
    "'=1+1",
    "''@x",
    "+47",
    "-5",
    "@here",
    "\ttab",
    "\N{FULLWIDTH EQUALS SIGN}wide",
    "<b>&amp;</b>]]>",
    "  blanks around  ",
    "_x000D_",
    "label: x | y",
    "a;b,c\td",
    "42",
)
DAY = datetime(2026, 3, 14, 9, 30, 0, 1, tzinfo=UTC)
TAGS = (
    item(0, number=1),
    item(1_000_001, 2_000_003, valence=Valence.GOOD, author="T1", note="=HYPERLINK(1)"),
    # The same item by the same person, beside each other, one behind the other, and nested.
    item(10_000_000, 20_000_000, author="T1", note="first"),
    item(15_000_000, 25_000_000, author="T1", note="second"),
    item(25_000_000, 26_000_000, author="T1", note="third"),
    item(15_500_000, 15_600_000, author="T1", note="fourth"),
    item(20_000_000, 21_000_000, author="T1", note="behind the first"),
    item(15_000_000, 25_000_000, author="P3", valence=Valence.MISSED),
    at(30_000_000, label="Gråt"),
    at(31_000_000, 32_000_000, label="3"),
    at(31_500_000, 31_500_001, label="mbt-g-aqs:3"),
    at(33_000_000, label="Fokus på følelser"),
    at(34_000_000, label="Managing authority", valence=Valence.GOOD),
    at(35_000_000, LENGTH.microseconds, label="a|b", note="until the end"),
    at(36_000_000, label="a/b"),
    at(37_000_000, label="a b"),
    at(38_000_000, label="a\nb", valence=Valence.MISSED),
    *(at(40_000_000 + n * 1000, label=text, note=text) for n, text in enumerate(NOTES)),
    *(item(50_000_000 + n, number=1 + n % 19, note=text) for n, text in enumerate(NOTES)),
)
NAMED = tuple(
    TagValues(
        start=tag.start, end=tag.end, scale=tag.scale, item=tag.item, label=tag.label,
        author=tag.author, note=tag.note, valence=tag.valence, name=f"T{n}",
        made_at=DAY, changed_at=DAY,
    )
    for n, tag in enumerate(TAGS, start=1)
)  # fmt: skip
