"""Ctrl-C waits where it would do harm.

Between a commit and its answer, so that no deed that was done looks undone; and while a library
of another language calls back, which would swallow it or take it for a damaged file.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_asked: Final = threading.Event()


def _remember(_number: int, _frame: FrameType | None) -> None:
    _asked.set()


def _swap(old: object, new: object) -> None:
    """Change the handler, unless a server or a test has one of its own."""
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGINT) is old:
        signal.signal(signal.SIGINT, new)  # type: ignore[arg-type]


def hold() -> None:
    """From now on Ctrl-C is only remembered."""
    _swap(signal.default_int_handler, _remember)


def let_go() -> None:
    """From now on Ctrl-C works again; raises `KeyboardInterrupt` if it was pressed meanwhile."""
    _swap(_remember, signal.default_int_handler)
    check()


def check() -> None:
    """Raise `KeyboardInterrupt` if Ctrl-C was pressed while it had to wait."""
    if _asked.is_set():
        _asked.clear()
        raise KeyboardInterrupt


@contextmanager
def postponed() -> Iterator[None]:
    """Inside, Ctrl-C takes effect at the next `check`, or at the end."""
    free = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    hold()
    try:
        yield
    finally:
        if free:
            let_go()
