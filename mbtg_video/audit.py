"""Append-only chain of what was done: each line's keyed code covers the line before it.

A line is written in the transaction of its deed. Whoever can edit the database without the
passphrase cannot make a line, change one or take one out unseen; a cut tail shows in the head
row, and against an anchor noted outside the library.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from mbtg_video.database import Base
from mbtg_video.errors import BadInput, Damaged
from mbtg_video.users import OWNER, User


class Act(StrEnum):
    """What a line is about."""

    INIT = "init"
    UNLOCK = "unlock"
    FAILED_UNLOCK = "failed unlock"
    TAKE_IN = "take-in"
    VIEW = "view"
    CUT = "cut"
    TAG = "tag"
    RATING = "rating"
    NAME = "spoken name"
    COURSE = "course"
    DOCUMENT = "document"
    TRANSCRIPT = "transcript"
    EXCHANGE = "exchange"
    EXPORT = "export"
    BUNDLE = "bundle"
    DISCLOSURE = "disclosure"
    RETURN = "return"
    CONSENT = "consent"
    WITHDRAWAL = "withdrawal"
    APPROVAL = "approval"
    REFUSAL = "refusal"
    RETENTION = "retention"
    SHRED = "shred"
    EXPIRY = "expiry"
    KEY = "key"
    BACKUP = "backup"
    RESTORE = "restore"
    VERIFY = "verify"


class AuditLine(Base):
    """One deed; `subjects` are ids and codes, `detail` holds codes, dates and numbers only."""

    __tablename__ = "audit_line"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    act: Mapped[Act]
    subjects: Mapped[str]
    detail: Mapped[dict[str, Any]]
    code: Mapped[bytes]


class AuditHead(Base):
    """The last line's number and code, so that a cut tail shows."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    code: Mapped[bytes]


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the chain stood: kept outside the library, it shows a tail cut off later."""

    number: int
    code: str

    def __str__(self) -> str:
        return f"{self.number}-{self.code}"

    @classmethod
    def parse(cls, text: str) -> Anchor:
        """Undo `str`; raises `BadInput`."""
        match = _ANCHOR.fullmatch(text.strip())
        if match is None:
            raise BadInput(f"{text.strip()!r} is no anchor; they look like 12-0123456789abcdef")
        return cls(int(match[1]), match[2])


_ANCHOR_DIGITS = 16
_ANCHOR = re.compile(rf"([0-9]{{1,9}})-([0-9a-f]{{{_ANCHOR_DIGITS}}})")
_START = b"\0" * 32


def _code(key: bytes, before: bytes, line: AuditLine) -> bytes:
    parts = (
        line.number,
        line.at.astimezone(UTC).isoformat(),
        str(line.act),
        line.subjects,
        line.detail,
    )
    content = msgspec.json.encode(parts, order="deterministic")
    return hmac.digest(key, before + content, sha256)


def acting(session: Session) -> User:
    """Who acts: the ``user`` of ``session.info``, put there by the opened library."""
    user: User = session.info["user"]
    return user


def _by(session: Session) -> dict[str, str]:
    """Who acts, in a library that more than its owner can open."""
    user = acting(session)
    return {} if user == OWNER else {"by": user.name}


def append(session: Session, act: Act, *subjects: str, **detail: str | int | list[str]) -> Anchor:
    """Write one line in the caller's transaction; the chain's new anchor.

    The key is the ``audit_key`` of ``session.info``, put there by the opened library.
    """
    head = session.get(AuditHead, 1)
    if head is None:
        head = AuditHead(id=1, number=0, code=_START)
        session.add(head)
    line = AuditLine(
        number=head.number + 1,
        at=datetime.now(UTC),
        act=act,
        subjects=" ".join(subjects),
        detail=detail | _by(session),
    )
    line.code = _code(session.info["audit_key"], head.code, line)
    session.add(line)
    head.number, head.code = line.number, line.code
    session.flush()
    return Anchor(line.number, line.code.hex()[:_ANCHOR_DIGITS])


def anchor(session: Session) -> Anchor:
    """Where the chain stands."""
    head = session.get(AuditHead, 1)
    number, code = (head.number, head.code) if head else (0, _START)
    return Anchor(number, code.hex()[:_ANCHOR_DIGITS])


def recognise(session: Session) -> None:
    """Raise `Damaged` unless the last line was written with this library's key."""
    lines = session.scalars(select(AuditLine).order_by(AuditLine.number.desc()).limit(2)).all()
    before = lines[1].code if len(lines) == 2 else _START
    if not lines or not hmac.compare_digest(
        _code(session.info["audit_key"], before, lines[0]), lines[0].code
    ):
        raise Damaged(
            "The library's database is another library's, or was changed: put mbtg.db back from "
            "a backup of this one. Nothing was changed."
        )


def _breaks(key: bytes, lines: Iterable[AuditLine]) -> Iterable[str | AuditLine]:
    before = _START
    for expected, line in enumerate(lines, start=1):
        if line.number != expected:
            yield f"line {expected} is missing or renumbered"
            return
        if not hmac.compare_digest(_code(key, before, line), line.code):
            yield f"line {line.number} was changed, or a line before it was taken out"
            return
        before = line.code
        yield line


def verify(session: Session, noted: Anchor | None = None) -> list[str]:
    """What is wrong with the chain, in sentences; empty when it is whole."""
    key: bytes = session.info["audit_key"]
    last: AuditLine | None = None
    anchored = noted is None
    for found in _breaks(key, session.scalars(select(AuditLine).order_by(AuditLine.number))):
        if isinstance(found, str):
            return [found]
        last = found
        if noted and found.number == noted.number:
            anchored = found.code.hex().startswith(noted.code)
    head = session.get(AuditHead, 1)
    found_head = (head.number, head.code) if head else (0, _START)
    problems = []
    if found_head != ((last.number, last.code) if last else (0, _START)):
        problems.append("the tail of the chain was cut off")
    if not anchored:
        problems.append(f"the anchor {noted} is not part of the chain")
    return problems


def list_lines(
    session: Session,
    *,
    subject: str | None = None,
    act: Act | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[AuditLine]:
    """Lines that name a subject, of one act, from `since` through `until`; oldest first.

    A person is also meant by the recordings taken in with them and by all that was made of
    those, so that the lines of a person tell who saw them. Days are in universal time.
    """
    names = {subject}
    found = []
    for line in session.scalars(select(AuditLine).order_by(AuditLine.number)):
        mentioned = line.subjects.split()
        if subject is not None:
            if names.isdisjoint(mentioned):
                continue
            if line.act in _MAKES:
                names.add(mentioned[0])
        day = line.at.date()
        if (
            (act in (None, line.act))
            and (since is None or since <= day)
            and not (until is not None and day > until)
        ):
            found.append(line)
    return found


def rotation_due(session: Session) -> bool:
    """Whether something was shredded since the library key was last replaced."""
    acts = (Act.SHRED, Act.KEY)
    lines = session.scalars(
        select(AuditLine).where(AuditLine.act.in_(acts)).order_by(AuditLine.number.desc())
    )
    for line in lines:
        if line.act is Act.SHRED:
            return True
        if line.detail.get("deed") == "rotate":
            return False
    return False


def shredded_on(session: Session, name: str) -> date | None:
    """Day on which something was shredded; None when it was not."""
    lines = session.scalars(select(AuditLine).where(AuditLine.act == Act.SHRED))
    return next((line.at.date() for line in lines if name in line.subjects.split()), None)


def made_with(session: Session, subject: str) -> set[str]:
    """Ids of the recordings that a person was taken in with, and of all made of those."""
    lines = list_lines(session, subject=subject)
    return {line.subjects.split()[0] for line in lines if line.act in _MAKES}


# Lines whose first subject is something new, made of the others.
_MAKES = frozenset({Act.TAKE_IN, Act.CUT, Act.RATING, Act.DOCUMENT, Act.BUNDLE, Act.DISCLOSURE})
