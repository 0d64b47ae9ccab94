"""Short codes that people read and type, and how often somebody may be wrong."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_SIGNS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is mistaken for another
JOIN_SIGNS: Final = 6
RETURN_SIGNS: Final = 5
MOST_WRONG: Final = 5
"""So many wrong codes from one address, and it has to wait."""
LOCKED_SECONDS: Final = 300
CALM: Final = 20
"""So many wrong codes in all, and everybody has to queue."""
TURN_SECONDS: Final = 1
_LONGEST_QUEUE_SECONDS: Final = 20


def new_code(signs: int) -> str:
    """A random code."""
    return "".join(secrets.choice(_SIGNS) for _ in range(signs))


def is_code(typed: str, code: str) -> bool:
    """Whether the code was typed, in whatever case and with whatever between its signs."""
    plain = "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())
    return bool(code) and hmac.compare_digest(plain.encode(), code.encode())


@dataclass(slots=True)
class _Tries:
    count: int = 0
    since: float = 0


class Gate:
    """Counts tries at the join code: few from one address, slow ones when many are wrong."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._tries: dict[str, _Tries] = {}
        self._next = clock()
        self.wrong = 0

    def wait(self, address: str) -> float | None:
        """Seconds to wait before a try, which counts as wrong until it `passed`.

        None when the address has to come again later.
        """
        now = self._clock()
        tries = self._tries.setdefault(address, _Tries())
        if tries.count >= MOST_WRONG:
            if now - tries.since < LOCKED_SECONDS:
                return None
            tries.count = 0
        delay = 0.0
        if self.wrong >= CALM:
            self._next = max(self._next, now) + TURN_SECONDS
            delay = self._next - now
            if delay > _LONGEST_QUEUE_SECONDS:
                self._next -= TURN_SECONDS
                return None
        tries.count, tries.since = tries.count + 1, now
        self.wrong += 1
        return delay

    def passed(self, address: str) -> None:
        """That try was right."""
        self.wrong -= 1
        self._tries.pop(address, None)

    def is_locked(self, address: str) -> bool:
        """Whether that address has to wait now."""
        tries = self._tries.get(address)
        return tries is not None and tries.count >= MOST_WRONG
