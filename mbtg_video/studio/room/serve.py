"""Run the room: one server for the phones, one for the host, until it ends."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from mbtg_video import interrupt
from mbtg_video.library import Library
from mbtg_video.scale import find_scale
from mbtg_video.settings import Settings
from mbtg_video.studio.guard import Pass
from mbtg_video.studio.room.address import checked_address, own_address
from mbtg_video.studio.room.app import build_host, build_phones
from mbtg_video.studio.room.certificate import make_certificate, make_context
from mbtg_video.studio.room.opening import open_room
from mbtg_video.studio.room.seats import Seats
from mbtg_video.studio.room.state import Limits, Room
from mbtg_video.studio.serve import Watched, bound, is_mistake
from mbtg_video.users import Power

COMMAND: Final = "mbtg rate room"
_PATIENCE_SECONDS: Final = 3
# Twelve browsers may open six connections each.
_MOST_CONNECTIONS: Final = 256


class _Side(Watched):
    """One of two servers that share a loop; the pair looks after Ctrl-C."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Ctrl-C asks this server to end."""
        with super().capture_signals():
            yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As the server does it; then let go of who does not answer the end of TLS."""
        connections = list(self.server_state.connections)
        await super().shutdown(sockets)
        for connection in connections:
            transport = getattr(connection, "transport", None)
            if transport is not None:
                transport.abort()
        await asyncio.sleep(0)  # a transport that was let go closes at the loop's next turn


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
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


class RoomServer:
    """A room for a playlist on two sockets; `run` returns when it has ended."""

    def __init__(
        self,
        library: Library,
        settings: Settings,
        playlist: int,
        today: Callable[[], date],
        *,
        address: str | None = None,
        port: int = 0,
        raters: Sequence[str] = (),
        scale: str | None = None,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        where = checked_address(address) if address else own_address()
        self._sockets = [bound(port, where, COMMAND)]
        try:
            self._sockets.append(bound(0, command=COMMAND))
            certificate = make_certificate(where)
            context = make_context(certificate, library.root / "tmp")
            with library.transaction(Power.RATE) as session:
                chosen = find_scale(scale or settings.scale)
                opened = open_room(session, playlist, chosen, raters, on=today())
        except BaseException:
            self.close()
            raise
        phones, host = (one.getsockname()[1] for one in self._sockets)
        seats = Seats(opened.raters, where, phones, clock)
        self.room = Room(
            library=library,
            opened=opened,
            language=settings.language,
            today=today,
            seats=seats,
            link=f"https://{seats.hosts[-1]}/",
            fingerprint=certificate.fingerprint,
            limits=limits or Limits(),
            clock=clock,
        )
        self.pass_ = Pass(host, COMMAND)
        sealed = _config(build_phones(self.room))
        sealed.ssl_context_factory = lambda *_: context
        # An address holds the launch token: no log may have it.
        logging.getLogger("uvicorn.access").disabled = True
        logging.getLogger("uvicorn.error").addFilter(is_mistake)
        self._host = _Side(_config(build_host(self.room, self.pass_)), self._over)
        self._phones = _Side(sealed, self._over)

    @property
    def link(self) -> str:
        """Where the host's browser begins; good once."""
        return self.pass_.link

    def _over(self) -> bool:
        return self._host.should_exit or self._phones.should_exit or self.room.over

    async def _serve(self) -> None:
        with self._host.signals():
            phones, host = self._sockets
            await asyncio.gather(self._host.serve([host]), self._phones.serve([phones]))

    def run(self) -> None:
        """Serve until the host or Ctrl-C ends it, or it ends by itself; forget every secret."""
        interrupt.let_go()
        try:
            asyncio.run(self._serve())
        except KeyboardInterrupt:
            pass  # the usual way to stop it
        finally:
            self.room.end("Ctrl-C")
            self.close()

    def wait_until_open(self) -> None:
        """Return when requests are answered; for whoever runs it in another thread."""
        self._host.opened.wait()
        self._phones.opened.wait()

    def stop(self) -> None:
        """Ask it to end; safe from another thread."""
        self._host.should_exit = True

    def close(self) -> None:
        """Let the sockets go."""
        for one in self._sockets:
            one.close()
