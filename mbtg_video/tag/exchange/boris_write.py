"""Tags as a BORIS project: one observation, and an ethogram of the scales' items and the labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Final

import msgspec

from mbtg_video.tag.exchange.content import Loss, Outgoing, TagValues, Written
from mbtg_video.tag.exchange.found import decimal_seconds, item_name, no_place, place_of
from mbtg_video.timecode import MICROSECONDS, Timecode

VERSION: Final = "7.0"
OURS: Final = "mbtg:"
"""Begins the category of a behaviour that stands for an item; the scale's id follows."""
LABELS: Final = "mbtg label"
"""Category of a behaviour that stands for a label, which is its description."""
VALENCE: Final = "valence"
BESIDE: Final = "beside"
"""Set of modifiers that keeps states apart which run beside each other: BORIS pairs starts and
stops by subject, behaviour and modifiers alone."""

_KEYS: Final = "1234567890qwertyuiopasdfghjklzxcvbnm"
_VALENCES: Final = ["good", "missed", "neutral"]
_MOMENT: Final = " (moment)"


@dataclass(slots=True)
class _Behaviour:
    """One line of the ethogram; `lanes` are the ends of states by subject and valence."""

    code: str
    state: bool
    description: str
    category: str
    lanes: dict[tuple[str, str], list[Timecode]] = field(default_factory=dict)

    def lane(self, tag: TagValues, end: Timecode) -> int:
        """The first lane, from 0, in which no other state of its kind runs or ends just then."""
        ends = self.lanes.setdefault((tag.author or "", tag.valence), [])
        for number, taken in enumerate(ends):
            if taken < tag.start:
                ends[number] = end
                return number
        ends.append(end)
        return len(ends) - 1

    @property
    def most(self) -> int:
        """How many states run beside each other."""
        return max((len(ends) for ends in self.lanes.values()), default=1)


class _Ethogram:
    """Behaviours by what they stand for."""

    def __init__(self, content: Outgoing) -> None:
        self._content = content
        self._codes: set[str] = set()
        self.behaviours: dict[tuple[str | None, int | None, str | None, bool], _Behaviour] = {}
        for scale in content.scales.values():
            for item in scale.items:
                self._new((scale.id, item.number, None, True), item.spoken(content.language))

    def of(self, tag: TagValues) -> _Behaviour:
        """The behaviour that a tag is an event of."""
        key = (tag.scale, tag.item, tag.label, tag.end is not None)
        if key not in self.behaviours:
            self._new(key, tag.label or item_name(self._content, tag))
        return self.behaviours[key]

    def _new(self, key: tuple[str | None, int | None, str | None, bool], text: str) -> None:
        scale, item, label, state = key
        code = f"{scale}:{item}" if label is None else _one_line(label)
        code = base = code if state else f"{code}{_MOMENT}"
        number = 1
        while code in self._codes:
            number += 1
            code = f"{base} {number}"
        self._codes.add(code)
        category = LABELS if label is not None else f"{OURS}{scale}"
        self.behaviours[key] = _Behaviour(code, state, text, category)

    def written(self) -> Mapping[str, Any]:
        """The ethogram as BORIS keeps it."""
        return {
            str(number): {
                "type": "State event" if one.state else "Point event",
                "key": key,
                "code": one.code,
                "description": one.description,
                "color": "",
                "category": one.category,
                "modifiers": _modifier_sets(one),
                "excluded": "",
                "coding map": "",
            }
            for number, (one, key) in enumerate(
                zip(self.behaviours.values(), cycle(_KEYS), strict=False)
            )
        }


def _one_line(label: str) -> str:
    """A label as a code may be written."""
    return " ".join(label.replace("|", "/").split()) or "?"


def _modifier_sets(behaviour: _Behaviour) -> Mapping[str, Any]:
    def one(name: str, values: list[str]) -> Mapping[str, Any]:
        return {"name": name, "description": "", "type": 0, "ask at stop": False, "values": values}

    sets = {"0": one(VALENCE, _VALENCES)}
    if behaviour.most > 1:
        sets["1"] = one(BESIDE, [str(number) for number in range(2, behaviour.most + 1)])
    return sets


def write(content: Outgoing) -> Written:
    """The tags as events of one observation."""
    losses = no_place(content, "BORIS", tags=True, clips=False)
    ethogram = _Ethogram(content)
    placed = []
    for number, tag in sorted(enumerate(content.tags, start=1), key=lambda one: one[1].start):
        behaviour = ethogram.of(tag)
        lane = 0 if tag.end is None else behaviour.lane(tag, tag.end)
        placed.append((tag, behaviour, lane))
        times = [tag.start] if tag.end is None else [tag.start, tag.end]
        for time in times:
            if time.microseconds % 1000:
                what = f"BORIS keeps milliseconds: it will round {decimal_seconds(time)} s"
                losses.append(Loss(place_of(tag, number), what))
    rows = []
    for tag, behaviour, lane in placed:
        modifiers = str(tag.valence)
        if behaviour.most > 1:
            modifiers += f"|{lane + 1}" if lane else "|None"
        rows.append(_row(content, tag.start, tag, behaviour, modifiers, tag.note or ""))
        if tag.end is not None:
            rows.append(_row(content, tag.end, tag, behaviour, modifiers, ""))
    rows.sort(key=lambda row: row[0])
    events = [row[1] for row in rows]
    data = msgspec.json.encode(_project(content, ethogram, events))
    return Written(msgspec.json.format(data, indent=1) + b"\n", tuple(losses))


def _row(
    content: Outgoing,
    time: Timecode,
    tag: TagValues,
    behaviour: _Behaviour,
    modifiers: str,
    comment: str,
) -> tuple[Timecode, list[Any]]:
    frame = int(time.microseconds * content.frame_rate / MICROSECONDS)
    written = msgspec.Raw(decimal_seconds(time).encode())
    return time, [written, tag.author or "", behaviour.code, modifiers, comment, frame]


def _project(content: Outgoing, ethogram: _Ethogram, events: list[Any]) -> Mapping[str, Any]:
    subjects = sorted({tag.author for tag in content.tags if tag.author})
    day = f"{content.recorded_on.isoformat()}T00:00:00"
    behaviours = ethogram.written()
    observation = {
        "file": {"1": [content.media]},
        "type": "MEDIA",
        "date": day,
        "description": "",
        "time offset": msgspec.Raw(b"0.0"),
        "events": events,
        "observation time interval": [0, 0],
        "independent_variables": {},
        "visualize_spectrogram": False,
        "visualize_waveform": False,
        "close_behaviors_between_videos": False,
        "media_creation_date_as_offset": False,
        "media_scan_sampling_duration": 0,
        "scan_sampling_time": 0,
        "media_info": {
            "length": {content.media: msgspec.Raw(decimal_seconds(content.length).encode())},
            "fps": {content.media: round(float(content.frame_rate), 6)},
            "hasVideo": {content.media: True},
            "hasAudio": {content.media: True},
            "offset": {"1": msgspec.Raw(b"0.0")},
        },
    }
    return {
        "time_format": "hh:mm:ss",
        "project_date": day,
        "project_name": content.recording,
        "project_description": "",
        "project_format_version": VERSION,
        "subjects_conf": {
            str(number): {"key": key, "name": name, "description": ""}
            for number, (name, key) in enumerate(zip(subjects, cycle(_KEYS), strict=False))
        },
        "behaviors_conf": behaviours,
        "behavioral_categories": sorted({one["category"] for one in behaviours.values()}),
        "observations": {content.recording: observation},
        "independent_variables": {},
        "coding_map": {},
        "behaviors_coding_map": [],
        "converters": {},
    }
