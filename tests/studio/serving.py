"""The studio as it runs, in a thread of the test, and a plain way to speak with it."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from mbtg_video.library import Library
from mbtg_video.settings import Settings
from mbtg_video.studio.serve import Server


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Running:
    """A studio that is running; `today` is the day on which it judges consents."""

    library: Library
    preferences: Path
    today: date = field(default_factory=lambda: datetime.now(UTC).astimezone().date())
    cookie: str = ""
    csrf: str = ""
    author: str | None = None

    def __post_init__(self) -> None:
        settings = Settings(library=self.library.root, author=self.author)
        self.server = Server(self.library, settings, self.preferences, lambda: self.today)

    @property
    def link(self) -> str:
        return self.server.link

    @property
    def port(self) -> int:
        return self.server.studio.pass_.port

    def raw(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str | list[str]],
        body: bytes | None = None,
    ) -> Answer:
        """One request with these headers and no others."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
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

    def enter(self) -> None:
        """Use the link, as the browser does first."""
        path = self.link.partition(str(self.port))[2]
        answer = self.raw("GET", path, {"Host": f"127.0.0.1:{self.port}"})
        assert answer.status == 303
        match = re.match(r"[^;]+", answer.headers["set-cookie"])
        assert match
        self.cookie = match[0]
        self.csrf = self.get("/api/session").json["csrf"]

    def enter_as(self, cookies: Iterable[Mapping[str, Any]]) -> None:
        """Speak as the browser whose cookies these are."""
        self.cookie = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)
        self.csrf = self.get("/api/session").json["csrf"]

    def own_headers(self) -> dict[str, str]:
        """What the page's own requests carry."""
        return {
            "Host": f"127.0.0.1:{self.port}",
            "Cookie": self.cookie,
            "Sec-Fetch-Site": "same-origin",
        }

    def get(self, path: str, **headers: str) -> Answer:
        return self.raw("GET", path, self.own_headers() | headers)

    def post(self, path: str, wish: object = None, **headers: str) -> Answer:
        body = json.dumps({} if wish is None else wish).encode()
        own = self.own_headers() | {
            "Origin": f"http://127.0.0.1:{self.port}",
            "Content-Type": "application/json",
            "X-CSRF": self.csrf,
            "Content-Length": str(len(body)),
        }
        return self.raw("POST", path, own | headers, body)

    def finished(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """A job's last word."""
        self.server.studio.jobs.wait(job["id"])
        found: dict[str, Any] = self.get(f"/api/jobs/{job['id']}").json
        return found


@contextmanager
def running(library: Library, preferences: Path, author: str | None = None) -> Iterator[Running]:
    """A studio of this library that ends with the block."""
    studio = Running(library, preferences, author=author)
    thread = Thread(target=studio.server.run)
    thread.start()
    try:
        studio.server.wait_until_open()
        yield studio
    finally:
        studio.server.stop()
        thread.join(30)
        assert not thread.is_alive()
