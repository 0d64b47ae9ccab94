"""A file on plain disk as a browser plays it: the peer of the studio's sealed ones.

``python -m bench.plain RECORDING`` says where its page is, and serves until it is ended.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

_PAGE = b'<!doctype html><title>plain</title><video src="/file" preload="auto" muted></video>'
_PIECE_BYTES = 256 * 1024


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    path_of_file: ClassVar[Path]

    def handle(self) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # the browser has seen enough
            super().handle()

    def do_GET(self) -> None:
        if self.path != "/file":
            self._head(200, "text/html", len(_PAGE))
            self.wfile.write(_PAGE)
            return
        size = self.path_of_file.stat().st_size
        first = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0])
        left = size - first
        self._head(206, "video/mp4", left, ("Content-Range", f"bytes {first}-{size - 1}/{size}"))
        with self.path_of_file.open("rb") as file:
            file.seek(first)
            while piece := file.read(_PIECE_BYTES):
                self.wfile.write(piece)

    def _head(self, status: int, kind: str, length: int, *more: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(length)), *more):
            self.send_header(name, value)
        self.send_header("Accept-Ranges", "bytes")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def main(recording: str) -> None:
    _Handler.path_of_file = Path(recording)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
