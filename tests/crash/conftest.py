from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.cli.conftest import CONSENT, USES, Mbtg
from tests.crash.invariants import Judge
from tests.crash.points import Deed, Ground, Server, build

TODAY = datetime.now(UTC).astimezone().date()
PRESENT = ("P1", "P2", "T1")
PASSPHRASE = "four random words here"

# The same command, with the file sealed as it comes and then probed.
RECEIVED = """
from mbtg_video.recording import ingest
def take_in(library, path, description, *, on, progress):
    with ingest.receiving(library, description, path.name, on=on) as intake:
        with path.open("rb") as source:
            while block := source.read(100_000):
                intake.write(block)
        return intake.finish()
ingest.take_in = take_in
"""

DEEDS = {
    "tag add": Deed(("tag", "add", "R1", "--at", "2s", "--item", "3", "--note", "Hm")),
    "rate add": Deed(
        ("rate", "add", "S1", "--by", "K1", "--score", "3=4/5", "--item-note", "3=Hm", "--draft")
    ),
    "recording add": Deed(
        (
            "recording", "add", "{base}/second.mp4", "--group", "G1",
            "--recorded-on", "2026-03-13", "--present", *PRESENT,
        ),
        once=True,
    ),
    "recording received": Deed(
        (
            "recording", "add", "{base}/second.mp4", "--group", "G1",
            "--recorded-on", "2026-03-13", "--present", *PRESENT,
        ),
        once=True,
        first=RECEIVED,
    ),
    "excerpt cut": Deed(
        ("excerpt", "cut", "R1", "--from", "f30", "--to", "f101", "--title", "A turn")
    ),
    "excerpt remake": Deed(("excerpt", "remake", "X1"), proof=("check",)),
    "name mute": Deed(("name", "mute", "N1"), steps=True, proof=("check",)),
    "bundle make": Deed(
        ("bundle", "make", "L1", "--to", "{base}/out", "--recipient", "Kari"),
        makes="{base}/out",
        proof=("bundle", "verify", "{base}/out"),
    ),
    "consent withdraw": Deed(
        ("consent", "withdraw", "P1", "--yes", "--letters", "{base}/letters"), steps=True
    ),
    "purge": Deed(("purge", "--yes"), steps=True),
    "backup": Deed(
        ("backup", "{base}/backup"), steps=True, proof=("restore", "{base}/backup", "{base}/again")
    ),
    # The library key was replaced since: the old rows need the old one until the new are there.
    "backup again": Deed(
        ("backup", "{base}/kept"), steps=True, always=("restore", "{base}/kept", "{base}/restored")
    ),
    "key change": Deed(("key", "change"), environment={"MBTG_NEW_PASSPHRASE": PASSPHRASE}),
    "key rotate": Deed(("key", "rotate"), steps=True),
}  # fmt: skip


@pytest.fixture(scope="session")
def ground(tmp_path_factory, recording_file) -> Iterator[Ground]:
    """A library with a recording, an excerpt and a playlist, and a second file to take in."""
    folder = tmp_path_factory.mktemp("ground")
    base = folder / "prepared"
    base.mkdir()
    (base / "second.mp4").write_bytes(recording_file("no_audio").read_bytes())
    run = Mbtg(base / "library", PASSPHRASE)
    run("init")
    run("group", "add", "G1", "--name", "Tirsdagsgruppen")
    for code, role in (("P1", "patient"), ("P2", "patient"), ("T1", "therapist")):
        run("person", "add", code, "--group", "G1", "--role", role)
        run("consent", "record", code, "--use", *USES, *CONSENT)
    add = ("--group", "G1", "--recorded-on", "2026-02-06", "--present", *PRESENT)
    run("recording", "add", recording_file("gop25"), *add)
    run("excerpt", "cut", "R1", "--from", "1s", "--to", "3s", "--title", "First")
    run("playlist", "new", "Friday", "--use", "supervision")
    run("playlist", "add", "L1", "X1", "--minutes", "10")
    run("name", "mark", "R1", "--from", "1.5s", "--to", "2s")
    run("name", "clear", "N1", "--reason", "a street")
    run("recording", "keep", "R1", "--until", TODAY, "--reason", "the course is over")
    run("person", "add", "K1", "--group", "G1", "--role", "participant")
    run("rate", "open", "X1")
    run("rate", "add", "S1", "--by", "K1", "--score", "2=4/5", "--draft")
    run("backup", base / "kept")
    run("key", "rotate")
    run("tag", "add", "R1", "--at", "1s", "--item", "3")
    server = Server(build(folder))
    yield Ground(base, server, PASSPHRASE)
    server.close()


@pytest.fixture(scope="session")
def judge(ground) -> Judge:
    """What cuts deeds short and looks at what they left."""
    return Judge(ground)
