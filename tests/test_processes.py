"""Several programs in one library at the same time: all that each of them did is there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import select

from mbtg_video import audit
from mbtg_video.consent.model import Group, Use
from mbtg_video.consent.record import add_group
from mbtg_video.library import create_library, open_library
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.supervision.model import Playlist
from mbtg_video.supervision.playlist import new_playlist
from mbtg_video.tag.mark import list_tags
from tests.libraries import copied

WORKERS = 8

# Each waits at the gate until all are there.
GATE = """
import sys
print("ready", flush=True)
sys.stdin.readline()
"""

# The group's name counts: whoever reads an old one and writes it back loses another's act.
ACTS = """
from sqlalchemy import select
from mbtg_video import audit
from mbtg_video.consent.model import Group
from mbtg_video.library import open_library
from pathlib import Path
root, secret, worker, acts = sys.argv[1:]
with open_library(Path(root), secret) as library:
    for number in range(int(acts)):
        with library.transaction() as session:
            group = session.scalars(select(Group)).one()
            group.name = str(int(group.name) + 1)
            audit.append(session, audit.Act.VIEW, f"W{worker}", number=number)
"""

COMMAND = "from mbtg_video.cli import main\n" + GATE + "main()\n"

HOLDING = (
    """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
"""
    + GATE
)

IMPATIENT = "from mbtg_video import database\ndatabase._BUSY_SECONDS = 1\n"


class Crowd:
    """Processes that start together."""

    def __init__(self, root, passphrase):
        self.root, self.passphrase = root, passphrase
        self._environment = {
            **os.environ,
            "MBTG_LIBRARY": str(root),
            "MBTG_PASSPHRASE": passphrase,
            "MBTG_SETTINGS": str(root.parent / "settings.toml"),
        }

    def run(self, code, *arguments):
        """One process for each list of arguments: exit code, stdout behind the gate, stderr."""
        started = [self._start(code, words) for words in arguments]
        for process in started:
            assert process.stdout.readline() == "ready\n"
        for process in started:
            process.stdin.write("\n")
            process.stdin.flush()
        # Nobody writes more than a pipe holds, so that they may be asked one after another.
        answers = [process.communicate() for process in started]
        return [(p.returncode, *answer) for p, answer in zip(started, answers, strict=True)]

    def _start(self, code, words):
        return subprocess.Popen(
            [sys.executable, "-c", code, *map(str, words)],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def writing(self):
        """Another process holds the database's write lock."""
        holder = self._start(HOLDING, [self.root / "mbtg.db"])
        try:
            assert holder.stdout.readline() == "ready\n"
            yield
        finally:
            holder.communicate("\n")
        assert holder.returncode == 0


@pytest.fixture
def crowd(tmp_path, passphrase):
    """A library that nobody has open, with a group that is named 0."""
    root = tmp_path / "library"
    create_library(root, passphrase)
    with open_library(root, passphrase) as library, library.transaction() as session:
        add_group(session, "G1", "0", approval_required=False)
    return Crowd(root, passphrase)


@pytest.fixture
def tagging(consenting, recording_file, passphrase):
    """A library with a recording, which this process has open as well."""
    said = Description("G1", date(2026, 2, 6), ("P1", "P2", "T1"))
    take_in(consenting, recording_file("gop25"), said, on=date(2026, 2, 7))
    return Crowd(consenting.root, passphrase), consenting


def _work(crowd, acts):
    answers = crowd.run(
        GATE + ACTS, *[(crowd.root, crowd.passphrase, worker, acts) for worker in range(WORKERS)]
    )
    assert answers == [(0, "", "")] * WORKERS
    with (
        open_library(crowd.root, crowd.passphrase) as library,
        library.transaction() as session,
    ):
        assert audit.verify(session) == []
        lines = audit.list_lines(session, act=audit.Act.VIEW)
        unlocked = audit.list_lines(session, act=audit.Act.UNLOCK)
        name = session.scalars(select(Group.name)).one()
    assert Counter(line.subjects for line in lines) == {f"W{w}": acts for w in range(WORKERS)}
    for worker in range(WORKERS):
        mine = [line.detail["number"] for line in lines if line.subjects == f"W{worker}"]
        assert mine == list(range(acts))
    assert name == str(WORKERS * acts)
    assert len(unlocked) == WORKERS + 2


def test_no_act_of_eight_processes_is_lost(crowd):
    _work(crowd, 25)


@pytest.mark.long
def test_no_act_of_eight_processes_is_lost_in_two_thousand(crowd):
    _work(crowd, 250)


def _tags(of, notes):
    words = ("tag", "add", "R1", "--at", "2s", "--item", "3", "--note")
    crowd, library = of
    answers = crowd.run(COMMAND, *[(*words, note) for note in notes])
    assert [code for code, _, _ in answers] == [0] * len(notes), answers
    with library.transaction() as session:
        tags = list_tags(session)
        assert sorted(tag.note for tag in tags) == sorted(notes)
        assert audit.verify(session) == []
    said = "".join(out for _, out, _ in answers)
    assert all(f"Added tag {tag.name}." in said for tag in tags)


def test_two_command_lines_that_tag_at_once_both_do(tagging):
    _tags(tagging, ["left", "right"])


@pytest.mark.long
def test_twelve_command_lines_that_tag_at_once_all_do(tagging):
    _tags(tagging, [f"note {number}" for number in range(12)])


def _busy(of, prelude):
    crowd, library = of
    with crowd.writing():
        [(code, out, err)] = crowd.run(
            prelude + COMMAND, ("tag", "add", "R1", "--at", "2s", "--item", "3")
        )
    assert code == 1
    assert out == ""
    assert "Another mbtg has been writing to this library" in err
    assert "try again" in err
    assert "Traceback" not in err
    with library.transaction() as session:
        assert not list_tags(session)
        assert audit.verify(session) == []
    assert [code for code, _, _ in crowd.run(COMMAND, ("recording", "list"))] == [0]


def test_a_library_that_is_written_to_too_long_is_said_to_be_busy(tagging):
    _busy(tagging, IMPATIENT)


@pytest.mark.long
def test_the_wait_for_another_program_ends_by_itself(tagging):
    _busy(tagging, "")


def test_a_key_that_is_replaced_by_a_program_of_its_own_leaves_every_text_readable(
    consenting_folder, tmp_path, passphrase
):
    """The program that replaces it has loaded nothing else: what it does not know it would lose."""
    with copied(consenting_folder, tmp_path) as library, library.transaction() as session:
        new_playlist(session, "Fredag", Use.SUPERVISION)
    environment = os.environ | {
        "MBTG_LIBRARY": str(library.root),
        "MBTG_PASSPHRASE": passphrase,
        "MBTG_SETTINGS": str(tmp_path / "settings.toml"),
    }

    def mbtg(*words):
        code = "from mbtg_video.cli import main; main()"
        command = [sys.executable, "-c", code, *words]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True)

    mbtg("key", "rotate")
    with open_library(library.root, passphrase) as again, again.transaction() as session:
        assert session.scalars(select(Group.name)).all() == ["Tirsdagsgruppen"]
        assert session.scalars(select(Playlist.title)).all() == ["Fredag"]
    mbtg("check")
