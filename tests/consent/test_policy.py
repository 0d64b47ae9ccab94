from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbtg_video.consent.model import (
    Consent,
    ConsentUse,
    EmployerApproval,
    Form,
    Group,
    Person,
    Role,
    Use,
)
from mbtg_video.consent.policy import Reason, covering, decide, shown_openly
from mbtg_video.errors import ConsentRefused

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)


def consent(*uses, form=Form.IDENTIFIABLE, signed_on=FIRST, until=LAST, withdrawn_on=None):
    return Consent(
        form=form,
        signed_on=signed_on,
        until=until,
        uses=[ConsentUse(use=use, withdrawn_on=withdrawn_on) for use in uses],
    )


def person(code="P1", *consents):
    return Person(code=code, role=Role.PATIENT, consents=list(consents))


def group(required=False, *approvals):
    return Group(code="G1", name="", approval_required=required, approvals=list(approvals))


def reasons(decision):
    return [refusal.reason for refusal in decision.refusals]


@pytest.mark.parametrize(
    ("on", "allowed"),
    [
        (FIRST - timedelta(1), False),
        (FIRST, True),
        (LAST, True),
        (LAST + timedelta(1), False),
    ],
)
def test_a_consent_holds_from_its_first_through_its_last_day(on, allowed):
    one = person("P1", consent(Use.COURSE))
    assert decide(group(), [one], Use.COURSE, on).allowed is allowed


@pytest.mark.parametrize(
    ("consents", "reason"),
    [
        ([], Reason.MISSING),
        ([consent(Use.COURSE)], Reason.NARROWER),
        ([consent(Use.SUPERVISION, until=FIRST)], Reason.EXPIRED),
        ([consent(Use.SUPERVISION, signed_on=LAST)], Reason.NOT_YET),
        ([consent(Use.SUPERVISION, withdrawn_on=FIRST)], Reason.WITHDRAWN),
        (
            [consent(Use.COURSE), consent(Use.SUPERVISION, until=FIRST), consent(Use.TEACHING)],
            Reason.EXPIRED,
        ),
    ],
)
def test_the_refusal_says_which_reason_and_who(consents, reason):
    decision = decide(group(), [person("P7", *consents)], Use.SUPERVISION, FIRST + timedelta(5))
    assert reasons(decision) == [reason]
    with pytest.raises(ConsentRefused, match="P7") as refused:
        decision.enforce("R1")
    assert refused.value.exit_code == 3
    assert refused.value.subjects == ("R1", "P7")


def test_a_refusal_names_the_command_that_mends_it():
    decision = decide(group(True), [person("P1")], Use.SUPERVISION, FIRST)
    assert "mbtg consent record P1 --use supervision" in decision.refusals[0].remedy
    assert "mbtg consent approve G1" in decision.refusals[1].remedy


@pytest.mark.parametrize(
    "held", [consent(Use.COURSE, withdrawn_on=FIRST), consent(Use.COURSE, form=Form.CONCEALED)]
)
def test_after_withdrawal_or_for_open_pictures_a_new_consent_is_what_mends(held):
    present = [person("P1", held)]
    (refusal,) = shown_openly(decide(group(), present, Use.COURSE, FIRST)).refusals
    assert "mbtg consent record P1 --use course --form identifiable" in refusal.remedy
    present[0].consents.append(consent(Use.COURSE))
    assert shown_openly(decide(group(), present, Use.COURSE, FIRST)).allowed


def test_withdrawal_counts_from_its_day_on_and_a_new_consent_stands_again():
    day = FIRST + timedelta(10)
    taken_back = consent(Use.COURSE, withdrawn_on=day)
    assert decide(group(), [person("P1", taken_back)], Use.COURSE, day - timedelta(1)).allowed
    assert not decide(group(), [person("P1", taken_back)], Use.COURSE, day).allowed
    again = person("P1", taken_back, consent(Use.COURSE, signed_on=day))
    assert decide(group(), [again], Use.COURSE, day).allowed


def test_the_newest_consent_that_covers_decides_the_form():
    older, newer = consent(Use.COURSE), consent(Use.COURSE, form=Form.CONCEALED)
    decision = decide(group(), [person("P1", older, newer)], Use.COURSE, FIRST)
    assert decision.allowed
    assert decision.conceal == {"P1"}
    assert reasons(shown_openly(decision)) == [Reason.CONCEALMENT]


def test_nobody_present_is_refused():
    assert not decide(group(), [], Use.OWN_REVIEW, FIRST).allowed


def test_one_person_without_consent_stops_all():
    present = [person("P1", consent(Use.COURSE)), person("P2")]
    decision = decide(group(), present, Use.COURSE, FIRST)
    assert [refusal.code for refusal in decision.refusals] == ["P2"]


DAYS = st.integers(-3, 12).map(lambda days: FIRST + timedelta(days))
CONSENTS = st.builds(
    lambda uses, form, days, withdrawn: consent(
        *uses, form=form, signed_on=min(days), until=max(days), withdrawn_on=withdrawn
    ),
    st.sets(st.sampled_from(Use), min_size=1),
    st.sampled_from(Form),
    st.tuples(DAYS, DAYS),
    st.none() | DAYS,
)
APPROVALS = st.tuples(DAYS, DAYS).map(
    lambda days: EmployerApproval(signed_on=min(days), until=max(days))
)


@given(
    people=st.lists(st.lists(CONSENTS, max_size=3), min_size=1, max_size=4),
    approvals=st.lists(APPROVALS, max_size=2),
    required=st.booleans(),
    use=st.sampled_from(Use),
    on=DAYS,
)
def test_allowed_if_and_only_if_everybody_consents_and_the_employer_where_needed(
    people, approvals, required, use, on
):
    present = [person(f"P{i}", *consents) for i, consents in enumerate(people)]
    decision = decide(group(required, *approvals), present, use, on)

    def holds(one):
        return any(
            entry.use == use
            and c.signed_on <= on <= c.until
            and not (entry.withdrawn_on and entry.withdrawn_on <= on)
            for c in one.consents
            for entry in c.uses
        )

    approved = not required or any(a.signed_on <= on <= a.until for a in approvals)
    assert decision.allowed == (all(map(holds, present)) and approved)
    if decision.allowed:
        ends = [covering(one.consents, use, on).until for one in present]
        if required:
            ends.append(max(a.until for a in approvals if a.signed_on <= on <= a.until))
        assert decision.until == min(ends)
    else:
        assert decision.until is None
    for one in present:
        held = covering(one.consents, use, on)
        assert (held is not None) == holds(one)
        assert (one.code in decision.conceal) == (held is not None and held.form is Form.CONCEALED)
