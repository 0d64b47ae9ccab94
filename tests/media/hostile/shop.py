"""What hostile files are made of, and the list that they stand in."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

DEEP = 10_000
"""How many boxes are put into each other."""

RecordingFile = Callable[..., Path]


@dataclass(frozen=True)
class Shop:
    """Honest recordings of one second, and what references point to."""

    recording_file: RecordingFile
    canary: Path
    """A real video that nothing may read."""
    address: str
    """Where it is offered over HTTP, to nobody."""

    def honest(self, kind: str) -> bytes:
        return self.recording_file(kind, 1).read_bytes()

    def targets(self) -> list[str]:
        """The ways to name the canary."""
        return [str(self.canary), self.canary.name, self.canary.as_uri(), self.address]


Make = Callable[[Shop], bytes]


@dataclass(frozen=True)
class Hostile:
    """How one hostile file is made, and what it is called."""

    name: str
    make: Make

    def write(self, shop: Shop, folder: Path) -> Path:
        path = Path(os.fsdecode(os.fsencode(folder) + b"/" + os.fsencode(self.name)))
        path.write_bytes(self.make(shop))
        return path


def hostile(files: dict[str, Hostile], suffix: str) -> Callable[[Make], Make]:
    """Put the file that a function makes into `files`, by what the function is called."""

    def listed(make: Make) -> Make:
        said = make.__name__.strip("_").replace("_", " ")
        files[said] = Hostile(f"recording{suffix}", make)
        return make

    return listed
