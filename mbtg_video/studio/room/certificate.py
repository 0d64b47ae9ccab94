"""A certificate of one session: made when the room opens, forgotten when it ends."""

from __future__ import annotations

import os
import secrets
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_VALID: Final = timedelta(days=1)
_CLOCKS_DIFFER: Final = timedelta(hours=1)
_GROUP: Final = 4


@dataclass(frozen=True, slots=True)
class Certificate:
    """What phones are shown; `sealed` holds it with its key, which only `password` opens."""

    fingerprint: str
    sealed: bytes = field(repr=False)
    password: bytes = field(repr=False)


def make_certificate(address: str) -> Certificate:
    """A certificate for an IP address, signed by nobody but itself and valid for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mbtg room")])
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(now + _VALID)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, **usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, SHA256())
    )
    password = secrets.token_urlsafe(32).encode()
    sealed = certificate.public_bytes(Encoding.PEM) + key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password)
    )
    return Certificate(grouped(certificate.fingerprint(SHA256()).hex()), sealed, password)


def grouped(digits: str) -> str:
    """A fingerprint as people compare it: ``0A1B 2C3D``."""
    starts = range(0, len(digits), _GROUP)
    return " ".join(digits[start : start + _GROUP].upper() for start in starts)


def make_context(certificate: Certificate, folder: Path) -> ssl.SSLContext:
    """What a server needs to speak TLS 1.2 or newer as this certificate.

    Python reads keys from files only: one lies in `folder` for a moment, sealed.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with _written(certificate.sealed, folder) as path:
        context.load_cert_chain(path, password=certificate.password)
    return context


@contextmanager
def _written(content: bytes, folder: Path) -> Iterator[Path]:
    path = folder / f"{secrets.token_hex(16)}.part"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(content)
        yield path
    finally:
        path.unlink(missing_ok=True)
