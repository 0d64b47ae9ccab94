"""The one door for a document that others will read: the consents of those it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.consent.policy import Decision, Reason, Refusal, decide
from mbtg_video.dossier.keep import persons_of
from mbtg_video.dossier.model import Document, DocumentKind
from mbtg_video.users import MATRIX, Power, UserRole


def _nobody_known(code: str) -> Refusal:
    return Refusal(
        code,
        Reason.MISSING,
        f"Nobody is written down as a patient of group {code}, so nobody has consented.",
        f"Write them down: mbtg person add CODE --group {code} --role patient",
    )


def _concealed(code: str, document: Document) -> Refusal:
    return Refusal(
        code,
        Reason.CONCEALMENT,
        f"{code} consented to being concealed only, and {document.name} was sealed although it "
        "seemed to name somebody.",
        f"Write it with codes: mbtg dossier edit {document.name} FILE",
    )


def decide_document(document: Document, use: Use, on: date) -> Decision:
    """Whether a document may be read by others for `use` on the day `on`.

    Everybody it is about has to consent, and the group's employer where that is required. Words
    about a code conceal whom they are about, unless a finding in them was overridden. A reading
    list is about nobody, and always may.
    """
    if document.group is None or document.kind is DocumentKind.READING:
        return Decision(use, on, frozenset(), ())
    persons = persons_of(document)
    decision = decide(document.group, persons, use, on)
    refusals = list(decision.refusals)
    if not persons:
        refusals[0] = _nobody_known(document.group.code)
    if document.overridden:
        refusals += [_concealed(code, document) for code in sorted(decision.conceal)]
    if not refusals:
        return decision
    return replace(decision, refusals=tuple(refusals), until=None)


def permit_document(document: Document, use: Use, on: date) -> Decision:
    """The decision on a document, enforced; raises `ConsentRefused`."""
    decision = decide_document(document, use, on)
    decision.enforce(document.name)
    return decision


def look_at(session: Session, document: Document, on: date) -> str:
    """Text of a document for who reads it in the library, after its audit line.

    Owners and therapists read for their own review; a supervisor reads for supervision, which
    everybody it is about has to permit. Raises `RoleRefused` or `ConsentRefused`.
    """
    user = audit.acting(session)
    user.require(Power.WATCH)
    if user.role is UserRole.SUPERVISOR:
        permit_document(document, Use.SUPERVISION, on)
    audit.append(session, Act.VIEW, document.name)
    return document.text


def readable(session: Session, *, on: date) -> set[int]:
    """Numbers of the documents whose texts the user may read, as `look_at` decides it."""
    user = audit.acting(session)
    if Power.WATCH not in MATRIX[user.role]:
        return set()
    if user.role is not UserRole.SUPERVISOR:
        return set(session.scalars(select(Document.id)))
    documents = session.scalars(select(Document))
    return {one.id for one in documents if decide_document(one, Use.SUPERVISION, on).allowed}


def open_document(session: Session, document: Document, use: Use, on: date) -> str:
    """Text of a document that is handed out, after decision and audit line.

    The line names whom it is about now: somebody may join a group later. Raises
    `ConsentRefused`.
    """
    permit_document(document, use, on)
    about = [person.code for person in persons_of(document)]
    audit.append(session, Act.BUNDLE, document.name, *about, use=use)
    return document.text
