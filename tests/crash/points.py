"""Run the command line with a process that is stopped or hindered at its k-th change of a file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mbtg_video.supervision import lock
from tests.cli.conftest import Mbtg

# Waits for jobs, one JSON line each, and runs every one in a fork of its own: what takes long is
# loading the program. A job is: variables, words, Python to run first, files for what is printed.
# Its argument is how often a bundle's lock is stretched here, which is written in every bundle.
_SERVER = """
import ctypes, json, os, sys
import mbtg_video.cli
from mbtg_video.cli import consent, excerpt, recording, tag, name, bundle, purge, backup, key, rate
from mbtg_video.recording import ingest
from mbtg_video import database
from mbtg_video.supervision import lock
lock.ITERATIONS = int(sys.argv[1])
for line in sys.stdin:
    job = json.loads(line)
    child = os.fork()
    if not child:
        os.environ.update(job["variables"])
        for number, path in enumerate(job["files"], start=1):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        os.close(0)
        os.open(os.devnull, os.O_RDONLY)
        ctypes.CDLL(None).crash_begin()
        sys.argv = ["mbtg", *job["words"]]
        exec(job["first"])
        mbtg_video.cli.main()
        raise SystemExit
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


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
    """A command on a prepared library; words may hold ``{base}``, the folder around it.

    once    given again when it was done, it says so and does nothing
    makes   a folder beside the library; while it is there the command is refused
    proof   a command that succeeds when the deed was done
    steps   it may be found half done, and is finished by giving it again
    always  a command that succeeds whenever the deed is cut short
    first   Python that runs first in its process
    """

    words: tuple[str, ...]
    once: bool = False
    makes: str = ""
    proof: tuple[str, ...] = ()
    steps: bool = False
    always: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    first: str = ""

    def in_(self, base: Path) -> list[str]:
        return placed(self.words, base)


def placed(words: tuple[str, ...], base: Path) -> list[str]:
    """The words with ``{base}`` filled in."""
    return [word.replace("{base}", str(base)) for word in words]


class Server:
    """A process with the program loaded and the library preloaded, which forks for each run."""

    def __init__(self, shim: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVER, str(lock.ITERATIONS)],
            env={**os.environ, "LD_PRELOAD": str(shim)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self, words: list[str], variables: Mapping[str, str], first: str, files: list[Path]
    ) -> int:
        """Exit code of one run; what it prints goes to the two files."""
        job = {
            "words": words,
            "variables": dict(variables),
            "first": first,
            "files": list(map(str, files)),
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


@dataclass(frozen=True)
class Ground:
    """A prepared library that every run gets a fresh copy of."""

    prepared: Path
    server: Server
    passphrase: str

    def fresh(self, base: Path) -> Mbtg:
        if base.exists():
            shutil.rmtree(base)
        shutil.copytree(self.prepared, base)
        return Mbtg(base / "library", self.passphrase)

    def run(
        self,
        deed: Deed,
        base: Path,
        *,
        mode: str = "",
        at: int = 0,
        log: Path | None = None,
        prelude: str = "",
    ) -> subprocess.CompletedProcess[str]:
        """Run the deed in a process of its own; `prelude` is Python that runs first in it."""
        variables = {
            "MBTG_LIBRARY": str(base / "library"),
            "MBTG_PASSPHRASE": self.passphrase,
            "MBTG_SETTINGS": str(base / "settings.toml"),
            "CRASH_ROOT": str(base),
            **deed.environment,
        }
        if mode:
            variables |= {"CRASH_MODE": mode, "CRASH_AT": str(at)}
        if log is not None:
            variables["CRASH_LOG"] = str(log)
        said = [base.with_name(f"{base.name}.{name}") for name in ("stdout", "stderr")]
        code = self.server.run(deed.in_(base), variables, deed.first + prelude, said)
        out, err = (path.read_text(encoding="utf-8") for path in said)
        return subprocess.CompletedProcess(deed.words, code, out, err)

    def calls(self, deed: Deed, base: Path, prelude: str = "") -> list[str]:
        """Every counted call of an unhindered run, in order."""
        self.fresh(base)
        log = base.with_suffix(".log")
        log.unlink(missing_ok=True)
        done = self.run(deed, base, log=log, prelude=prelude)
        assert done.returncode == 0, done.stderr
        return log.read_text(encoding="utf-8").splitlines()
