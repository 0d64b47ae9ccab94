"""The same excerpt with smartcut, in its own environment: RECORDING OUTPUT START,END."""

from __future__ import annotations

import contextlib
import io
import json
import resource
import runpy
import sys
import time


def main(recording: str, output: str, span: str) -> None:
    import smartcut.cut_video  # noqa: F401  its import is no part of the work

    sys.argv = ["smartcut", recording, output, "--keep", span]
    start = time.perf_counter()
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
        runpy.run_module("smartcut", run_name="__main__")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": time.perf_counter() - start, "peak_mib": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
