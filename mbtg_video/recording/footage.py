"""A recording's stored file with what taking it in has found out, for those who read pictures."""

from __future__ import annotations

from typing import BinaryIO

from mbtg_video.media.medium import Footage
from mbtg_video.recording.model import Recording


def footage_of(recording: Recording, file: BinaryIO) -> Footage:
    """The plain content `file` of a recording as `media` takes it."""
    return Footage(
        file=file,
        container=recording.container,
        start_pts=recording.start_pts,
        frame_times=recording.frames.times,
        length_us=recording.length.microseconds,
        rotation=recording.rotation,
        interlaced=recording.interlaced,
        plays_in_browser=recording.plays_in_browser,
    )
