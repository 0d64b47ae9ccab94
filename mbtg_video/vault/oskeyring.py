"""A slot whose secret the operating system keeps: Keychain, Credential Manager, Secret Service.

It spares typing on one computer. The passphrase and the recovery code go on working beside it.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from mbtg_video.errors import ConfigurationError, WrongPassphrase
from mbtg_video.users import User
from mbtg_video.vault.slots import KEYRING_SLOT, has_slot, open_slot, write_slot

_SERVICE: Final = "mbtg"
_SECRET_BYTES: Final = 32


def remember(folder: Path, library_id: str, master: bytes, user: User) -> None:
    """Make the slot, and give its secret to the system; raises `ConfigurationError`."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        raise ConfigurationError(
            "The keyring package is missing. Add it with: pipx inject mbtg-video keyring"
        ) from error
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    try:
        keyring.set_password(_SERVICE, library_id, secret)
    except KeyringError as error:
        raise ConfigurationError(
            "This system keeps no secrets for programs. Go on with the passphrase."
        ) from error
    write_slot(folder, KEYRING_SLOT, KEYRING_SLOT, secret, master, user)


def remembered_secret(folder: Path, library_id: str) -> str | None:
    """The secret that opens the slot; None when there is no slot, or this system has not got it."""
    if not has_slot(folder, KEYRING_SLOT):
        return None
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        secret: str | None = keyring.get_password(_SERVICE, library_id)
        if secret is not None:
            open_slot(folder, KEYRING_SLOT, secret)
    except (KeyringError, WrongPassphrase):
        return None  # another computer's, or replaced since: the passphrase is asked for
    return secret


def forget(library_id: str) -> None:
    """Take the secret back from the system; harmless when it has none."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return
    try:
        keyring.delete_password(_SERVICE, library_id)
    except KeyringError:
        return
