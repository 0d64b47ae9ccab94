"""Run one thing in a process of its own: seconds and peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_TURNS = 5


@dataclass(frozen=True)
class Cost:
    """What a run took: the middle of several, with the least and the most."""

    seconds: float
    least: float
    most: float
    peak_mib: float
    before_mib: float
    """Of the peak, what the program took before the work began."""


def _once(command: list[str]) -> tuple[float, float, float]:
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as child:
        out, err = child.communicate()
        seconds = time.perf_counter() - start
    if child.returncode:
        raise RuntimeError(f"{command[:4]} failed: {err.decode()[-2000:]}")
    try:
        # A peer in Python says itself what the work took, so that imports do not count.
        told = json.loads(out.decode().splitlines()[-1])
    except (ValueError, IndexError):
        return seconds, 0.0, 0.0
    return float(told["seconds"]), float(told["peak_mib"]), float(told["before_mib"])


def cost(command: list[str], turns: int = _TURNS) -> Cost:
    """Cost of a command, run `turns` times after one run that warms the caches."""
    if turns > 1:
        _once(command)
    runs = [_once(command) for _ in range(turns)]
    ordered = sorted(seconds for seconds, _, _ in runs)
    middle = ordered[len(ordered) // 2]
    _, peak, before = max(runs, key=lambda run: run[1])
    return Cost(middle, ordered[0], ordered[-1], peak, before)


def _peak_mib() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass(frozen=True)
class Begun:
    """When work began, and the most memory that its process had taken by then."""

    seconds: float
    mib: float

    @classmethod
    def now(cls) -> Begun:
        return cls(time.perf_counter(), _peak_mib())


def tell(begun: Begun) -> None:
    """Print what the work took, for `cost` to read; the peak is this process's."""
    seconds = time.perf_counter() - begun.seconds
    told = {"seconds": seconds, "peak_mib": _peak_mib(), "before_mib": begun.mib}
    print(json.dumps(told))


def python(*words: object) -> list[str]:
    """Command that runs a module of this folder."""
    return [sys.executable, "-m", *map(str, words)]


def machine() -> str:
    """Processor and its number of cores."""
    name = "unknown processor"
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        lines = cpu.read_text(encoding="utf-8").splitlines()
        name = next((s.split(":")[1].strip() for s in lines if s.startswith("model name")), name)
    return f"{name}, {os.cpu_count()} cores"
