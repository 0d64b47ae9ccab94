"""The lock on a package: what the page in a browser can open with WebCrypto, and nothing else.

The passphrase gives a key by PBKDF2 (SHA-256); that key wraps the random key of the package,
which seals the content: titles, tags, notes, and a random key for each clip. Everything is
AES-256-GCM. A sealed text names what it is in its authenticated data, so that none passes for
another; a part's nonce is its clip's random prefix, its number and whether it is the last.
"""

from __future__ import annotations

import os
import secrets
import struct
from dataclasses import dataclass
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from mbtg_video.errors import BadInput, Damaged, WrongPassphrase
from mbtg_video.supervision.passphrase import normalised

ITERATIONS: Final = 600_000
"""Of PBKDF2; about a fifth of a second in a browser."""

MOST_ITERATIONS: Final = 10_000_000

SHORTEST_PASSPHRASE: Final = 12

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_PREFIX_BYTES: Final = 7
_TAG_BYTES: Final = 16

SHORTEST_SEALED: Final = _NONCE_BYTES + _TAG_BYTES
"""Bytes of a sealed text that says nothing."""


class LockHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What lies open in a package: enough to try a passphrase."""

    id: str
    iterations: int
    salt: bytes
    wrapped_key: bytes


def _seal(key: bytes, name: str, data: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, name.encode())


def _open(key: bytes, name: str, sealed: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())


def _key_from(passphrase: str, salt: bytes, iterations: int) -> bytes:
    derivation = PBKDF2HMAC(SHA256(), _KEY_BYTES, salt, iterations)
    return derivation.derive(normalised(passphrase).encode())


@dataclass(frozen=True, slots=True)
class ClipLock:
    """Seals and opens the parts of one clip."""

    name: str
    key: bytes
    prefix: bytes

    def _nonce(self, part: int, last: bool) -> bytes:
        return self.prefix + struct.pack(">IB", part, last)

    def seal(self, part: int, last: bool, data: bytes) -> bytes:
        """A part's ciphertext."""
        return AESGCM(self.key).encrypt(self._nonce(part, last), data, self.name.encode())

    def opens(self, part: int, last: bool, sealed: bytes) -> bool:
        """Whether a part is whole, unchanged and in its place."""
        try:
            AESGCM(self.key).decrypt(self._nonce(part, last), sealed, self.name.encode())
        except InvalidTag:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Lock:
    """The key of one package, and the head by which a passphrase opens it."""

    head: LockHead
    key: bytes

    @classmethod
    def new(cls, passphrase: str) -> Lock:
        """Lock with a random key; raises `BadInput` for a passphrase that is too short."""
        if len(normalised(passphrase)) < SHORTEST_PASSPHRASE:
            raise BadInput(
                f"the passphrase of a bundle needs at least {SHORTEST_PASSPHRASE} characters; "
                "leave it out and six words are chosen"
            )
        package, key, salt = secrets.token_hex(16), os.urandom(_KEY_BYTES), os.urandom(16)
        wrapped = _seal(_key_from(passphrase, salt, ITERATIONS), f"{package}|key", key)
        return cls(LockHead(id=package, iterations=ITERATIONS, salt=salt, wrapped_key=wrapped), key)

    @classmethod
    def opened(cls, head: LockHead, passphrase: str) -> Lock:
        """Lock of an existing package; raises `WrongPassphrase`, or `Damaged` for no lock of ours.

        A number of rounds that would take for ever is none.
        """
        if not 1 <= head.iterations <= MOST_ITERATIONS:
            raise Damaged("the bundle's lock is not as it was made")
        derived = _key_from(passphrase, head.salt, head.iterations)
        try:
            return cls(head, _open(derived, f"{head.id}|key", head.wrapped_key))
        except ValueError:
            raise Damaged("the bundle's lock is not as it was made") from None
        except InvalidTag:
            raise WrongPassphrase("The passphrase does not open this bundle.") from None

    def seal_content(self, data: bytes) -> bytes:
        """Ciphertext of what the package says of its clips."""
        return _seal(self.key, f"{self.head.id}|content", data)

    def open_content(self, sealed: bytes) -> bytes:
        """What the package says of its clips; raises `Damaged`."""
        try:
            return _open(self.key, f"{self.head.id}|content", sealed)
        except (InvalidTag, ValueError):
            raise Damaged("the bundle's content does not verify") from None

    def new_clip(self, clip: str) -> ClipLock:
        """Lock with a random key for the clip with this id."""
        return self.clip(clip, os.urandom(_KEY_BYTES), os.urandom(_PREFIX_BYTES))

    def clip(self, clip: str, key: bytes, prefix: bytes) -> ClipLock:
        """Lock of an existing clip."""
        return ClipLock(f"{self.head.id}|{clip}", key, prefix)
