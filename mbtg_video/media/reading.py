"""The one way in which a medium is opened for reading.

The demuxer is named, never guessed, so a playlist is not read as one; data comes from the
Python file alone, and whatever else the medium asks for is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final, NoReturn

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from mbtg_video.errors import UnsafeMedia

CONTAINERS: Final = ("mp4", "matroska", "avi", "mpegts")
"""Names of the demuxers that may be asked for."""

MOST_STREAMS: Final = 16

# One read of the vault's chunk: smaller ones would open the same chunk again and again.
_BUFFER_BYTES: Final = 256 * 1024

_OPTIONS: Final = {
    "protocol_whitelist": "",
    "max_streams": str(MOST_STREAMS),
    # A camera's transport stream may show its first whole picture only after some seconds.
    "probesize": str(20_000_000),
    "analyzeduration": str(10_000_000),
}
_MP4_OPTIONS: Final = {"enable_drefs": "0", "use_absolute_path": "0"}


def _refuse_nested(_url: str, _flags: int, _options: object) -> NoReturn:
    # The address is left out: it may name a person.
    raise UnsafeMedia(
        "The medium refers to another file. Only files that hold all of their picture and sound "
        "are read: export it again as a self-contained MP4."
    )


class _Source:
    """A file as a demuxer reads it; keeps what goes wrong in it, which FFmpeg takes for an end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.failure: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except BaseException as error:
            self.failure = self.failure or error
            raise

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


@contextmanager
def open_media(
    file: BinaryIO, container: str, *, obey_edit_list: bool = True
) -> Iterator[InputContainer]:
    """Open `file` with the demuxer `container`, one of `CONTAINERS`; `file` stays the caller's.

    Without `obey_edit_list`, everything that an MP4 stores is read, also what it hides.
    Raises PyAV's `FFmpegError` for damaged data, `UnsafeMedia` for a nested reference, and what
    `file` itself raised.
    """
    if container not in CONTAINERS:
        raise UnsafeMedia(f"{container!r} is no container that is read here")
    options = dict(_OPTIONS)
    if container == "mp4":
        options |= _MP4_OPTIONS
        if not obey_edit_list:
            options["ignore_editlist"] = "1"
    file.seek(0)
    source = _Source(file)
    try:
        with av.open(
            source,
            mode="r",
            format=container,
            options=options,
            metadata_errors="replace",
            buffer_size=_BUFFER_BYTES,
            io_open=_refuse_nested,
        ) as opened:
            yield opened
    except Exception as error:
        if source.failure is not None and source.failure is not error:
            raise source.failure from error
        raise
    if source.failure is not None:
        raise source.failure


def picture_streams(source: InputContainer) -> list[VideoStream]:
    """Video streams that hold moving pictures; a cover picture is none."""
    return [
        stream
        for stream in source.streams.video
        if not stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails)
    ]
