"""Runs the ffmpeg binary that imageio-ffmpeg brings along; the one module that knows it."""

from __future__ import annotations

import subprocess
import tempfile
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import ffmpeg
import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from mbtg_video.errors import MediaError

# Fixed, for the pictures of a film must not depend on the machine that makes it.
_THREADS: Final = 4
_CRF: Final = 21


class FilmWriter:
    """Encodes a film to H.264 and AAC in MP4 while its frames are still being drawn.

    Used as a context: leaving it finishes the film, or ends the encoder if there was an error,
    and then what lies at `target` is no film. Raises `MediaError` when encoding fails.
    """

    def __init__(
        self,
        target: Path,
        sound: Path,
        *,
        size: tuple[int, int],
        frame_rate: Fraction,
        keyframe_every: int,
    ) -> None:
        pictures = ffmpeg.input(
            "pipe:",
            format="rawvideo",
            pix_fmt="yuv420p",
            video_size=size,
            framerate=str(frame_rate),
        )
        colours = dict.fromkeys(("colorspace", "color_primaries", "color_trc"), "bt709")
        film = ffmpeg.output(
            pictures.video,
            ffmpeg.input(str(sound)).audio,
            str(target),
            vcodec="libx264",
            preset="superfast",
            crf=_CRF,
            g=keyframe_every,
            threads=_THREADS,
            acodec="aac",
            ar=48_000,
            movflags="+faststart",
            fflags="+bitexact",
            color_range="tv",
            **colours,
        )
        command = film.global_args("-loglevel", "error").overwrite_output()
        self._command: list[str] = command.compile(cmd=imageio_ffmpeg.get_ffmpeg_exe())
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  closed on leaving

    def __enter__(self) -> Self:
        self._encoder = subprocess.Popen(  # noqa: S603  no part of it comes from outside
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._complaints,
        )
        return self

    def write(self, planes: NDArray[np.uint8]) -> None:
        """Add a frame: its I420 planes one below the other, as OpenCV lays them out."""
        inlet = self._encoder.stdin
        if inlet is None:
            raise MediaError("The film's encoder takes no pictures.")
        try:
            inlet.write(planes.data)
        except OSError as error:
            raise self._failure() from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._encoder.communicate()
                if self._encoder.returncode:
                    raise self._failure()
        finally:
            self._encoder.kill()
            self._encoder.communicate()
            self._complaints.close()

    def _failure(self) -> MediaError:
        self._encoder.wait()
        self._complaints.seek(0)
        if b"No space left" in self._complaints.read():
            return MediaError("The disk is full: the film was not written. Free some space.")
        return MediaError(
            f"The film was not written: ffmpeg ended with {self._encoder.returncode}. "
            "Choose another folder, or free some space."
        )
