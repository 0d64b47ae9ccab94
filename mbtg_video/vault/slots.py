"""Slots: each opens the master key of a library with a secret of its own.

A slot is a file ``keys/NAME.slot.json``. Its user's name and role are bound into the seal, so
that nobody changes a role by editing the file.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from argon2.low_level import Type, hash_secret_raw

from mbtg_video.errors import BadInput, ConfigurationError, Damaged, NotFound, WrongPassphrase
from mbtg_video.users import OWNER, User, UserRole
from mbtg_video.vault.container import KEY_BYTES
from mbtg_video.vault.durable import sync_folder, write_durably
from mbtg_video.vault.wrapping import to_text, unwrap, wrap

SHORTEST_PASSPHRASE: Final = 8
PASSPHRASE_SLOT: Final = "passphrase"  # noqa: S105  a kind of slot
RECOVERY_SLOT: Final = "recovery"
KEYRING_SLOT: Final = "keyring"

# RFC 9106, section 4: the second recommended option, for machines with little memory.
_PASSES: Final = 3
_MEMORY_KIB: Final = 64 * 1024
_LANES: Final = 4
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RECOVERY_SYMBOLS: Final = 32  # 160 bits
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to open the master key, as it lies in ``keys/NAME.slot.json``."""

    kind: str
    salt: str
    passes: int
    memory_kib: int
    lanes: int
    wrapped: str
    user: str = OWNER.name
    role: UserRole = OWNER.role

    @property
    def context(self) -> str:
        """What the seal is bound to."""
        return f"slot/{self.kind}/{self.user}/{self.role}"


def _stretched(secret: str, slot: Slot) -> bytes:
    # Keyboards write an å as one sign or as two.
    return hash_secret_raw(
        unicodedata.normalize("NFC", secret).encode(errors="surrogateescape"),
        base64.b64decode(slot.salt),
        time_cost=slot.passes,
        memory_cost=slot.memory_kib,
        parallelism=slot.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def checked_passphrase(passphrase: str) -> str:
    """The passphrase; raises `BadInput` when it is too short."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BadInput(
            f"the passphrase needs at least {SHORTEST_PASSPHRASE} characters; "
            "four random words are easy to remember"
        )
    return passphrase


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.slot.json"


def write_slot(
    folder: Path, name: str, kind: str, secret: str, master: bytes, user: User = OWNER
) -> None:
    """Make or replace a slot, whole or not at all; raises `BadInput` for a short passphrase."""
    if kind == PASSPHRASE_SLOT:
        checked_passphrase(secret)
    salt = to_text(os.urandom(16))
    bare = Slot(kind, salt, _PASSES, _MEMORY_KIB, _LANES, "", user.name, user.role)
    wrapped = to_text(wrap(_stretched(secret, bare), master, bare.context))
    slot = msgspec.structs.replace(bare, wrapped=wrapped)
    write_durably(_path(folder, name), msgspec.json.encode(slot))


def normalised_code(code: str) -> str:
    """A recovery code without what paper and people do to it."""
    kept = code.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    return "".join(symbol for symbol in kept if symbol in _CROCKFORD)


def new_recovery_code() -> str:
    """A code of 160 random bits in eight groups, easy to copy from paper."""
    symbols = "".join(secrets.choice(_CROCKFORD) for _ in range(_RECOVERY_SYMBOLS))
    return "-".join(symbols[i : i + 4] for i in range(0, _RECOVERY_SYMBOLS, 4))


def list_slots(folder: Path) -> Iterator[tuple[str, Slot]]:
    """Name and content of every slot; raises `ConfigurationError` when there is none."""
    paths = sorted(folder.glob("*.slot.json"))
    if not paths:
        raise ConfigurationError(
            "the library's keys are missing: restore the keys folder from a backup"
        )
    for path in paths:
        try:
            slot = msgspec.json.decode(path.read_bytes(), type=Slot)
        except msgspec.MsgspecError as error:
            raise ConfigurationError(f"the key file {path.name} cannot be read: {error}") from error
        yield path.name.removesuffix(".slot.json"), slot


def has_slot(folder: Path, name: str) -> bool:
    """Whether there is a slot with this name."""
    return _path(folder, name).is_file()


def _opened(slot: Slot, secret: str) -> bytes:
    return unwrap(_stretched(secret, slot), base64.b64decode(slot.wrapped), slot.context)


def open_slot(folder: Path, name: str, secret: str) -> bytes:
    """The master key, from one slot; raises `WrongPassphrase`."""
    slot = dict(list_slots(folder))[name]
    try:
        return _opened(slot, secret)
    except Damaged:
        raise WrongPassphrase(f"This does not open the {name} slot.") from None


def open_master(folder: Path, secret: str) -> tuple[bytes, str, User]:
    """The master key, and name and user of the slot that a secret opens.

    Raises `WrongPassphrase` when it opens none.
    """
    code = normalised_code(secret)
    for name, slot in list_slots(folder):
        if slot.kind == RECOVERY_SLOT and len(code) != _RECOVERY_SYMBOLS:
            continue  # no recovery code was typed: spare the second of stretching it
        try:
            master = _opened(slot, code if slot.kind == RECOVERY_SLOT else secret)
        except Damaged:
            continue
        return master, name, User(slot.user, slot.role)
    raise WrongPassphrase("This passphrase does not open the library. Try again.")


def change_passphrase(folder: Path, old: str, new: str) -> User:
    """Replace the passphrase that is `old`; the user whose it was.

    Raises `WrongPassphrase`, or `BadInput` when the new one is too short.
    """
    master, name, user = open_master(folder, old)
    if name == KEYRING_SLOT:
        raise BadInput("type the passphrase itself to change it")
    if name == RECOVERY_SLOT:
        raise BadInput("that is the recovery code; set a new passphrase with: mbtg key recover")
    write_slot(folder, name, PASSPHRASE_SLOT, checked_passphrase(new), master, user)
    return user


def recover(folder: Path, code: str, new: str) -> str:
    """Set the owner's passphrase with the recovery code; the new recovery code.

    Raises `WrongPassphrase` when the code opens nothing.
    """
    master, name, _ = open_master(folder, code)
    if name != RECOVERY_SLOT:
        raise WrongPassphrase("That is not the recovery code of this library.")
    write_slot(folder, PASSPHRASE_SLOT, PASSPHRASE_SLOT, new, master)
    fresh = new_recovery_code()
    write_slot(folder, RECOVERY_SLOT, RECOVERY_SLOT, normalised_code(fresh), master)
    return fresh


def add_user(folder: Path, master: bytes, name: str, role: UserRole, passphrase: str) -> None:
    """Give somebody a slot of their own; raises `BadInput` when the name cannot be used."""
    if not _NAME.fullmatch(name) or name in (PASSPHRASE_SLOT, RECOVERY_SLOT, KEYRING_SLOT):
        raise BadInput(f"{name!r} is no name for a user: use up to 32 letters a-z, digits, - and _")
    if _path(folder, name).exists():
        raise BadInput(f"{name} has a slot already. See: mbtg key list")
    write_slot(folder, name, PASSPHRASE_SLOT, passphrase, master, User(name, role))


def remove_user(folder: Path, name: str) -> None:
    """Take somebody's slot away; raises `NotFound`, or `BadInput` for the owner's own."""
    if name in (PASSPHRASE_SLOT, RECOVERY_SLOT):
        raise BadInput(f"the {name} slot is what opens the library; it can be changed, not removed")
    path = _path(folder, name)
    if not _NAME.fullmatch(name) or not path.exists():
        raise NotFound(f"There is no slot {name}. See: mbtg key list")
    path.unlink()
    sync_folder(folder)
