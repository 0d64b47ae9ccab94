"""``mbtg consent``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Final

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video.cli import output
from mbtg_video.cli.options import Words, noun
from mbtg_video.cli.session import DAY, opened, today
from mbtg_video.consent.model import Form, Group, Use
from mbtg_video.consent.record import (
    find_group,
    record_approval,
    record_consent,
    withdraw_uses,
)
from mbtg_video.consent.status import standings
from mbtg_video.errors import BadInput, NotFound
from mbtg_video.library import Library

command = noun("Who permits which use, and until when.")

_USES: Final = [use.value for use in Use]
_EVIDENCE_BYTES: Final = 64 << 20


@contextmanager
def _sealing(library: Library, evidence: Path | None) -> Iterator[tuple[Session, str | None]]:
    """A transaction, and the id of the evidence sealed in it."""
    if evidence is None:
        with library.transaction() as session:
            yield session, None
        return
    if not evidence.is_file():
        raise NotFound(f"There is no file {evidence}.")
    if evidence.stat().st_size > _EVIDENCE_BYTES:
        raise BadInput(f"{evidence} is larger than 64 MiB; scan it with fewer dots per inch")
    if evidence.stat().st_size == 0:
        raise BadInput(f"{evidence} is empty; name the file that holds the signed form")
    with library.store.draft() as draft:
        draft.write(evidence.read_bytes())
        with library.transaction() as session:
            yield session, library.store.publish(session, draft).id


def _uses(names: tuple[str, ...]) -> list[Use]:
    return [Use(name) for name in names]


@command.command()
@click.argument("person")
@click.option(
    "--use",
    "uses",
    cls=Words,
    fits=_USES.__contains__,
    required=True,
    type=click.Choice(_USES),
    help="What is permitted; several may follow.",
)
@click.option("--form", required=True, type=click.Choice([form.value for form in Form]))
@click.option("--signed-on", required=True, type=DAY)
@click.option("--until", required=True, type=DAY, help="Last day on which it holds.")
@click.option(
    "--evidence",
    type=click.Path(path_type=Path),
    help="The signed form, sealed into the library.",
)
def record(
    person: str,
    uses: tuple[str, ...],
    form: str,
    signed_on: date,
    until: date,
    evidence: Path | None,
) -> None:
    """Write down PERSON's written consent."""
    with opened() as library, _sealing(library, evidence) as (session, evidence_id):
        record_consent(
            session,
            person,
            _uses(uses),
            Form(form),
            signed_on=signed_on,
            until=until,
            evidence_id=evidence_id,
        )
    named = sorted(set(uses))
    output.done(
        f"Recorded: {person} consents to {', '.join(named)} until {until}.",
        person=person,
        uses=named,
        until=until,
    )


@command.command()
@click.argument("group")
@click.option("--signed-on", required=True, type=DAY)
@click.option("--until", required=True, type=DAY, help="Last day on which it holds.")
@click.option(
    "--evidence",
    type=click.Path(path_type=Path),
    help="The signed form, sealed into the library.",
)
def approve(group: str, signed_on: date, until: date, evidence: Path | None) -> None:
    """Write down the employer's approval for GROUP."""
    with opened() as library, _sealing(library, evidence) as (session, evidence_id):
        record_approval(session, group, signed_on=signed_on, until=until, evidence_id=evidence_id)
    output.done(f"Recorded: group {group} is approved until {until}.", group=group, until=until)


@command.command()
@click.option("--group", "group_code", metavar="CODE", help="Only this group.")
@click.option("--use", type=click.Choice(_USES), help="Say what is missing for this use.")
@click.option("--on", type=DAY, help="On this day; default: today.")
def status(group_code: str | None, use: str | None, on: date | None) -> None:
    """Show who permits what until when, and what is missing for a use."""
    day = on or today()
    with opened() as library, library.transaction() as session:
        groups = (
            [find_group(session, group_code)]
            if group_code is not None
            else list(session.scalars(select(Group).order_by(Group.code)))
        )
        found = standings(groups, Use(use) if use is not None else None, day)
    output.table(
        [asdict(standing) for standing in found],
        ("group", "person", "role", "uses", "form", "until", "missing"),
    )


@command.command()
@click.argument("person")
@click.option(
    "--use",
    "uses",
    cls=Words,
    fits=_USES.__contains__,
    type=click.Choice(_USES),
    help="Only these uses; default: all.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def withdraw(person: str, uses: tuple[str, ...], yes: bool) -> None:
    """End PERSON's consent from today on."""
    named = ", ".join(uses) or "everything"
    if not yes:
        click.confirm(f"End {person}'s consent to {named} from today on?", abort=True, err=True)
    with opened() as library, library.transaction() as session:
        ended = withdraw_uses(session, person, _uses(uses), on=today())
    output.done(
        f"{person}'s consent to {', '.join(ended)} has ended."
        if ended
        else f"{person} had no such consent left to end.",
        person=person,
        ended=ended,
    )
