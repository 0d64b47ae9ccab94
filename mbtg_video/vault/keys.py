"""Keys of a library: slots open the master key, the master key opens the library key.

::

    passphrase ──argon2id──▶ slot ─┐
    recovery code ─argon2id─▶ slot ─┼─▶ master key ─▶ library key (an epoch) ─▶ data keys, text
                                    └────────────────▶ audit key, fingerprint key

The library key can be replaced without asking for every passphrase again, because slots
hold the master key only. While it is being replaced the file holds the old key and the next
one, and the database says which of them its rows are sealed with. All files are JSON, hold no
secret in the clear and are replaced whole or not at all.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mbtg_video.errors import ConfigurationError, Damaged
from mbtg_video.users import OWNER, User
from mbtg_video.vault.container import KEY_BYTES
from mbtg_video.vault.durable import write_durably
from mbtg_video.vault.slots import (
    PASSPHRASE_SLOT,
    RECOVERY_SLOT,
    checked_passphrase,
    new_recovery_code,
    normalised_code,
    open_master,
    write_slot,
)
from mbtg_video.vault.wrapping import to_text, unwrap, wrap

LIBRARY_KEYS: Final = "library.json"


class LibraryKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Keys below the master key, as they lie in ``keys/library.json``."""

    epoch: int
    library: str
    audit: str
    fingerprint: str
    next_library: str | None = None


@lru_cache(maxsize=4)
def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, None, purpose.encode()).derive(key)


@dataclass(slots=True, repr=False)
class Keyring:
    """The opened keys of one library and whose slot opened them; lives in memory only."""

    folder: Path
    user: User
    slot: str
    epoch: int
    master: bytes
    library_key: bytes
    audit_key: bytes
    fingerprint_key: bytes

    def wrap_data_key(self, object_id: str, data_key: bytes) -> bytes:
        """Data key of one sealed file, ready to be stored in its row."""
        return wrap(self.library_key, data_key, f"object/{object_id}")

    def open_data_key(self, object_id: str, wrapped: bytes) -> bytes:
        """Undo `wrap_data_key`; raises `Damaged`."""
        return unwrap(self.library_key, wrapped, f"object/{object_id}")

    def seal_text(self, column: str, text: str) -> bytes:
        """Text sealed for one column, so that it cannot be moved to another."""
        return wrap(_derived(self.library_key, "text"), text.encode(), f"text/{column}")

    def open_text(self, column: str, sealed: bytes) -> str:
        """Undo `seal_text`; raises `Damaged`."""
        return unwrap(_derived(self.library_key, "text"), sealed, f"text/{column}").decode()

    def follow(self, epoch: int) -> None:
        """Use the library key that the database's rows are sealed with.

        Raises `Damaged` when it is gone.
        """
        if epoch == self.epoch:
            return
        stored = _read(self.folder)
        if epoch == stored.epoch:
            text: str | None = stored.library
        else:
            text = stored.next_library if epoch == stored.epoch + 1 else None
        if text is None:
            raise Damaged(
                f"the library's rows are sealed with key {epoch}, and the keys folder holds key "
                f"{stored.epoch}: restore both from one backup"
            )
        self.epoch, self.library_key = epoch, _unwrapped(self.master, text, epoch)

    def settle(self) -> None:
        """Forget the key before the present one; the caller holds the database's write lock."""
        stored = _read(self.folder)
        if stored.epoch + 1 == self.epoch and stored.next_library is not None:
            settled = msgspec.structs.replace(
                stored, epoch=self.epoch, library=stored.next_library, next_library=None
            )
            write_durably(self.folder / LIBRARY_KEYS, msgspec.json.encode(settled))

    def prepare_next(self) -> Keyring:
        """A keyring with a new library key, kept beside the present one until `settle`.

        The caller holds the database's write lock.
        """
        self.settle()
        key = os.urandom(KEY_BYTES)
        epoch = self.epoch + 1
        stored = msgspec.structs.replace(
            _read(self.folder), next_library=to_text(wrap(self.master, key, f"library/{epoch}"))
        )
        write_durably(self.folder / LIBRARY_KEYS, msgspec.json.encode(stored))
        return replace(self, epoch=epoch, library_key=key)


def _unwrapped(master: bytes, text: str, epoch: int) -> bytes:
    return unwrap(master, base64.b64decode(text), f"library/{epoch}")


def epoch_of(path: Path) -> int:
    """Epoch of the library key in a file as ``library.json``; raises `ConfigurationError`."""
    return _read_file(path).epoch


def _read(folder: Path) -> LibraryKeys:
    return _read_file(folder / LIBRARY_KEYS)


def _read_file(path: Path) -> LibraryKeys:
    try:
        return msgspec.json.decode(path.read_bytes(), type=LibraryKeys)
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigurationError(f"the key file {path.name} cannot be read: {error}") from error


def create_keys(folder: Path, passphrase: str) -> tuple[Keyring, str]:
    """Make the keys of a new library in `folder`: the opened keyring and the recovery code.

    Raises `BadInput` when the passphrase is too short.
    """
    checked_passphrase(passphrase)
    folder.mkdir(mode=0o700)
    master = os.urandom(KEY_BYTES)
    write_slot(folder, PASSPHRASE_SLOT, PASSPHRASE_SLOT, passphrase, master)
    ring = Keyring(
        folder, OWNER, PASSPHRASE_SLOT, 1, master, *(os.urandom(KEY_BYTES) for _ in range(3))
    )
    code = new_recovery_code()
    stored = LibraryKeys(
        ring.epoch,
        to_text(wrap(master, ring.library_key, f"library/{ring.epoch}")),
        to_text(wrap(master, ring.audit_key, "audit")),
        to_text(wrap(master, ring.fingerprint_key, "fingerprint")),
    )
    write_durably(folder / LIBRARY_KEYS, msgspec.json.encode(stored))
    write_slot(folder, RECOVERY_SLOT, RECOVERY_SLOT, normalised_code(code), master)
    return ring, code


def open_keys(folder: Path, secret: str) -> Keyring:
    """Keyring of a library, opened with a passphrase or the recovery code.

    Raises `WrongPassphrase` when no slot opens, `ConfigurationError` when files are missing.
    """
    master, slot, user = open_master(folder, secret)
    return keyring_of(folder, master, slot, user)


def keyring_of(folder: Path, master: bytes, slot: str, user: User) -> Keyring:
    """Keyring below an opened master key."""
    stored = _read(folder)
    return Keyring(
        folder,
        user,
        slot,
        stored.epoch,
        master,
        _unwrapped(master, stored.library, stored.epoch),
        unwrap(master, base64.b64decode(stored.audit), "audit"),
        unwrap(master, base64.b64decode(stored.fingerprint), "fingerprint"),
    )
