"""What comes in pieces is refused for what a file is refused for, and leaves nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mbtg_video.consent.model import Role, Use
from mbtg_video.consent.record import add_person, withdraw_uses
from mbtg_video.errors import BadInput, ConsentRefused, Damaged, NotFound, RoleRefused, UnsafeMedia
from mbtg_video.media import lend
from mbtg_video.recording.ingest import receiving
from mbtg_video.users import User, UserRole
from mbtg_video.vault.container import SealingWriter
from tests.recording.intake import (
    SAID,
    TODAY,
    blocks,
    drafts,
    receive,
    refusals,
    state,
)


def test_an_upload_that_is_broken_off_leaves_nothing(consenting, large):
    before = state(consenting)
    with receiving(consenting, SAID, large.name, on=TODAY) as intake:
        intake.write(large.read_bytes())
        assert len(drafts(consenting)) == 1
    assert state(consenting) == before


def test_an_upload_that_fails_leaves_nothing(consenting, large):
    before = state(consenting)

    def fail():
        with receiving(consenting, SAID, large.name, on=TODAY) as intake:
            intake.write(large.read_bytes())
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fail()
    assert state(consenting) == before


def test_half_a_file_is_refused_and_leaves_nothing(consenting, large):
    before = state(consenting)
    with receiving(consenting, SAID, large.name, on=TODAY) as intake:
        intake.write(large.read_bytes()[: large.stat().st_size // 2])
        with pytest.raises(UnsafeMedia, match="Only a part of the file is there"):
            intake.finish()
        with pytest.raises(ValueError, match="finished, or failed"):
            intake.write(b"the rest")
        with pytest.raises(ValueError, match="finished, or failed"):
            intake.finish()
    assert state(consenting) == before


def test_an_empty_upload_is_refused(consenting):
    before = state(consenting)
    with receiving(consenting, SAID, "empty.mp4", on=TODAY) as intake:
        intake.write(b"")
        with pytest.raises(UnsafeMedia, match=r"empty\.mp4 is empty. Copy it"):
            intake.finish()
    assert state(consenting) == before


def test_after_a_block_that_could_not_be_written_nothing_is_kept(consenting, large, monkeypatch):
    before = state(consenting)
    write = SealingWriter.write
    with receiving(consenting, SAID, large.name, on=TODAY) as intake:
        for number, block in enumerate(blocks(large, 1 << 20)):
            if number == 1:

                def full(*_):
                    raise OSError(28, "No space left on device")

                monkeypatch.setattr(SealingWriter, "write", full)
                with pytest.raises(OSError, match="No space"):
                    intake.write(block)
                monkeypatch.setattr(SealingWriter, "write", write)
                break
            intake.write(block)
        with pytest.raises(ValueError, match="finished, or failed"):
            intake.finish()
    assert state(consenting) == before


def test_a_chunk_that_changed_on_the_disk_is_found(consenting, large):
    before = state(consenting)
    with receiving(consenting, SAID, large.name, on=TODAY) as intake:
        intake.write(large.read_bytes())
        (draft,) = drafts(consenting)
        with draft.open("r+b") as sealed:
            sealed.seek(5 << 18)
            (byte,) = sealed.read(1)
            sealed.seek(5 << 18)
            sealed.write(bytes([byte ^ 1]))
        with pytest.raises(Damaged, match="The disk gave back something else") as caught:
            intake.finish()
    assert "chunk 4" in str(caught.value.__cause__)
    assert state(consenting) == before


def test_without_consent_no_byte_is_taken(consenting, no_draft):
    with consenting.transaction() as session:
        add_person(session, "P9", "G1", Role.PATIENT)
    before = state(consenting)
    said = replace(SAID, present_codes=("P1", "P9"))
    with (
        pytest.raises(ConsentRefused, match="P9 has given no consent"),
        receiving(consenting, said, "a.mp4", on=TODAY),
    ):
        pytest.fail("it was let in")
    assert state(consenting) == before
    (subjects, detail), *others = refusals(consenting)
    assert not others
    assert "G1" in subjects
    assert detail == {"use": "own_review"}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"group_code": "G9"}, NotFound),
        ({"present_codes": ("P1", "P7")}, NotFound),
        ({"present_codes": ()}, ConsentRefused),
        ({"recorded_on": date(2026, 3, 15)}, BadInput),
    ],
)
def test_a_wrong_description_is_refused_before_any_byte(consenting, no_draft, change, error):
    with (
        pytest.raises(error),
        receiving(consenting, replace(SAID, **change), "a.mp4", on=TODAY),
    ):
        pytest.fail("it was let in")


def test_a_supervisor_takes_nothing_in(consenting, no_draft):
    user = User("tuva", UserRole.SUPERVISOR)
    library = replace(consenting, ring=replace(consenting.ring, user=user))
    with pytest.raises(RoleRefused), receiving(library, SAID, "a.mp4", on=TODAY):
        pytest.fail("it was let in")
    assert refusals(consenting)[0][0] == "tuva"


@pytest.mark.parametrize(
    "name", ["", "  ", ".", "..", "folder/", "C:\\", "a\0b.mp4", "x" * 256, "../.."]
)
def test_a_name_that_no_file_has_is_refused(consenting, no_draft, name):
    with (
        pytest.raises(BadInput, match="no file's name"),
        receiving(consenting, SAID, name, on=TODAY),
    ):
        pytest.fail("it was let in")


def test_a_name_that_is_no_text_is_refused(consenting, no_draft):
    with (
        pytest.raises(UnsafeMedia, match="Rename the file"),
        receiving(consenting, SAID, "a\udcff.mp4", on=TODAY),
    ):
        pytest.fail("it was let in")


def test_a_consent_withdrawn_while_it_comes_refuses(consenting, small):
    with receiving(consenting, SAID, small.name, on=TODAY) as intake:
        intake.write(small.read_bytes())
        with consenting.transaction() as session:
            withdraw_uses(session, "P2", [Use.OWN_REVIEW], on=TODAY)
        before = state(consenting)
        with pytest.raises(ConsentRefused, match="P2 has withdrawn"):
            intake.finish()
    left = [row for row in before if row[0] != "tmp"]
    assert state(consenting) == left
    assert [detail for _, detail in refusals(consenting)] == [{"use": "own_review"}]


def test_a_child_that_hangs_is_ended_and_nothing_is_kept(consenting, small, monkeypatch):
    before = state(consenting)
    hanging = "mbtg_video.media.hanging"
    monkeypatch.setattr("mbtg_video.media.probe._CHILD", hanging)
    monkeypatch.setattr("mbtg_video.media.probe.PATIENCE_SECONDS", 1)
    begun = []
    popen = lend.subprocess.Popen

    def hang(command, **options):
        assert hanging in command
        code = "import time; time.sleep(600)"
        begun.append(popen([command[0], "-c", code], **options))
        return begun[0]

    monkeypatch.setattr(lend.subprocess, "Popen", hang)
    with pytest.raises(UnsafeMedia, match="took longer than"):
        receive(consenting, small)
    assert begun[0].returncode is not None
    assert state(consenting) == before
