"""Media derived from a recording, spoken names, revisions of tags, the slot of a playlist."""

import sqlalchemy as sa
from alembic import op

revision = "0003_studio"
down_revision = "0002_trust"
branch_labels = None
depends_on = None


def _of_recording(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_recording_id_recording")
    return sa.ForeignKeyConstraint(["recording_id"], ["recording.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "derived_medium",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("object_id", sa.String(32), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _of_recording("derived_medium"),
        sa.ForeignKeyConstraint(
            ["object_id"],
            ["sealed_object.id"],
            name=op.f("fk_derived_medium_object_id_sealed_object"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_derived_medium")),
        sa.UniqueConstraint("recording_id", "kind", name=op.f("uq_derived_medium_recording_id")),
    )
    op.create_table(
        "spoken_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        _of_recording("spoken_name"),
        sa.CheckConstraint('start < "end"', name=op.f("ck_spoken_name_span")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spoken_name")),
        sqlite_autoincrement=True,
    )
    op.add_column("tag", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("playlist", sa.Column("slot_minutes", sa.Integer(), nullable=True))
