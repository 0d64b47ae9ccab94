"""Tables of a library: audit, vault, consent, recording, excerpt, tag, playlist, bundle."""

import sqlalchemy as sa
from alembic import op

revision = "0001_first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_line",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("subjects", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_line")),
    )
    op.create_table(
        "playlist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("use", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playlist")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sealed_object",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_object")),
    )
    op.create_table(
        "therapy_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("approval_required", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_therapy_group")),
        sa.UniqueConstraint("code", name=op.f("uq_therapy_group_code")),
    )
    op.create_table(
        "bundle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("playlist_id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.String(length=64), nullable=False),
        sa.Column("package_hash", sa.String(length=64), nullable=False),
        sa.Column("use", sa.String(32), nullable=False),
        sa.Column("folder", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("clips", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["playlist_id"], ["playlist.id"], name=op.f("fk_bundle_playlist_id_playlist")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "employer_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("evidence_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint("signed_on <= until", name=op.f("ck_employer_approval_dates")),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["sealed_object.id"],
            name=op.f("fk_employer_approval_evidence_id_sealed_object"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["therapy_group.id"],
            name=op.f("fk_employer_approval_group_id_therapy_group"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_approval")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["therapy_group.id"], name=op.f("fk_person_group_id_therapy_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("code", name=op.f("uq_person_code")),
    )
    op.create_table(
        "recording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("object_id", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("container", sa.String(), nullable=False),
        sa.Column("codec", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("interlaced", sa.Boolean(), nullable=False),
        sa.Column("plays_in_browser", sa.Boolean(), nullable=False),
        sa.Column("frame_rate", sa.String(42), nullable=False),
        sa.Column("constant_rate", sa.Boolean(), nullable=False),
        sa.Column("time_base", sa.String(42), nullable=False),
        sa.Column("start_pts", sa.BigInteger(), nullable=False),
        sa.Column("frame_count", sa.Integer(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("sound", sa.JSON(), nullable=False),
        sa.CheckConstraint("frame_count > 0", name=op.f("ck_recording_frames")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["therapy_group.id"], name=op.f("fk_recording_group_id_therapy_group")
        ),
        sa.ForeignKeyConstraint(
            ["object_id"], ["sealed_object.id"], name=op.f("fk_recording_object_id_sealed_object")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_recording_fingerprint")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "bundle_recipient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bundle_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bundle_id"], ["bundle.id"], name=op.f("fk_bundle_recipient_bundle_id_bundle")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_recipient")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(32), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("evidence_id", sa.String(length=32), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("signed_on <= until", name=op.f("ck_consent_dates")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["sealed_object.id"], name=op.f("fk_consent_evidence_id_sealed_object")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_table(
        "excerpt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("object_id", sa.String(length=32), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("first_frame", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=True),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('start < "end"', name=op.f("ck_excerpt_span")),
        sa.ForeignKeyConstraint(
            ["object_id"], ["sealed_object.id"], name=op.f("fk_excerpt_object_id_sealed_object")
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recording.id"], name=op.f("fk_excerpt_recording_id_recording")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excerpt")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "recording_frames",
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("differences", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name=op.f("fk_recording_frames_recording_id_recording"),
        ),
        sa.PrimaryKeyConstraint("recording_id", name=op.f("pk_recording_frames")),
    )
    op.create_table(
        "recording_presence",
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recording_presence_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name=op.f("fk_recording_presence_recording_id_recording"),
        ),
        sa.PrimaryKeyConstraint("recording_id", "person_id", name=op.f("pk_recording_presence")),
    )
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=True),
        sa.Column("scale", sa.String(length=64), nullable=True),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("label", sa.LargeBinary(), nullable=True),
        sa.Column("author", sa.String(length=32), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("valence", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('"end" IS NULL OR start < "end"', name=op.f("ck_tag_span")),
        sa.CheckConstraint("(item IS NULL) != (label IS NULL)", name=op.f("ck_tag_item_or_label")),
        sa.ForeignKeyConstraint(["author"], ["person.code"], name=op.f("fk_tag_author_person")),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recording.id"], name=op.f("fk_tag_recording_id_recording")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tag_recording_id_start", "tag", ["recording_id", "start"], unique=False)
    op.create_table(
        "consent_use",
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("use", sa.String(32), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_consent_use_consent_id_consent")
        ),
        sa.PrimaryKeyConstraint("consent_id", "use", name=op.f("pk_consent_use")),
    )
    op.create_table(
        "export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("excerpt_id", sa.Integer(), nullable=False),
        sa.Column("use", sa.String(32), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["excerpt_id"], ["excerpt.id"], name=op.f("fk_export_excerpt_id_excerpt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    op.create_table(
        "playlist_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("playlist_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("excerpt_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'excerpt') = (excerpt_id IS NOT NULL)", name=op.f("ck_playlist_entry_excerpt")
        ),
        sa.CheckConstraint(
            "minutes IS NULL OR minutes > 0", name=op.f("ck_playlist_entry_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["excerpt_id"], ["excerpt.id"], name=op.f("fk_playlist_entry_excerpt_id_excerpt")
        ),
        sa.ForeignKeyConstraint(
            ["playlist_id"], ["playlist.id"], name=op.f("fk_playlist_entry_playlist_id_playlist")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playlist_entry")),
    )
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_line_{deed.lower()} BEFORE {deed} ON audit_line "
            "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        )
