"""BORIS projects (.boris): events of an ethogram; written by `boris_write`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mbtg_video.errors import BadInput
from mbtg_video.tag.exchange.boris_write import BESIDE, LABELS, OURS, VALENCE, write
from mbtg_video.tag.exchange.content import Incoming, TagValues, Target
from mbtg_video.tag.exchange.found import Found, seconds
from mbtg_video.tag.exchange.item_text import item_of_text
from mbtg_video.tag.exchange.json_text import (
    Object,
    as_list,
    as_number,
    as_object,
    as_text,
    read_json,
)
from mbtg_video.tag.model import Valence

__all__ = ["read", "write"]

_TITLE: Final = "a BORIS project"
_AS_LONG: Final = Decimal(1)  # seconds that two programs may differ by on a file's length


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a recording's own time lies in an observation's: from `start`, for `length` seconds.

    `length` is None where nothing says so.
    """

    start: Decimal
    length: Decimal | None


@dataclass(frozen=True, slots=True)
class _Event:
    """One row of an observation, its time already the recording's."""

    time: Decimal
    subject: str
    code: str
    modifiers: str
    comment: str


def read(data: bytes, into: Target) -> Incoming:
    """The events as tags: of the observations whose medium is as long as the recording, or of all.

    Raises `BadInput`.
    """
    project = as_object(read_json(data, _TITLE))
    if not isinstance(project.get("observations"), dict) or "behaviors_conf" not in project:
        raise BadInput(f"the file is not {_TITLE}: it has no observations or no ethogram")
    ethogram = {
        as_text(as_object(one).get("code")): as_object(one)
        for one in as_object(project["behaviors_conf"]).values()
    }
    found = Found(into)
    observations = {name: as_object(one) for name, one in project["observations"].items()}
    chosen = _chosen(observations, found)
    for name, (observation, place) in chosen.items():
        if len(chosen) > 1:
            found.lose(f"observation {name}", f"read as one of {len(chosen)} observations")
        _read_observation(name, observation, place, ethogram, found)
    return found.incoming()


def _chosen(
    observations: Mapping[str, Object], found: Found
) -> Mapping[str, tuple[Object, _Place | None]]:
    """The observations to read, each with the place of the recording in it."""
    places = {name: _place(one, found) for name, one in observations.items()}
    fitting = {name for name, place in places.items() if place is not None}
    left_out = sorted(set(observations) - fitting) if fitting else []
    for name in left_out:
        if as_list(observations[name].get("events")):
            found.lose(f"observation {name}", "its medium has another length; left out")
    return {
        name: (one, places[name])
        for name, one in observations.items()
        if (name in fitting or not fitting) and as_list(one.get("events"))
    }


def _place(observation: Object, found: Found) -> _Place | None:
    """Where a medium as long as the recording lies in an observation; None when none does."""
    info = as_object(observation.get("media_info"))
    lengths, offsets = as_object(info.get("length")), as_object(info.get("offset"))
    wanted = Decimal(found.into.length.microseconds) / 1_000_000
    for player, files in as_object(observation.get("file")).items():
        before = as_number(offsets.get(player)) or Decimal(0)
        for path in as_list(files):
            length = as_number(lengths.get(as_text(path)))
            if length is None:
                break
            if abs(length - wanted) <= _AS_LONG:
                return _Place(before, length)
            before += length
    return None


def _read_observation(
    name: str,
    observation: Object,
    place: _Place | None,
    ethogram: Mapping[str, Object],
    found: Found,
) -> None:
    shift = as_number(observation.get("time offset")) or Decimal(0)
    if place is not None:
        shift += place.start
    if observation.get("media_creation_date_as_offset") is True:
        found.lose(f"observation {name}", "its times count from the medium's own clock")
    elsewhere, unknown = 0, set()
    for start, stop in _paired(_events(name, observation, shift, found), ethogram):
        if place is not None and _is_elsewhere(start, stop, place):
            elsewhere += 1 if stop is None else 2
            continue
        kind = ethogram.get(start.code)
        if kind is None and start.code not in unknown:
            unknown.add(start.code)
            found.lose(f"behaviour {start.code}", "it is not in the ethogram; read as moments")
        if stop is None and _is_state(kind):
            place_text = f"observation {name}, {start.time} s"
            found.lose(place_text, f"the state {start.code} never stops; read as a moment")
        _add(name, start, stop, kind or {}, found)
    if elsewhere:
        found.lose(f"observation {name}", f"{elsewhere} events lie in another medium; left out")


def _is_state(kind: Object | None) -> bool:
    return as_text((kind or {}).get("type")).startswith("State")


def _paired(
    events: Iterable[_Event], ethogram: Mapping[str, Object]
) -> Iterator[tuple[_Event, _Event | None]]:
    """Starts of states with their stops, also over the edges of media; all else alone."""
    running: dict[tuple[str, str, str], _Event] = {}
    for event in events:
        key = (event.subject, event.code, event.modifiers)
        if not _is_state(ethogram.get(event.code)):
            yield event, None
        elif key in running:
            yield running.pop(key), event
        else:
            running[key] = event
    for event in running.values():
        yield event, None


def _is_elsewhere(start: _Event, stop: _Event | None, place: _Place) -> bool:
    """Whether nothing of it lies in the recording's medium."""
    if place.length is None:
        return False
    if stop is None or stop.time == start.time:
        return not 0 <= start.time <= place.length
    return stop.time <= 0 or start.time >= place.length


def _events(name: str, observation: Object, shift: Decimal, found: Found) -> Iterable[_Event]:
    """The rows that have a time, in order of time."""
    events = []
    for number, row in enumerate(as_list(observation.get("events")), start=1):
        cells = row if isinstance(row, list) else []
        time = as_number(cells[0]) if len(cells) >= 3 else None
        if time is None:
            found.lose(f"observation {name}, event {number}", "it has no time; left out")
            continue
        told = [as_text(cell) for cell in cells[1:5]]
        subject, code, modifiers, comment = [*told, "", ""][:4]
        events.append(_Event(time - shift, subject, code, modifiers, comment))
    return sorted(events, key=lambda event: event.time)


def _add(name: str, start: _Event, stop: _Event | None, kind: Object, found: Found) -> None:
    place = f"observation {name}, {start.time} s"
    valence, others = _modifiers(start.modifiers, kind)
    comments = [start.comment]
    if stop is not None and stop.comment:
        comments.append(stop.comment)
    scale, item, label = _behaviour(start.code, kind, found)
    found.add(
        place,
        TagValues(
            start=seconds(start.time),
            end=None if stop is None else seconds(stop.time),
            scale=scale,
            item=item,
            label=label,
            author=start.subject or None,
            note="\n".join(filter(None, (*comments, *others))) or None,
            valence=valence,
            key=name[:64],
        ),
    )


def _behaviour(code: str, kind: Object, found: Found) -> tuple[str | None, int | None, str | None]:
    """Scale, item and label that a behaviour stands for."""
    category, description = as_text(kind.get("category")), as_text(kind.get("description"))
    if category == LABELS:
        return None, None, description or code
    number = code.partition(":")[2].partition(" ")[0]
    if category.startswith(OURS) and number.isdecimal() and len(number) <= 4:
        return category[len(OURS) :], int(number), None
    into = found.into
    for text in (code, description):
        called = item_of_text(text, into.scale, into.scales)
        if called is not None:
            return *called, None
    return None, None, code


def _modifiers(text: str, kind: Object) -> tuple[Valence, list[str]]:
    """The valence that our own modifiers say, and what others say, as lines of a note."""
    sets = list(as_object(kind.get("modifiers")).values())
    valence, others = Valence.NEUTRAL, []
    for place, value in enumerate(text.split("|") if text else []):
        heading = as_text(as_object(sets[place]).get("name")) if place < len(sets) else ""
        if heading == VALENCE and value in list(Valence):
            valence = Valence(value)
        elif heading != BESIDE and value not in ("", "None"):
            others.append(f"{heading}: {value}" if heading else value)
    return valence, others
