"""Ask a person at a terminal for the scores of a sheet, item by item."""

from __future__ import annotations

from collections.abc import Callable

import click

from mbtg_video.cli import output
from mbtg_video.cli.session import settings
from mbtg_video.errors import BadInput
from mbtg_video.rating.sheet import Sheet, check_sheet, unanswered
from mbtg_video.rating.written import merged
from mbtg_video.scale import Scale


def explain(scale: Scale, ending: str) -> None:
    """Tell on stderr what the numbers mean, and how to write them."""
    values = scale.values
    output.warn(
        f"{scale.title.spoken(settings().language)}: {values.lowest}-{values.highest}, "
        f"{values.good_enough} is good enough.\nWrite adherence/quality (4/5), none (did not "
        f"occur) or ? (cannot judge). {ending}"
    )


def _question(scale: Scale, place: str) -> str:
    """What is asked for a place of the sheet, and which numbers where it is not both."""
    overall = next((one for one in scale.overall if one.key == place), None)
    named = overall or scale.item(int(place))
    number = "" if overall is None else " (one number)"
    if overall is None and not scale.item(int(place)).adherence_rated:
        number = " (quality alone)"
    return f"{place} {named.spoken(settings().language)}{number}"


def asked(scale: Scale, sheet: Sheet, keep: Callable[[Sheet], None]) -> tuple[Sheet, bool]:
    """The sheet with what a person types for each open item, and whether they ended it early.

    What is typed is kept after every answer.
    """
    for place in unanswered(scale, sheet):
        overall = any(one.key == place for one in scale.overall)
        while True:
            typed: str = click.prompt(
                _question(scale, place), default="", show_default=False, err=True
            )
            if typed.strip() in ("", "."):
                break
            answer = f"{place}={typed}"
            try:
                if overall:
                    given = merged(scale, sheet, overall=[answer])
                else:
                    given = merged(scale, sheet, scores=[answer])
                check_sheet(scale, given)
            except BadInput as error:
                output.warn(str(error))
                continue
            sheet = given
            keep(sheet)
            break
        if typed.strip() == ".":
            return sheet, True
    return sheet, False


def agreed_on(scale: Scale, sheet: Sheet) -> Sheet:
    """The sheet of a consensus with all that was open in it; asked for until all is answered."""
    explain(
        scale, "Enter leaves it for later; all is asked before it is recorded. . ends without that."
    )
    ended = False
    while unanswered(scale, sheet) and not ended:
        sheet, ended = asked(scale, sheet, lambda _: None)
    if ended:
        output.warn("Nothing was recorded.")
        raise click.Abort
    return sheet
