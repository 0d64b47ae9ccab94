"""Who permits what until when, and what stands in the way of a use on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mbtg_video.consent.model import Form, Group, Person, Role, Use
from mbtg_video.consent.policy import approved_until, covering, decide


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's row: uses permitted on the day, their form and end, and what is missing."""

    group: str
    person: str
    role: Role
    uses: tuple[Use, ...]
    form: tuple[Form, ...]
    until: date | None
    missing: tuple[str, ...]


def _standing(group: Group, person: Person, wanted: Use | None, on: date) -> Standing:
    valid = {use: covering(person.consents, use, on) for use in Use}
    held = {use: consent for use, consent in valid.items() if consent is not None}
    # Without a use asked for, any that is held tells what else stands in the way.
    decision = decide(group, [person], wanted or next(iter(held), Use.OWN_REVIEW), on)
    missing = [refusal.sentence for refusal in decision.refusals]
    if wanted is not None:
        missing += [f"Pictures of {code} may leave only concealed." for code in decision.conceal]
    shown = [held[wanted]] if wanted in held else list(held.values()) if wanted is None else []
    ends = [consent.until for consent in shown]
    approval_end = approved_until(group.approvals, on) if group.approval_required else None
    if ends and approval_end is not None:
        ends.append(approval_end)
    return Standing(
        group.code,
        person.code,
        person.role,
        tuple(held),
        tuple(sorted({consent.form for consent in shown})),
        min(ends, default=None),
        tuple(missing),
    )


def standings(groups: Sequence[Group], wanted: Use | None, on: date) -> list[Standing]:
    """A row for every person of `groups`.

    `until` is the earliest end of the consents and of the approval that are valid.
    """
    return [_standing(group, person, wanted, on) for group in groups for person in group.persons]
