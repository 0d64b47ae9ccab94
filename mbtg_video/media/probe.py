"""What a recording's file holds, found out where a hostile file can do no harm.

A child process without the right to open any file reads it, under limits of memory, time and
size: it is lent the bytes that it asks for, so that a sealed file can be read without its key.
Only plain facts come back, and these are checked again here.
"""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from mbtg_video.errors import NotFound, UnsafeMedia
from mbtg_video.media.lend import UNREADABLE, lend

PATIENCE_SECONDS: Final = 120
"""What a reading may take at least, however small the file and however busy the computer."""

WORK_SECONDS: Final = 15
"""Of a processor's time that it may take of these: an honest small file takes one."""

SLOWEST_BYTES_A_SECOND: Final = 2_000_000
"""A poor memory stick; a larger file may take longer by this."""

_PACKAGE_ROOT: Final = Path(__file__).resolve().parents[2]
_CHILD: Final = "mbtg_video.media.probe_child"


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """One sound track."""

    codec: str
    sample_rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class Probe:
    """The facts of a recording's file; width and height are those of the stored picture."""

    container: str
    """Name of the demuxer to read it with: mp4, matroska, avi or mpegts."""
    codec: str
    width: int
    height: int
    rotation: int
    """Degrees clockwise that show the stored picture upright: 0, 90, 180 or 270."""
    pixel_format: str
    interlaced: bool
    frame_rate: Fraction
    """On average, when the rate varies."""
    constant_rate: bool
    time_base: Fraction
    start_pts: int
    """Presentation time stamp of the first shown frame, in `time_base`."""
    duration_us: int
    """From the first shown frame to the end of the last."""
    frame_times: tuple[int, ...]
    """When each shown frame is shown: µs from the first, sorted."""
    audio: tuple[AudioTrack, ...]
    plays_in_browser: bool
    """Whether its pictures can be copied into an MP4 that every browser plays and seeks."""


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the child answers instead of the facts."""

    refused: str


def encode_report(report: Probe | Refusal) -> bytes:
    """JSON of what the child found."""
    return msgspec.json.encode(report, enc_hook=str)


def decode_report(report: bytes) -> Probe | Refusal:
    """Undo `encode_report`; raises msgspec's `DecodeError` for any other shape."""
    if report.startswith(b'{"refused"'):
        return msgspec.json.decode(report, type=Refusal)
    return msgspec.json.decode(report, type=Probe, dec_hook=lambda wanted, text: wanted(text))


def open_untrusted(path: Path) -> BinaryIO:
    """Open a regular file for reading, without a buffer; nothing else is opened, or waited for.

    Raises `NotFound` when there is none, `UnsafeMedia` for a folder, pipe, device, symbolic
    link, empty file, or a name that no text can hold.
    """
    check_name(path.name)
    # Without O_NONBLOCK, opening a pipe waits for a writer; Windows has neither flag.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        _refuse_irregular(path, path.lstat())
        descriptor = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(f"There is no file {path}. Check the name and the folder.") from error
    except (OSError, ValueError) as error:
        raise UnsafeMedia(
            f"{path} may not be read. Copy it to a folder of your own, then try again."
        ) from error
    file = os.fdopen(descriptor, "rb", buffering=0)
    try:
        status = os.fstat(descriptor)
        _refuse_irregular(path, status)
        if not status.st_size:
            raise UnsafeMedia(f"{path} is empty. Copy it from the camera again.")
    except BaseException:
        file.close()
        raise
    return file


def check_name(name: str) -> None:
    """Raise `UnsafeMedia` for a file's name that no text can hold."""
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise UnsafeMedia(
            f"The file's name {name!a} holds signs that are no letters. Rename the file, "
            "then try again."
        ) from error


def _refuse_irregular(path: Path, status: os.stat_result) -> None:
    if stat.S_ISREG(status.st_mode):
        return
    if stat.S_ISLNK(status.st_mode):
        raise UnsafeMedia(f"{path} is a symbolic link. Name the file that it leads to.")
    if stat.S_ISDIR(status.st_mode):
        raise UnsafeMedia(f"{path} is a folder. Name the video file in it.")
    raise UnsafeMedia(f"{path} is a pipe or device. Save the recording as a file first.")


def child_environment() -> dict[str, str]:
    """Environment in which the child runs."""
    # The passphrase may stand in the environment; the child has no use for it.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MBTG_")}
    return kept | {"PYTHONPATH": str(_PACKAGE_ROOT)}


def probe(file: BinaryIO) -> Probe:
    """Facts of a file that can be read at any place, which is rewound.

    Raises `UnsafeMedia`, or what reading `file` raised: `Damaged` for a sealed one.
    """
    size = file.seek(0, os.SEEK_END)
    longer = size // SLOWEST_BYTES_A_SECOND
    command = (sys.executable, "-P", "-m", _CHILD, str(WORK_SECONDS + longer), str(size))
    try:
        report = lend(file, command, child_environment(), PATIENCE_SECONDS + longer)
    finally:
        file.seek(0)
    try:
        found = decode_report(report)
    except msgspec.DecodeError as error:
        raise UnsafeMedia(UNREADABLE) from error
    if isinstance(found, Refusal):
        raise UnsafeMedia(found.refused)
    return found
