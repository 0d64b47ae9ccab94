"""The one decision: may these persons be shown for this use on this day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from mbtg_video.consent.model import Consent, EmployerApproval, Form, Group, Person, Use
from mbtg_video.errors import ConsentRefused


class Reason(StrEnum):
    """Why a person or a group stands in the way."""

    MISSING = "missing"
    NOT_YET = "not yet valid"
    EXPIRED = "expired"
    NARROWER = "narrower"
    WITHDRAWN = "withdrawn"
    APPROVAL = "employer approval missing"
    CONCEALMENT = "concealment missing"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason, whom it concerns, a sentence and the command that mends it."""

    code: str
    reason: Reason
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rule says; `conceal` holds the codes of persons who must not be recognised.

    `until` is the last day on which all that allows it still holds; None when it is refused.
    """

    use: Use
    on: date
    conceal: frozenset[str]
    refusals: tuple[Refusal, ...]
    until: date | None = None

    @property
    def allowed(self) -> bool:
        """Whether nothing stands in the way, short of the concealments asked for."""
        return not self.refusals

    def enforce(self, *subjects: str) -> None:
        """Raise `ConsentRefused`, naming every reason and remedy, unless allowed."""
        if self.allowed:
            return
        lines = [f"{', '.join(subjects)} cannot be used for {self.use} on {self.on.isoformat()}:"]
        lines += [f"  {refusal.sentence} {refusal.remedy}" for refusal in self.refusals]
        codes = tuple(refusal.code for refusal in self.refusals)
        raise ConsentRefused("\n".join(lines), (*subjects, *codes), self.use)


def _standing(consent: Consent, use: Use, on: date) -> Reason | None:
    """Why this consent does not cover the use on the day; None when it does."""
    entry = next((entry for entry in consent.uses if entry.use is use), None)
    if entry is None:
        return Reason.NARROWER
    if entry.withdrawn_on is not None and entry.withdrawn_on <= on:
        return Reason.WITHDRAWN
    if on < consent.signed_on:
        return Reason.NOT_YET
    return Reason.EXPIRED if on > consent.until else None


def covering(consents: Sequence[Consent], use: Use, on: date) -> Consent | None:
    """The consent that covers the use on the day: the newest one recorded, if several do."""
    return next((c for c in reversed(consents) if _standing(c, use, on) is None), None)


_SENTENCES = {
    Reason.MISSING: "{code} has given no consent.",
    Reason.NOT_YET: "{code}'s consent to {use} begins later.",
    Reason.EXPIRED: "{code}'s consent to {use} has ended.",
    Reason.NARROWER: "{code}'s consent does not include {use}.",
    Reason.WITHDRAWN: "{code} has withdrawn the consent to {use}.",
}


def _signed(code: str, use: Use) -> str:
    return (
        f"When it is signed: mbtg consent record {code} --use {use} "
        "--form identifiable --signed-on DATE --until DATE"
    )


def _refused(person: Person, use: Use, on: date) -> Refusal:
    standings = [_standing(consent, use, on) for consent in person.consents]
    # The newest statement about the use says why; "narrower" only when none speaks of it.
    spoken = [s for s in standings if s is not None and s is not Reason.NARROWER]
    reason = spoken[-1] if spoken else Reason.NARROWER if standings else Reason.MISSING
    sentence = _SENTENCES[reason].format(code=person.code, use=use)
    remedy = _signed(person.code, use)
    if reason is Reason.WITHDRAWN:
        remedy = f"Only a new written consent undoes that. {remedy}"
    return Refusal(person.code, reason, sentence, remedy)


def approved_until(approvals: Sequence[EmployerApproval], on: date) -> date | None:
    """Last day of the approval that is valid on the day; None when none is."""
    return max((a.until for a in approvals if a.signed_on <= on <= a.until), default=None)


def decide(group: Group, present: Sequence[Person], use: Use, on: date) -> Decision:
    """Whether `present` may be shown for `use` on the day `on`.

    Every person needs a consent that covers use and day; a concealed one demands that person's
    concealment; a group that requires it needs its employer's approval. Nobody present is
    refused, since nobody could have consented.
    """
    refusals: list[Refusal] = []
    conceal: set[str] = set()
    ends: list[date] = []
    if not present:
        refusals.append(
            Refusal(
                group.code,
                Reason.MISSING,
                "It is not known who is present.",
                "Name them: mbtg recording add FILE --present CODE...",
            )
        )
    for person in present:
        consent = covering(person.consents, use, on)
        if consent is None:
            refusals.append(_refused(person, use, on))
            continue
        ends.append(consent.until)
        if consent.form is Form.CONCEALED:
            conceal.add(person.code)
    approval_end = approved_until(group.approvals, on)
    if group.approval_required and approval_end is not None:
        ends.append(approval_end)
    elif group.approval_required:
        refusals.append(
            Refusal(
                group.code,
                Reason.APPROVAL,
                f"Group {group.code} needs its employer's approval, and none is valid.",
                f"When it is signed: mbtg consent approve {group.code} "
                "--signed-on DATE --until DATE",
            )
        )
    until = None if refusals else min(ends)
    return Decision(use, on, frozenset(conceal), tuple(refusals), until)


def shown_openly(decision: Decision) -> Decision:
    """The decision for pictures without concealment: refused where somebody demands one."""
    refusals = tuple(
        Refusal(
            code,
            Reason.CONCEALMENT,
            f"{code} consented to concealed pictures only, and {code} is not concealed here.",
            f"Everybody present in the recording counts. Ask {code} for an identifiable consent. "
            + _signed(code, decision.use),
        )
        for code in sorted(decision.conceal)
    )
    return replace(
        decision,
        refusals=decision.refusals + refusals,
        until=None if refusals else decision.until,
    )
