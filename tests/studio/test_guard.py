"""Nobody but the one page speaks with the studio; each check refuses with its own status."""

from __future__ import annotations

import socket

import pytest

from mbtg_video.studio.guard import HEADERS, MOST_JSON_BYTES
from tests.studio.serving import running


@pytest.fixture
def studio(consenting, tmp_path):
    with running(consenting, tmp_path / "studio.toml") as started:
        yield started


@pytest.fixture
def entered(studio):
    studio.enter()
    return studio


def test_it_listens_on_this_computer_alone(studio):
    assert studio.server.address == "127.0.0.1"
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", studio.port), timeout=5)


def test_the_link_is_good_once(studio):
    path = studio.link.partition(str(studio.port))[2]
    host = {"Host": f"127.0.0.1:{studio.port}"}
    first = studio.raw("GET", path, host)
    assert first.status == 303
    assert first.headers["location"] == "/"
    cookie = first.headers["set-cookie"]
    assert cookie.startswith(f"mbtg_{studio.port}=")
    for part in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert part in cookie
    assert studio.raw("GET", path, host).status == 403


@pytest.mark.parametrize("token", ["", "x", "%00", "%C3%A6", "a&token=b"])
def test_a_wrong_link_opens_nothing_and_does_not_use_up_the_right_one(studio, token):
    host = {"Host": f"127.0.0.1:{studio.port}"}
    answer = studio.raw("GET", f"/?token={token}", host)
    assert answer.status == 403
    assert "set-cookie" not in answer.headers
    studio.enter()


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost.:{port}",
        "[::1]:{port}",
        "0.0.0.0:{port}",
    ],
)
def test_another_host_is_misdirected(entered, host):
    headers = entered.own_headers() | {"Host": host.format(port=entered.port)}
    assert entered.raw("GET", "/api/session", headers).status == 421


def test_a_host_that_is_named_twice_or_not_at_all_is_refused(entered):
    own = entered.own_headers()
    host = own.pop("Host")
    assert entered.raw("GET", "/api/session", own).status in (400, 421)
    assert entered.raw("GET", "/api/session", own | {"Host": [host, host]}).status in (400, 421)


def test_this_computers_name_is_as_good_as_its_number(entered):
    headers = entered.own_headers() | {"Host": f"localhost:{entered.port}"}
    assert entered.raw("GET", "/api/session", headers).status == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1", ""]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_origin_is_refused(entered, origin, method):
    headers = {"Origin": origin.format(port=entered.port)}
    if method == "GET":
        assert entered.get("/api/session", **headers).status == 403
    else:
        assert entered.post("/api/alive", **headers).status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "x"])
def test_another_site_is_refused(entered, site):
    assert entered.get("/api/session", **{"Sec-Fetch-Site": site}).status == 403
    assert entered.post("/api/alive", **{"Sec-Fetch-Site": site}).status == 403


def test_an_address_that_somebody_typed_is_looked_at_but_changes_nothing(entered):
    assert entered.get("/", **{"Sec-Fetch-Site": "none"}).status == 200
    assert entered.post("/api/alive", **{"Sec-Fetch-Site": "none"}).status == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "X"])
def test_other_methods_are_refused(entered, method):
    assert entered.raw(method, "/api/session", entered.own_headers()).status == 405


@pytest.mark.parametrize("cookie", ["", "mbtg_{port}=x", "mbtg_1={right}", "=;;=\x01", "{right}x"])
@pytest.mark.parametrize("path", ["/", "/page/app.js", "/api/session", "/media/x/video", "/no"])
def test_without_the_cookie_there_is_nothing_to_see(entered, cookie, path):
    value = entered.cookie.partition("=")[2]
    text = cookie.format(port=entered.port, right=value)
    if cookie == "{right}x":
        text = f"mbtg_{entered.port}={value}x"
    headers = entered.own_headers() | {"Cookie": text}
    answer = entered.raw("GET", path, headers)
    assert answer.status in (400, 401)
    assert b"csrf" not in answer.body


@pytest.mark.parametrize(
    "cookie", ['a={"x": 1}; {own}', '{own}; a="; b=[', "=; ;; {own}", "mbtg_{port}=x; {own}"]
)
def test_cookies_of_other_servers_do_not_hide_the_own_one(entered, cookie):
    text = cookie.replace("{own}", entered.cookie).replace("{port}", str(entered.port))
    assert entered.get("/api/session", Cookie=text).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "application/octet-stream"}, 415),
        ({"X-CSRF": ""}, 403),
        ({"X-CSRF": "x"}, 403),
        ({"X-CSRF": "æ".encode().decode("latin-1")}, 403),
        ({"Content-Length": str(MOST_JSON_BYTES + 1)}, 413),
    ],
)
def test_a_change_has_to_be_the_pages_own(entered, headers, status):
    assert entered.post("/api/alive", **headers).status == status


def test_a_change_of_unknown_length_is_refused(entered):
    headers = entered.own_headers() | {
        "Content-Type": "application/json",
        "X-CSRF": entered.csrf,
        "Transfer-Encoding": "chunked",
    }
    assert entered.raw("POST", "/api/alive", headers, b"2\r\n{}\r\n0\r\n\r\n").status == 411
    del headers["Transfer-Encoding"]
    assert entered.raw("POST", "/api/alive", headers).status == 411


@pytest.mark.parametrize(
    "path",
    [
        "/page/../guard.py",
        "/page/..%2fguard.py",
        "/page/%2e%2e/guard.py",
        "/page/%2e%2e%2fguard.py",
        "/page/..%5cguard.py",
        "/page//etc/passwd",
        "/page/%2fetc%2fpasswd",
        "/page/app.js%00",
        "/page/",
        "/page",
        "//page/app.js",
        "/api/recordings/..%2f..%2fR1",
        "/media/../../mbtg.db/video",
        "/media/x/..%2f..%2fmbtg.db",
        "/mbtg.db",
    ],
)
def test_no_address_names_a_file(entered, path):
    answer = entered.get(path)
    assert answer.status in (400, 404)
    assert b"import" not in answer.body
    assert b"SQLite" not in answer.body


def test_every_answer_keeps_the_browser_from_leaking_it(entered):
    answers = [
        entered.get("/"),
        entered.get("/page/app.js"),
        entered.get("/api/session"),
        entered.get("/nothing"),
        entered.get("/api/recordings/R9"),
        entered.get("/api/session", Origin="http://evil.example"),
        entered.raw("GET", "/", {"Host": "evil.example"}),
        entered.post("/api/alive"),
    ]
    for answer in answers:
        for name, value in HEADERS.items():
            assert answer.headers[name.lower()] == value
        assert not [name for name in answer.headers if name.startswith("access-control")]
        assert "server" not in answer.headers
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("wish", ['{"x": 1}', "[]", "{", "null", "[" * 5000, '{"dark": "yes"}'])
def test_a_wish_that_is_none_is_answered_in_a_sentence(entered, wish):
    body = wish.encode()
    headers = entered.own_headers() | {
        "Content-Type": "application/json",
        "X-CSRF": entered.csrf,
        "Content-Length": str(len(body)),
    }
    answer = entered.raw("POST", "/api/preferences", headers, body)
    assert answer.status == 400
    assert answer.json["kind"] == "BadInput"


def test_neither_secrets_nor_queries_are_logged(studio, caplog):
    caplog.set_level(0)
    launch = studio.link.partition("=")[2]
    studio.enter()
    studio.get("/api/recordings/R1/consent?use=plantedquery")
    studio.get("/api/recordings/R1/tags?after=plantedquery")
    for secret in (launch, studio.cookie.partition("=")[2], studio.csrf, "plantedquery"):
        assert secret not in caplog.text
