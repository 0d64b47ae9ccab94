"""Long work of the studio: one thing at a time for the person, one in the background."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from threading import Event, Lock
from typing import Any

from mbtg_video.errors import MbtgError, NotFound

_log = logging.getLogger(__name__)

Progress = Callable[[float], None]
Work = Callable[[Progress], dict[str, Any]]


class Broken(Exception):  # noqa: N818  it is no error: somebody asked for it
    """Raised inside work that nobody wants any more; whatever it does then leaves nothing."""


class State(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(eq=False)
class Job:
    """One long deed; `result` is what its page is told, `about` the id that it concerns."""

    id: str
    what: str
    about: str
    state: State = State.WAITING
    share: float = 0.0
    result: dict[str, Any] | None = None
    failure: MbtgError | None = None

    def __post_init__(self) -> None:
        self._unwanted = Event()
        self.ended = Event()

    @property
    def over(self) -> bool:
        """Whether nothing more happens."""
        return self.state not in (State.WAITING, State.RUNNING)

    @property
    def unwanted(self) -> bool:
        """Whether it ends at its next step."""
        return self._unwanted.is_set()

    def cancel(self) -> None:
        """Break it off at its next step."""
        self._unwanted.set()

    def told(self, share: float) -> None:
        """Note how much is done; raises `Broken` when nobody wants the rest."""
        self.share = min(1.0, max(self.share, share))
        if self.unwanted:
            raise Broken

    def run(self, work: Work) -> None:
        """Do it, and keep how it ended."""
        try:
            self.told(0.0)
            self.state = State.RUNNING
            self.result = work(self.told)
            self.share, self.state = 1.0, State.DONE
        except Broken:
            self.state = State.CANCELLED
        except MbtgError as error:
            self.failure, self.state = error, State.FAILED
        except OSError as error:
            why = error.strerror or "the disk failed"
            self.failure = MbtgError(f"The system refused: {why}. Nothing was changed.")
            self.state = State.FAILED
        except BaseException:
            _log.exception("a job failed: %s", self.what)
            self.failure = MbtgError("The program made a mistake. Nothing was changed.")
            self.state = State.FAILED
        finally:
            self.ended.set()


class Jobs:
    """Jobs of this run; they end with it."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._asked_for = ThreadPoolExecutor(1, "job")
        self._behind = ThreadPoolExecutor(1, "background")
        self._changing = Lock()

    def start(self, what: str, about: str, work: Work, *, behind: bool = False) -> Job:
        """Begin a deed; the same `what` about the same thing is not begun twice `behind`."""
        with self._changing:
            if behind:
                for job in self._jobs.values():
                    if (job.what, job.about) == (what, about) and not (job.over or job.unwanted):
                        return job
            job = Job(secrets.token_hex(16), what, about)
            self._jobs[job.id] = job
        pool = self._behind if behind else self._asked_for
        pool.submit(job.run, work)
        return job

    def find(self, job_id: str) -> Job:
        """The job with this id; raises `NotFound`."""
        job = self._jobs.get(job_id)
        if job is None:
            raise NotFound("There is no such work; it ended with an earlier run of the studio.")
        return job

    def wait(self, job_id: str) -> None:
        """Return when the job is over."""
        self.find(job_id).ended.wait()

    def forget(self, job_id: str) -> None:
        """Keep nothing of a job that is over, its result least of all."""
        if self.find(job_id).over:
            with self._changing:
                self._jobs.pop(job_id, None)

    def all(self) -> list[Job]:
        """Every job that was not forgotten, oldest first."""
        with self._changing:
            return list(self._jobs.values())

    @property
    def busy(self) -> bool:
        """Whether something is being done."""
        return any(not job.over for job in self.all())

    def stop(self) -> None:
        """Break everything off and wait until it has left no trace."""
        for job in self.all():
            job.cancel()
        self._asked_for.shutdown(wait=True, cancel_futures=True)
        self._behind.shutdown(wait=True, cancel_futures=True)
