"""``make bench``: every comparison in one run, printed and written to bench/RESULTS.md.

Recordings are made once and kept in ``$MBTG_BENCH_MEDIA``, else in the system's temporary
folder. Each figure is the middle of several runs; peers do the same work on the same file.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import venv
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import av
import imageio_ffmpeg

from bench import planner, reliability, search, studio
from bench.measure import ROOT, Cost, cost, machine, python
from bench.recordings import FULL_HD, RATE, recording
from mbtg_video.media import barcode

FIRST, FRAMES = 15_087, 4_600
MEDIA = Path(os.environ.get("MBTG_BENCH_MEDIA", Path(tempfile.gettempdir()) / "mbtg-bench"))
SMARTCUT = "smartcut==1.7"
HEAD = ["what", "seconds", "least-most", "ratio", "peak memory", "frames"]
TIMELINE = (
    "1920x1080 at 5 Mbit/s, read through the vault: a poster, a waveform of 20 ms and up to 600 "
    "thumbnails, one after another."
)


def _smartcut() -> Path | None:
    """Python of an environment with smartcut, which needs an older PyAV; None without network."""
    home = MEDIA / "smartcut"
    executable = home / "bin" / "python"
    if not executable.exists():
        venv.create(home, with_pip=True)
    done = subprocess.run(
        [str(executable), "-m", "pip", "install", "--quiet", SMARTCUT], check=False
    )
    return executable if done.returncode == 0 else None


def _frames_in(path: Path) -> str:
    """How many frames a peer stored, and the first and last that it shows."""
    with av.open(str(path), options={"ignore_editlist": "1"}) as stored:
        count = sum(packet.size > 0 for packet in stored.demux(video=0))
    numbers = []
    with av.open(str(path)) as shown:
        shown.streams.video[0].thread_type = "AUTO"
        for frame in shown.decode(video=0):
            if not numbers:
                numbers.append(barcode.read(frame.to_ndarray(format="gray")))
            last = frame
        numbers.append(barcode.read(last.to_ndarray(format="gray")))
    return f"{count} stored, shows {numbers[0]} to {numbers[1]}"


def _row(name: str, measured: Cost, base: Cost, frames: str = "") -> list[str]:
    before = f" ({measured.before_mib:.0f} before)" if measured.before_mib else ""
    peak = f"{measured.peak_mib:.0f} MiB{before}" if measured.peak_mib else "-"
    spread = f"{measured.least:.2f}-{measured.most:.2f}"
    ratio = f"{measured.seconds / base.seconds:.1f}"
    return [name, f"{measured.seconds:.2f}", spread, ratio, peak, frames]


def _excerpts(minutes: int, group: int, smartcut: Path | None) -> list[list[str]]:
    source = recording(MEDIA, minutes, group)
    out = MEDIA / "out"
    out.mkdir(exist_ok=True)
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error"]
    begin, length = str(FIRST / RATE), str(FRAMES / RATE)
    span = ["-ss", begin, "-i", str(source), "-t", length]
    copy = cost([*ffmpeg, *span, "-c", "copy", str(out / "copy.mp4")])
    encode = [*span, "-c:v", "libx264", "-preset", "superfast", "-c:a", "aac"]
    ours = (source, FIRST, FIRST + FRAMES, out)
    rows = [
        _row("ffmpeg -c copy", copy, copy, _frames_in(out / "copy.mp4")),
        _row("mbtg, from a plain file", cost(python("bench.ours", "plain", *ours)), copy,
             _frames_in(out / "ours.mp4")),
        _row("mbtg, from vault to vault", cost(python("bench.ours", "vault", *ours)), copy),
        _row("ffmpeg, all encoded anew", cost([*ffmpeg, *encode, str(out / "encode.mp4")], 1),
             copy, _frames_in(out / "encode.mp4")),
    ]  # fmt: skip
    if smartcut is not None:
        keep = f"{begin},{(FIRST + FRAMES) / RATE}"
        script = str(ROOT / "bench" / "with_smartcut.py")
        target = out / "smartcut.mp4"
        spent = cost([str(smartcut), script, str(source), str(target), keep], 3)
        rows.append(_row("smartcut", spent, copy, _frames_in(target)))
    if minutes == 90:
        end = str((FIRST + FRAMES) / RATE)
        target = out / "moviepy.mp4"
        spent = cost(python("bench.with_moviepy", source, begin, end, target), 1)
        rows.append(_row("moviepy", spent, copy, _frames_in(target)))
        whole = (source, 1, 60 * 60 * RATE, out)
        spent = cost(python("bench.ours", "plain", *whole), 1)
        rows.append(_row("mbtg, an hour of it", spent, copy, _frames_in(out / "ours.mp4")))
    return rows


def _timelines() -> list[list[str]]:
    """Poster, waveform and thumbnails of a long recording; ratios are to the first."""
    costs = {
        group: cost(python("bench.timeline", recording(MEDIA, 90, group, FULL_HD)), 3)
        for group in (25, 250)
    }
    return [
        _row(f"mbtg, a keyframe every {group} frames", spent, costs[25])
        for group, spent in costs.items()
    ]


def _help() -> list[list[str]]:
    main = [sys.executable, "-c", "from mbtg_video.cli import main; main()", "--help"]
    click = cost([sys.executable, "-c", "import click"], 15)
    return [
        _row("python -c 'import click'", click, click),
        _row("mbtg --help", cost(main, 15), click),
    ]


def table(head: list[str], rows: list[list[str]]) -> str:
    """Rows as Markdown has them."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Measure, print, and write it down."""
    smartcut = _smartcut()
    packages = ("av", "numpy", "moviepy", "imageio-ffmpeg", "click", "cryptography", "pingouin",
                "krippendorff")  # fmt: skip
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    parts = [
        "# Measured",
        f"{datetime.now(UTC):%Y-%m-%d}, {machine()}, {platform.system()}, "
        f"Python {platform.python_version()}, {versions}, {SMARTCUT.replace('==', ' ')}. "
        "Ratios are to the first line of each table; machines are shared, so compare ratios. Of "
        "the peak memory of a program in Python, what it had taken before the work began is named.",
    ]
    for minutes in (20, 90):
        for group in (25, 250):
            parts += [
                f"## {FRAMES / RATE:g} s out of {minutes} min, a keyframe every {group} frames",
                f"1280x720, 25 frames a second. Frames {FIRST} to {FIRST + FRAMES - 1} are asked "
                f"for; numbers start again every {120 * RATE}, so {FIRST % 3000} to "
                f"{(FIRST + FRAMES - 1) % 3000} should be shown and {FRAMES} stored. Reading and "
                "checking are part of what `mbtg` took.",
                table(HEAD, _excerpts(minutes, group, smartcut)),
            ]
            print("\n\n".join(parts[-3:]), flush=True)
    parts += ["## Timeline of 90 min", TIMELINE, table(HEAD, _timelines())]
    parts += studio.measured(MEDIA, table)
    parts += reliability.measured(table)
    parts += planner.measured(table)
    parts += search.measured(table)
    parts += ["## Start", table(HEAD, _help())]
    print("\n\n".join(parts[-17:]))
    (ROOT / "bench" / "RESULTS.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
