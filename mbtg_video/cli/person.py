"""``mbtg person``."""

from __future__ import annotations

import click
from sqlalchemy import select

from mbtg_video.cli import output
from mbtg_video.cli.options import noun
from mbtg_video.cli.session import opened
from mbtg_video.consent.model import Group, Person, Role
from mbtg_video.consent.record import add_person, find_group
from mbtg_video.users import Power

command = noun("Who is in a group: codes and roles, never names.")


@command.command()
@click.argument("code")
@click.option("--group", "group_code", required=True, metavar="CODE", help="Code of the group.")
@click.option("--role", required=True, type=click.Choice([r.value for r in Role]))
def add(code: str, group_code: str, role: str) -> None:
    """Add the person CODE to a group."""
    with opened(Power.RECORD) as library, library.transaction() as session:
        person = add_person(session, code, group_code, Role(role))
    output.done(f"Added person {person.code} to group {group_code}.", code=person.code)


@command.command(name="list")
@click.option("--group", "group_code", metavar="CODE", help="Only this group.")
def list_(group_code: str | None) -> None:
    """List the persons."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        query = select(Person).join(Group).order_by(Group.code, Person.code)
        if group_code is not None:
            query = query.where(Person.group_id == find_group(session, group_code).id)
        records = [
            {"code": person.code, "group": person.group.code, "role": person.role}
            for person in session.scalars(query)
        ]
    output.table(records, ("code", "group", "role"))
