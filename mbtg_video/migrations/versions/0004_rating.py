"""Scorings, ratings with their scores and evidence, kept scales, the key of a bundle's scores."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0004_rating"
down_revision = "0003_studio"
branch_labels = None
depends_on = None


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target.partition('.')[0]}")
    return sa.ForeignKeyConstraint([column], [target], name=name)


def _moment(name: str, *, nullable: bool) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "kept_scale",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("scale", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_kept_scale")),
    )
    op.create_table(
        "scoring",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("excerpt_id", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.String(16), nullable=False),
        sa.Column("recording", sa.String(16), nullable=False),
        sa.Column("scale_hash", sa.String(64), nullable=False),
        sa.Column("about", sa.String(32), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        _moment("opened_at", nullable=False),
        _moment("revealed_at", nullable=True),
        _moment("signed_at", nullable=True),
        sa.Column("signed_by", sa.String(32), nullable=True),
        _refers("scoring", "excerpt_id", "excerpt.id"),
        _refers("scoring", "scale_hash", "kept_scale.hash"),
        _refers("scoring", "about", "person.code"),
        _refers("scoring", "signed_by", "person.code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scoring_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("rater", sa.String(32), nullable=True),
        sa.Column("agreed_by", sa.String(512), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("receipt", sa.String(64), nullable=False),
        sa.Column("overall", sa.JSON(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        _moment("made_at", nullable=False),
        _moment("changed_at", nullable=False),
        _moment("submitted_at", nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _refers("rating", "scoring_id", "scoring.id"),
        _refers("rating", "rater", "person.code"),
        sa.CheckConstraint(
            "(kind = 'individual') = (rater IS NOT NULL)", name=op.f("ck_rating_rater")
        ),
        sa.CheckConstraint(
            "(kind = 'consensus') = (agreed_by IS NOT NULL)", name=op.f("ck_rating_agreed_by")
        ),
        sa.CheckConstraint(
            "(state = 'submitted') = (submitted_at IS NOT NULL)", name=op.f("ck_rating_submitted")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("scoring_id", "rater", name=op.f("uq_rating_scoring_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("adherence", sa.Integer(), nullable=True),
        sa.Column("quality", sa.Integer(), nullable=True),
        sa.Column("absence", sa.String(32), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        _refers("score", "rating_id", "rating.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint("rating_id", "item", name=op.f("uq_score_rating_id")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("score_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=True),
        sa.Column("tag", sa.String(16), nullable=True),
        _refers("evidence", "score_id", "score.id"),
        sa.CheckConstraint('"end" IS NULL OR start < "end"', name=op.f("ck_evidence_span")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.add_column("bundle", sa.Column("scores_key", sa.LargeBinary(), nullable=True))
