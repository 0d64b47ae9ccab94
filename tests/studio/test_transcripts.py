"""What is said beside the picture: it follows it, leads it, and is shown to whoever may hear it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from mbtg_video.consent.model import Use
from mbtg_video.consent.record import withdraw_uses
from mbtg_video.recording.access import find_recording
from mbtg_video.studio.api import transcripts as pages
from mbtg_video.timecode import Timecode
from mbtg_video.transcript.content import CueValues, Lane
from mbtg_video.transcript.lane import add_transcript
from tests.studio.conftest import DAY

CUES = "/api/recordings/R1/transcripts"
SPOKEN = [(1, 3, "P1", "Det ble stille da hun gikk."), (2, 4, "P2", "Ja."), (6, 8, None, "Hm."),
          (9, 11, "T1", "Hva tenker du om det?\nEller dere?")]  # fmt: skip


@pytest.fixture
def said(consenting, take):
    """R1 with two transcripts, four cues in all."""
    take("gop25")
    cues = [
        CueValues(start=Timecode(a * 10**6), end=Timecode(b * 10**6), speaker=who, text=text)
        for a, b, who, text in SPOKEN
    ]
    with consenting.transaction() as session:
        recording = find_recording(session, 1)
        for title, part in (("Gruppen", cues[:3]), ("Terapeuten", cues[3:])):
            add_transcript(session, recording, Lane(title=title, cues=tuple(part)), on=DAY)


def test_cues_come_in_pages_in_order_of_time(said, studio, monkeypatch):
    studio.enter()
    whole = studio.get(CUES).json
    assert [one["text"] for one in whole["cues"]] == [text for *_, text in SPOKEN]
    assert [one["id"] for one in whole["transcripts"]] == ["W1", "W2"]
    assert whole["after"] is None
    monkeypatch.setattr(pages, "PAGE", 3)
    first = studio.get(CUES).json
    rest = studio.get(f"{CUES}?after={first['after']}").json
    assert first["cues"] + rest["cues"] == whole["cues"]
    assert studio.get(f"{CUES}?after=now").status == 400


def test_what_may_not_be_heard_is_not_read(said, studio, consenting):
    studio.enter()
    with consenting.transaction() as session:
        withdraw_uses(session, "P1", [Use.OWN_REVIEW], on=studio.today)
    assert studio.get(CUES).status == 403


def test_the_line_being_said_is_marked_and_a_line_chosen_moves_the_picture(said, open_page):
    page = open_page("R1")
    lines = page.get_by_role("listbox", name="Transcript")
    expect(lines.get_by_role("option")).to_have_count(4)
    now = lines.locator("[aria-selected=true]")
    frame = page.locator("output.frame")
    lines.get_by_role("option").nth(3).click()
    expect(frame).to_have_attribute("data-time", "9000000")
    expect(now).to_contain_text("T1: Hva tenker du om det?")
    lines.focus()
    page.keyboard.press("ArrowUp")
    expect(frame).to_have_attribute("data-time", "6000000")
    expect(now).to_have_text("00:06Hm.")
    page.keyboard.press("Home")
    expect(now).to_contain_text("P1: Det ble stille")


def test_a_recording_without_a_transcript_has_no_place_for_one(take, open_page):
    take("no_audio")
    page = open_page("R1")
    expect(page.get_by_role("listbox", name="Tags")).to_be_visible()
    expect(page.locator("output.frame")).to_have_attribute("data-frame", "0")
    expect(page.locator(".said-panel")).to_be_hidden()
