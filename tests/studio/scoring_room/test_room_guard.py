"""Nobody but a joined device speaks with the room, and each only about its own seat."""

from __future__ import annotations

import socket

import msgspec
import pytest

from mbtg_video.studio.guard import HEADERS, MOST_JSON_BYTES
from mbtg_video.studio.room.codes import MOST_WRONG
from tests.sequences import filled

EMPTY = {"items": [], "overall": {}, "note": None}


@pytest.fixture
def phone(room):
    return room.seated("K1")


def test_it_listens_at_its_one_address(room):
    for port in (room.port, room.server.pass_.port):
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", port), timeout=5)


def test_a_device_is_refused_by_each_check_in_its_turn(room, phone):
    for host in ("evil.example", "127.0.0.1", f"localhost:{room.port}", f"0.0.0.0:{room.port}"):
        assert phone.get("/api/state", Host=host).status == 421
    for origin in ("https://evil.example", "null", f"http://127.0.0.1:{room.port}", ""):
        assert phone.get("/api/state", Origin=origin).status == 403
        assert phone.post("/api/join", {"code": "x"}, Origin=origin).status == 403
    for site in ("cross-site", "same-site"):
        assert phone.get("/api/state", **{"Sec-Fetch-Site": site}).status == 403
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "X"):
        assert room.raw(method, "/api/state", phone.headers()).status == 405
    for kind in ("text/plain", "application/octet-stream"):
        assert phone.save(EMPTY).status == 200
        assert phone.post("/api/seat", {"code": "K2"}, **{"Content-Type": kind}).status == 415
    for token in ("", "x", room.seated("K2").csrf):
        assert phone.post("/api/seat", {"code": "K3"}, **{"X-CSRF": token}).status == 403
    long = {"Content-Length": str(MOST_JSON_BYTES + 1)}
    assert phone.post("/api/sheets/1/save", {}, **long).status == 413
    assert room.device().post("/api/join", {"code": "x" * 300}).status == 413
    chunked = phone.headers() | {"Content-Type": "application/json", "X-CSRF": phone.csrf}
    chunked["Transfer-Encoding"] = "chunked"
    assert room.raw("POST", "/api/seat", chunked, b"2\r\n{}\r\n0\r\n\r\n").status == 411
    upload = chunked | {"Content-Type": "application/octet-stream", "Content-Length": "2"}
    assert room.raw("POST", f"/api/intake/{'0' * 32}", upload, b"{}").status == 415


@pytest.mark.parametrize(
    "cookie", ["", "__Host-mbtg-1=x", "mbtg_{port}={right}", "{name}={right}x"]
)
def test_without_its_cookie_a_device_gets_the_page_and_no_more(room, phone, cookie):
    right = phone.cookie.partition("=")[2]
    name = room.room.seats.cookie_name
    stranger = room.device()
    stranger.cookie = cookie.format(port=room.port, right=right, name=name)
    assert stranger.get("/").status == 200
    assert stranger.state() == {"language": "en", "ended": False, "joined": False}
    for path in ("/api/scale", "/api/sheets/1", "/api/board", "/no"):
        assert stranger.get(path).status == 401
    for path in ("/api/seat", "/api/sheets/1/save", "/api/sheets/1/reopen", "/api/reveal"):
        assert stranger.post(path).status == 401


def test_joining_needs_an_origin(room):
    headers = room.device().headers() | {"Content-Type": "application/json", "Content-Length": "2"}
    assert room.raw("POST", "/api/join", headers, b"{}").status == 403


def test_the_cookie_is_for_this_server_and_no_script(room):
    cookie = room.device().join(room.room.join_code.lower()).headers["set-cookie"]
    assert cookie.startswith(f"__Host-mbtg-{room.port}=")
    for part in ("HttpOnly", "SameSite=strict", "Path=/", "Secure", "Max-Age=28800"):
        assert part in cookie
    assert "Domain" not in cookie


def test_whoever_guesses_has_to_wait_and_is_noted(room):
    device = room.device()
    for _ in range(MOST_WRONG):
        answer = device.join("AAAAAA")
        assert (answer.status, answer.json) == (403, {"kind": "WrongCode"})
        assert "set-cookie" not in answer.headers
    # Now even the right code has to wait: else guessing would tell which it is.
    answer = device.join(room.room.join_code)
    assert (answer.status, answer.json) == (429, {"kind": "Locked"})


def test_joined_without_a_seat_there_is_no_sheet(room):
    device = room.device()
    device.join(room.room.join_code)
    assert device.state()["seat"] is None
    device.code = "K1"
    assert device.get("/api/sheets/1").status == 404
    assert device.save(EMPTY).status == 404


@pytest.mark.parametrize("code", ["P1", "K99", "", "k1"])
def test_only_those_on_the_list_have_a_seat(room, code):
    device = room.device()
    device.join(room.room.join_code)
    assert device.take(code) == "unknown"
    assert device.state()["seat"] is None


def test_a_sheet_of_another_seat_is_neither_shown_nor_taken(room, course):
    one, other = room.seated("K1"), room.seated("K2")
    sheet = msgspec.to_builtins(filled(course.scale, adherence=7))
    assert one.save(sheet).status == 200
    assert other.get("/api/sheets/1").json["sheet"] is None
    # A late save of whoever had the device before.
    assert other.save(sheet, rater="K1", revision=1).status == 404
    assert other.get("/api/sheets/1").json["sheet"] is None


def test_a_sequence_that_was_not_shown_yet_is_not_there(room, phone):
    for number in (0, 2, 3):
        assert phone.get(f"/api/sheets/{number}").status == 404
        assert phone.save(EMPTY, number=number).status == 404
    room.room.show(2)
    assert phone.get("/api/sheets/2").status == 200


@pytest.mark.parametrize("wish", ['{"x": 1}', "{", "[" * 5000, '{"code": 7}'])
def test_a_wish_that_is_none_is_refused_without_a_word(room, phone, wish):
    headers = phone.headers() | {
        "Origin": phone.origin,
        "Content-Type": "application/json",
        "X-CSRF": phone.csrf,
        "Content-Length": str(len(wish)),
    }
    answer = room.raw("POST", "/api/seat", headers, wish.encode())
    assert (answer.status, answer.json) == (400, {"kind": "BadInput"})


def test_every_answer_keeps_the_browser_from_leaking_it(room, phone):
    answers = [
        phone.get("/"),
        phone.get("/page/sheet.js"),
        phone.state,
        phone.get("/nothing"),
        phone.get("/api/sheets/9"),
        phone.get("/api/state", Host="evil.example"),
        room.device().get("/api/scale"),
        phone.save(EMPTY),
    ]
    for answer in answers:
        found = phone.get("/api/state") if callable(answer) else answer
        for name, value in HEADERS.items():
            assert found.headers[name.lower()] == value
        assert "server" not in found.headers


def test_the_hosts_page_is_for_this_computers_browser_with_the_link(room):
    host = room.host()
    assert host.get("/").status == 200
    stranger = room.device()
    stranger.host = True
    for path in ("/", "/api/board", "/api/session", "/page/host.js"):
        assert stranger.get(path).status == 401
    assert host.get("/api/board", Host="evil.example").status == 421
    assert host.get("/api/board", Origin=f"https://127.0.0.1:{room.port}").status == 403
    assert host.post("/api/reveal", {"sequence": 1}, **{"X-CSRF": ""}).status == 403
    path = room.server.link.partition(str(room.server.pass_.port))[2]
    answer = room.raw("GET", path, {"Host": host.name}, host=True)
    assert answer.status == 403
    assert b"mbtg rate room" in answer.body


def test_no_secret_is_logged(room, caplog):
    caplog.set_level(0)
    phone, host = room.seated("K1"), room.host()
    room.device().join("PLANTD")
    phone.save(EMPTY)
    returning = room.room.seats.seats["K1"].returning
    launch = room.server.link.partition("=")[2]
    secrets = (room.room.join_code, returning, phone.cookie, phone.csrf, host.csrf, "PLANTD")
    for secret in (*secrets, launch):
        assert secret not in caplog.text or not secret
