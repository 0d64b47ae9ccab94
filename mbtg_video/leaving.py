"""Files that leave the library: where they may go, and the audit line that goes with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from mbtg_video.errors import BadInput
from mbtg_video.library import Library
from mbtg_video.users import Power
from mbtg_video.vault.durable import write_durably


def check_new(target: Path) -> None:
    """Raise `BadInput` unless a new file can be written there."""
    if target.exists() or target.is_symlink():
        raise BadInput(f"{target} exists already; name a new file")
    if not target.parent.is_dir():
        raise BadInput(f"there is no folder {target.parent}; make it first")


def check_target(library: Library, target: Path) -> None:
    """Raise `BadInput` unless a new file can be written there, outside the library."""
    check_new(target)
    library.refuse_inside(target)


def write_out(
    library: Library,
    target: Path,
    content: bytes,
    note: Callable[[Session], object],
    *,
    power: Power = Power.HAND_OUT,
) -> None:
    """File first, then the audit line that `note` writes; without the line there is no file."""
    check_target(library, target)
    write_durably(target, content)
    try:
        with library.transaction(power) as session:
            note(session)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
