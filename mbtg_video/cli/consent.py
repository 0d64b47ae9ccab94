"""``mbtg consent``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Final

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video.cli import output
from mbtg_video.cli.consent_form import employer, form
from mbtg_video.cli.options import Words, noun
from mbtg_video.cli.session import DAY, opened, settings, today
from mbtg_video.cli.words import word
from mbtg_video.consent.model import Form, Group, Use
from mbtg_video.consent.record import (
    find_group,
    record_approval,
    record_consent,
)
from mbtg_video.consent.status import standings
from mbtg_video.errors import BadInput, NotFound
from mbtg_video.library import Library
from mbtg_video.recall import write_letters
from mbtg_video.users import Power
from mbtg_video.withdrawal import Reach, reach
from mbtg_video.withdrawal import withdraw as take_back

command = noun("Who permits which use, and until when.")
command.add_command(form)
command.add_command(employer)

_USES: Final = [use.value for use in Use]
_EVIDENCE_BYTES: Final = 64 << 20
_NOTHING: Final = "{} had no such consent left to end."


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
    with opened(Power.RECORD) as library, _sealing(library, evidence) as (session, evidence_id):
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
    with opened(Power.RECORD) as library, _sealing(library, evidence) as (session, evidence_id):
        record_approval(session, group, signed_on=signed_on, until=until, evidence_id=evidence_id)
    output.done(f"Recorded: group {group} is approved until {until}.", group=group, until=until)


@command.command()
@click.option("--group", "group_code", metavar="CODE", help="Only this group.")
@click.option("--use", type=click.Choice(_USES), help="Say what is missing for this use.")
@click.option("--on", type=DAY, help="On this day; default: today.")
def status(group_code: str | None, use: str | None, on: date | None) -> None:
    """Show who permits what until when, and what is missing for a use."""
    day = on or today()
    with opened(Power.LOOK) as library, library.transaction() as session:
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
@click.option("--dry-run", is_flag=True, help="Say what it reaches, and change nothing.")
@click.option(
    "--letters",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder for the recall letters; default: recall-PERSON here.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def withdraw(
    person: str, uses: tuple[str, ...], dry_run: bool, letters: Path | None, yes: bool
) -> None:
    """End PERSON's consent from today on, and follow it to all that it reaches.

    What has no lawful use left is shredded, playlists lose what they may no longer show, and a
    letter is written to every recipient who still has something.
    """
    chosen = _uses(uses)
    with opened(Power.END) as library:
        with library.transaction() as session:
            found = reach(session, person, chosen, today())
        if dry_run:
            _tell_reach(found, "Nothing was changed. This would be reached:")
            return
        if not yes:
            _tell_reach(found, "This will be reached:", to_people=True)
            named = ", ".join(uses) or "everything"
            question = f"End {person}'s consent to {named} from today on?"
            click.confirm(question, abort=True, err=True)
        done = take_back(library, person, chosen, on=today())
        folder = letters or Path(f"recall-{person}")
        with library.finishing(f"{person}'s consent has ended"):
            paths = write_letters(folder, done.to_recall, settings().language, today())
    _tell_reach(
        done, f"{person}'s consent to {', '.join(done.ending) or 'nothing more'} has ended.", paths
    )


def _tell_reach(
    found: Reach, sentence: str, letters: Sequence[Path] = (), *, to_people: bool = False
) -> None:
    lists = {
        "recordings": found.recordings,
        "shredded": found.shredded,
        "kept_in_journal": found.kept,
        "excerpts": found.excerpts,
        "tags": found.tags,
        "transcripts": found.transcripts,
        "scorings": found.scorings,
        "playlists": found.playlists,
        "documents": found.documents,
    }
    lines = [
        f"  {word(name, settings().language)}: {', '.join(ids) or '-'}"
        for name, ids in lists.items()
    ]
    for one in found.left:
        state = f"{one.returned_how} {one.returned_on}" if one.returned_on else "still out"
        lines.append(f"  {one.id}: {', '.join(one.recipients)}, {one.made_on}, {state}")
    lines += [f"  letter: {path}" for path in letters]
    text = "\n".join([sentence, *lines])
    if to_people:
        output.warn(text)
        return
    output.done(
        text,
        person=found.person,
        ended=found.ending,
        **lists,
        left=[asdict(one) for one in found.left],
        letters=letters,
    )
