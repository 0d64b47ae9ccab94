"""The room as it runs, in a thread of the test, and plain devices that speak with it."""

from __future__ import annotations

import http.client
import json
import re
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

from mbtg_video.library import Library
from mbtg_video.settings import Settings
from mbtg_video.studio.room.serve import RoomServer
from mbtg_video.studio.room.state import Limits, Room
from tests.sequences import DAY
from tests.studio.serving import Answer

LAN = "127.0.0.1"
WARNED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""As a browser whose user went on after the warning; reads no list of authorities."""
WARNED.check_hostname, WARNED.verify_mode = False, ssl.CERT_NONE


class Clock:
    """Seconds that pass when a test says so; `read` is set whenever the server looks at it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.read = Event()

    def __call__(self) -> float:
        self.read.set()
        return self.now


@dataclass
class Running:
    """A room that is running."""

    server: RoomServer
    clock: Clock | None
    thread: Thread

    @property
    def room(self) -> Room:
        return self.server.room

    @property
    def port(self) -> int:
        return int(re.fullmatch(rf"https://{LAN}:(\d+)/", self.room.link)[1])

    def raw(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str | list[str]],
        body: bytes | None = None,
        *,
        host: bool = False,
    ) -> Answer:
        """One request with these headers and no others, to the phones' server or the host's."""
        if host:
            connection = http.client.HTTPConnection(LAN, self.server.pass_.port, timeout=30)
        else:
            connection = http.client.HTTPSConnection(LAN, self.port, timeout=30, context=WARNED)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, values in headers.items():
                for value in [values] if isinstance(values, str) else values:
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()

    def device(self) -> Device:
        return Device(self)

    def seated(self, code: str) -> Device:
        """A device that has joined and holds that seat."""
        device = self.device()
        assert device.join(self.room.join_code).status == 200
        assert device.take(code) == "seated"
        return device

    def host(self) -> Device:
        """The host's browser."""
        device = Device(self, host=True)
        path = self.server.link.partition(str(self.server.pass_.port))[2]
        answer = self.raw("GET", path, {"Host": device.name}, host=True)
        assert answer.status == 303
        device.cookie = answer.headers["set-cookie"].partition(";")[0]
        device.csrf = device.get("/api/session").json["csrf"]
        return device


@dataclass
class Device:
    """A browser, as its requests look."""

    running: Running
    cookie: str = ""
    csrf: str = ""
    code: str = ""
    host: bool = False

    @property
    def name(self) -> str:
        """What it calls the server."""
        return f"{LAN}:{self.running.server.pass_.port if self.host else self.running.port}"

    @property
    def origin(self) -> str:
        return f"{'http' if self.host else 'https'}://{self.name}"

    def headers(self, **changed: str) -> dict[str, str]:
        own = {"Host": self.name, "Sec-Fetch-Site": "same-origin"}
        return own | ({"Cookie": self.cookie} if self.cookie else {}) | changed

    def get(self, path: str, **headers: str) -> Answer:
        return self.running.raw("GET", path, self.headers(**headers), host=self.host)

    def post(self, path: str, wish: object = None, **headers: str) -> Answer:
        body = json.dumps({} if wish is None else wish).encode()
        own = self.headers() | {
            "Origin": self.origin,
            "Content-Type": "application/json",
            "X-CSRF": self.csrf,
            "Content-Length": str(len(body)),
        }
        return self.running.raw("POST", path, own | headers, body, host=self.host)

    def join(self, code: str) -> Answer:
        answer = self.post("/api/join", {"code": code})
        if answer.status == 200:
            self.cookie = answer.headers["set-cookie"].partition(";")[0]
            self.csrf = self.state()["csrf"]
        return answer

    def state(self) -> Any:
        return self.get("/api/state").json

    def take(self, code: str, returning: str = "") -> str:
        answer = self.post("/api/seat", {"code": code, "returning": returning})
        outcome: str = answer.json["outcome"]
        if outcome == "seated":
            self.code = code
        return outcome

    def save(
        self, sheet: object, *, revision: int = 0, submit: bool = False, **other: Any
    ) -> Answer:
        number = other.pop("number", 1)
        wish = {
            "rater": self.code,
            "sheet": sheet,
            "revision": revision,
            "submit": submit,
            "attempt": "attempt-1",
        }
        return self.post(f"/api/sheets/{number}/save", wish | other)


@contextmanager
def running(
    library: Library,
    *,
    raters: Sequence[str] = (),
    limits: Limits | None = None,
    clock: Clock | None = None,
    settings: Settings | None = None,
) -> Iterator[Running]:
    """A room of playlist L1 on this computer alone, which ends with the block."""
    server = RoomServer(
        library,
        settings or Settings(library=Path(library.root)),
        1,
        lambda: DAY,
        address=LAN,
        raters=raters,
        limits=limits,
        **({"clock": clock} if clock else {}),
    )
    thread = Thread(target=server.run)
    thread.start()
    try:
        server.wait_until_open()
        yield Running(server, clock, thread)
    finally:
        server.stop()
        thread.join(30)
        assert not thread.is_alive()
