"""The pictures of the documentation are taken of the real page; one that has changed is replaced.

Nobody is in them: the recording is the role-play that the program draws.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.record import add_group, add_person, record_consent
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.library import create_library, open_library
from mbtg_video.media.roleplay import make_roleplay
from mbtg_video.rating.agree import reveal
from mbtg_video.rating.model import Absence, Source
from mbtg_video.rating.record import record_sheet
from mbtg_video.rating.scoring import open_scoring
from mbtg_video.rating.sheet import ItemScore, Moment, Sheet
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.derive import derive
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.recording.model import DerivedKind, Kind
from mbtg_video.recording.spoken import mark_name
from mbtg_video.scale import find_scale
from mbtg_video.supervision.model import EntryKind
from mbtg_video.supervision.playlist import add_excerpts, add_step, new_playlist, set_slot
from mbtg_video.tag.mark import Mark, add_tag
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import Span, Timecode
from tests.libraries import PASSPHRASE
from tests.studio.room import Room
from tests.studio.serving import running

FOLDER = Path(__file__).parents[2] / "docs" / "studio"
DAY = date(2026, 3, 13)
SECONDS = 60
NOTICED = 24  # of 255: what the eye notices in one pixel
CHANGED = 0.01  # of a picture's pixels; less is how another machine draws letters

_SHEET_DRAWN = """async () => {
  const { backgroundImage } = document.querySelector(".thumb .picture").style;
  const image = Object.assign(new Image(), { src: /url\\("(.+)"\\)/.exec(backgroundImage)[1] });
  await image.decode();
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
}"""

TAGS = (
    (8, 16, 3, Valence.GOOD, "P2 is brought in"),
    (14, 22, 17, Valence.NEUTRAL, None),
    (24, 32, 11, Valence.GOOD, "Wonders instead of knowing"),
    (33, 41, 6, Valence.NEUTRAL, None),
    (38, 46, 15, Valence.MISSED, "It stays general; nobody stops it"),
    (46, 54, 18, Valence.GOOD, "Back to the moment when P1 laughed"),
)
EXCERPTS = (
    ("7s", "23s", "Who speaks when", "How could I have brought P2 in earlier?"),
    ("30s", "47s", "Pretend mode", "When should I have stopped it?"),
)


RATERS = ("K1", "K2", "K3")
SCALE = find_scale("mbt-g-aqs")
# What each rater gives the items on which they are not all the same: adherence and quality.
APART = {
    2: ((5, 5), (4, 4), (5, 5)),
    7: ((5, 4), (5, 5), (5, 5)),
    11: ((2, 3), (5, 6), (4, 4)),
    15: ((3, 2), (4, 4), (3, 2)),
    18: ((6, 6), (5, 5), (6, 5)),
}
NOTES = {
    ("K1", 11): "The therapist answers for P1 before anybody has wondered.",
    ("K2", 11): "Comes back to it, and asks what the others saw.",
    ("K2", 15): "Stopped, but late.",
}


def sheet_of_rater(rater: str) -> Sheet:
    """A rater's whole sheet of X1, with moments for the items in which they differ."""
    place = RATERS.index(rater)
    items = []
    for item in SCALE.items:
        adherence, quality = APART.get(item.number, ((4, 5),) * 3)[place]
        moment = Moment(round((9.2 + place * 4.4 + item.number / 10) * 25) * 40_000)
        absent = item.number == 12 and rater == "K3"
        items.append(
            ItemScore(
                item=item.number,
                adherence=None if absent or not item.adherence_rated else adherence,
                quality=None if absent else quality,
                absence=Absence.DID_NOT_OCCUR if absent else None,
                note=NOTES.get((rater, item.number)),
                evidence=(moment,) if item.number in APART else (),
            )
        )
    return Sheet(items=tuple(items), overall={"adherence": 4, "quality": 4 + place % 2})


def score(session: Session) -> None:
    """S1 is revealed; in S2 one rater has begun and one is done."""
    for code in RATERS:
        add_person(session, code, "G1", Role.PARTICIPANT)
    how = {"source": Source.STUDIO, "on": DAY}
    for number in (1, 2):
        scoring = open_scoring(session, find_excerpt(session, number), SCALE, on=DAY)
        if number == 1:
            for rater in RATERS:
                record_sheet(session, scoring, rater, sheet_of_rater(rater), submit=True, **how)
            reveal(session, scoring)
            continue
        inside = Moment(35_000_000)
        begun = Sheet(
            items=(
                ItemScore(item=1, adherence=4, quality=5),
                ItemScore(item=2, absence=Absence.CANNOT_JUDGE),
                ItemScore(item=3, adherence=3, note="P2 is left out twice.", evidence=(inside,)),
            )
        )
        done = {"overall": {"adherence": 4, "quality": 4}}
        items = tuple(
            ItemScore(item=item.number, adherence=4 if item.adherence_rated else None, quality=4)
            for item in SCALE.items
        )
        record_sheet(session, scoring, "K1", begun, submit=False, **how)
        record_sheet(session, scoring, "K2", Sheet(items=items, **done), submit=True, **how)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    make_roleplay(folder / "roleplay.mp4", seconds=SECONDS)
    create_library(folder / "library", PASSPHRASE)
    with open_library(folder / "library", PASSPHRASE) as library:
        with library.transaction() as session:
            add_group(session, "G1", "Tuesday group", approval_required=False)
            for code, role in (("T1", Role.THERAPIST), ("P1", Role.PATIENT), ("P2", Role.PATIENT)):
                add_person(session, code, "G1", role)
                until = DAY + timedelta(days=20 if code == "P2" else 300)
                record_consent(session, code, Use, Form.IDENTIFIABLE, signed_on=DAY, until=until)
        told = Description("G1", DAY, ["T1", "P1", "P2"], Kind.ROLEPLAY)
        take_in(library, folder / "roleplay.mp4", told, on=DAY)
        for start, end, title, question in EXCERPTS:
            cut_excerpt(library, 1, Wish(start, end, title, question), on=DAY)
        with library.transaction() as session:
            recording = find_recording(session, 1)
            for start, end, item, valence, note in TAGS:
                times = Timecode(start * 1_000_000), Timecode(end * 1_000_000)
                mark = Mark(
                    start=times[0],
                    end=times[1],
                    scale="mbt-g-aqs",
                    item=item,
                    valence=valence,
                    note=note,
                )
                add_tag(session, recording, mark, on=DAY)
            mark_name(session, recording, Span(Timecode(51_000_000), Timecode(52_000_000)), on=DAY)
            playlist = new_playlist(session, "Supervision in March", Use.SUPERVISION)
            set_slot(playlist, 45)
            shown = [find_excerpt(session, 1), find_excerpt(session, 2)]
            add_excerpts(session, playlist, shown, minutes=12, on=DAY)
            add_step(session, playlist, EntryKind.DISCUSSION, "What do we take with us?", 10)
            score(session)
        for kind in (DerivedKind.POSTER, DerivedKind.SPRITES, DerivedKind.WAVEFORM):
            derive(library, 1, kind, on=DAY)
        yield library


@pytest.fixture
def studio(library, tmp_path):
    with running(library, tmp_path / "studio.toml") as started:
        started.today = DAY
        yield started


def keep(page: Page, name: str) -> None:
    """Take the page's picture, and keep it where it differs from the one that is there."""
    taken = page.screenshot()
    now = cv2.imdecode(np.frombuffer(taken, np.uint8), cv2.IMREAD_COLOR)
    assert now is not None
    assert now.std() > 5, "nothing is on the page"
    path = FOLDER / f"{name}.png"
    before = cv2.imread(str(path)) if path.exists() else None
    if before is not None and before.shape == now.shape:
        seen = np.abs(before.astype(int) - now.astype(int)).max(axis=2) > NOTICED
        if seen.mean() <= CHANGED:
            return
    FOLDER.mkdir(parents=True, exist_ok=True)
    path.write_bytes(taken)


@pytest.mark.long
def test_every_view_is_shown_in_the_documentation(studio, open_page):
    page = open_page()
    expect(page.locator(".recording-card img")).to_be_visible()
    page.locator(".recording-card img").evaluate("image => image.decode()")
    keep(page, "library")

    page.evaluate("location.hash = '#/R1'")
    room = Room(page)
    room.wait_until_shown()
    room.go_to("f690")
    room.expect_frame(690)
    room.row("T3").click()
    room.expect_frame(600)
    room.go_to("f690")
    room.expect_frame(690)
    room.press("i")
    page.wait_for_function("() => document.querySelector('.area').dataset.wave === 'yes'")
    area = page.locator(".area").bounding_box()
    assert area
    page.mouse.move(area["x"] + area["width"] * 0.63, area["y"] + 40)
    expect(page.locator(".thumb .picture")).to_be_visible()
    page.evaluate(_SHEET_DRAWN)
    page.evaluate("document.activeElement.blur()")
    keep(page, "recording")

    page.locator("[data-language=nb]").click()
    page.locator("#theme").click()
    page.mouse.move(5, 5)
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    keep(page, "recording-light-nb")
    page.locator("[data-language=en]").click()
    page.locator("#theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    for place, name in (
        ("X1", "excerpt"),
        ("excerpts", "excerpts"),
        ("L1", "playlist"),
        ("playlists", "playlists"),
        ("due", "due"),
        ("scorings", "scorings"),
    ):
        page.evaluate("place => (location.hash = `#/${place}`)", place)
        expect(page.locator(".loading")).to_have_count(0)
        expect(page.locator("h1")).to_be_focused()
        page.evaluate("document.activeElement.blur()")
        keep(page, name)


def theme(page: Page, language: str, wanted: str) -> None:
    page.locator(f"[data-language={language}]").click()
    if page.locator("html").get_attribute("data-theme") != wanted:
        page.locator("#theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", wanted)
    page.mouse.move(5, 5)
    page.evaluate("document.activeElement.blur()")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


@pytest.mark.long
def test_scoring_is_shown_in_the_documentation(studio, open_page):
    page = open_page("S2")
    page.get_by_label("Who is scoring").select_option("K1")
    theme(page, "en", "dark")
    page.get_by_role("button", name="Open the sheet").click()
    page.get_by_role("button", name="Play the excerpt").click()
    shown = page.locator("output.frame")
    expect(shown).to_have_attribute("data-frame", re.compile(r"[1-9]"))
    page.keyboard.press("k")
    page.locator(".sheet-moment").first.click()
    page.wait_for_function("() => !document.querySelector('video').paused")
    page.keyboard.press("k")
    page.keyboard.press("Home")
    expect(shown).to_have_attribute("data-frame", "0")
    page.locator(".scoring-side").evaluate("side => side.scrollTo(0, 0)")
    theme(page, "en", "dark")
    keep(page, "scoring-sheet")

    page.evaluate("location.hash = '#/S1'")
    expect(page.locator(".apart-table")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Play .*K2")).first.click()
    page.wait_for_function("() => !document.querySelector('video')?.paused")
    page.keyboard.press("k")
    page.keyboard.press("Home")
    expect(shown).to_have_attribute("data-frame", "0")
    page.get_by_role("button", name="Use the answer of K2").first.click()
    theme(page, "nb", "light")
    keep(page, "scoring-differences-light-nb")
    page.get_by_role("button", name="Konsensus", exact=True).click()
    theme(page, "en", "dark")
    keep(page, "scoring-consensus")
