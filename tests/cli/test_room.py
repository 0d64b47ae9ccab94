"""`mbtg rate room` as it is typed: it shows how to join, serves, and ends when it is asked to."""

from __future__ import annotations

import json
import os
import re
import signal
import ssl
import subprocess
import sys
import urllib.request
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from mbtg_video.cli.room import room

# The command alone, as the group of its noun calls it.
_RUN = "from mbtg_video.cli.room import room; room(prog_name='mbtg rate room')"


def put_on_a_list(clinic, recording_file):
    clinic(
        "recording", "add", recording_file("gop25", 2), "--group", "G1",
        "--recorded-on", "2026-03-13", "--present", "P1", "P2", "T1",
    )  # fmt: skip
    clinic("excerpt", "cut", "R1", "--from", "f10", "--to", "f40", "--title", "planted title")
    clinic("playlist", "new", "planted name")
    clinic("playlist", "add", "L1", "X1", "--minutes", "5")


@pytest.fixture
def listed(prepared):
    """A clinic with playlist L1, which holds one excerpt."""
    return prepared(put_on_a_list)


@contextmanager
def started(mbtg, *words):
    environment = os.environ | {
        "MBTG_LIBRARY": str(mbtg.root),
        "MBTG_PASSPHRASE": mbtg.passphrase,
        "MBTG_SETTINGS": str(mbtg.root.parent / "settings.toml"),
    }
    command = [sys.executable, "-c", _RUN, "L1", "--address", "127.0.0.1", "--no-browser", *words]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        try:
            yield program
        finally:
            program.kill()


def fetched(link):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return urllib.request.urlopen(link, context=context, timeout=20).status


def test_it_says_how_to_join_and_ends_with_ctrl_c(listed):
    with started(listed) as program:
        lines = []
        while not (lines and lines[-1].startswith("A browser warns once")):
            lines.append(program.stdout.readline())
        told = "".join(lines)
        link = re.search(r"https://127\.0\.0\.1:\d+/", told)[0]
        assert re.search(r"Code: +[A-Z2-9]{6}\n", told)
        assert re.search(r"Fingerprint: +([0-9A-F]{4} ){15}[0-9A-F]{4}\n", told)
        assert told.count("█") > 100
        assert "planted" not in told
        assert fetched(link) == 200
        program.send_signal(signal.SIGINT)
        rest, warned = program.communicate(timeout=30)
    assert rest == ""
    assert warned == "The room is closed (Ctrl-C). What was saved is in the library.\n"
    assert program.returncode == 0
    deeds = [line["detail"]["deed"] for line in listed.json("audit", "list", "--act", "rating")]
    assert deeds == ["open", "room open", "room end"]


def test_a_machine_is_told_the_same_as_json(listed):
    with started(listed, "--json", "--rater", "T1") as program:
        lines = []
        while not (lines and lines[-1] == "}\n"):
            lines.append(program.stdout.readline())
        told = json.loads("".join(lines))
        assert set(told) == {"link", "code", "fingerprint", "host"}
        assert fetched(told["link"]) == 200
        program.send_signal(signal.SIGINT)
        program.communicate(timeout=30)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["L1", "--address", "0.0.0.0"], "no single address"),
        (["L1", "--address", "192.0.2.7"], "192.0.2.7 is no address of this computer"),
        (["L2"], "no playlist L2"),
        (["X1"], "no id of this kind"),
        (["L1", "--rater", "P1"], "P1 is a patient"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(listed, words, message):
    variables = {"MBTG_LIBRARY": str(listed.root), "MBTG_PASSPHRASE": listed.passphrase}
    variables["MBTG_SETTINGS"] = str(listed.root.parent / "settings.toml")
    if "--address" not in words:
        words = [*words, "--address", "127.0.0.1"]
    result = CliRunner().invoke(room, words, env=variables)
    assert message in str(result.exception)
    assert result.stdout == ""
