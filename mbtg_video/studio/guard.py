"""Who may speak with a server of ours: a page that it let in itself, and nobody else.

The checks come in this order, each with its status: Host (421), Origin (403), Sec-Fetch-Site
(403), method (405), launch token (303 or 403), cookie (401), and for a change its type (415),
token against forgery (403), length (411) and size (413). Nothing behind them sees a request that
one of them refused, and every answer carries the headers that keep a browser from leaking it.
How the server is called and whom it knows is said by its `Door`.
"""

from __future__ import annotations

import hmac
import logging
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)

MOST_JSON_BYTES: Final = 1 << 20
THERE: Final = "/api/there"
"""Where an open page asks whether the studio still is; whoever only asks does not use it."""
UPLOAD: Final = re.compile(r"/api/intake/[0-9a-f]{32}")
"""The one place that takes a file rather than a wish."""

_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), display-capture=()",
}


class Door(Protocol):
    """What a server is called, and how somebody gets in."""

    @property
    def scheme(self) -> str:
        """``http`` or ``https``."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """What a browser may call it, with the port."""

    @property
    def unknown(self) -> str:
        """What is said to whoever has no cookie."""

    def led_in(self, method: str, path: str, query: bytes) -> Response | None:
        """The answer to somebody who comes with a link; None for everybody else."""

    def stands_open(self, method: str, path: str) -> bool:
        """Whether this place needs no cookie."""

    def token_of(self, cookies: list[str]) -> str | None:
        """The token that the changes of this browser carry; None when it is not known."""

    def most_bytes(self, path: str) -> int | None:
        """How long a change may be; None where files are sent."""


@dataclass(slots=True, repr=False)
class Pass:
    """The secrets of one run: the link that is good once, the cookie, the token of changes.

    It is the door of a server that one browser of this computer uses, started by `command`.
    """

    port: int
    command: str = "mbtg studio"
    launch: str | None = field(default_factory=lambda: secrets.token_urlsafe(32))
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    forgery: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def scheme(self) -> str:
        """Nothing leaves this computer, so nothing is sealed on the way."""
        return "http"

    @property
    def hosts(self) -> tuple[str, ...]:
        """What a browser on this computer calls the server."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    @property
    def cookie_name(self) -> str:
        """Named with the port: cookies are shared by all servers of one host."""
        return f"mbtg_{self.port}"

    @property
    def link(self) -> str:
        """Where to begin; the token in it is good once."""
        return f"http://127.0.0.1:{self.port}/?token={self.launch}"

    @property
    def unknown(self) -> str:
        """What is said to whoever has no cookie."""
        return f"open the link that {self.command} has shown"

    def led_in(self, method: str, path: str, query: bytes) -> Response | None:
        """Let the one in who has the link, and nobody twice."""
        if method != "GET" or path != "/" or b"token=" not in query:
            return None
        given = parse_qs(query.decode("latin-1")).get("token", [""])
        if self.launch is None or len(given) != 1 or not same(given[0], self.launch):
            return PlainTextResponse(
                "This link was used already. Stop the program with Ctrl-C and start it again: "
                f"{self.command}",
                403,
            )
        self.launch = None
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self.cookie_name, self.cookie, httponly=True, samesite="strict", path="/")
        return answer

    def stands_open(self, _method: str, _path: str) -> bool:
        """Nothing does."""
        return False

    def token_of(self, cookies: list[str]) -> str | None:
        """The token of changes, for whoever has the cookie."""
        known = any(same(value, self.cookie) for value in values_of(self.cookie_name, cookies))
        return self.forgery if known else None

    def most_bytes(self, path: str) -> int | None:
        """As long as a wish may be, except where a recording is sent."""
        return None if UPLOAD.fullmatch(path) else MOST_JSON_BYTES


def same(given: str, secret: str) -> bool:
    """Whether somebody named the secret; how long the answer takes tells nothing of it."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())


def values_of(name: str, cookies: list[str]) -> list[str]:
    """What the cookies of that name hold."""
    # Other servers of this computer set theirs as they like: none of them may hide ours.
    pairs = (pair.partition("=") for line in cookies for pair in line.split(";"))
    return [value.strip() for given, _, value in pairs if given.strip() == name]


class Guard:
    """ASGI application around another one, which sees only what the checks let through."""

    def __init__(self, inner: ASGIApp, door: Door) -> None:
        self._inner = inner
        self._door = door
        self.last_seen = time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._inner(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # nothing here speaks anything else; the server closes it

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        answer = self._refusal(scope)
        if answer is None:
            if scope["path"] != THERE:
                self.last_seen = time.monotonic()
            await self._inner(scope, receive, send_guarded)
            return
        if answer.status_code >= 400:
            answer.headers["Connection"] = "close"
            _log.info("refused a request with %d", answer.status_code)
        await answer(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        method: str = scope["method"]
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in self._door.hosts:
            return PlainTextResponse("wrong host", 421)
        origins = headers.getlist("origin")
        own = {f"{self._door.scheme}://{host}" for host in self._door.hosts}
        if any(origin not in own for origin in origins):
            return PlainTextResponse("another page may not ask", 403)
        sites = headers.getlist("sec-fetch-site")
        typed = sites == ["none"] and method == "GET"
        if not typed and any(site != "same-origin" for site in sites):
            return PlainTextResponse("another site may not ask", 403)
        if method not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("unknown method", 405, {"Allow": "GET, HEAD, POST"})
        led_in = self._door.led_in(method, scope["path"], scope["query_string"])
        if led_in is not None:
            return led_in
        token = self._door.token_of(headers.getlist("cookie"))
        stands_open = self._door.stands_open(method, scope["path"])
        if token is None and not stands_open:
            return PlainTextResponse(self._door.unknown, 401)
        if method != "POST":
            return None
        return self._change_refusal(scope["path"], headers, None if stands_open else token)

    def _change_refusal(self, path: str, headers: Headers, token: str | None) -> Response | None:
        """Why a change is refused; without a `token` the page's own origin has to be named."""
        most = self._door.most_bytes(path)
        wanted = "application/octet-stream" if most is None else "application/json"
        if headers.get("content-type", "").split(";")[0].strip() != wanted:
            return PlainTextResponse(f"{wanted} only", 415)
        own = same(headers.get("x-csrf", ""), token) if token else "origin" in headers
        if not own:
            return PlainTextResponse("the token of this page is missing; load it again", 403)
        length = headers.get("content-length", "")
        if "transfer-encoding" in headers or not (length.isascii() and length.isdigit()):
            return PlainTextResponse("a length is needed", 411)
        if most is not None and int(length) > most:
            return PlainTextResponse("too long", 413)
        return None
