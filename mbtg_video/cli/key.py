"""``mbtg key``."""

from __future__ import annotations

import os
import sys

import click

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.cli import output
from mbtg_video.cli.options import noun
from mbtg_video.cli.session import given_passphrase, opened, passphrase, settings, typed_twice
from mbtg_video.errors import ConfigurationError
from mbtg_video.library import describe, open_library
from mbtg_video.users import Power, UserRole
from mbtg_video.vault import oskeyring, slots

command = noun("Passphrases, the recovery code, and who else may open the library.")


def new_passphrase(prompt: str = "New passphrase") -> str:
    """A new passphrase: from MBTG_NEW_PASSPHRASE, else typed twice."""
    given = os.environ.get("MBTG_NEW_PASSPHRASE")
    if given:
        return given
    if not sys.stdin.isatty():
        raise ConfigurationError("A new passphrase is needed: set MBTG_NEW_PASSPHRASE")
    return typed_twice(prompt)


@command.command()
def change() -> None:
    """Change your passphrase."""
    root = settings().library
    old = passphrase()
    with open_library(root, old) as library, library.transaction() as session:
        user = slots.change_passphrase(root / "keys", old, new_passphrase())
        audit.append(session, Act.KEY, deed="change", slot=user.name)
    output.done("The passphrase was changed.", user=user.name)


@command.command()
def recover() -> None:
    """Set the owner's passphrase anew with the recovery code, which is then replaced.

    The code is what is asked for as the passphrase.
    """
    root = settings().library
    if given_passphrase() is None:
        output.warn("Type the recovery code where the passphrase is asked for.")
    code = passphrase()
    with open_library(root, code) as library, library.transaction() as session:
        fresh = slots.recover(root / "keys", code, new_passphrase())
        audit.append(session, Act.KEY, deed="recover")
    output.done(
        f"The passphrase was set.\n\nNew recovery code: {fresh}\n\n"
        "The old code no longer works. Write the new one down; it is not shown again.",
        recovery_code=fresh,
    )


@command.command(name="list")
def list_() -> None:
    """List who and what opens the library."""
    root = settings().library
    describe(root)
    records = [
        {"slot": name, "kind": slot.kind, "user": slot.user, "role": slot.role}
        for name, slot in slots.list_slots(root / "keys")
    ]
    output.table(records, ("slot", "kind", "user", "role"))


@command.command()
@click.argument("name")
@click.option(
    "--role",
    required=True,
    type=click.Choice([role.value for role in UserRole if role is not UserRole.OWNER]),
)
def add(name: str, role: str) -> None:
    """Give NAME a passphrase of their own, typed by them, and a role."""
    with opened(Power.KEYS) as library:
        secret = new_passphrase(f"Passphrase of {name}")
        slots.add_user(library.root / "keys", library.ring.master, name, UserRole(role), secret)
        with library.transaction() as session:
            audit.append(session, Act.KEY, name, deed="add", role=role)
    output.done(f"{name} can open the library as {role}.", user=name, role=role)


@command.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Take NAME's slot away."""
    if not yes:
        click.confirm(f"Take away {name}'s access?", abort=True, err=True)
    with opened(Power.KEYS) as library:
        slots.remove_user(library.root / "keys", name)
        if name == slots.KEYRING_SLOT:
            oskeyring.forget(library.id)
        with library.transaction() as session:
            audit.append(session, Act.KEY, name, deed="remove")
    output.done(f"{name} no longer opens the library.", user=name)


@command.command()
def remember() -> None:
    """Let this computer's own keyring open the library as well; ends with: key remove keyring."""
    with opened(Power.KEYS) as library:
        oskeyring.remember(library.root / "keys", library.id, library.ring.master, library.user)
        with library.transaction() as session:
            audit.append(session, Act.KEY, deed="remember", slot=slots.KEYRING_SLOT)
    output.done("This computer's keyring opens the library from now on.", slot=slots.KEYRING_SLOT)


@command.command()
def rotate() -> None:
    """Seal every key and text with a new library key."""
    with opened(Power.KEYS) as library:
        library.rotate_key()
        epoch = library.ring.epoch
    output.done(f"The library key was replaced; it is number {epoch}.", epoch=epoch)
