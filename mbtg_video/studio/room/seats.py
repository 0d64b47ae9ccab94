"""Who sits where: each rater's code is held by one device at a time."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from threading import RLock
from typing import Final

from starlette.responses import Response

from mbtg_video.studio.guard import MOST_JSON_BYTES, values_of
from mbtg_video.studio.room.codes import MOST_WRONG, RETURN_SIGNS, is_code, new_code

JOIN: Final = "/api/join"
STATE: Final = "/api/state"
_MOST_JOIN_BYTES: Final = 200
_MOST_DEVICES: Final = 200


class Outcome(StrEnum):
    """What came of taking a seat."""

    SEATED = "seated"
    TAKEN = "taken"
    """Another device holds it: its return code is needed."""
    WRONG = "wrong"
    LOCKED = "locked"
    """Too many wrong return codes: the host has to release it."""
    UNKNOWN = "unknown"


@dataclass(slots=True, repr=False)
class Seat:
    """One rater's place; `attempts` are the last saves of the device, with what they gave."""

    code: str
    device: str | None = None
    returning: str = ""
    wrong: int = 0
    seen: float | None = None
    attempts: dict[int, tuple[str, object]] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)


@dataclass(slots=True, repr=False)
class _Device:
    forgery: str
    seat: Seat | None = None


def _digest(cookie: str) -> str:
    return sha256(cookie.encode("utf-8", "surrogateescape")).hexdigest()


class Seats:
    """The devices that know the join code, and the door that knows them.

    It is looked up by the digest of a cookie: how long that takes tells nothing of the cookie.
    """

    scheme: Final = "https"
    unknown: Final = "join first: open the page and type the code on the screen"

    def __init__(
        self, raters: Sequence[str], address: str, port: int, clock: Callable[[], float]
    ) -> None:
        self._clock = clock
        self._devices: dict[str, _Device] = {}
        self._lock = RLock()
        self.seats = {code: Seat(code) for code in raters}
        # A browser leaves out the port that https has by itself.
        bare = (address,) if port == 443 else ()
        self.hosts: tuple[str, ...] = (f"{address}:{port}", *bare)
        self.cookie_name = f"__Host-mbtg-{port}"

    def led_in(self, _method: str, _path: str, _query: bytes) -> Response | None:
        """No link lets anybody in here: the join code does."""
        return None

    def stands_open(self, method: str, path: str) -> bool:
        """The page, which says nothing of anybody, and the place where the code is typed."""
        if method == "POST":
            return path == JOIN
        return path in ("/", STATE) or path.startswith("/page/")

    def token_of(self, cookies: list[str]) -> str | None:
        """The token of changes of a device that has joined."""
        device = self._device(cookies)
        return device.forgery if device else None

    def most_bytes(self, path: str) -> int | None:
        """A code is short, a sheet with its notes is not."""
        return _MOST_JOIN_BYTES if path == JOIN else MOST_JSON_BYTES

    def _device(self, cookies: list[str]) -> _Device | None:
        with self._lock:
            found = (self._devices.get(_digest(c)) for c in values_of(self.cookie_name, cookies))
            device = next((one for one in found if one is not None), None)
            if device is not None and device.seat is not None:
                device.seat.seen = self._clock()
            return device

    def seat_of(self, cookies: list[str]) -> Seat | None:
        """The seat that a device holds."""
        device = self._device(cookies)
        return device.seat if device else None

    def join(self) -> str:
        """Let a device in that knew the join code; its cookie."""
        cookie = secrets.token_urlsafe(32)
        with self._lock:
            idle = [name for name, one in self._devices.items() if one.seat is None]
            if len(self._devices) >= _MOST_DEVICES and idle:
                del self._devices[idle[0]]
            self._devices[_digest(cookie)] = _Device(secrets.token_urlsafe(32))
        return cookie

    def take(self, cookies: list[str], code: str, returning: str) -> Outcome:
        """Give a device the seat of a rater; the device that held it is out."""
        with self._lock:
            named = [_digest(cookie) for cookie in values_of(self.cookie_name, cookies)]
            device = next((name for name in named if name in self._devices), None)
            seat = self.seats.get(code)
            if seat is None or device is None:
                return Outcome.UNKNOWN
            if seat.device == device:
                return Outcome.SEATED
            if seat.device is not None:
                refused = self._refused(seat, returning)
                if refused is not None:
                    return refused
                self._devices.pop(seat.device, None)
            self._leave(device)
            seat.device, seat.returning, seat.wrong = device, new_code(RETURN_SIGNS), 0
            seat.seen = self._clock()
            seat.attempts.clear()
            self._devices[device].seat = seat
            return Outcome.SEATED

    @staticmethod
    def _refused(seat: Seat, returning: str) -> Outcome | None:
        if seat.wrong >= MOST_WRONG:
            return Outcome.LOCKED
        if not returning:
            return Outcome.TAKEN
        if is_code(returning, seat.returning):
            return None
        seat.wrong += 1
        return Outcome.WRONG

    def _leave(self, device: str) -> None:
        """A device that changes its mind gives back the seat that it had."""
        held = self._devices[device].seat
        if held is not None:
            held.device, held.returning, held.seen = None, "", None

    def release(self, code: str) -> bool:
        """Put the device that holds a seat out; whether there was one."""
        with self._lock:
            seat = self.seats.get(code)
            if seat is None or seat.device is None:
                return False
            self._devices.pop(seat.device, None)
            seat.device, seat.returning, seat.wrong, seat.seen = None, "", 0, None
            seat.attempts.clear()
            return True

    def forget(self) -> None:
        """Nobody is known any more."""
        with self._lock:
            self._devices.clear()
            self.seats = {code: Seat(code) for code in self.seats}
