"""What a person at a terminal is asked, on a real pseudo-terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios

from mbtg_video.library import open_library


def _at_terminal(words, answers, environment):
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
            while termios.tcgetattr(lead)[3] & termios.ECHO:
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
