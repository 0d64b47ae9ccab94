"""Courses, dossiers, transcripts, kept documents of other tools, gathered texts."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0005_course"
down_revision = "0004_rating"
branch_labels = None
depends_on = None


def _refers(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target.partition('.')[0]}")
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=ondelete)


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def upgrade() -> None:
    op.create_table(
        "course_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("character", sa.LargeBinary(), nullable=True),
        _refers("course_member", "person_id", "person.id"),
        _refers("course_member", "group_id", "therapy_group.id"),
        _key("course_member"),
        sa.UniqueConstraint("course", "person_id", name=op.f("uq_course_member_course")),
    )
    op.create_table(
        "course_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(64), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("proposed", sa.Boolean(), nullable=False),
        _moment("assigned_at"),
        _refers("course_duty", "person_id", "person.id"),
        _key("course_duty"),
        sa.UniqueConstraint(
            "course", "day", "kind", "person_id", name=op.f("uq_course_duty_course")
        ),
    )
    op.create_table(
        "course_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(64), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(32), nullable=True),
        sa.Column("wish", sa.String(32), nullable=False),
        _refers("course_wish", "person_id", "person.id"),
        _key("course_wish"),
    )
    op.create_table(
        "course_clash_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(64), nullable=False),
        sa.Column("first", sa.String(32), nullable=False),
        sa.Column("second", sa.String(32), nullable=False),
        sa.Column("kept", sa.String(32), nullable=False),
        _moment("chosen_at"),
        _key("course_clash_choice"),
        sa.UniqueConstraint(
            "course", "first", "second", name=op.f("uq_course_clash_choice_course")
        ),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(32), nullable=True),
        sa.Column("course", sa.String(64), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("override", sa.LargeBinary(), nullable=True),
        _moment("made_at"),
        _moment("changed_at"),
        sa.Column("delete_by", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _refers("document", "group_id", "therapy_group.id"),
        _refers("document", "person_id", "person.id"),
        _refers("document", "author", "person.code"),
        sa.CheckConstraint(
            "(kind IN ('patient', 'formulation')) = (person_id IS NOT NULL)",
            name=op.f("ck_document_about"),
        ),
        sa.CheckConstraint(
            "(kind = 'reading') OR (group_id IS NOT NULL)", name=op.f("ck_document_group")
        ),
        _key("document"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "transcript",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(16), nullable=True),
        _moment("made_at"),
        _refers("transcript", "recording_id", "recording.id"),
        _key("transcript"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "transcript_cue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transcript_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("speaker", sa.LargeBinary(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        _refers("transcript_cue", "transcript_id", "transcript.id", "CASCADE"),
        sa.CheckConstraint('start < "end"', name=op.f("ck_transcript_cue_span")),
        _key("transcript_cue"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_transcript_cue_transcript_id_start", "transcript_cue", ["transcript_id", "start"]
    )
    op.create_table(
        "kept_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _moment("made_at"),
        _refers("kept_document", "recording_id", "recording.id"),
        _key("kept_document"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "tag_origin",
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _refers("tag_origin", "tag_id", "tag.id", "CASCADE"),
        _refers("tag_origin", "document_id", "kept_document.id", "CASCADE"),
        sa.PrimaryKeyConstraint("tag_id", name=op.f("pk_tag_origin")),
    )
    op.create_table(
        "search_gathering",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("texts", sa.LargeBinary(), nullable=False),
        _refers("search_gathering", "recording_id", "recording.id"),
        _key("search_gathering"),
        sa.UniqueConstraint("recording_id", "kind", name=op.f("uq_search_gathering_recording_id")),
    )
    # Whether a gathering is up to date is asked of all tags at once, without reading their notes.
    op.create_index("ix_tag_recording_id_revision", "tag", ["recording_id", "revision", "id"])
    for name, kind in (
        ("course", sa.String(64)),
        ("course_day", sa.Integer()),
        ("slot", sa.String(32)),
        ("held_on", sa.Date()),
    ):
        op.add_column("playlist", sa.Column(name, kind, nullable=True))
    op.create_table(
        "playlist_document",
        sa.Column("playlist_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        _refers("playlist_document", "playlist_id", "playlist.id", "CASCADE"),
        _refers("playlist_document", "document_id", "document.id", "CASCADE"),
        sa.PrimaryKeyConstraint("playlist_id", "document_id", name=op.f("pk_playlist_document")),
    )
