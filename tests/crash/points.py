"""Run the command line with a process that is stopped or hindered at its k-th change of a file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.cli.conftest import Mbtg

_MAIN = "from mbtg_video.cli import main; main()"


def build(folder: Path) -> Path:
    """The library that is preloaded; needs a C compiler."""
    shim = folder / "crashpoint.so"
    source = Path(__file__).with_name("crashpoint.c")
    compiler = os.environ.get("CC", "cc")
    options = ["-shared", "-fPIC", "-O1", "-o", str(shim), str(source), "-ldl", "-lpthread"]
    subprocess.run([compiler, *options], check=True, capture_output=True)
    return shim


@dataclass(frozen=True)
class Deed:
    """A command on a prepared library; words may hold ``{base}``, the folder around it."""

    words: tuple[str, ...]

    def in_(self, base: Path) -> list[str]:
        return [word.replace("{base}", str(base)) for word in self.words]


@dataclass(frozen=True)
class Ground:
    """A prepared library that every run gets a fresh copy of."""

    prepared: Path
    shim: Path
    passphrase: str

    def fresh(self, base: Path) -> Mbtg:
        if base.exists():
            shutil.rmtree(base)
        shutil.copytree(self.prepared, base)
        return Mbtg(base / "library", self.passphrase)

    def run(
        self, deed: Deed, base: Path, *, mode: str = "", at: int = 0, log: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "MBTG_LIBRARY": str(base / "library"),
            "MBTG_PASSPHRASE": self.passphrase,
            "MBTG_SETTINGS": str(base / "settings.toml"),
            "LD_PRELOAD": str(self.shim),
            "CRASH_ROOT": str(base),
        }
        if mode:
            environment |= {"CRASH_MODE": mode, "CRASH_AT": str(at)}
        if log is not None:
            environment["CRASH_LOG"] = str(log)
        return subprocess.run(
            [sys.executable, "-c", _MAIN, *deed.in_(base)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def calls(self, deed: Deed, base: Path) -> list[str]:
        """Every counted call of an unhindered run, in order."""
        self.fresh(base)
        log = base.with_suffix(".log")
        log.unlink(missing_ok=True)
        done = self.run(deed, base, log=log)
        assert done.returncode == 0, done.stderr
        return log.read_text(encoding="utf-8").splitlines()


def sample(count: int, size: int) -> Iterator[int]:
    """Points spread over all calls, the first and the last among them."""
    yield from sorted({1 + step * (count - 1) // (size - 1) for step in range(size)})
