"""``mbtg audit``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from mbtg_video import audit
from mbtg_video.audit import Act, Anchor, AuditLine
from mbtg_video.cli import output
from mbtg_video.cli.options import noun
from mbtg_video.cli.session import DAY, opened
from mbtg_video.errors import BadInput, Damaged
from mbtg_video.users import Power
from mbtg_video.vault.durable import write_durably

command = noun("What was done, by whom and when: a chain that shows any change.")


@command.command()
@click.option(
    "--anchor", metavar="ANCHOR|FILE", help="One noted before, on a receipt or in a file."
)
def verify(anchor: str | None) -> None:
    """Check that no line was changed, added or taken out."""
    noted = _noted(anchor) if anchor else None
    with opened(Power.AUDIT) as library, library.transaction() as session:
        problems = audit.verify(session, noted)
        standing = audit.anchor(session)
        if not problems:
            audit.append(session, Act.VERIFY, lines=standing.number)
    if problems:
        raise Damaged("The audit is not whole: " + "; ".join(problems) + ".")
    output.done(
        f"The audit is whole: {standing.number} lines, up to anchor {standing}.",
        lines=standing.number,
        anchor=str(standing),
    )


def _noted(text: str) -> Anchor:
    path = Path(text)
    return Anchor.parse(path.read_text(encoding="utf-8") if path.is_file() else text)


def _record(line: AuditLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "at": line.at.isoformat(timespec="seconds"),
        "act": line.act,
        "subjects": line.subjects.split(),
        "detail": line.detail,
    }


@command.command(name="list")
@click.option("--person", metavar="CODE", help="Only lines of this person: who saw them, and when.")
@click.option("--recording", metavar="ID", help="Only lines of this recording and what it became.")
@click.option("--act", type=click.Choice([act.value for act in Act]), help="Only this act.")
@click.option("--since", type=DAY, help="From this day on.")
@click.option("--until", type=DAY, help="Up to this day.")
def list_(
    person: str | None,
    recording: str | None,
    act: str | None,
    since: date | None,
    until: date | None,
) -> None:
    """List what was done."""
    if person and recording:
        raise BadInput("name --person or --recording, not both")
    with opened(Power.AUDIT) as library, library.transaction() as session:
        lines = audit.list_lines(
            session,
            subject=person or recording,
            act=Act(act) if act else None,
            since=since,
            until=until,
        )
        records = [_record(line) for line in lines]
    if not output.wants_json():
        for record in records:
            record["detail"] = [f"{key} {_said(value)}" for key, value in record["detail"].items()]
    output.table(records, ("number", "at", "act", "subjects", "detail"))


def _said(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


@command.command()
@click.option("--to", "target", type=click.Path(path_type=Path), metavar="FILE")
def anchor(target: Path | None) -> None:
    """Print where the chain stands, to be kept outside the library."""
    with opened(Power.AUDIT) as library, library.transaction() as session:
        standing = str(audit.anchor(session))
    if target is not None:
        write_durably(target, f"{standing}\n".encode())
    output.done(standing, anchor=standing)
