"""Retention, return of bundles, recipients of exports, and the epoch of the library key."""

import sqlalchemy as sa
from alembic import op

revision = "0002_trust"
down_revision = "0001_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "library_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_state")),
    )
    op.execute("INSERT INTO library_state (id, epoch) VALUES (1, 1)")
    op.create_table(
        "retention_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("was", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name=op.f("fk_retention_change_recording_id_recording"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_change")),
    )
    op.add_column("bundle", sa.Column("returned_on", sa.Date(), nullable=True))
    op.add_column("bundle", sa.Column("returned_how", sa.String(32), nullable=True))
    op.add_column("excerpt", sa.Column("own_delete_by", sa.Date(), nullable=True))
    # A table with references is added to, not made anew: that would cut them.
    op.add_column(
        "recording",
        sa.Column("delete_by", sa.Date(), nullable=False, server_default="9999-12-31"),
    )
    op.execute("UPDATE recording SET delete_by = date(taken_in_at, '+12 months')")
    op.add_column(
        "recording", sa.Column("in_journal", sa.Boolean(), nullable=False, server_default="0")
    )
    op.create_table(
        "export_kept",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("excerpt", sa.String(16), nullable=False),
        sa.Column("recording", sa.String(16), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=True),
        sa.Column("use", sa.String(32), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("returned_how", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    op.execute(
        "INSERT INTO export_kept (id, excerpt, recording, use, reason, made_at) "
        "SELECT export.id, 'X' || excerpt.id, 'R' || excerpt.recording_id, use, reason, "
        "export.made_at FROM export JOIN excerpt ON excerpt.id = export.excerpt_id"
    )
    op.drop_table("export")
    op.rename_table("export_kept", "export")
