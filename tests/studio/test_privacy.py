"""Neither the program nor the browser keeps anything of a patient in the clear."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser import ARGUMENTS, executable
from tests.cli.conftest import everything_in
from tests.studio.room import Room
from tests.studio.serving import running

PLANTED = {
    "note": "Plantetnotat om stillheten",
    "label": "Plantetetikett",
    "title": "Plantettittel",
    "question": "Plantetspørsmål",
    "recipient": "Plantetmottaker",
    "rating": "Plantetskåringsnotat",
    "group": "Tirsdagsgruppen",
}


def test_a_whole_session_leaves_nothing_readable_behind(
    consenting, take, tmp_path, chromium, caplog
):
    take("gop25")
    caplog.set_level(0)
    profile = tmp_path / "profile"
    with running(consenting, tmp_path / "studio.toml") as studio:
        context = chromium.browser_type.launch_persistent_context(
            profile,
            executable_path=executable(),
            args=ARGUMENTS,
            viewport={"width": 1280, "height": 720},
        )
        page = context.new_page()
        page.goto(studio.link)
        page.evaluate("location.hash = '#/R1'")
        room = Room(page)
        room.wait_until_shown()
        room.press("3", "Enter")
        page.keyboard.type(PLANTED["note"])
        room.press("Escape", "f")
        expect(page.locator("dialog")).to_be_visible()
        page.keyboard.type(PLANTED["label"])
        room.press("Enter")
        room.go_to("f20")
        room.expect_frame(20)
        room.press("i")
        room.go_to("f60")
        room.expect_frame(60)
        room.press("o", "x")
        page.keyboard.type(PLANTED["title"])
        page.keyboard.press("Tab")
        page.keyboard.type(PLANTED["question"])
        page.locator("dialog button[type=submit]").click()
        expect(page.locator("dialog h2")).to_have_text(re.compile("X1"), timeout=60_000)
        page.keyboard.press("Escape")
        room.expect_saved()
        studio.enter_as(context.cookies())
        studio.post("/api/playlists", {"title": PLANTED["title"]})
        studio.post("/api/playlists/L1/add", {"excerpts": [1]})
        studio.post("/api/excerpts/X1/score", {"scale": "mbt-g-aqs"})
        sheet = {"items": [{"item": 3, "note": PLANTED["rating"]}]}
        wish = {"rater": "T1", "seen": 0, "sheet": sheet}
        assert studio.post("/api/scorings/S1/save", wish).status == 200
        out = tmp_path / "out"
        wish = {"folder": str(out), "recipients": [PLANTED["recipient"]]}
        made = studio.finished(studio.post("/api/playlists/L1/bundle", wish).json)
        assert made["state"] == "done"
        secrets = [
            studio.csrf,
            studio.cookie.partition("=")[2],
            studio.link.partition("=")[2],
            made["result"]["passphrase"],
        ]
        # Browsers keep fields as they stand, to restore them: here with the note in one.
        room.row("T2").click()
        room.row("T1").click()
        expect(page.locator("#note")).to_have_value(PLANTED["note"])
        page.evaluate("location.hash = '#/L1'")
        expect(page.locator(".builder h1")).to_contain_text(PLANTED["title"])
        page.evaluate("location.hash = '#/S1'")
        page.get_by_label("Who is scoring?").select_option("T1")
        page.get_by_role("button", name="Open the sheet").click()
        note = page.get_by_label("Note on item 3", exact=True)
        expect(note).to_have_value(PLANTED["rating"])
        page.evaluate("location.hash = '#/R1'")
        room.wait_until_shown()
        room.row("T2").click()
        expect(page.locator(".editor input")).to_have_value(PLANTED["label"])
        room.row("T1").click()
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert page.evaluate("async () => (await indexedDB.databases()).length") == 0
        assert page.evaluate("async () => (await caches.keys()).length") == 0
        assert page.title() == "mbtg"
        context.close()
    left = {
        "library": everything_in(tmp_path / "library"),
        "browser": everything_in(profile),
        "bundle": everything_in(out),
        "log": caplog.text.encode(),
        "preferences": everything_in(tmp_path / "studio.toml"),
    }
    assert len(left["browser"]) > 1000
    for place, content in left.items():
        for text in [*PLANTED.values(), *(secrets if place != "browser" else [])]:
            for encoding in ("utf-8", "utf-16-le"):
                assert text.encode(encoding) not in content, f"{text} is in {place}"
