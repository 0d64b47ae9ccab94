"""The seal on the scores that come back from a bundle.

A page that is open to many raters writes what only the library reads: a random key seals the
scores (AES-256-GCM), and is wrapped twice. For the library by an ephemeral key pair against the
bundle's public key (ECDH on P-256, HKDF-SHA-256), whose private half never leaves the library;
for the page under a key from the bundle's own sealed content, so that a rater can go on later.
What is sealed names its purpose, the bundle and the version in its authenticated data.
"""

from __future__ import annotations

from dataclasses import dataclass
from os import urandom
from typing import Annotated, Final, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from mbtg_video.errors import Damaged

SCORES_FORMAT: Final = "mbtg-scores"
SCORES_VERSION: Final = 1
LARGEST_SCORES: Final = 4 * 1024 * 1024
"""Bytes of a file; a full sheet with long notes takes a tenth of it."""

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_CURVE: Final = ec.SECP256R1()
_POINT_BYTES: Final = 65
_SEALED_KEY_BYTES: Final = _NONCE_BYTES + _KEY_BYTES + 16

_Wrapped = Annotated[
    bytes, msgspec.Meta(min_length=_SEALED_KEY_BYTES, max_length=_SEALED_KEY_BYTES)
]


class ForLibrary(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The content's key as only the library opens it, and the page's half of that."""

    public: Annotated[bytes, msgspec.Meta(min_length=_POINT_BYTES, max_length=_POINT_BYTES)]
    wrapped: _Wrapped


class ScoresFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that a file of scores shows: which bundle it is of, and sealed bytes."""

    format: Literal["mbtg-scores"]
    version: Literal[1]
    bundle: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
    library: ForLibrary
    own: _Wrapped
    sealed: bytes


@dataclass(frozen=True, slots=True)
class ScoresLock:
    """A bundle's keys for its scores: `private` stays, `public` and `own` go with the bundle."""

    private: str
    public: bytes
    own: bytes

    @classmethod
    def new(cls) -> ScoresLock:
        """Random keys; `private` as a text to be kept sealed."""
        key = ec.generate_private_key(_CURVE)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return cls(private, _point(key.public_key()), urandom(_KEY_BYTES))


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def bound(bundle: str, purpose: str) -> bytes:
    """What a sealed text is bound to; the page says the same."""
    return f"{SCORES_FORMAT}|{SCORES_VERSION}|{bundle}|{purpose}".encode()


def _open(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)


def open_scores(file: ScoresFile, private: str) -> bytes:
    """What a file's rater saved; raises `Damaged` for one that was changed or is another's."""
    try:
        own = load_pem_private_key(private.encode(), None)
        if not isinstance(own, ec.EllipticCurvePrivateKey):
            raise Damaged("the key that opens this bundle's scores is damaged")
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, file.library.public)
        told = bound(file.bundle, "library") + file.library.public + _point(own.public_key())
        derivation = HKDF(SHA256(), _KEY_BYTES, b"", told)
        wrapping = derivation.derive(own.exchange(ec.ECDH(), theirs))
        key = _open(wrapping, file.library.wrapped, bound(file.bundle, "library"))
        return _open(key, file.sealed, bound(file.bundle, "scores"))
    except (InvalidTag, ValueError) as error:
        raise Damaged(
            "the file was changed, or is damaged: ask for it again, as the page saved it"
        ) from error
