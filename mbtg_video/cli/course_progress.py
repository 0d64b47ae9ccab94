"""``mbtg course progress``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand, course_option
from mbtg_video.cli.session import opened, programme, today
from mbtg_video.course.model import DutyKind
from mbtg_video.supervision.progress import DayCovered, Presented
from mbtg_video.supervision.progress import progress as so_far
from mbtg_video.users import Power

_MICROSECOND: Final = timedelta(microseconds=1)


def _days(by_kind: Mapping[DutyKind, Sequence[Any]]) -> dict[str, list[Any]]:
    return {kind.value: list(by_kind[kind]) for kind in DutyKind}


def _participant(one: Presented) -> dict[str, Any]:
    return {
        "participant": one.participant,
        "group": one.group,
        "presented": one.presented,
        "excerpts": list(one.excerpts),
        "roleplays": list(one.roleplays),
        "shown_us": one.shown // _MICROSECOND,
        "items": list(one.items),
        "days": list(one.days),
        "without_clip": list(one.without_clip),
        "done": _days(one.done),
        "planned": _days(one.planned),
    }


def _day(one: DayCovered) -> dict[str, Any]:
    return {
        "day": one.day,
        "on": one.on,
        "held": one.held,
        "excerpts": list(one.excerpts),
        "participants": list(one.participants),
        "shown_us": one.shown // _MICROSECOND,
        "covered": list(one.covered),
        "not_yet": list(one.not_yet),
        **_days(one.duties),
    }


def _in_brief(record: dict[str, Any]) -> dict[str, Any]:
    """A row for people: the days of all duties as done/planned, one column each kind."""
    duties = {}
    for kind in DutyKind:
        done, planned = record["done"][kind.value], record["planned"][kind.value]
        duties[kind.value] = [*done, *(f"({day})" for day in planned)]
    return record | duties


@click.command(cls=CommonCommand)
@course_option
def progress(course_id: str | None) -> None:
    """Show who has presented what, and which items in focus were covered, so far.

    Counted is what stands in playlists held on the course days through today. Days in brackets
    are still to come.
    """
    course = programme(course_id)
    with opened(Power.LOOK) as library, library.transaction() as session:
        found = so_far(session, course, today())
    participants = [_participant(one) for one in found.participants]
    days = [_day(one) for one in found.days]
    if output.wants_json():
        record = {"course": found.course, "on": found.on}
        output.details(record | {"participants": participants, "days": days})
        return
    output.table(
        [_in_brief(record) for record in participants],
        (
            "participant", "group", "presented", "excerpts", "roleplays", "shown_us", "items",
            "clinical", "without_clip", "theory", "cotherapist",
        ),
    )  # fmt: skip
    output.table(
        days,
        (
            "day", "on", "held", "excerpts", "participants", "shown_us", "covered", "not_yet",
            "clinical", "theory", "cotherapist",
        ),
    )  # fmt: skip
