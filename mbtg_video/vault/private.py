"""A folder for what has to lie plain in a file for a moment: this user's own, and never left.

It is kept in memory where the system has a place for that (Linux), else among the library's
drafts. A process that is killed leaves it behind; the next one that opens the library removes it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")  # noqa: S108  the folder made in it is nobody else's to read
_SPARED: Final = 2
"""So many times what is needed has to be free: others need memory too."""


def _prefix(library: str) -> str:
    return f"mbtg-{library}-"


def _in_memory(size: int) -> bool:
    try:
        return shutil.disk_usage(_MEMORY).free >= _SPARED * size
    except OSError:
        return False


@contextmanager
def private_folder(library: str, drafts: Path, size: int) -> Iterator[Path]:
    """An empty folder with room for about `size` bytes; it is gone afterwards, whatever happens.

    `library` is the library's id, and `drafts` its own folder of drafts.
    """
    parent = _MEMORY if _in_memory(size) else drafts
    with tempfile.TemporaryDirectory(prefix=_prefix(library), dir=parent) as folder:
        yield Path(folder)


def sweep_private(library: str, drafts: Path) -> int:
    """Remove what a killed process left; how many. The caller holds the library's lock alone."""
    left = [
        path
        for parent in (_MEMORY, drafts)
        if parent.is_dir()
        for path in parent.glob(f"{_prefix(library)}*")
        if path.is_dir() and not path.is_symlink()
    ]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)  # another user's of the same library, perhaps
    return len(left)
