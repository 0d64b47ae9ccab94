"""A file lent to a process that holds no descriptor of it and no key to it.

The borrower asks on its standard output for a stretch of the file and is answered on its standard
input with just those bytes; at last it hands back a report and ends. Whoever borrows a hostile
file may turn hostile itself: whatever else it says or does is a refusal.
"""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import BinaryIO, Final, cast

from mbtg_video.errors import UnsafeMedia

UNREADABLE: Final = (
    "The file is damaged, or built to mislead: reading it failed. If it plays elsewhere, export "
    "it there as MP4 (H.264)."
)

MOST_ASKED_BYTES: Final = 1 << 20
MOST_REPORTED_BYTES: Final = 64 << 20
"""The times of four million frames take 48 MB."""

# What a demuxer asks for at once; a usual pipe would hand it over in four turns.
_PIPE_BYTES: Final = 256 * 1024

# Enough that a walk over small boxes asks once for many of them.
_AHEAD_BYTES: Final = 64 * 1024

# What it is, and the offset and length that are asked for; a report has no offset.
_MESSAGE: Final = struct.Struct(">cQI")
_ASK: Final = b"?"
_REPORT: Final = b"!"

# For a lender whose borrower is gone to notice, on a busy computer; one whose file never answers
# is not waited for.
_PARTING_SECONDS: Final = 5


class _Borrowed(io.RawIOBase):
    """The file as its borrower sees it."""

    def __init__(self, size: int, answers: BinaryIO, asks: BinaryIO) -> None:
        self._size = size
        self._answers = answers
        self._asks = asks
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("there is nothing before the beginning of a file")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        length = min(len(buffer), MOST_ASKED_BYTES, self._size - self._position)
        if length <= 0:
            return 0
        self._asks.write(_MESSAGE.pack(_ASK, self._position, length))
        self._asks.flush()
        # A buffered reader fills what it is given, unless the lender is gone.
        if self._answers.readinto(memoryview(buffer)[:length]) != length:  # type: ignore[attr-defined]
            raise EOFError("the lender is gone")
        self._position += length
        return length


def borrow(size: int) -> BinaryIO:
    """In the borrower: the file of `size` bytes that it was lent."""
    raw = _Borrowed(size, sys.stdin.buffer, sys.stdout.buffer)
    return cast(BinaryIO, io.BufferedReader(raw, _AHEAD_BYTES))


def hand_back(report: bytes) -> None:
    """In the borrower: the last that it says."""
    sys.stdout.buffer.write(_MESSAGE.pack(_REPORT, 0, len(report)) + report)
    sys.stdout.buffer.flush()


class _Lender(threading.Thread):
    """Answers one borrower until it reports, breaks the rules or is gone.

    A thread of its own, since neither a pipe nor a slow disk can be read with patience that ends.
    """

    def __init__(self, file: BinaryIO, size: int, asks: BinaryIO, answers: BinaryIO) -> None:
        super().__init__(daemon=True)
        self._file = file
        self._size = size
        self._asks = asks
        self._answers = answers
        self.report: bytes | None = None
        self.failure: Exception | None = None
        """What reading the file itself raised."""

    def run(self) -> None:
        try:
            self.report = self._serve()
        except OSError:
            self.report = None  # a pipe broke: the borrower is gone
        finally:
            for pipe in (self._asks, self._answers):
                with suppress(OSError):
                    pipe.close()

    def _serve(self) -> bytes | None:
        while len(message := self._asks.read(_MESSAGE.size)) == _MESSAGE.size:
            kind, offset, length = _MESSAGE.unpack(message)
            if kind == _REPORT:
                return self._last(offset, length)
            if kind != _ASK or not 0 < length <= MOST_ASKED_BYTES or offset + length > self._size:
                return None
            try:
                stretch = self._stretch(offset, length)
            except Exception as error:
                self.failure = error
                return None
            self._answers.write(stretch)
            self._answers.flush()
        return None

    def _last(self, offset: int, length: int) -> bytes | None:
        if offset or length > MOST_REPORTED_BYTES:
            return None
        report = self._asks.read(length + 1)  # to the end: nothing may follow
        return report if len(report) == length else None

    def _stretch(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        stretch = self._file.read(length)
        while len(stretch) < length:  # a file without a buffer may give less than it has
            more = self._file.read(length - len(stretch))
            if not more:
                raise UnsafeMedia(
                    "The file became shorter while it was read; wait until it is copied, then try "
                    "again."
                )
            stretch += more
        return stretch


def _widen(pipe: BinaryIO) -> None:
    # Not every system knows wider pipes, and a user may have no more room for them.
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def lend(
    file: BinaryIO, command: Sequence[str], environment: Mapping[str, str], seconds: float
) -> bytes:
    """Run `command` as borrower of `file`; its report.

    Raises `UnsafeMedia` when it takes longer than `seconds`, fails or breaks the rules, and what
    reading `file` itself raised.
    """
    ends = time.monotonic() + seconds
    size = file.seek(0, os.SEEK_END)
    child = subprocess.Popen(  # noqa: S603  no part of the command comes from outside
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    asks, answers = cast(BinaryIO, child.stdout), cast(BinaryIO, child.stdin)
    lender = _Lender(file, size, asks, answers)
    try:
        _widen(answers)
        lender.start()
        lender.join(max(0.0, ends - time.monotonic()))
        if lender.is_alive():
            raise _too_slow(seconds)
        if lender.failure is not None:
            raise lender.failure
        if lender.report is None:
            raise UnsafeMedia(UNREADABLE)
        try:
            code = child.wait(max(0.0, ends - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            raise _too_slow(seconds) from error
        if code:
            raise UnsafeMedia(UNREADABLE)
        return lender.report
    finally:
        child.kill()
        child.wait()
        if lender.is_alive():
            lender.join(_PARTING_SECONDS)


def _too_slow(seconds: float) -> UnsafeMedia:
    return UnsafeMedia(
        f"Reading the file took longer than {seconds // 60:.0f} minutes. Copy it to this "
        "computer's own disk, or export it as MP4 (H.264)."
    )
