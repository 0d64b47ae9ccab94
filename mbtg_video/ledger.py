"""The withdrawal ledger: which consents ended, small enough to travel apart from any backup.

A backup that is older than a withdrawal would bring back what was taken out. The ledger is a
list of codes, uses and dates, with a keyed code over it; restoring applies it once more.
"""

from __future__ import annotations

import hmac
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video.consent.model import Consent, ConsentUse, Person, Use
from mbtg_video.errors import Damaged, NotFound
from mbtg_video.library import Library
from mbtg_video.vault.durable import write_durably

FILE: Final = "withdrawals.json"


class Withdrawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One use that one person took back."""

    person: str
    use: Use
    on: date


class _Ledger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    withdrawn: list[Withdrawn]
    code: str


def _code(key: bytes, withdrawn: list[Withdrawn]) -> str:
    return hmac.digest(key, b"ledger" + msgspec.json.encode(withdrawn), sha256).hex()


def write(session: Session, library: Library) -> None:
    """Write what the library knows of withdrawals to its ledger, whole or not at all."""
    rows = session.execute(
        select(Person.code, ConsentUse.use, ConsentUse.withdrawn_on)
        .join(Consent, Consent.id == ConsentUse.consent_id)
        .join(Person, Person.id == Consent.person_id)
        .where(ConsentUse.withdrawn_on.is_not(None))
        .order_by(Person.code, ConsentUse.use, ConsentUse.withdrawn_on)
    )
    withdrawn = [Withdrawn(code, use, day) for code, use, day in rows if day is not None]
    content = _Ledger(withdrawn, _code(library.ring.audit_key, withdrawn))
    write_durably(library.root / FILE, msgspec.json.encode(content))


def read(path: Path, library: Library) -> list[Withdrawn]:
    """Withdrawals in the ledger at `path`; raises `NotFound`, or `Damaged` when it was changed."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_Ledger)
    except FileNotFoundError:
        raise NotFound(f"There is no withdrawal ledger {path}.") from None
    except msgspec.MsgspecError as error:
        raise Damaged(f"The withdrawal ledger {path} cannot be read: {error}") from error
    if not hmac.compare_digest(found.code, _code(library.ring.audit_key, found.withdrawn)):
        raise Damaged(f"The withdrawal ledger {path} was changed, or is another library's.")
    return found.withdrawn
