"""Every place of the studio can be used with a screen reader, in both rooms, on a small screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from mbtg_video.consent.model import Role, Use
from mbtg_video.consent.record import add_person
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.rating.agree import record_consensus, reveal, sign
from mbtg_video.rating.model import Absence, Source
from mbtg_video.rating.record import record_sheet
from mbtg_video.rating.scoring import open_scoring
from mbtg_video.rating.sheet import ItemScore, Moment
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.spoken import mark_name
from mbtg_video.scale import find_scale
from mbtg_video.supervision.model import EntryKind
from mbtg_video.supervision.playlist import add_excerpts, add_step, new_playlist
from mbtg_video.tag.mark import Mark, add_tag
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import Span, Timecode
from tests.libraries import copied
from tests.sequences import filled
from tests.studio.conftest import DAY
from tests.studio.room import Room

PLACES = (
    "",
    "R1",
    "excerpts",
    "X1",
    "playlists",
    "L1",
    "scorings",
    "S1",
    "S2",
    "S3",
    "due",
    "search",
)


@pytest.fixture(scope="module")
def library_folder(taken_folder, tmp_path_factory):
    """A library with something at every place."""
    with copied(taken_folder("gop25"), tmp_path_factory.mktemp("furnished")) as library:
        furnish(library)
    return library.root


def furnish(library):
    cut_excerpt(library, 1, Wish("1s", "2s", "Turtaking", "Hvem?"), on=DAY)
    with library.transaction() as session:
        recording = find_recording(session, 1)
        for start, valence in ((0, Valence.GOOD), (2, Valence.MISSED), (4, Valence.NEUTRAL)):
            span = {"start": Timecode(start * 1_000_000), "end": Timecode((start + 2) * 1_000_000)}
            mark = Mark(**span, scale="mbt-g-aqs", item=3 + start, valence=valence, note="Stille")
            add_tag(session, recording, mark, on=DAY)
        mark_name(session, recording, Span(Timecode(0), Timecode(400_000)), on=DAY)
        playlist = new_playlist(session, "Fredag", Use.SUPERVISION)
        add_excerpts(session, playlist, [find_excerpt(session, 1)], minutes=5, on=DAY)
        add_step(session, playlist, EntryKind.DISCUSSION, "Hva så vi?", None)
        score(session)


def score(session):
    """S1 is signed, S2 revealed with differences, S3 blind with a draft and a whole sheet."""
    scale, how = find_scale("mbt-g-aqs"), {"source": Source.STUDIO, "on": DAY}
    add_person(session, "K1", "G1", Role.PARTICIPANT)
    moment = Moment(1_400_000)
    absent = ItemScore(item=8, absence=Absence.DID_NOT_OCCUR, note="Nei", evidence=(moment,))
    for state in ("signed", "revealed", "blind"):
        scoring = open_scoring(session, find_excerpt(session, 1), scale, on=DAY)
        whole = state != "blind"
        record_sheet(session, scoring, "T1", filled(scale), submit=True, **how)
        record_sheet(session, scoring, "K1", filled(scale, item8=absent), submit=whole, **how)
        if whole:
            reveal(session, scoring)
        if state == "signed":
            record_consensus(session, scoring, filled(scale), **how)
            sign(session, scoring, "T1")


@pytest.fixture
def page(studio, chromium: Browser):
    """A page into which the examiner may be put, which the page's policy forbids to all others."""
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, bypass_csp=True)
    page = context.new_page()
    page.goto(studio.link)
    yield page
    context.close()


def open_the_sheet(page: Page, rater: str) -> None:
    page.get_by_label("Who is scoring?").select_option(rater)
    page.get_by_role("button", name="Open the sheet").click()


def look_at_what_was_handed_in(page: Page) -> None:
    page.get_by_role("button", name="Another rater").click()
    open_the_sheet(page, "T1")
    page.get_by_role("button", name="Look at the sheet").click()
    expect(page.locator(".score-sheet[data-locked=true]")).to_be_visible()


def begin_a_sheet(page: Page) -> None:
    open_the_sheet(page, "K1")
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()


def open_the_consensus(page: Page) -> None:
    page.get_by_role("button", name="Consensus", exact=True).click()
    expect(page.locator(".score-sheet")).to_be_visible()


# What else there is to see of a scoring, one after the other.
SCORING = {
    "S1": (open_the_consensus,),
    "S2": (open_the_consensus,),
    "S3": (begin_a_sheet, look_at_what_was_handed_in),
}


def examine(page: Page, where: str) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{where}: {one['id']} at {[node['target'] for node in one['nodes']]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("theme", ["dark", pytest.param("light", marks=pytest.mark.long)])
def test_nothing_stands_in_the_way_of_a_screen_reader(page, theme):
    expect(page.locator("h1")).to_be_visible()
    if page.locator("html").get_attribute("data-theme") != theme:
        page.locator("#theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    found: list[str] = []
    for place in PLACES:
        page.evaluate("place => (location.hash = `#/${place}`)", place)
        expect(page.locator(".loading")).to_have_count(0)
        expect(page.locator("h1")).to_be_focused()
        if place == "R1":
            page.locator(".tag[data-id=T1]").click()
            expect(page.locator(".handle.start")).to_be_visible()
        found += examine(page, place)
        for deed in SCORING.get(place, ()):
            deed(page)
            found += examine(page, f"{place} further")
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{place} scrolls sideways"
    assert found == []


@pytest.mark.parametrize(
    ("place", "button"),
    [
        ("", "Take in a recording"),
        pytest.param("playlists", "New playlist", marks=pytest.mark.long),
        ("L1", "Make the bundle"),
        pytest.param("R1", "Settings", marks=pytest.mark.long),
        pytest.param("R1", "Go to time", marks=pytest.mark.long),
        pytest.param("R1", "Free label", marks=pytest.mark.long),
        ("R1", "Make excerpt"),
        ("R1", "Help and keys"),
        ("X1", "Score this excerpt"),
        ("S3", "Reveal the scoring"),
        pytest.param("S3", "Help and keys", marks=pytest.mark.long),
    ],
)
def test_nothing_stands_in_the_way_in_a_dialog(page, place, button):
    page.evaluate("place => (location.hash = `#/${place}`)", place)
    if place == "R1":
        Room(page).wait_until_shown()
    if button == "Make excerpt":
        page.locator(".tag[data-id=T1]").click()
        page.get_by_role("button", name="Use as in and out").click()
    page.get_by_role("button", name=button).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert examine(page, button) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
