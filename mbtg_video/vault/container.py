"""One sealed file: AES-256-GCM in chunks, readable from any position.

Layout: a header of 29 bytes (magic, log2 of the chunk size, file id, nonce prefix), then
chunks of ciphertext with a 16-byte tag each. A chunk's nonce is the prefix, its number and
whether it is the last one; the header is authenticated with every chunk. Truncation,
reordering, swapping with another file and any flip are found when the chunk is opened, a
changed length when the file is. The construction is STREAM (Hoang, Reyhanitabar, Rogaway and
Vizár 2015).
"""

from __future__ import annotations

import io
import os
import struct
from collections import OrderedDict
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mbtg_video.errors import Damaged

CHUNK_LOG2: Final = 18
KEY_BYTES: Final = 32
FILE_ID_BYTES: Final = 16

_MAGIC: Final = b"MBTV\x01"
_HEADER: Final = struct.Struct(f">5sB{FILE_ID_BYTES}s7s")
_TAG_BYTES: Final = 16
_MOST_CHUNKS: Final = 2**32 - 1


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


class SealingWriter(io.RawIOBase):
    """Seals what is written to `raw`; the first chunk may be rewritten until `finish`.

    A container muxer writes its lengths back into the head of the file when it ends. The
    first chunk therefore stays in memory and is sealed last, so that no nonce is used twice.
    """

    def __init__(
        self, raw: BinaryIO, key: bytes, file_id: bytes, *, chunk_log2: int = CHUNK_LOG2
    ) -> None:
        self._raw = raw
        self._chunk_bytes = 1 << chunk_log2
        self._prefix = os.urandom(7)
        self._header = _HEADER.pack(_MAGIC, chunk_log2, file_id, self._prefix)
        self._cipher = AESGCM(key)
        self._first = bytearray()
        self._pending = bytearray()
        self._sealed_chunks = 1  # the first one has its place, and is written by `finish`
        self._position = 0
        self._total: int | None = None  # once it is finished
        raw.write(self._header)
        raw.seek(_HEADER.size + self._chunk_bytes + _TAG_BYTES)

    @property
    def size(self) -> int:
        """Bytes of plain content so far."""
        if self._total is not None:
            return self._total
        behind = (self._sealed_chunks - 1) * self._chunk_bytes + len(self._pending)
        return len(self._first) + behind

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        target = base + offset
        if not 0 <= target <= self.size or len(self._first) < target < self.size:
            raise io.UnsupportedOperation("only the first chunk of a sealed file is rewritten")
        self._position = target
        return target

    def write(self, data: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override]
        view = memoryview(data).cast("B")
        length = len(view)
        if self._position < self._chunk_bytes:
            head = view[: self._chunk_bytes - self._position]
            self._first[self._position : self._position + len(head)] = head
            self._position += len(head)
            view = view[len(head) :]
        if len(view):
            if self._position != self.size:
                raise io.UnsupportedOperation("a sealed file only grows at its end")
            self._position += len(view)
            self._append(view)
        return length

    def _append(self, view: memoryview) -> None:
        size = self._chunk_bytes
        if self._pending:
            missing = size - len(self._pending)
            self._pending += view[:missing]
            view = view[missing:]
        # One chunk's worth always stays back: only `finish` knows which chunk is the last.
        if len(self._pending) == size and len(view):
            self._put(self._pending)
            self._pending = bytearray()
        while len(view) > size:
            self._put(view[:size])
            view = view[size:]
        self._pending += view

    def _put(self, plain: bytes | bytearray | memoryview, last: bool = False) -> None:
        if self._sealed_chunks >= _MOST_CHUNKS:
            raise io.UnsupportedOperation("a sealed file holds at most 2**32 - 1 chunks")
        nonce = _nonce(self._prefix, self._sealed_chunks, last)
        self._raw.write(self._cipher.encrypt(nonce, plain, self._header))
        self._sealed_chunks += 1

    def finish(self) -> None:
        """Seal what is pending and the first chunk; nothing can be written afterwards."""
        if self._total is not None:
            return
        self._total = self.size
        only = not self._pending
        if not only:
            self._put(self._pending, last=True)
            self._pending = bytearray()
        self._raw.seek(_HEADER.size)
        self._raw.write(
            self._cipher.encrypt(_nonce(self._prefix, 0, only), bytes(self._first), self._header)
        )
        self._raw.flush()


class SealedReader(io.RawIOBase):
    """Plain content of a sealed file, at any position; keeps a few opened chunks.

    Raises `Damaged` when the file was cut, swapped or changed.
    """

    def __init__(self, raw: BinaryIO, key: bytes, file_id: bytes, *, kept_chunks: int = 4) -> None:
        self._raw = raw
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._kept_chunks = kept_chunks
        self._position = 0
        length = raw.seek(0, io.SEEK_END)
        raw.seek(0)
        self._header = raw.read(_HEADER.size)
        if len(self._header) != _HEADER.size:
            raise Damaged("a sealed file is cut short")
        magic, log2, found_id, self._prefix = _HEADER.unpack(self._header)
        if magic != _MAGIC or not 12 <= log2 <= 24:
            raise Damaged("a file in the vault is not a sealed file")
        if found_id != file_id:
            raise Damaged("a sealed file was swapped with another")
        self._file_id = file_id
        self._chunk_bytes = 1 << log2
        self._slot_bytes = self._chunk_bytes + _TAG_BYTES
        body = length - _HEADER.size
        self._chunks = max(1, -(-body // self._slot_bytes))
        last = body - (self._chunks - 1) * self._slot_bytes - _TAG_BYTES
        if last < 0:
            raise Damaged("a sealed file is cut short")
        self.size = (self._chunks - 1) * self._chunk_bytes + last
        self._cipher = AESGCM(key)
        self._chunk(self._chunks - 1)  # authenticates the length

    def _chunk(self, number: int) -> bytes:
        kept = self._kept.get(number)
        if kept is not None:
            self._kept.move_to_end(number)
            return kept
        self._raw.seek(_HEADER.size + number * self._slot_bytes)
        sealed = self._raw.read(self._slot_bytes)
        nonce = _nonce(self._prefix, number, number == self._chunks - 1)
        try:
            plain = self._cipher.decrypt(nonce, sealed, self._header)
        except InvalidTag:
            raise Damaged(
                f"chunk {number} of the sealed file {self._file_id.hex()} does not verify: put the "
                "file back from a backup"
            ) from None
        self._kept[number] = plain
        if len(self._kept) > self._kept_chunks:
            self._kept.popitem(last=False)
        return plain

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def read(self, size: int | None = -1, /) -> bytes:
        left = max(0, self.size - self._position)
        wanted = left if size is None or size < 0 else min(size, left)
        pieces: list[bytes] = []
        while wanted:
            number, offset = divmod(self._position, self._chunk_bytes)
            piece = self._chunk(number)[offset : offset + wanted]
            pieces.append(piece)
            self._position += len(piece)
            wanted -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._kept.clear()
            self._raw.close()
        super().close()
