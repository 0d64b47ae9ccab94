"""Nothing but the sheets can be had from the network: no picture, title, question or name."""

from __future__ import annotations

import msgspec
import pytest

from mbtg_video.audit import list_lines
from mbtg_video.recording.access import find_recording
from mbtg_video.studio.app import build_app
from mbtg_video.studio.room.app import build_phones
from mbtg_video.tag.mark import Mark, add_tag
from mbtg_video.timecode import Timecode
from tests.sequences import DAY, filled
from tests.studio.scoring_room.conftest import PLANTED
from tests.studio.scoring_room.serving import running
from tests.studio.serving import Running as Studio

FILLED = {"{number:int}": "1", "{name}": "phone.js"}


def routes_of(guard):
    return [route.path for route in guard._inner.routes]


@pytest.fixture
def planted(course):
    with course.library.transaction() as session:
        mark = Mark(start=Timecode(0), label=PLANTED, note=PLANTED)
        add_tag(session, find_recording(session, 1), mark, on=DAY)
    return course


def test_no_address_of_the_phones_tells_of_the_library(planted, caplog):
    caplog.set_level(0)
    with running(planted.library) as room:
        phone, host = room.seated("K1"), room.host()
        sheet = msgspec.to_builtins(filled(planted.scale))
        answers = [phone.save(sheet, submit=True), phone.post("/api/sheets/1/reopen")]
        answers.append(phone.save(sheet, submit=True, revision=2, attempt="attempt-2"))
        for revealed in (False, True):
            if revealed:
                answers.append(host.post("/api/reveal", {"sequence": 1}))
            for path in routes_of(build_phones(room.room)):
                for gap, value in FILLED.items():
                    path = path.replace(gap, value)
                answers += [phone.get(path), phone.post(path), room.device().get(path)]
        answers += [host.get(path) for path in ("/api/session", "/api/board")]
        answers += [host.post("/api/release", {"code": "K1"})]
        told = b"".join(answer.body for answer in answers)
    assert len(told) > 10_000
    # P1 is a patient, R1 the recording, G1 and KURS are groups.
    for secret in (PLANTED, "P1", "R1", "G1", "KURS", str(planted.library.root)):
        assert secret.encode() not in told, secret
        assert secret not in caplog.text
    with planted.library.transaction() as session:
        lines = [(line.subjects, line.detail) for line in list_lines(session)]
    assert PLANTED not in str(lines)


def test_no_address_of_the_studio_answers_in_the_room(planted, tmp_path):
    studio = Studio(planted.library, tmp_path / "studio.toml")
    addresses = [
        path.replace("{id}", "R1").replace("{handle}", "x").replace("{name}", "app.js")
        for path in routes_of(build_app(studio.server.studio))
        if path != "/"
    ]
    studio.server._socket.close()
    assert len(addresses) > 30
    with running(planted.library) as room:
        phone = room.seated("K1")
        for path in addresses:
            assert phone.get(path).status == 404, path
        for name in (
            "mbtg.db",
            "..%2fhost.js",
            "host.js",
            "host.html",
            "api.js",
            "%2fetc%2fpasswd",
        ):
            assert phone.get(f"/page/{name}").status == 404, name
        assert room.host().get("/page/phone.js").status == 404


def test_the_seats_and_codes_of_others_are_not_told_once_one_sits(course):
    with running(course.library, raters=["K1", "K2"]) as room:
        one, other = room.seated("K1"), room.seated("K2")
        returning = other.state()["returning"]
        assert returning not in str(one.state())
        assert "codes" not in one.state()
        assert "K2" not in str(one.state())
