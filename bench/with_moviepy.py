"""The same excerpt with moviepy: ``python -m bench.with_moviepy RECORDING START END OUTPUT``."""

from __future__ import annotations

import sys

from moviepy import VideoFileClip

from bench.measure import Begun, tell


def main(recording: str, begin: str, end: str, output: str) -> None:
    begun = Begun.now()
    with VideoFileClip(recording) as film:
        film.subclipped(float(begin), float(end)).write_videofile(
            output, preset="superfast", threads=2, logger=None
        )
    tell(begun)


if __name__ == "__main__":
    main(*sys.argv[1:])
