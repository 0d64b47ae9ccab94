"""The same excerpt with smartcut, in its own environment: RECORDING OUTPUT START,END."""

from __future__ import annotations

import contextlib
import io
import json
import resource
import runpy
import sys
import time


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(recording: str, output: str, span: str) -> None:
    import smartcut.cut_video  # noqa: F401  its import is no part of the work

    sys.argv = ["smartcut", recording, output, "--keep", span]
    before = _peak_mib()
    start = time.perf_counter()
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
        runpy.run_module("smartcut", run_name="__main__")
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "peak_mib": _peak_mib(), "before_mib": before}))


if __name__ == "__main__":
    main(*sys.argv[1:])
