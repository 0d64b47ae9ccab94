"""Scoring in a bundle's page, in a real browser, from the folder to the library."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from mbtg_video.rating.model import Absence, RatingState
from mbtg_video.rating.record import sheet_of
from mbtg_video.rating.scoring import find_rating
from mbtg_video.rating.sheet import ItemScore, Sheet, tidied
from mbtg_video.settings import Language
from mbtg_video.supervision.scores import import_scores
from tests.sequences import DAY, filled
from tests.supervision.player import Player
from tests.supervision.scoring import ScoringBundle, hand_out
from tests.test_privacy import readable

FRAME_US = 40_000
PLANTED_NOTE = "Plantenotat: Åse gråter"
WIDTHS = ((1280, 720), (1024, 768), (390, 844))


@dataclass(frozen=True)
class Desk:
    """A bundle's page with its sheet, as a rater sits before it."""

    bundle: ScoringBundle
    page: Page
    player: Player

    def enter(self) -> None:
        self.page.goto((self.bundle.folder / "index.html").as_uri())
        self.unlock()

    def unlock(self) -> None:
        self.page.fill("#passphrase", self.bundle.made.passphrase)
        self.page.click("#open")
        self.player.expect_frame(0)

    def card(self, answer: int | str):
        return self.page.locator(f'#sheet [data-answer="{answer}"]')

    def value(self, place: str, number: int):
        return self.page.locator(f'#sheet [data-place="{place}-{number}"]')

    def give(self, place: str, number: int) -> None:
        self.page.locator(f'#sheet label:has([data-place="{place}-{number}"])').click()

    def save(self, button: str, rater: str = "K1") -> bytes:
        with self.page.expect_download() as download:
            self.page.click(button)
        assert download.value.suggested_filename == f"scores-{rater}.json"
        return Path(download.value.path()).read_bytes()

    def go_on(self, data: bytes) -> None:
        file = {"name": "scores-K1.json", "mimeType": "application/json", "buffer": data}
        self.page.set_input_files("#saved-file", files=[file])

    def expect_said(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator("#scores-said")).to_have_text(words)

    def expect_trouble(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator("#scores-trouble")).to_have_text(words)

    def taken_in(self, data: bytes) -> tuple[RatingState, Sheet]:
        with self.bundle.sequence.library.transaction() as session:
            found = import_scores(session, data, on=DAY)
            rating = find_rating(session, found.ratings[0].id)
            return rating.state, sheet_of(rating)


@pytest.fixture
def sit(sequence, tmp_path, new_page):
    """``sit(cuts=1, language=Language.NB)``: a rater who has unlocked a bundle."""

    def provide(**how):
        options = how.pop("page", {})
        bundle = hand_out(sequence, tmp_path / "out", **how)
        page = new_page(**options)
        desk = Desk(bundle, page, Player(page))
        desk.enter()
        return desk

    return provide


def chosen(scale):
    """Other scores for every item, so that none passes for another."""
    return {
        item.number: (
            item.number % 7 + 1 if item.adherence_rated else None,
            item.number * 3 % 7 + 1,
        )
        for item in scale.items
    }


def test_a_sheet_filled_in_by_keys_and_mouse_arrives_as_it_was_given(sit):
    desk = sit()
    page, press = desk.page, desk.page.keyboard.press
    complaints = []
    page.on("console", lambda line: complaints.append(line.text))
    scale = desk.bundle.sequence.scale
    wanted = chosen(scale)
    for _ in range(7):
        press(".")
    desk.player.expect_frame(7)
    page.fill("#rater", "K1")
    page.focus("#go-on")
    for number in (1, 2):  # by keys alone
        press("Tab")
        for place, value in zip(("adherence", "quality"), wanted[number], strict=True):
            press(str(value))
            expect(desk.value(f"{number}-{place}", value)).to_be_focused()
            press("Tab")
        for _ in range(3):  # did not occur, cannot judge, clear
            press("Tab")
        press("Enter")  # cite
        press("Tab")
        page.keyboard.type(f"{PLANTED_NOTE} {number}")
    press("Tab")
    press("2")
    press("ArrowRight")
    press("ArrowRight")
    expect(desk.value("3-adherence", 4)).to_be_checked()
    for number in range(3, 20):
        adherence, quality = wanted[number]
        if adherence is not None:
            desk.give(f"{number}-adherence", adherence)
        desk.give(f"{number}-quality", quality)
    desk.card(18).locator("[data-place=did_not_occur]").click()
    for key, value in (("adherence", 5), ("quality", 6)):
        desk.give(f"overall-{key}", value)
    page.get_by_label("Notat til hele sekvensen").fill(PLANTED_NOTE)
    expect(page.locator(".sheet-status")).to_have_text("21 av 21 besvart")
    expect(page.locator("#entries [data-scoring]")).to_have_text("21 av 21 besvart")
    desk.expect_said("Endringene er ikke lagret.")
    data = desk.save("#submit-scores")
    desk.expect_said(re.compile("Skårene er lagret som scores-K1.json.* Send filen til den som ga"))

    cited = (desk.bundle.sequence.moment(7 * FRAME_US),)
    items = [
        ItemScore(item=number, adherence=adherence, quality=quality)
        for number, (adherence, quality) in wanted.items()
    ]
    for number in (1, 2):
        adherence, quality = wanted[number]
        items[number - 1] = ItemScore(
            item=number,
            adherence=adherence,
            quality=quality,
            note=f"{PLANTED_NOTE} {number}",
            evidence=cited,
        )
    items[17] = ItemScore(item=18, absence=Absence.DID_NOT_OCCUR)
    overall = {"adherence": 5, "quality": 6}
    given = Sheet(items=tuple(items), overall=overall, note=PLANTED_NOTE)
    assert desk.taken_in(data) == (RatingState.SUBMITTED, tidied(given))

    kept = desk.bundle.folder.parent / "kept"
    kept.mkdir()
    (kept / "scores-K1.json").write_bytes(data)
    words = [PLANTED_NOTE, "Plantenotat", "adherence", "submitted"]
    assert not readable(kept, words)
    assert not readable(desk.bundle.folder, [PLANTED_NOTE, "Plantenotat"])
    assert desk.player.read("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]
    assert not [line for line in complaints if "Content Security Policy" in line]


def test_a_draft_is_gone_on_with_from_its_file(sit):
    desk = sit(language=Language.EN)
    page = desk.page
    page.fill("#rater", "K2")
    desk.give("4-adherence", 6)
    desk.card(4).locator("textarea").fill("half \N{SPEAKING HEAD IN SILHOUETTE}")
    draft = desk.save("#save-draft", "K2")
    desk.expect_said(re.compile("The draft is saved as scores-K2.json"))
    page.reload()
    desk.unlock()
    expect(desk.value("4-adherence", 6)).not_to_be_checked()
    desk.go_on(draft)
    desk.expect_said("The draft of K2 is open. Changes have to be saved again.")
    expect(page.locator("#rater")).to_have_value("K2")
    expect(desk.value("4-adherence", 6)).to_be_checked()
    expect(desk.card(4).locator("textarea")).to_have_value("half \N{SPEAKING HEAD IN SILHOUETTE}")
    state, sheet = desk.taken_in(draft)
    assert (state, len(sheet.items)) == (RatingState.DRAFT, 1)

    nearly = filled(desk.bundle.sequence.scale, item7=ItemScore(item=7, quality=3))
    desk.go_on(desk.bundle.file(desk.bundle.saved(nearly, rater="K2", state="draft")))
    expect(page.locator(".sheet-status")).to_have_text("20 of 21 answered")
    desk.give("7-adherence", 1)
    state, sheet = desk.taken_in(desk.save("#submit-scores", "K2"))
    assert state is RatingState.SUBMITTED
    assert sheet.score(7) == ItemScore(item=7, adherence=1, quality=3)


def test_gaps_are_shown_in_whichever_sheet_they_are_and_nothing_is_saved(sit):
    desk = sit(cuts=2)
    page = desk.page
    downloads = []
    page.on("download", lambda download: downloads.append(download))
    page.click("#submit-scores")
    desk.expect_trouble(re.compile("Skriv koden din først"))
    expect(page.locator("#rater")).to_be_focused()
    page.fill("#rater", "Kari Nordmann")
    page.click("#save-draft")
    desk.expect_trouble(re.compile("Skriv koden din først"))
    page.fill("#rater", "K1")
    page.click("#save-draft")
    desk.expect_trouble("Ingenting er fylt ut ennå, så det er ingenting å lagre.")
    complete = desk.bundle.saved()
    desk.go_on(desk.bundle.file(complete))
    desk.expect_said(re.compile("Skårene som K1 har levert, er åpnet"))
    page.click("#submit-scores")
    desk.expect_trouble(re.compile("21 svar mangler i «Stillhet 1»"))
    expect(page.locator("#name")).to_have_text("Stillhet 1")
    expect(desk.card(1).locator(".sheet-gap")).to_have_text("Ikke besvart")
    expect(desk.value("1-adherence", 1)).to_be_focused()
    page.click("[data-language=en]")
    desk.expect_trouble(re.compile("21 answers are missing in “Stillhet 1”"))
    expect(desk.card(1).locator(".sheet-gap")).to_have_text("Not answered")
    assert downloads == []


@pytest.mark.long
def test_each_sequence_has_a_sheet_of_its_own(sit):
    desk = sit(cuts=2)
    page = desk.page
    desk.give("3-quality", 2)
    desk.player.choose(1)
    expect(desk.value("3-quality", 2)).not_to_be_checked()
    desk.give("3-quality", 7)
    page.locator("#entries button").nth(2).click()
    expect(page.locator("#scoring")).to_be_hidden()
    desk.player.choose(0)
    expect(desk.value("3-quality", 2)).to_be_checked()
    page.fill("#rater", "K3")
    _, sheet = desk.taken_in(desk.save("#save-draft", "K3"))
    assert sheet.score(3).quality == 2
    with desk.bundle.sequence.library.transaction() as session:
        assert sheet_of(find_rating(session, 2)).score(3).quality == 7


@pytest.mark.long
def test_files_that_are_damaged_or_of_another_bundle_are_told_apart(sit, tmp_path):
    desk = sit()
    other = hand_out(desk.bundle.sequence, tmp_path / "other")
    desk.give("3-quality", 2)
    desk.go_on(other.file())
    desk.expect_trouble("Filen hører til en annen pakke. Velg en som ble lagret fra denne.")
    data = desk.bundle.file()
    told = json.loads(data)
    files = (
        b"",
        b"[]",
        data[:-9],
        json.dumps(told | {"sealed": told["sealed"][:-4] + "AAAA"}).encode(),
        json.dumps(told | {"own": told["sealed"]}).encode(),
        b" " * (5 << 20),
    )
    for number, damaged in enumerate(files, start=1):
        desk.go_on(damaged)
        desk.expect_trouble(re.compile("Filen er skadet"))
        desk.give("4-quality", number)
        desk.expect_trouble("")
    expect(desk.value("3-quality", 2)).to_be_checked()


def test_whoever_leaves_with_unsaved_scores_is_asked(sit):
    desk = sit()
    page = desk.page
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == []
    desk.unlock()
    desk.give("3-quality", 2)
    desk.go_on(desk.bundle.file())
    desk.expect_said(re.compile("er åpnet"))
    assert asked == ["confirm"]
    desk.give("3-quality", 2)
    page.reload()
    assert asked == ["confirm", "beforeunload"]
    expect(page.locator("#gate")).to_be_visible()


def test_the_players_keys_rest_while_a_sheet_is_written(sit):
    desk = sit()
    page, press = desk.page, desk.page.keyboard.press
    paused = "video.paused && video.currentTime"
    desk.player.seek([7 * FRAME_US])
    here = desk.player.read(paused)
    desk.give("3-quality", 2)
    for key in ("ArrowRight", "ArrowDown", " ", "5", "Home", "n", "m", "f", "c"):
        press(key)
    expect(desk.value("3-quality", 5)).to_be_checked()
    desk.card(3).locator("textarea").click()
    page.keyboard.type("k j. <m>?")
    expect(desk.card(3).locator("textarea")).to_have_value("k j. <m>?")
    assert desk.player.read(paused) == here
    assert not desk.player.read("video.muted || $('keys').open")
    desk.give("3-quality", 2)
    press(".")
    desk.player.expect_frame(8)
    press("k")
    assert not desk.player.read("video.paused")


def test_what_is_cited_is_the_frame_on_show_and_plays_from_there(sit):
    desk = sit()
    cited = (desk.bundle.sequence.moment(11 * FRAME_US),)
    desk.player.seek([11 * FRAME_US + 9_000])
    desk.card(5).locator(".sheet-cite").click()
    chip = desk.card(5).locator(".sheet-moment")
    expect(chip).to_have_text("00:00:00.440")
    desk.player.seek([0])
    desk.page.evaluate(
        """() => {
          globalThis.from = new Promise((done) => video.addEventListener("play", () => {
            done(film.frameNow());
            video.pause();
          }));
        }"""
    )
    chip.click()
    assert desk.player.read("globalThis.from") == 11
    desk.page.fill("#rater", "K1")
    assert desk.taken_in(desk.save("#save-draft"))[1].score(5).evidence == cited


@pytest.mark.parametrize(
    "language", [Language.NB, pytest.param(Language.EN, marks=pytest.mark.long)]
)
def test_the_sheet_is_usable_on_every_screen_and_by_every_reader(sit, language):
    desk = sit(cuts=2, language=language, page={"bypass_csp": True})
    page = desk.page
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        last = desk.card("quality").locator("label").last
        last.scroll_into_view_if_needed()
        last.click()
        for seen in ("#play", "#frame", "#screen"):
            expect(page.locator(seen)).to_be_in_viewport(ratio=1)
        top = desk.player.read("$('stage').getBoundingClientRect().bottom")
        if width < 500:
            assert top < height / 2
        assert desk.player.read("document.documentElement.scrollWidth") <= width
        rows = desk.player.read(
            """[...document.querySelectorAll('#sheet .sheet-values')].map((row) =>
              new Set([...row.children].map((one) => one.offsetTop)).size)"""
        )
        assert set(rows) == {1}
        page.locator("#submit-scores").scroll_into_view_if_needed()
        expect(page.locator("#submit-scores")).to_be_in_viewport(ratio=1)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["target"]) for one in found] == []
    heading = {"nb": "Skåringsskjema", "en": "Score sheet"}[language]
    expect(page.locator("#scoring-heading")).to_contain_text(heading)
