"""Secrets sealed under a key, bound to what they are for."""

from __future__ import annotations

import base64
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mbtg_video.errors import Damaged

_NONCE_BYTES: Final = 12


def to_text(data: bytes) -> str:
    """Bytes as JSON holds them."""
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
