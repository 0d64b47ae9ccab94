"""What one opened room knows: its sequences, its seats, how far everybody is, and its end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import RLock
from typing import Final, TypeVar

from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.errors import BadInput, Busy, MbtgError
from mbtg_video.library import Library
from mbtg_video.scale import Scale
from mbtg_video.settings import Language
from mbtg_video.studio.room.codes import JOIN_SIGNS, Gate, new_code
from mbtg_video.studio.room.opening import Opened, RoomSequence
from mbtg_video.studio.room.progress import Progress, read_progress
from mbtg_video.studio.room.seats import Seats
from mbtg_video.users import Power

_log = logging.getLogger(__name__)

Given = TypeVar("Given")
AWAY_SECONDS: Final = 8
"""A device that has not asked for so long is not looked at just now."""
FAREWELL_SECONDS: Final = 4
"""So long after the end the devices can still learn of it."""
_FRESH_SECONDS: Final = 1
_HOUR_SECONDS: Final = 3600
_MINUTE_SECONDS: Final = 60
_TURNS: Final = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """When a room ends by itself."""

    hours: int = 8
    idle_minutes: int = 90


@dataclass
class Room:
    """A room that is open until `end`; `clock` counts seconds from anywhere."""

    library: Library
    opened: Opened
    language: Language
    today: Callable[[], date]
    seats: Seats
    link: str
    fingerprint: str
    limits: Limits = Limits()
    clock: Callable[[], float] = time.monotonic
    join_code: str = field(default_factory=lambda: new_code(JOIN_SIGNS), repr=False)
    current: int = 1
    """Number of the sequence that is being scored."""
    joined: int = 0
    why_ended: str | None = None

    def __post_init__(self) -> None:
        self.gate = Gate(self.clock)
        self.shown = {1}
        self._began = self._used = self.clock()
        self._ended = 0.0
        self._lock = RLock()
        self._progress: dict[int, Progress] = {}
        self._read_at: dict[int, float] = {}

    @property
    def scale(self) -> Scale:
        """What is scored with."""
        return self.opened.scale

    @property
    def sequences(self) -> Sequence[RoomSequence]:
        """What is scored, in the playlist's order."""
        return self.opened.sequences

    def sequence(self, number: int) -> RoomSequence:
        """Sequence with this number, from 1; raises `BadInput`."""
        if not 1 <= number <= len(self.sequences):
            raise BadInput(f"The room has no sequence {number}.")
        return self.sequences[number - 1]

    def show(self, number: int) -> None:
        """Let everybody score this sequence from now on."""
        self.sequence(number)
        self.current = number
        self.shown.add(number)

    def write(self, power: Power, work: Callable[[Session], Given]) -> Given:
        """What a short transaction gives; devices wait for each other, and for another mbtg.

        Raises `Busy` only when that works on for half a minute.
        """
        for turn in range(_TURNS):
            try:
                with self._lock, self.library.transaction(power) as session:
                    return work(session)
            except Busy:
                if turn == _TURNS - 1:
                    raise
                _log.warning("another program is writing; the room tries again")
        raise AssertionError

    def note(self, *subjects: str, deed: str, **detail: int | str) -> None:
        """Write one line about the room into the audit."""
        name = self.opened.playlist
        self.write(
            Power.RATE,
            lambda session: audit.append(
                session, audit.Act.RATING, name, *subjects, deed=deed, **detail
            ),
        )

    def progress(self, number: int) -> Progress:
        """How far everybody is with a sequence, at most a second old unless the library is busy.

        What is revealed changes no more, and is read once.
        """
        found = self._progress.get(number)
        if found is not None and not found.blind:
            return found
        fresh = self.clock() - self._read_at.get(number, 0) < _FRESH_SECONDS
        if found is not None and (fresh or not self._lock.acquire(blocking=False)):
            return found
        if found is None:
            self._lock.acquire()
        try:
            scoring = self.sequence(number).scoring
            read = self.write(
                Power.RATE, lambda session: read_progress(session, scoring, self.scale)
            )
            self._progress[number], self._read_at[number] = read, self.clock()
            return read
        finally:
            self._lock.release()

    def changed(self, number: int) -> None:
        """What was read of that sequence is old."""
        self._read_at.pop(number, None)

    def use(self) -> None:
        """Somebody did something: the room is needed."""
        self._used = self.clock()

    @property
    def ended(self) -> bool:
        """Whether nothing more is taken in."""
        return self.why_ended is not None

    @property
    def over(self) -> bool:
        """Whether the server may stop: the room has ended, and the devices had time to learn it.

        Ends the room when it was open or unused for too long.
        """
        now = self.clock()
        if not self.ended and now - self._began >= self.limits.hours * _HOUR_SECONDS:
            self.end(f"it was open for {self.limits.hours} hours")
        if not self.ended and now - self._used >= self.limits.idle_minutes * _MINUTE_SECONDS:
            self.end(f"nobody used it for {self.limits.idle_minutes} minutes")
        return self.ended and now - self._ended >= FAREWELL_SECONDS

    def end(self, why: str) -> None:
        """Take nothing more in and forget every secret; what was saved stays in the library."""
        with self._lock:
            if self.ended:
                return
            self.why_ended, self._ended = why, self.clock()
        self.join_code = ""
        self.seats.forget()
        try:
            self.note(deed="room end", joined=self.joined, wrong=self.gate.wrong)
        except MbtgError as error:
            _log.warning("the end of the room was not noted: %s", type(error).__name__)
