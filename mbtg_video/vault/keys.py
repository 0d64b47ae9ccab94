"""Keys of a library: slots open the master key, the master key opens the library key.

::

    passphrase ──argon2id──▶ slot ─┐
    recovery code ─argon2id─▶ slot ─┼─▶ master key ─▶ library key (an epoch) ─▶ data keys, text
                                    └────────────────▶ audit key, fingerprint key

The library key can be replaced without asking for every passphrase again, because slots
hold the master key only. All files are JSON, hold no secret in the clear and are replaced
whole or not at all.
"""

from __future__ import annotations

import base64
import os
import secrets
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mbtg_video.errors import BadInput, ConfigurationError, Damaged, WrongPassphrase
from mbtg_video.vault.container import KEY_BYTES
from mbtg_video.vault.durable import write_durably

SHORTEST_PASSPHRASE: Final = 8
PASSPHRASE_SLOT: Final = "passphrase"  # noqa: S105  a kind of slot
RECOVERY_SLOT: Final = "recovery"

# RFC 9106, section 4: the second recommended option, for machines with little memory.
_PASSES: Final = 3
_MEMORY_KIB: Final = 64 * 1024
_LANES: Final = 4
_NONCE_BYTES: Final = 12
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RECOVERY_SYMBOLS: Final = 32  # 160 bits


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to open the master key, as it lies in ``keys/NAME.slot.json``."""

    kind: str
    salt: str
    passes: int
    memory_kib: int
    lanes: int
    wrapped: str


class LibraryKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Keys below the master key, as they lie in ``keys/library.json``."""

    epoch: int
    library: str
    audit: str
    fingerprint: str


def _to_text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def wrap(key: bytes, secret: bytes, context: str) -> bytes:
    """`secret` sealed under `key`, bound to `context`; a random nonce goes in front."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, context.encode())


def unwrap(key: bytes, wrapped: bytes, context: str) -> bytes:
    """Undo `wrap`; raises `Damaged` when the key, the context or the bytes differ."""
    try:
        return AESGCM(key).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError):
        raise Damaged(f"a sealed value ({context}) does not verify") from None


@lru_cache(maxsize=4)
def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, None, purpose.encode()).derive(key)


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The opened keys of one library; lives in memory only."""

    epoch: int
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


def _made_slot(kind: str, secret: str, master: bytes) -> Slot:
    salt = _to_text(os.urandom(16))
    bare = Slot(kind, salt, _PASSES, _MEMORY_KIB, _LANES, "")
    wrapped = wrap(_stretched(secret, bare), master, f"slot/{kind}")
    return msgspec.structs.replace(bare, wrapped=_to_text(wrapped))


def _normalised_code(code: str) -> str:
    kept = code.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    return "".join(symbol for symbol in kept if symbol in _CROCKFORD)


def new_recovery_code() -> str:
    """A code of 160 random bits in eight groups, easy to copy from paper."""
    symbols = "".join(secrets.choice(_CROCKFORD) for _ in range(_RECOVERY_SYMBOLS))
    return "-".join(symbols[i : i + 4] for i in range(0, _RECOVERY_SYMBOLS, 4))


def create_keys(folder: Path, passphrase: str) -> tuple[Keyring, str]:
    """Make the keys of a new library in `folder`: the opened keyring and the recovery code.

    Raises `BadInput` when the passphrase is too short.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BadInput(
            f"the passphrase needs at least {SHORTEST_PASSPHRASE} characters; "
            "four random words are easy to remember"
        )
    folder.mkdir(mode=0o700)
    master = os.urandom(KEY_BYTES)
    ring = Keyring(1, *(os.urandom(KEY_BYTES) for _ in range(3)))
    code = new_recovery_code()
    stored = LibraryKeys(
        ring.epoch,
        _to_text(wrap(master, ring.library_key, "library")),
        _to_text(wrap(master, ring.audit_key, "audit")),
        _to_text(wrap(master, ring.fingerprint_key, "fingerprint")),
    )
    write_durably(folder / "library.json", msgspec.json.encode(stored))
    for kind, secret in ((PASSPHRASE_SLOT, passphrase), (RECOVERY_SLOT, _normalised_code(code))):
        slot = _made_slot(kind, secret, master)
        write_durably(folder / f"{kind}.slot.json", msgspec.json.encode(slot))
    return ring, code


def _open_master(folder: Path, secret: str) -> bytes:
    code = _normalised_code(secret)
    slots = sorted(folder.glob("*.slot.json"))
    if not slots:
        raise ConfigurationError(
            "the library's keys are missing: restore the keys folder from a backup"
        )
    for path in slots:
        try:
            slot = msgspec.json.decode(path.read_bytes(), type=Slot)
        except msgspec.MsgspecError as error:
            raise ConfigurationError(f"the key file {path.name} cannot be read: {error}") from error
        if slot.kind == RECOVERY_SLOT and len(code) != _RECOVERY_SYMBOLS:
            continue  # no recovery code was typed: spare the second of stretching it
        try:
            key = _stretched(code if slot.kind == RECOVERY_SLOT else secret, slot)
            return unwrap(key, base64.b64decode(slot.wrapped), f"slot/{slot.kind}")
        except Damaged:
            continue
    raise WrongPassphrase("This passphrase does not open the library. Try again.")


def open_keys(folder: Path, secret: str) -> Keyring:
    """Keyring of a library, opened with its passphrase or its recovery code.

    Raises `WrongPassphrase` when no slot opens, `ConfigurationError` when files are missing.
    """
    master = _open_master(folder, secret)
    path = folder / "library.json"
    try:
        stored = msgspec.json.decode(path.read_bytes(), type=LibraryKeys)
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigurationError(f"the key file {path.name} cannot be read: {error}") from error
    opened = (
        unwrap(master, base64.b64decode(getattr(stored, name)), name)
        for name in ("library", "audit", "fingerprint")
    )
    return Keyring(stored.epoch, *opened)
