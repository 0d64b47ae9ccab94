"""`mbtg studio` as it is typed: it shows a link, serves, and ends when it is asked to."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest


@contextmanager
def started(mbtg, *words, first=""):
    """The command in a process of its own; ended by force if it does not end by itself."""
    environment = os.environ | {
        "MBTG_LIBRARY": str(mbtg.root),
        "MBTG_PASSPHRASE": mbtg.passphrase,
        "MBTG_SETTINGS": str(mbtg.root.parent / "settings.toml"),
    }
    code = f"{first}\nfrom mbtg_video.cli import main; main()"
    command = [sys.executable, "-c", code, "studio", *words]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        try:
            yield program
        finally:
            program.kill()


def asked(link: str) -> int:
    """Status of the answer to the link."""
    match = re.fullmatch(r"http://127\.0\.0\.1:(\d+)(/\?token=\S+)", link)
    assert match
    connection = http.client.HTTPConnection("127.0.0.1", int(match[1]), timeout=30)
    try:
        connection.request("GET", match[2])
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signal to a process")
def test_it_shows_a_link_and_stops_with_ctrl_c(clinic):
    with started(clinic, "--no-browser") as program:
        first, empty, last = (program.stdout.readline() for _ in range(3))
        match = re.search(r"http\S+", first)
        assert match, first
        assert (empty, last.split(". ")[-1]) == ("\n", "Stop it with Ctrl-C.\n")
        assert asked(match[0]) == 303
        program.send_signal(signal.SIGINT)
        _, complaints = program.communicate(timeout=60)
        assert program.returncode == 0, complaints
    assert complaints == "The studio has stopped (Ctrl-C). The library is closed.\n"
    clinic("check")


def test_machines_get_the_link_as_json(clinic):
    with started(clinic, "--no-browser", "--json") as program:
        told = ""
        while not told.endswith("}\n"):
            told += program.stdout.readline()
        assert asked(json.loads(told)["link"]) == 303


def test_it_ends_when_nobody_uses_it(clinic):
    first = "from mbtg_video.studio import serve; serve._MINUTE_SECONDS = 0"
    with started(clinic, "--no-browser", "--idle-minutes", "7", first=first) as program:
        _, complaints = program.communicate(timeout=60)
        assert program.returncode == 0
    assert "nobody used it for 7 minutes" in complaints


def test_a_port_that_is_taken_is_told(clinic):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = clinic.refused(2, "studio", "--no-browser", "--port", port)
    assert f"port {port} is taken" in said


def test_whoever_may_not_look_gets_no_studio(clinic):
    clinic("key", "add", "anna", "--role", "auditor", environment={"MBTG_NEW_PASSPHRASE": "x" * 20})
    refused = clinic("studio", "--no-browser", code=3, environment={"MBTG_PASSPHRASE": "x" * 20})
    assert "auditor" in refused.stderr
    assert "http" not in refused.stdout
