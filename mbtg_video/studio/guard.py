"""Who may speak with the studio: this computer's own browser, and there the one page.

The checks come in this order, each with its status: Host (421), Origin (403), Sec-Fetch-Site
(403), method (405), launch token (303 or 403), cookie (401), and for a change its type (415),
token against forgery (403), length (411) and size (413). Nothing behind them sees a request that
one of them refused, and every answer carries the headers that keep a browser from leaking it.
"""

from __future__ import annotations

import hmac
import logging
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Final
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


@dataclass(slots=True, repr=False)
class Pass:
    """The secrets of one run: the link that is good once, the cookie, the token of changes."""

    port: int
    launch: str | None = field(default_factory=lambda: secrets.token_urlsafe(32))
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    forgery: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def hosts(self) -> tuple[str, str]:
        """What a browser on this computer calls the studio."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    @property
    def cookie_name(self) -> str:
        """Named with the port: cookies are shared by all servers of one host."""
        return f"mbtg_{self.port}"

    @property
    def link(self) -> str:
        """Where to begin; the token in it is good once."""
        return f"http://127.0.0.1:{self.port}/?token={self.launch}"


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())


class Guard:
    """ASGI application around another one, which sees only what the checks let through."""

    def __init__(self, inner: ASGIApp, secrets_: Pass) -> None:
        self._inner = inner
        self._pass = secrets_
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
        if len(hosts) != 1 or hosts[0] not in self._pass.hosts:
            return PlainTextResponse("wrong host", 421)
        origins = headers.getlist("origin")
        own = {f"http://{host}" for host in self._pass.hosts}
        if any(origin not in own for origin in origins):
            return PlainTextResponse("another page may not ask", 403)
        sites = headers.getlist("sec-fetch-site")
        typed = sites == ["none"] and method == "GET"
        if not typed and any(site != "same-origin" for site in sites):
            return PlainTextResponse("another site may not ask", 403)
        if method not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("unknown method", 405, {"Allow": "GET, HEAD, POST"})
        if method == "GET" and scope["path"] == "/" and b"token=" in scope["query_string"]:
            return self._launched(scope["query_string"])
        if not self._knows(headers.getlist("cookie")):
            return PlainTextResponse("open the link that mbtg studio has shown", 401)
        return self._change_refusal(scope["path"], headers) if method == "POST" else None

    def _launched(self, query: bytes) -> Response:
        given = parse_qs(query.decode("latin-1")).get("token", [""])
        expected = self._pass.launch
        if expected is None or len(given) != 1 or not _same(given[0], expected):
            return PlainTextResponse(
                "This link was used already. Stop the studio with Ctrl-C and start it again: "
                "mbtg studio",
                403,
            )
        self._pass.launch = None
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            self._pass.cookie_name, self._pass.cookie, httponly=True, samesite="strict", path="/"
        )
        return answer

    def _knows(self, cookies: list[str]) -> bool:
        # Other servers of this computer set theirs as they like: none of them may hide ours.
        pairs = (pair.partition("=") for line in cookies for pair in line.split(";"))
        own = [value.strip() for name, _, value in pairs if name.strip() == self._pass.cookie_name]
        return any(_same(value, self._pass.cookie) for value in own)

    def _change_refusal(self, path: str, headers: Headers) -> Response | None:
        upload = UPLOAD.fullmatch(path) is not None
        wanted = "application/octet-stream" if upload else "application/json"
        if headers.get("content-type", "").split(";")[0].strip() != wanted:
            return PlainTextResponse(f"{wanted} only", 415)
        if not _same(headers.get("x-csrf", ""), self._pass.forgery):
            return PlainTextResponse("the token of this page is missing; load it again", 403)
        length = headers.get("content-length", "")
        if "transfer-encoding" in headers or not (length.isascii() and length.isdigit()):
            return PlainTextResponse("a length is needed", 411)
        if int(length) > MOST_JSON_BYTES and not upload:
            return PlainTextResponse("too long", 413)
        return None
