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


def _once(command: list[str]) -> tuple[float, float]:
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
        return seconds, 0.0
    return float(told["seconds"]), float(told["peak_mib"])


def cost(command: list[str], turns: int = _TURNS) -> Cost:
    """Cost of a command, run `turns` times after one run that warms the caches."""
    if turns > 1:
        _once(command)
    runs = [_once(command) for _ in range(turns)]
    ordered = sorted(seconds for seconds, _ in runs)
    middle = ordered[len(ordered) // 2]
    return Cost(middle, ordered[0], ordered[-1], max(peak for _, peak in runs))


def tell(start: float) -> None:
    """Print what the work since `start` took, for `cost` to read; the peak is this process's."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": time.perf_counter() - start, "peak_mib": peak}))


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
