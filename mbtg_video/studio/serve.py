"""Run the studio on this computer alone, until it is stopped or nobody uses it any more."""

from __future__ import annotations

import errno
import logging
import socket
import sys
import time
from asyncio import CancelledError
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Event
from typing import Final

import uvicorn

from mbtg_video import interrupt
from mbtg_video.errors import BadInput, MbtgError
from mbtg_video.library import Library
from mbtg_video.settings import Settings
from mbtg_video.studio.app import build_app
from mbtg_video.studio.guard import Guard, Pass
from mbtg_video.studio.state import Studio

ADDRESS: Final = "127.0.0.1"
_MINUTE_SECONDS: Final = 60
_PATIENCE_SECONDS: Final = 3
_MOST_CONNECTIONS: Final = 64


def is_mistake(record: logging.LogRecord) -> bool:
    """Whether the server met one; what breaks off an answer that has begun is none.

    A consent ended, a chunk is damaged, or the studio stops while somebody reads or sends.
    """
    error = record.exc_info and record.exc_info[1]
    stops = str(record.msg).startswith("Cancel ")
    return not (stops or isinstance(error, MbtgError | CancelledError))


def bound(port: int, address: str = ADDRESS, command: str = "mbtg studio") -> socket.socket:
    """A socket on an address of this computer; port 0 takes any that is free.

    Raises `BadInput`, naming the `command`, when the port is taken or the address another's.
    """
    # asyncio sends small answers at once only where TCP is named; else each waits 40 ms.
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform == "win32":
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((address, port))
    except OSError as error:
        opened.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise BadInput(f"{address} is no address of this computer") from error
        raise BadInput(
            f"port {port} is taken by another program; name another: {command} --port N"
        ) from error
    opened.listen()  # whoever has the link may be quicker than the server
    return opened


class Watched(uvicorn.Server):
    """Ends by itself when nobody needs it any more."""

    def __init__(self, config: uvicorn.Config, unused: Callable[[], bool]) -> None:
        super().__init__(config)
        self._unused = unused
        self.opened = Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.opened.set()

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or self._unused()


class Server:
    """The studio on a socket; `run` returns when it was stopped or idle for so long."""

    def __init__(
        self,
        library: Library,
        settings: Settings,
        preferences: Path,
        today: Callable[[], date],
        *,
        port: int = 0,
        idle_minutes: int = 60,
    ) -> None:
        self._socket = bound(port)
        self._idle_seconds = idle_minutes * _MINUTE_SECONDS
        self.studio = Studio(
            library, settings, preferences, today, Pass(self._socket.getsockname()[1])
        )
        self.guard: Guard = build_app(self.studio)
        self.was_idle = False
        config = uvicorn.Config(
            self.guard,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            ws="none",
            lifespan="off",
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_graceful_shutdown=_PATIENCE_SECONDS,
        )
        # An address holds the launch token or the handle of a view: no log may have it.
        logging.getLogger("uvicorn.access").disabled = True
        logging.getLogger("uvicorn.error").addFilter(is_mistake)
        self._server = Watched(config, self._unused)

    def _unused(self) -> bool:
        if self.studio.jobs.busy or self.studio.receiving:
            self.guard.last_seen = time.monotonic()
        self.was_idle = time.monotonic() - self.guard.last_seen > self._idle_seconds
        return self.was_idle

    @property
    def link(self) -> str:
        """Where a browser begins; good once."""
        return self.studio.pass_.link

    @property
    def address(self) -> str:
        """What it listens on."""
        address: str = self._socket.getsockname()[0]
        return address

    def run(self) -> None:
        """Serve until Ctrl-C, `stop` or idleness; then end all work and forget every secret."""
        interrupt.let_go()
        try:
            self._server.run(sockets=[self._socket])
        except KeyboardInterrupt:
            pass  # the usual way to stop it
        finally:
            self.studio.jobs.stop()
            self._socket.close()

    def wait_until_open(self) -> None:
        """Return when requests are answered; for whoever runs it in another thread."""
        self._server.opened.wait()

    def stop(self) -> None:
        """Ask it to end; safe from another thread."""
        self._server.should_exit = True
