"""What a process is lent it can read whole; whatever else it tries is refused, and it is ended."""

from __future__ import annotations

import hashlib
import io
import os
import random
import signal
import struct
import subprocess
import sys
import threading

import pytest

from mbtg_video.errors import Damaged, UnsafeMedia
from mbtg_video.media import lend
from mbtg_video.media.probe import child_environment
from mbtg_video.vault.container import SealedReader, SealingWriter

CONTENT = random.Random(1).randbytes(1_500_001)
KEY, ID = bytes(32), bytes(16)
PATIENT = 60
BORROWS = (
    "import sys; from mbtg_video.media.lend import borrow, hand_back\n"
    f"file = borrow({len(CONTENT)})\n"
)
SAYS = """
import os, struct, sys, time
def say(*parts):
    os.write(1, struct.pack(">cQI", *parts))
def take(size):
    while size and (taken := os.read(0, size)):
        size -= len(taken)
"""


class Dribble(io.BytesIO):
    """A file that gives less than it is asked for, as one without a buffer may."""

    def read(self, size=-1):
        return super().read(min(size, 1000))


def sealed():
    raw = io.BytesIO()
    writer = SealingWriter(raw, KEY, ID)
    writer.write(CONTENT)
    writer.finish()
    return raw


@pytest.fixture
def children(monkeypatch):
    """Every process that something is lent to."""
    begun = []

    class Noted(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            begun.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return begun


def lent(code, file=None, seconds=PATIENT):
    """What a process that runs `code` reports of a file."""
    command = (sys.executable, "-P", "-c", code)
    return lend.lend(file or io.BytesIO(CONTENT), command, child_environment(), seconds)


@pytest.mark.parametrize(
    "opened",
    [
        lambda _: io.BytesIO(CONTENT),
        lambda _: Dribble(CONTENT),
        lambda _: SealedReader(sealed(), KEY, ID),
        lambda path: path.open("rb", buffering=0),
    ],
    ids=["memory", "dribbling", "sealed", "plain"],
)
def test_what_is_lent_is_read_whole_and_at_any_place(opened, tmp_path):
    path = tmp_path / "plain"
    path.write_bytes(CONTENT)
    places = [(0, 3), (len(CONTENT) - 5, 100), (len(CONTENT) + 7, 4), (700_000, 300_000), (1, 16)]
    code = BORROWS + (
        "import hashlib\n"
        "found = hashlib.sha256(file.read())\n"
        f"for place, size in {places}: file.seek(place); found.update(file.read(size))\n"
        "assert file.seek(-4, 2) == file.tell()\n"
        "hand_back(found.digest() + file.read())\n"
    )
    expected = hashlib.sha256(CONTENT)
    for place, size in places:
        expected.update(CONTENT[place : place + size])
    with opened(path) as file:
        assert lent(code, file) == expected.digest() + CONTENT[-4:]


def test_a_borrower_holds_nothing_but_pipes():
    code = BORROWS + (
        "import os\n"
        "file.read(10)\n"
        "held = [os.readlink(f'/proc/self/fd/{n}') for n in range(3)]\n"
        "more = [n for n in os.listdir('/proc/self/fd') if int(n) > 2]\n"
        "hand_back(repr((held, len(more))).encode())\n"
    )
    held, more = eval(lent(code, SealedReader(sealed(), KEY, ID)))
    assert [name.split(":")[0] for name in held] == ["pipe", "pipe", "/dev/null"]
    assert more == 1  # the folder that is being listed


MOST = lend.MOST_ASKED_BYTES
RIGHT = "say(b'!', 0, 2); os.write(1, b'ok'); "
BREAKS = {
    "says nothing": "",
    "says half a word": "os.write(1, b'?')",
    "says something else": "say(b'x', 0, 1); " + RIGHT,
    "prints": "print('hello, here I am, the facts')",
    "asks for nothing": "say(b'?', 0, 0); " + RIGHT,
    "asks for more than the file": f"say(b'?', {len(CONTENT)}, 1); take(1); " + RIGHT,
    "asks across the end": f"say(b'?', {len(CONTENT) - 1}, 2); take(2); " + RIGHT,
    "asks for too much at once": f"say(b'?', 0, {MOST + 1}); take({MOST + 1}); " + RIGHT,
    "asks at the end of all numbers": "say(b'?', 2**64 - 1, 1); take(1); " + RIGHT,
    "asks and is gone": "say(b'?', 0, 2**20)",
    "reports at a place": "say(b'!', 1, 2); os.write(1, b'ok')",
    "reports too much": (
        f"say(b'!', 0, {lend.MOST_REPORTED_BYTES + 1})\n"
        f"sys.stdout.buffer.write(bytes({lend.MOST_REPORTED_BYTES + 1}))"
    ),
    "reports less than it says": "say(b'!', 0, 3); os.write(1, b'ok')",
    "goes on behind its report": RIGHT + "os.write(1, b'.')",
    "asks behind its report": RIGHT + "say(b'?', 0, 1)",
    "fails behind its report": RIGHT + "sys.exit(3)",
    "is killed behind its report": RIGHT + "os.kill(os.getpid(), 9)",
}


@pytest.mark.parametrize("breach", BREAKS)
def test_a_borrower_that_breaks_the_rules_is_refused(breach, children):
    with pytest.raises(UnsafeMedia, match="built to mislead"):
        lent(SAYS + BREAKS[breach])
    assert children[0].returncode is not None


def test_the_rules_can_be_kept_by_hand():
    assert lent(SAYS + RIGHT) == b"ok"
    asked = "say(b'?', 5, 3); seen = os.read(0, 9); say(b'!', 0, len(seen)); os.write(1, seen)"
    assert lent(SAYS + asked) == CONTENT[5:8]
    assert lent(SAYS + f"say(b'?', {len(CONTENT) - MOST}, {MOST}); take({MOST}); " + RIGHT) == b"ok"
    most = f"sys.stdout.buffer.write(bytes({lend.MOST_REPORTED_BYTES}))"
    assert len(lent(SAYS + f"say(b'!', 0, {lend.MOST_REPORTED_BYTES})\n" + most)) == 64 << 20


HANGS = {
    "never asks": "time.sleep(600)",
    "does not take its answer": "say(b'?', 0, 2**20); time.sleep(600)",
    "never ends its report": "say(b'!', 0, 3); time.sleep(600)",
    "stays behind its report": RIGHT + "os.close(1); time.sleep(600)",
    "asks for ever": "\nwhile True: say(b'?', 0, 1); os.read(0, 1)",
    "leaves its pipes to another": "pid = os.fork(); time.sleep(0 if pid else 20)",
}


@pytest.mark.parametrize("way", HANGS)
def test_a_borrower_that_never_ends_is_ended(way, children, monkeypatch):
    monkeypatch.setattr(lend, "_PARTING_SECONDS", 0.1)
    with pytest.raises(UnsafeMedia, match="took longer than"):
        lent(SAYS + HANGS[way], seconds=1)
    assert children[0].returncode in (-signal.SIGKILL, 0)


class Stuck(io.BytesIO):
    """A file on a disk that does not answer until it is let go."""

    def __init__(self):
        super().__init__(CONTENT)
        self.let_go = threading.Event()

    def read(self, size=-1):
        self.let_go.wait()
        return super().read(size)


def test_a_file_that_never_answers_is_not_waited_for(children, monkeypatch):
    monkeypatch.setattr(lend, "_PARTING_SECONDS", 0.1)
    file = Stuck()
    try:
        with pytest.raises(UnsafeMedia, match="took longer than"):
            lent(BORROWS + "file.read(1)", file, seconds=1)
        assert children[0].returncode == -signal.SIGKILL
    finally:
        file.let_go.set()


class Failing(io.BytesIO):
    def __init__(self, error):
        super().__init__(CONTENT)
        self._error = error

    def read(self, size=-1):
        raise self._error


@pytest.mark.parametrize("error", [Damaged("chunk 3 does not verify"), OSError(5, "the disk")])
def test_what_goes_wrong_with_the_file_is_told_as_it_is(error, children):
    with pytest.raises(type(error)) as caught:
        lent(BORROWS + "hand_back(file.read())", Failing(error))
    assert caught.value is error
    assert children[0].returncode is not None


def test_a_file_that_became_shorter_is_refused(tmp_path):
    path = tmp_path / "shrinking"
    path.write_bytes(CONTENT)
    with path.open("rb") as file:
        os.truncate(path, 1000)

        class Longer:
            """The file as it was when it was lent."""

            def seek(self, offset, whence=0):
                return len(CONTENT) if whence else file.seek(offset)

            def read(self, size):
                return file.read(size)

        with pytest.raises(UnsafeMedia, match="became shorter"):
            lent(BORROWS + "hand_back(file.read())", Longer())


def test_the_messages_are_as_small_as_they_are_told():
    assert struct.calcsize(">cQI") == lend._MESSAGE.size
    assert len(CONTENT) > lend.MOST_ASKED_BYTES  # so that one answer is not all of it
