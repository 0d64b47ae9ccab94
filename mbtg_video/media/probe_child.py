"""The child of `probe`: reads the medium that it is lent, and hands the facts back.

``python -m mbtg_video.media.probe_child SECONDS SIZE``
"""

from __future__ import annotations

import contextlib
import pkgutil
import sys
from importlib import import_module
from typing import BinaryIO, Final

import av
from av.error import FFmpegError

from mbtg_video.errors import UnsafeMedia
from mbtg_video.media.envelope import check_whole, container_of
from mbtg_video.media.facts import read_facts
from mbtg_video.media.lend import borrow, hand_back
from mbtg_video.media.probe import Probe, Refusal, encode_report

MEMORY_BYTES: Final = 2 << 30
"""Address space: the libraries take half of one GiB, an 8K picture with its references one."""

_STANDARD_FILES: Final = 3

_DAMAGED: Final = (
    "The file is damaged and cannot be read. Copy it from the camera again; if it plays "
    "elsewhere, export it there as MP4 (H.264)."
)


def _load_whole_library() -> None:
    # PyAV loads the module of a kind of stream when it meets one: too late, once no file opens.
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if not module.name.endswith("__main__"):
            import_module(module.name)


def give_up_rights(seconds: int) -> None:
    """From here on: no further file, no written file, no core dump, bounded memory and time."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's patience is left
        return
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _STANDARD_FILES),
    ):
        # A system that knows a limit but does not let it be set leaves the others.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))


def _report(file: BinaryIO) -> Probe | Refusal:
    try:
        container = container_of(file)
        check_whole(file, container)
        return read_facts(file, container)
    except UnsafeMedia as refusal:
        return Refusal(str(refusal))
    except (FFmpegError, MemoryError, EOFError):
        return Refusal(_DAMAGED)


def main() -> None:
    """Report on the medium that was lent."""
    _load_whole_library()
    seconds, size = map(int, sys.argv[1:])
    give_up_rights(seconds)
    hand_back(encode_report(_report(borrow(size))))


if __name__ == "__main__":
    main()
