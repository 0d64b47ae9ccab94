"""Each promise of the vault, broken on purpose in the tested process, is found out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from mbtg_video.errors import MbtgError
from tests.crash.conftest import DEEDS

FILES_ARE_NOT_SYNCED = """
import os, stat
real_fsync = os.fsync
def fsync(file):
    if stat.S_ISDIR(os.fstat(file).st_mode):
        real_fsync(file)
os.fsync = fsync
"""

FOLDERS_ARE_NOT_SYNCED = FILES_ARE_NOT_SYNCED.replace("if stat", "if not stat")

THE_ROW_COMES_BEFORE_THE_FILE = """
from sqlalchemy import event
from mbtg_video.vault.store import Store
from mbtg_video.vault.durable import sync_folder
def publish(self, session, draft):
    row = draft.seal(self._ring)
    def move(_session):
        draft.path.rename(self._objects / row.id)
        sync_folder(self._objects)
    event.listen(session, "after_commit", move, once=True)
    session.add(row)
    return row
Store.publish = publish
"""


THE_FILE_GOES_BEFORE_THE_KEY = """
from pathlib import Path
from mbtg_video import withdrawal
shred = withdrawal.shred
def unlink_first(session, recording):
    gone = shred(session, recording)
    for name in gone:
        Path(session.get_bind().url.database).parent.joinpath("objects", name).unlink()
    return gone
withdrawal.shred = unlink_first
"""


@dataclass(frozen=True)
class Mutant:
    """A program changed for the worse, and a mode in which each of the deeds shows it.

    It shows at the last counted call that holds `at`; with none named, at the last of all.
    """

    prelude: str
    mode: str
    at: str
    deeds: tuple[str, ...]


MAKING = ("recording add", "excerpt cut")
MUTANTS = {
    "files are not synced": Mutant(FILES_ARE_NOT_SYNCED, "power", "", MAKING),
    "folders are not synced": Mutant(FOLDERS_ARE_NOT_SYNCED, "power", "", MAKING),
    "the row comes before the file": Mutant(
        THE_ROW_COMES_BEFORE_THE_FILE, "kill", "rename /library/objects/", MAKING
    ),
    "the file goes before the key": Mutant(
        THE_FILE_GOES_BEFORE_THE_KEY,
        "kill",
        "rename /library/withdrawals.json",
        ("consent withdraw",),
    ),
}
PAIRS = [(name, deed) for name, mutant in MUTANTS.items() for deed in mutant.deeds]


def caught(judge, mutant, deed, base, at):
    try:
        judge.check(deed, base, mutant.mode, at, mutant.prelude)
    except (AssertionError, MbtgError):
        return True
    return False


def unhindered(judge, mutant, deed, base):
    """Calls of the mutant, which does the same as the right program while nothing happens."""
    done = judge.unhindered(deed, base, mutant.prelude)
    right = judge.whole(deed, base)
    assert (done.shape, done.acts) == (right.shape, right.acts)
    return done.calls


@pytest.mark.parametrize(("name", "deed"), [pair for pair in PAIRS if pair[1] != "excerpt cut"])
def test_a_program_without_a_promise_is_caught_where_it_breaks_it(judge, tmp_path, name, deed):
    mutant, base = MUTANTS[name], tmp_path / "base"
    calls = unhindered(judge, mutant, DEEDS[deed], base)
    at = max(number for number, call in enumerate(calls, start=1) if mutant.at in call)
    assert caught(judge, mutant, DEEDS[deed], base, at)


@pytest.mark.long
@pytest.mark.parametrize(("name", "deed"), PAIRS)
def test_a_program_without_a_promise_is_caught_at_some_moment(judge, tmp_path, name, deed):
    mutant, base = MUTANTS[name], tmp_path / "base"
    calls = unhindered(judge, mutant, DEEDS[deed], base)
    moments = range(len(calls), 0, -1)
    assert any(caught(judge, mutant, DEEDS[deed], base, at) for at in moments)


@pytest.mark.parametrize(("name", "deed"), [pair for pair in PAIRS if pair[1] != "excerpt cut"])
def test_the_right_program_is_not_caught_where_the_wrong_one_is(judge, tmp_path, name, deed):
    mutant, base = replace(MUTANTS[name], prelude=""), tmp_path / "base"
    calls = judge.whole(DEEDS[deed], base).calls
    at = max(number for number, call in enumerate(calls, start=1) if mutant.at in call)
    judge.check(DEEDS[deed], base, mutant.mode, at)
