"""Backups, what they restore to, and the close look at whether a library is whole."""

import json

import pytest

from mbtg_video.consent.record import add_group
from mbtg_video.library import open_library
from tests.cli.conftest import ADD, ALL, Mbtg, everything_in


def test_a_backup_is_sealed_incremental_and_restores_to_the_same_library(busy, tmp_path):
    first = busy.json("backup", tmp_path / "backup")
    assert (first["objects"], first["copied"], first["removed"]) == (4, 4, 0)
    content = everything_in(tmp_path / "backup")
    for planted in (b"planted", b"Kari", b"Tirsdagsgruppen"):
        assert planted not in content
    busy("excerpt", "cut", "R1", "--from", "3s", "--to", "4s", "--title", "new")
    assert busy.json("backup", tmp_path / "backup")["copied"] == 1
    busy("restore", tmp_path / "backup", tmp_path / "again")
    restored = Mbtg(tmp_path / "again", busy.passphrase)
    assert restored.json("excerpt", "list") == busy.json("excerpt", "list")
    assert restored.json("tag", "list") == busy.json("tag", "list")
    restored("check")
    assert "not empty" in busy.refused(2, "restore", tmp_path / "backup", tmp_path / "again")
    assert "no finished backup" in busy.refused(4, "restore", tmp_path / "none", tmp_path / "n")
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "notes.txt").write_text("x")
    assert "something else" in busy.refused(2, "backup", tmp_path / "else")


def test_a_backup_forgets_what_was_shredded(busy, tmp_path):
    busy("backup", tmp_path / "backup")
    busy("consent", "withdraw", "P3", "--yes", "--letters", tmp_path / "letters")
    assert busy.json("backup", tmp_path / "backup")["removed"] == 2


def test_a_restored_backup_withdraws_again_what_was_withdrawn_since(busy, tmp_path):
    busy("backup", tmp_path / "backup")
    busy("consent", "withdraw", "P3", "--yes", "--letters", tmp_path / "letters")
    ledger = busy.root / "withdrawals.json"
    target = tmp_path / "again"
    done = busy.json("restore", tmp_path / "backup", target, "--ledger", ledger)
    assert done["withdrawn"] == ["P3"]
    restored = Mbtg(target, busy.passphrase)
    assert [row["id"] for row in restored.json("recording", "list")] == ["R2"]
    restored("check")
    ledger.write_text(ledger.read_text().replace("P3", "P1"))
    assert "was changed" in busy.refused(
        1, "restore", tmp_path / "backup", tmp_path / "third", "--ledger", ledger
    )
    assert not (tmp_path / "third").exists()


def test_check_names_a_damaged_and_a_missing_file_and_what_to_do(busy):
    paths = sorted((busy.root / "objects").iterdir())
    content = bytearray(paths[0].read_bytes())
    content[len(content) // 2] ^= 1
    paths[0].write_bytes(content)
    paths[1].unlink()
    said = busy("check", code=1).stderr
    assert paths[1].name in said
    assert "from a backup" in said
    assert len(json.loads(busy("check", "--json", code=1).stdout)["problems"]) == 2


@pytest.mark.long
def test_a_recording_of_many_chunks_is_found_whole(clinic, recording_file, tmp_path):
    source = recording_file("gop25", 160)
    clinic("recording", "add", source, *ADD, *ALL)
    assert clinic.json("recording", "show", "R1")["size"] == source.stat().st_size
    clinic("check")
    clinic("backup", tmp_path / "backup")
    clinic("restore", tmp_path / "backup", tmp_path / "again")
    Mbtg(tmp_path / "again", clinic.passphrase)("check")


def test_a_ledger_may_name_people_that_the_backup_does_not_know(busy, tmp_path):
    busy("backup", tmp_path / "backup")
    busy("person", "add", "P7", "--group", "G1", "--role", "patient")
    busy("consent", "record", "P7", "--use", "research", "--form", "identifiable",
         "--signed-on", "2026-01-01", "--until", "2099-01-01")  # fmt: skip
    busy("consent", "withdraw", "P7", "--yes")
    ledger = busy.root / "withdrawals.json"
    target = tmp_path / "again"
    done = busy.json("restore", tmp_path / "backup", target, "--ledger", ledger)
    assert done["withdrawn"] == []
    assert len(Mbtg(target, busy.passphrase).json("recording", "list")) == 2


def test_a_backup_is_made_of_a_library_that_is_in_use(busy, tmp_path):
    with open_library(busy.root, busy.passphrase) as library:
        with library.transaction() as session:
            add_group(session, "G7", "before", approval_required=False)
        busy("backup", tmp_path / "backup")
        with library.transaction() as session:
            add_group(session, "G8", "behind", approval_required=False)
    busy("restore", tmp_path / "backup", tmp_path / "again")
    restored = Mbtg(tmp_path / "again", busy.passphrase).json("group", "list")
    assert [row["code"] for row in restored] == ["G1", "G7"]
    assert [row["code"] for row in busy.json("group", "list")] == ["G1", "G7", "G8"]


def test_nothing_is_backed_up_into_the_library_itself(busy):
    assert "inside the library" in busy.refused(2, "backup", busy.root / "objects" / "b")
    assert "inside the library" in busy.refused(2, "backup", busy.root)
