from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.consent.policy import Decision, Reason, Refusal
from mbtg_video.errors import ConsentRefused


@pytest.fixture
def chain(library):
    with library.transaction() as session:
        for number in range(5):
            audit.append(session, Act.VIEW, f"R{number}", use="own_review")
    return library


def problems(library, anchor=None):
    with library.transaction() as session:
        return audit.verify(session, anchor)


def tamper(library, *statements):
    with library.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER IF EXISTS audit_line_update"))
        connection.execute(text("DROP TRIGGER IF EXISTS audit_line_delete"))
        for statement in statements:
            connection.execute(text(statement))


def test_an_untouched_chain_is_whole(chain):
    assert problems(chain) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_line SET subjects = 'R9' WHERE number = 3",
        "UPDATE audit_line SET act = 'cut' WHERE number = 3",
        "UPDATE audit_line SET at = '2020-01-01 00:00:00' WHERE number = 3",
        "UPDATE audit_line SET detail = '{}' WHERE number = 3",
        "DELETE FROM audit_line WHERE number = 3",
        "UPDATE audit_line SET number = 99 WHERE number = 6",
        "DELETE FROM audit_line WHERE number = 6",
        "DELETE FROM audit_line",
        "DELETE FROM audit_head",
    ],
)
def test_whatever_is_done_to_the_chain_shows(chain, statement):
    tamper(chain, statement)
    assert problems(chain) != []


def test_an_anchor_shows_a_tail_cut_off_with_its_head_repaired(chain):
    with chain.transaction() as session:
        anchor = audit.append(session, Act.VIEW, "R1")
    tamper(
        chain,
        "DELETE FROM audit_line WHERE number > 4",
        "UPDATE audit_head SET number = 4, code = (SELECT code FROM audit_line WHERE number = 4)",
    )
    assert problems(chain) == []
    assert problems(chain, anchor) != []


def test_the_database_itself_refuses_to_change_a_line(chain):
    with pytest.raises(IntegrityError, match="append-only"), chain.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_line"))


def test_a_refusal_is_noted_although_everything_else_is_undone(library):
    refusal = Refusal("P3", Reason.EXPIRED, "P3's consent has ended.", "Ask again.")
    decision = Decision(Use.COURSE, datetime.now(UTC).date(), frozenset(), (refusal,))

    def refuse():
        with library.transaction() as session:
            audit.append(session, Act.VIEW, "R1")
            decision.enforce("R1")

    with pytest.raises(ConsentRefused):
        refuse()
    with library.transaction() as session:
        lines = session.scalars(audit.select(audit.AuditLine)).all()
    assert [(line.act, line.subjects) for line in lines] == [
        (Act.INIT, ""),
        (Act.UNLOCK, ""),
        (Act.REFUSAL, "R1 P3"),
    ]
