"""``mbtg group``."""

from __future__ import annotations

import click
from sqlalchemy import select

from mbtg_video.cli import output
from mbtg_video.cli.options import noun
from mbtg_video.cli.session import opened
from mbtg_video.consent.model import Group
from mbtg_video.consent.record import add_group
from mbtg_video.users import Power

command = noun("Therapy groups.")


@command.command()
@click.argument("code")
@click.option("--name", required=True, metavar="TEXT", help="What the group is called; sealed.")
@click.option("--employer-approval", is_flag=True, help="The employer must approve each use.")
def add(code: str, name: str, employer_approval: bool) -> None:
    """Add the group CODE."""
    with opened(Power.RECORD) as library, library.transaction() as session:
        group = add_group(session, code, name, approval_required=employer_approval)
    output.done(f"Added group {group.code}.", code=group.code)


@command.command(name="list")
def list_() -> None:
    """List the groups."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        groups = session.scalars(select(Group).order_by(Group.code)).all()
        records = [
            {
                "code": group.code,
                "name": group.name,
                "persons": len(group.persons),
                "approval_required": group.approval_required,
                "approved_until": max((a.until for a in group.approvals), default=None),
            }
            for group in groups
        ]
    output.table(records, ("code", "name", "persons", "approval_required", "approved_until"))
