"""What people type stays text, and nothing of a patient stays in the browser."""

from __future__ import annotations

import msgspec
import pytest
from playwright.sync_api import expect

from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.record import add_group, add_person, record_consent
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.rating.agree import reveal
from mbtg_video.rating.model import Source
from mbtg_video.rating.record import record_sheet
from mbtg_video.rating.scoring import open_scoring
from mbtg_video.rating.sheet import ItemScore
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.recording.model import NameState
from mbtg_video.recording.spoken import decide_name, mark_name
from mbtg_video.scale import find_scale
from mbtg_video.supervision.model import EntryKind
from mbtg_video.supervision.playlist import add_excerpts, add_step, new_playlist
from mbtg_video.tag.mark import Mark, add_tag
from mbtg_video.timecode import Span, Timecode
from tests.libraries import SIGNED_ON, UNTIL
from tests.sequences import filled
from tests.studio.conftest import DAY

EVIL = '<img src=x onerror="window.bad=1"><script>window.bad=1</script>"\'`${window.bad=1} PLANTED'
_KEPT = """async () => {
  const databases = await indexedDB.databases();
  const caches_ = await caches.keys();
  return [localStorage.length, sessionStorage.length, databases.length, caches_.length,
    document.cookie, document.title, history.state];
}"""
_TRY = """async () => {
  const violated = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    violated.push(event.effectiveDirective);
  });
  const works = (deed) => {
    try {
      deed();
      return true;
    } catch {
      return false;
    }
  };
  const script = document.createElement("script");
  const image = new Image();
  const frame = document.createElement("iframe");
  const tried = {
    html: works(() => (document.body.innerHTML = "<b>x</b>")),
    script: works(() => (script.textContent = "1")),
    listener: works(() => frame.setAttribute("onload", "1")),
  };
  const loaded = new Promise((resolve) => {
    image.onload = () => resolve(true);
    image.onerror = () => resolve(false);
  });
  image.src = "http://127.0.0.1:9/x.png";
  frame.src = "http://127.0.0.1:9/";
  document.body.append(frame);
  tried.image = await loaded;
  tried.fetched = await fetch("http://127.0.0.1:9/").then(() => true, () => false);
  for (let turn = 0; turn < 100 && violated.length < 6; turn += 1) {
    await new Promise(requestAnimationFrame);
  }
  return [tried, violated];
}"""


@pytest.fixture
def evil(consenting, recording_file):
    """A library in which every text that somebody types is markup."""
    with consenting.transaction() as session:
        add_group(session, "G2", EVIL, approval_required=False)
        for code, role in (("P8", Role.PATIENT), ("T8", Role.THERAPIST)):
            add_person(session, code, "G2", role)
            record_consent(session, code, Use, Form.IDENTIFIABLE, signed_on=SIGNED_ON, until=UNTIL)
    said = Description("G2", DAY, ["P8", "T8"])
    folder = consenting.root.parent / "evil"
    folder.mkdir()
    path = folder / "<img src=x onerror=window.bad=1>.mp4"
    path.write_bytes(recording_file("gop25").read_bytes())
    take_in(consenting, path, said, on=DAY)
    cut_excerpt(consenting, 1, Wish("4s", "6s", EVIL, EVIL), on=DAY)
    with consenting.transaction() as session:
        recording = find_recording(session, 1)
        add_tag(session, recording, Mark(start=Timecode(0), label=EVIL, note=EVIL), on=DAY)
        span = Span(Timecode(0), Timecode(1_000_000))
        name = mark_name(session, recording, span, on=DAY)
        decide_name(session, name, NameState.CLEARED, on=DAY, reason=EVIL)
        playlist = new_playlist(session, EVIL, Use.SUPERVISION)
        add_excerpts(session, playlist, [find_excerpt(session, 1)], minutes=5, on=DAY)
        add_step(session, playlist, EntryKind.THEORY, EVIL, 5)
        scale, how = find_scale("mbt-g-aqs"), {"source": Source.STUDIO, "on": DAY}
        for shown in (True, False):
            scoring = open_scoring(session, find_excerpt(session, 1), scale, on=DAY)
            noted = ItemScore(item=1, adherence=1, quality=1, note=EVIL)
            sheet = msgspec.structs.replace(filled(scale, item1=noted), note=EVIL)
            record_sheet(session, scoring, "T1", sheet, submit=shown, **how)
            if shown:
                reveal(session, scoring)
    return consenting


def test_markup_that_somebody_typed_is_shown_as_text(evil, open_page):
    page = open_page()
    places = ["#/", "#/R1", "#/X1", "#/L1", "#/excerpts", "#/playlists", "#/due"]
    for place in [*places, "#/scorings", "#/S1", "#/S2"]:
        page.evaluate("(place) => (location.hash = place)", place)
        expect(page.locator("main .loading")).to_have_count(0)
        expect(page.locator("main h1")).to_be_visible()
        if place == "#/R1":
            page.locator(".tag[data-id=N1]").click()
            page.locator(".tag[data-id=T1]").click()
        if place == "#/S1":
            expect(page.locator(".apart-table")).to_contain_text("PLANTED")
            expect(page.locator("section[aria-labelledby=whole-notes]")).to_contain_text("PLANTED")
        if place == "#/S2":
            page.get_by_label("Who is scoring?").select_option("T1")
            page.get_by_role("button", name="Open the sheet").click()
            expect(page.get_by_label("Note on item 1", exact=True)).to_have_value(EVIL)
        if place not in ("#/due",):
            expect(page.locator("#main")).to_contain_text("PLANTED")
        assert page.evaluate("window.bad") is None
        assert page.locator("img[src=x], main script").count() == 0
        assert "PLANTED" not in page.url


def test_nothing_of_a_patient_stays_in_the_browser(evil, open_page):
    page = open_page("R1")
    page.locator(".tag[data-id=T1]").click()
    page.locator("#note").fill("PLANTED note")
    page.evaluate("location.hash = '#/X1'")
    expect(page.locator("main h1")).to_contain_text("PLANTED")
    assert page.evaluate(_KEPT) == [0, 0, 0, 0, "", "mbtg", None]


def test_the_policy_of_the_page_holds(chromium, studio):
    page = chromium.new_page()
    page.goto(studio.link)
    tried, violated = page.evaluate(_TRY)
    assert tried == dict.fromkeys(("html", "script", "listener", "image", "fetched"), False)
    assert {"img-src", "connect-src", "frame-src"} <= set(violated)
    page.close()
