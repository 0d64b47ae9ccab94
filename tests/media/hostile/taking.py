"""Take files into a real library, in a process that may be ended, and see what it cost.

``python -m tests.media.hostile.taking LIBRARY``: a line with a way and a path in, a line with the
end of it out.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

MOST_SECONDS = 30
MOST_BYTES = 2 << 30


@dataclass(frozen=True)
class Outcome:
    """How taking a file in ended: `error` is the class of what was raised, "" when it went in."""

    error: str
    ours: bool
    said: str
    facts: dict[str, Any]
    same: bool
    peak_bytes: int

    @property
    def is_duplicate(self) -> bool:
        """Refused only after everything else was found in order."""
        return self.error == "BadInput" and "in the library already" in self.said

    def check(self) -> None:
        """Refused with a sentence, or taken in whole; within the memory that it may take."""
        assert self.peak_bytes <= MOST_BYTES, f"{self.peak_bytes >> 20} MiB were taken"
        if self.error:
            assert self.ours, f"{self.error}: {self.said}"
            assert self.said.endswith(".") or self.is_duplicate, self.said
            assert "Traceback" not in self.said
        else:
            assert self.same, "what lies in the vault is not the file"


class Taker:
    """The process and what it is told; ended and begun anew when a file takes it too far."""

    def __init__(self, library: Path, environment: dict[str, str] | None = None) -> None:
        self._library = library
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def _begun(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(self._library)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=self._environment,
                start_new_session=True,
            )
        return self._process

    def take(self, path: Path, way: str = "file") -> Outcome:
        """Take `path` in, as a "file" or "sealed" as it comes; `TimeoutError` for too long."""
        process = self._begun()
        asked, answered = process.stdin, process.stdout
        assert asked is not None
        assert answered is not None
        asked.write(f"{way} {os.fsencode(path).hex()}\n".encode())
        asked.flush()
        if not select.select([answered], [], [], MOST_SECONDS)[0]:
            self.end()
            raise TimeoutError(f"{path.name!r} took longer than {MOST_SECONDS} seconds")
        line = answered.readline()
        if not line:
            self.end()
            raise EOFError(f"{path.name!r} ended the process that took it in")
        outcome = Outcome(**json.loads(line))
        if outcome.peak_bytes > MOST_BYTES:
            self.end()  # the next one is measured anew
        return outcome

    def end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


@contextmanager
def taker(library: Path, environment: dict[str, str] | None = None) -> Iterator[Taker]:
    """A taker that is ended at the end."""
    made = Taker(library, environment)
    try:
        yield made
    finally:
        made.end()


def _whole(medium: Any, path: Path) -> bool:
    with medium, path.open("rb") as source:
        while block := source.read(1 << 20):
            if medium.read(len(block)) != block:
                return False
        return medium.read(1) == b""


def _taken(library: Any, path: Path, way: str) -> Any:
    from mbtg_video.recording.ingest import Description, receiving, take_in

    today = datetime.now(UTC).date()
    said = Description("G1", date(2026, 3, 13), ["P1"])
    if way == "file":
        return take_in(library, path, said, on=today)
    with receiving(library, said, path.name, on=today) as intake, path.open("rb") as source:
        while block := source.read(1 << 20):
            intake.write(block)
        return intake.finish()


def _take(library: Any, path: Path, way: str) -> dict[str, Any]:
    from mbtg_video.errors import MbtgError

    outcome: dict[str, Any] = {"error": "", "ours": True, "said": "", "facts": {}, "same": False}
    try:
        taken = _taken(library, path, way)
        with library.transaction() as session:
            medium = library.store.open(session, taken.object_id)
        facts = {"width": taken.width, "height": taken.height, "frames": taken.frame_count}
        outcome |= {"facts": facts, "same": _whole(medium, path)}
    except Exception as error:
        outcome |= {
            "error": type(error).__name__,
            "ours": isinstance(error, MbtgError),
            "said": str(error).encode(errors="replace").decode(),
        }
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return outcome | {"peak_bytes": children * 1024}


def main() -> None:
    """Answer a line for each line."""
    from mbtg_video.library import open_library
    from tests.libraries import PASSPHRASE

    with open_library(Path(sys.argv[1]), PASSPHRASE) as library:
        for line in sys.stdin:
            way, path = line.split()
            outcome = _take(library, Path(os.fsdecode(bytes.fromhex(path))), way)
            sys.stdout.write(f"{json.dumps(outcome)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
