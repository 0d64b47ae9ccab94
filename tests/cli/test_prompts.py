"""What a person at a terminal is asked, on a real pseudo-terminal."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import termios

import pytest

from mbtg_video.library import open_library
from tests.cli.conftest import ADD, ALL


def _at_terminal(words, answers, environment, *, hidden=True):
    """Run the command line at a terminal, giving each answer when its question has appeared."""
    lead, follow = pty.openpty()
    command = [sys.executable, "-c", "from mbtg_video.cli import main; main()", *map(str, words)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MBTG_")}
    with subprocess.Popen(
        command, stdin=follow, stdout=follow, stderr=follow, env=clean | environment
    ) as child:
        os.close(follow)
        shown = ""
        for question, answer in answers:
            while question not in shown:
                shown += _read(lead)
            # The answer must not be echoed: wait until the terminal was told so.
            while hidden and termios.tcgetattr(lead)[3] & termios.ECHO:
                pass
            shown = shown.split(question)[-1]
            os.write(lead, answer.encode() + b"\n")
        while part := _read(lead):
            shown += part
    os.close(lead)
    return child.returncode, shown


def _read(lead):
    try:
        return os.read(lead, 4096).decode()
    except OSError:  # the other side has closed
        return ""


def _plain(clinic):
    """An opened library at a terminal that knows neither bold nor colour."""
    return {
        "MBTG_LIBRARY": str(clinic.root),
        "MBTG_PASSPHRASE": clinic.passphrase,
        "TERM": "dumb",
    }


def test_in_a_narrow_window_no_id_time_date_or_code_is_cut(clinic, recording_file):
    clinic("recording", "add", recording_file("gop25"), *ADD, *ALL)
    clinic("tag", "add", "R1", "--from", "1.5s", "--to", "2s", "--item", "3", "--by", "T1",
           "--as", "missed", "--note", "Here was room for a far more open question.")  # fmt: skip
    clinic("person", "add", "P9", "--group", "G1", "--role", "cotherapist")
    where = _plain(clinic) | {"COLUMNS": "80"}
    shown = ""
    for words in (["tag", "list"], ["consent", "status"], ["recording", "list"]):
        code, said = _at_terminal(words, [], where)
        assert code == 0
        assert all(len(line) <= 80 for line in said.splitlines())
        shown += said
    assert "…" not in shown
    written = set(re.split(r"[\s,]+", shown))
    assert written >= {"T1", "R1", "00:00:01.500", "00:00:02.000", "own_review", "identifiable",
                       "2099-12-31", "cotherapist", "2026-03-13", "00:00:12.000"}  # fmt: skip


@pytest.mark.long
def test_a_control_character_in_a_text_never_reaches_the_terminal(clinic, recording_file, tmp_path):
    clinic("group", "add", "G2", "--name", "x")
    evil = tmp_path / "a\x1b]0;b\x07\x9bc.mp4"
    shutil.copy(recording_file("gop25"), evil)
    where = _plain(clinic)
    title = "\x1b[31mtitle\x9b0m"
    # With a progress bar, whose own control sequences begin otherwise.
    words = ["recording", "add", evil, *ADD, *ALL]
    code, shown = _at_terminal(words, [], where | {"TERM": "xterm", "COLUMNS": "200"})
    assert code == 0
    assert "Sealing a" in shown
    assert not re.search("\x1b\\]|[\x07\x9b]", shown)
    for words in (
        ["recording", "list"],
        ["recording", "list", "--json"],
        ["playlist", "new", title],
        ["playlist", "show", "L1"],
        ["playlist", "show", "L1", "--json"],
        ["tag", "add", "R1", "--at", "1s", "--label", title, "--json"],
    ):
        code, shown = _at_terminal(words, [], where)
        assert code == 0
        assert not re.search("[\x1b\x07\x9b]", shown), words
    assert clinic.json("playlist", "show", "L1")["title"] == title
    clinic("excerpt", "cut", "R1", "--from", "1s", "--to", "2s", "--title", "x")
    clinic("playlist", "add", "L1", "X1")
    clinic("bundle", "make", "L1", "--to", tmp_path / "out", "--recipient", title)
    code, shown = _at_terminal(["bundle", "list"], [], where)
    assert code == 0
    assert "\x1b" not in shown
    assert "[31m" in shown  # what is left of it is harmless, and tells that it was there


def test_init_asks_twice_and_echoes_nothing(tmp_path, passphrase):
    root = tmp_path / "library"
    answers = [("New passphrase: ", passphrase), ("Once more: ", passphrase)]
    code, shown = _at_terminal(["init", root], answers, {})
    assert code == 0
    assert "Recovery code" in shown
    assert passphrase not in shown
    with open_library(root, passphrase) as library:
        assert library.root == root


def test_init_makes_nothing_when_the_two_differ(tmp_path, passphrase):
    root = tmp_path / "library"
    answers = [("New passphrase: ", passphrase), ("Once more: ", passphrase + "x")]
    code, shown = _at_terminal(["init", root], answers, {})
    assert code == 6
    assert "differ" in shown
    assert not root.exists()


def test_a_library_asks_once_and_says_when_it_is_wrong(mbtg, passphrase):
    where = {"MBTG_LIBRARY": str(mbtg.root)}
    code, _ = _at_terminal(["group", "list"], [("Passphrase: ", passphrase)], where)
    assert code == 0
    code, shown = _at_terminal(["group", "list"], [("Passphrase: ", "wrong words here")], where)
    assert code == 6
    assert "does not open the library" in shown


def _with_the_short_scale(scored):
    settings = scored.root.parent / "settings.toml"
    settings.write_text('scale = "teaching-example"\n')
    return _plain(scored) | {"MBTG_SETTINGS": str(settings)}


def test_scores_are_asked_one_by_one_and_kept_as_they_are_typed(scored):
    environment = _with_the_short_scale(scored)
    words = ("rate", "add", "X1", "--by", "K1")
    answers = [("frame", "4/9"), ("1 to 5", "4/5"), ("floor", "none"), ("interpreting", ".")]
    code, shown = _at_terminal(words, answers, environment, hidden=False)
    assert code == 0
    assert "as a draft" in shown
    kept = scored.json("rate", "show", "S1", "--by", "K1")["items"]
    assert [(one["adherence"], one["quality"], one["absence"]) for one in kept[:3]] == [
        (4, 5, None),
        (None, None, "did_not_occur"),
        (None, None, None),
    ]
    rest = [("interpreting", "3/3"), ("warm", "5"), ("too much", "?/2"), ("adherence", "3"),
            ("quality", "4"), ("Submit", "y")]  # fmt: skip
    code, shown = _at_terminal(words, rest, environment, hidden=False)
    assert code == 0
    assert "has submitted Q1" in shown


def test_a_score_that_cannot_be_is_left_open_when_it_is_not_written_again(scored):
    words = ("rate", "add", "X1", "--by", "K1")
    answers = [("frame", "4/9"), ("1 to 5", ""), ("floor", "none"), ("interpreting", ".")]
    code, shown = _at_terminal(words, answers, _with_the_short_scale(scored), hidden=False)
    assert (code, "as a draft" in shown) == (0, True)
    kept = scored.json("rate", "show", "S1", "--by", "K1")["items"]
    assert [one["absence"] for one in kept[:3]] == [None, "did_not_occur", None]


def test_a_draft_that_was_changed_elsewhere_is_not_overwritten_by_what_is_typed(scored):
    def answers():
        yield ("frame", "4/4")
        yield ("floor", "")
        scored("rate", "add", "S1", "--by", "K1", "--score", "2=5/5", "--draft")
        yield ("interpreting", "3/3")

    environment = _with_the_short_scale(scored)
    words = ("rate", "add", "X1", "--by", "K1")
    code, shown = _at_terminal(words, answers(), environment, hidden=False)
    assert (code, "changed elsewhere" in shown) == (1, True)
    kept = scored.json("rate", "show", "S1", "--by", "K1")["items"]
    assert [one["quality"] for one in kept[:3]] == [4, 5, None]


def test_a_consensus_that_was_changed_elsewhere_is_not_overwritten_by_what_is_typed(scored):
    environment = _with_the_short_scale(scored)
    alike = ["3=4/4", "4=4", "5=4/4"]
    overall = ("--overall", "adherence=4", "--overall", "quality=4")
    for rater, own in (("K1", ["1=3/3", "2=3/3"]), ("K2", ["1=4/4", "2=4/4"])):
        words = [word for score in (*own, *alike) for word in ("--score", score)]
        scored("rate", "add", "X1", "--by", rater, *words, *overall, environment=environment)
    scored("rate", "reveal", "S1", "--yes")

    def answers():
        yield ("frame", "2/2")
        scored("rate", "consensus", "S1", "--score", "1=5/5", "--score", "2=5/5")
        yield ("floor", "2/2")

    words = ("rate", "consensus", "S1")
    code, shown = _at_terminal(words, answers(), environment, hidden=False)
    assert (code, "changed elsewhere" in shown) == (1, True)


def test_a_consensus_is_asked_for_until_all_of_it_is_answered(scored):
    (scored.root.parent / "scales").mkdir()
    environment = _plain(scored) | {"MBTG_SETTINGS": str(scored.root.parent / "settings.toml")}
    (scored.root.parent / "settings.toml").write_text('scale = "teaching-example"\n')
    same = ("--score", "3=3/3", "--score", "5=2/2", "--overall", "adherence=3",
            "--overall", "quality=4")  # fmt: skip
    rates = {"K1": ("1=4/5", "2=none", "4=5"), "K2": ("1=2/3", "2=3/3", "4=5")}
    scale = scored.json("rate", "open", "X1", "--scale", "teaching-example")
    for rater, written in rates.items():
        given = [word for one in written for word in ("--score", one)]
        scored("rate", "add", scale["id"], "--by", rater, *given, *same)
    scored("rate", "reveal", "S1", "--yes")
    words = ("rate", "consensus", "S1")
    code, shown = _at_terminal(words, [("frame", "4/4"), ("floor", ".")], environment, hidden=False)
    assert code == 1
    assert "Nothing was recorded." in shown
    answers = [("frame", ""), ("floor", "none"), ("frame", "4/4")]
    code, shown = _at_terminal(words, answers, environment, hidden=False)
    assert code == 0
    assert "is the consensus of K1, K2" in shown
