"""What the program does with terminals, files and folders that are not as they should be."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ADD, ALL, Mbtg

MAIN = "from mbtg_video.cli import main; main()"


def run(mbtg, *words, **environment):
    """The command line in a process of its own, as bytes."""
    return subprocess.run(
        [sys.executable, "-c", MAIN, *words],
        env={
            **os.environ,
            "MBTG_LIBRARY": str(mbtg.root),
            "MBTG_PASSPHRASE": mbtg.passphrase,
            "MBTG_SETTINGS": str(mbtg.root.parent / "settings.toml"),
            **environment,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    "words",
    [
        (b"group", b"add", b"G2", b"--name", b"bl\xe5"),
        (b"tag", b"add", b"R1", b"--at", b"1s", b"--label", b"bl\xe5"),
        (b"playlist", b"new", b"bl\xe5"),
        (b"recording", b"add", b"bl\xe5.mp4", b"--group", b"G1", b"--present", b"P1"),
    ],
)
def test_a_word_that_is_no_text_is_refused_and_not_repeated(mbtg, words):
    before = mbtg.state()
    done = run(mbtg, *words)
    assert done.returncode == 2
    assert b"UTF-8" in done.stderr
    assert b"Traceback" not in done.stderr
    assert mbtg.state() == before


def test_a_passphrase_in_any_bytes_is_taken_as_it_is(tmp_path):
    mbtg = Mbtg(tmp_path / "library", "unused")
    secret = b"bl\xe5b\xe6r og mer"
    assert run(mbtg, "init", MBTG_PASSPHRASE=os.fsdecode(secret)).returncode == 0
    assert run(mbtg, "group", "list", MBTG_PASSPHRASE=os.fsdecode(secret)).returncode == 0
    wrong = run(mbtg, "group", "list", MBTG_PASSPHRASE="blåbær og mer")
    assert wrong.returncode == 6


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1"])
def test_what_is_redirected_is_utf_8_whatever_the_system_writes(clinic, encoding):
    clinic("group", "add", "G2", "--name", "Blåbær 🫐")
    plain = run(clinic, "group", "list", PYTHONIOENCODING=encoding)
    as_json = run(clinic, "group", "list", "--json", PYTHONIOENCODING=encoding)
    for done in (plain, as_json):
        assert done.returncode == 0, done.stderr
        assert "Blåbær 🫐" in done.stdout.decode("utf-8")


def test_a_database_that_is_missing_empty_or_anothers_costs_no_file(
    clinic, recording_file, tmp_path, passphrase
):
    clinic("recording", "add", recording_file("no_audio"), *ADD, *ALL)
    database = clinic.root / "mbtg.db"
    files = sorted((clinic.root / "objects").iterdir())
    assert files
    kept = tmp_path / "kept.db"
    shutil.copy(database, kept)
    other = Mbtg(tmp_path / "other" / "library", passphrase)
    other.root.parent.mkdir()
    other("init")

    def remove():
        for path in clinic.root.glob("mbtg.db*"):
            path.unlink()

    remove()
    assert "missing" in clinic.refused(6, "group", "list")
    sqlite3.connect(database).close()
    database.touch()
    assert "is empty" in clinic.refused(1, "group", "list")
    remove()
    shutil.copy(other.root / "mbtg.db", database)
    assert "another library's" in clinic.refused(1, "group", "list")
    remove()
    database.write_bytes(b"no database at all, but long enough to be read as one" * 100)
    assert "cannot be used" in clinic.refused(1, "group", "list")
    assert sorted((clinic.root / "objects").iterdir()) == files
    remove()
    shutil.copy(kept, database)
    assert [row["id"] for row in clinic.json("recording", "list")] == ["R1"]


def test_a_folder_that_a_disk_puts_into_the_library_is_left_alone(clinic):
    for name in ("objects", "tmp"):
        (clinic.root / name / "@eaDir").mkdir()
    clinic("group", "list")
    assert (clinic.root / "objects" / "@eaDir").is_dir()


def test_a_library_that_is_a_file_is_said_to_be_none(tmp_path, passphrase):
    (tmp_path / "film.mp4").write_bytes(b"x")
    said = Mbtg(tmp_path / "film.mp4", passphrase).refused(6, "group", "list")
    assert "a library is a folder" in said


def cut_one(clinic, recording_file):
    clinic("recording", "add", recording_file("no_audio"), *ADD, *ALL)
    clinic("excerpt", "cut", "R1", "--from", "1s", "--to", "2s", "--title", "One")
    clinic("playlist", "new", "Friday")
    clinic("playlist", "add", "L1", "X1")


@pytest.fixture
def excerpt(prepared):
    return prepared(cut_one)


def test_an_export_that_cannot_be_written_is_not_noted_as_one(excerpt, tmp_path):
    who = ("--recipient", "Kari", "--reason", "projector")
    words = ("excerpt", "export", "X1", "--use", "supervision", *who, "--to")
    before = excerpt.state()
    assert "no folder" in excerpt.refused(2, *words, tmp_path / "nowhere" / "x.mp4")
    inside = excerpt.root / "objects" / "x.mp4"
    assert "inside the library" in excerpt.refused(2, *words, inside)
    assert excerpt.state() == before
    excerpt(*words, tmp_path / "x.mp4")
    assert len([row for row in excerpt.state() if row[0] == "export"]) == 1


def test_a_bundle_never_takes_the_place_of_an_earlier_receipt(excerpt, tmp_path):
    words = ("bundle", "make", "L1", "--recipient", "Kari", "--to", tmp_path / "out")
    excerpt(*words)
    receipt = (tmp_path / "out-receipt.json").read_bytes()
    (tmp_path / "out").rename(tmp_path / "on the stick")
    assert "earlier bundle" in excerpt.refused(2, *words)
    assert (tmp_path / "out-receipt.json").read_bytes() == receipt
    assert not (tmp_path / "out").exists()
    inside = excerpt.root / "objects" / "out"
    assert "inside the library" in excerpt.refused(2, *words[:-1], inside)


def test_a_demo_that_fails_leaves_nothing_that_nobody_can_open(mbtg, recording_file, tmp_path):
    target = tmp_path / "demo"
    words = ("demo", "--into", target, "--recording")
    assert "no file" in mbtg.refused(4, *words, tmp_path / "none.mp4")
    assert not target.exists()
    target.mkdir()
    said = mbtg(*words, recording_file("no_audio", 2), code=2).stderr
    assert "too short" in said
    assert list(target.iterdir()) == []


def test_an_answer_that_cannot_be_written_does_not_undo_what_was_done(mbtg):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", MAIN, "group", "add", "G7", "--name", "x"],
            env={
                **os.environ,
                "MBTG_LIBRARY": str(mbtg.root),
                "MBTG_PASSPHRASE": mbtg.passphrase,
            },
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert b"What was asked for is done" in done.stderr
    assert b"Nothing was changed" not in done.stderr
    assert [row["code"] for row in mbtg.json("group", "list")] == ["G7"]


def test_no_control_character_of_a_file_name_reaches_the_terminal(clinic, tmp_path):
    name = tmp_path / "a\x1b[31m.mp4"
    said = clinic.refused(4, "recording", "add", name, *ADD, *ALL)
    assert "\x1b" not in said
