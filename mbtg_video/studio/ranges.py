"""Parts of a sealed file, opened on the fly for a browser's player."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Callable
from typing import BinaryIO, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

_RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_PIECE_BYTES: Final = 256 * 1024
"""One chunk of the vault."""
_DECIDED_EVERY_BYTES: Final = 16 << 20


class Unsatisfiable(Exception):  # noqa: N818  what HTTP calls it
    """A range that lies outside the file, or ends before it begins."""


def wanted_part(header: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte that a Range header asks for; None stands for the whole file.

    Several ranges, and what is no range of bytes, are answered with the whole file, as RFC 9110
    (14.2) allows. Raises `Unsatisfiable`.
    """
    match = _RANGE.fullmatch(header.strip()) if header is not None else None
    if match is None or not (match[1] or match[2]):
        return None
    if match[1]:
        first = int(match[1])
        last = min(int(match[2]), size - 1) if match[2] else size - 1
    else:
        first, last = max(0, size - int(match[2])), size - 1
    if first >= size or first > last:
        raise Unsatisfiable
    return first, last


async def _pieces(
    file: BinaryIO, first: int, last: int, decide: Callable[[], None]
) -> AsyncIterator[bytes]:
    def read(count: int) -> bytes:
        return file.read(count)

    try:
        await run_in_threadpool(file.seek, first)
        left = last - first + 1
        since = 0
        # The first piece ends where a chunk does: no chunk is opened twice.
        count = _PIECE_BYTES - first % _PIECE_BYTES
        while left > 0:
            if since >= _DECIDED_EVERY_BYTES:
                await run_in_threadpool(decide)
                since = 0
            piece = await run_in_threadpool(read, min(count, left))
            if not piece:
                return
            left -= len(piece)
            since += len(piece)
            count = _PIECE_BYTES
            yield piece
    finally:
        file.close()


def partial_content(
    file: BinaryIO,
    header: str | None,
    media_type: str,
    *,
    decide: Callable[[], None],
    offset: int = 0,
    length: int | None = None,
    head: bool = False,
) -> Response:
    """The answer to a request for a file or a part of it; `file` is closed when it is told.

    Of a sealed file, `length` bytes from `offset` on may be what is asked for. A long part is
    decided about again on its way: `decide` raises when a consent has ended.
    """
    headers = {"Accept-Ranges": "bytes"}
    size = file.seek(0, io.SEEK_END) - offset if length is None else length
    try:
        part = wanted_part(header, size)
    except Unsatisfiable:
        file.close()
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    first, last = part or (0, size - 1)
    headers["Content-Length"] = str(last - first + 1)
    if part is not None:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = 200 if part is None else 206
    if head:
        file.close()
        return Response(status_code=status, headers=headers, media_type=media_type)
    return StreamingResponse(
        _pieces(file, offset + first, offset + last, decide), status, headers, media_type
    )
