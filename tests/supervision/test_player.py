"""The player in a real browser, opened from the folder as by a double-click."""

from __future__ import annotations

import re
from datetime import date

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from mbtg_video.settings import Language
from mbtg_video.supervision import lock
from tests import synthetic
from tests.chromium import Held
from tests.libraries import ITERATIONS
from tests.supervision.conftest import STEP, TAGS
from tests.supervision.player import frame_at

# ---------- the passphrase


def test_a_wrong_passphrase_is_refused_in_a_sentence(player, package):
    player.open(package, "abbor adel sol måne tre fem")
    player.expect_trouble("Passordfrasen stemmer ikke. Kontroller ordene og prøv igjen.")
    player.page.click("[data-language=en]")
    player.expect_trouble("That is not the passphrase. Check the words and try again.")
    expect(player.page.locator("#room")).to_be_hidden()
    assert "Planted" not in player.page.content()


def test_no_passphrase_is_told_apart_from_a_wrong_one(player, package):
    player.open(package, " . ")
    player.expect_trouble("Skriv passordfrasen først.")


def test_the_passphrase_may_be_written_as_it_was_heard(player, package):
    player.open(package, " Abbor-ADEL. sol  måne,tre\u2013fire ")
    player.expect_frame(0)
    expect(player.page.locator("#title")).to_have_text("Planted package")


def test_locking_forgets_everything(player, package):
    player.enter(package)
    player.page.click("#lock")
    expect(player.page.locator("#gate")).to_be_visible()
    assert "Planted" not in player.page.content()
    assert player.page.input_value("#passphrase") == ""


def test_an_expired_package_does_not_open(player, make_package, tmp_path, monkeypatch):
    assert ITERATIONS >= 600_000
    monkeypatch.setattr(lock, "ITERATIONS", ITERATIONS)
    package = make_package(tmp_path / "out", "no_audio", expires_on=date(2026, 3, 14))
    player.open(package)
    player.expect_trouble(re.compile("utløp 14. mars 2026"))
    expect(player.page.locator("#room")).to_be_hidden()


# ---------- the controls


def test_entries_follow_one_another(player, package):
    player.enter(package)
    names = player.page.locator("#name")
    current = player.page.locator("#entries [aria-current]")
    expect(player.page.locator("#previous")).to_be_disabled()
    player.page.click("#next")
    expect(names).to_have_text("Planted title closed250")
    expect(current).to_contain_text("closed250")
    player.page.keyboard.press("n")
    expect(names).to_have_text("Planted title vfr_bframes")
    player.page.keyboard.press("p")
    player.page.keyboard.press("p")
    expect(names).to_have_text("Planted title gop25")
    player.page.locator("#entries button").nth(package.step).click()
    expect(names).to_have_text(STEP.text)
    expect(player.page.locator("#stage")).to_be_hidden()
    player.page.click("#turn [data-turn='-1']")
    expect(names).to_have_text("Planted title no_audio")
    player.expect_frame(0)


def test_keys_move_to_the_frames_they_name(player, package):
    player.enter(package)
    press = player.page.keyboard.press
    for key, frame in (
        (".", 1), (".", 2), (",", 1), ("ArrowRight", 126), ("l", 299), ("ArrowLeft", 174),
        ("j", 0), ("End", 299), ("Home", 0), ("ArrowDown", 50), ("ArrowDown", 150),
        ("ArrowUp", 50),
    ):  # fmt: skip
        press(key)
        player.expect_frame(frame)
    for _ in range(5):
        press(".")
    player.expect_frame(55)
    press(" ")
    assert not player.read("video.paused")
    press("k")
    assert player.read("video.paused")
    press("m")
    assert player.read("video.muted")
    press("f")
    player.page.wait_for_selector("#stage:fullscreen")
    press("f")
    player.page.wait_for_selector("#stage:not(:fullscreen)")
    press("?")
    expect(player.page.locator("#keys")).to_be_visible()
    press("Escape")
    expect(player.page.locator("#keys")).to_be_hidden()


def test_a_control_in_focus_keeps_its_own_keys(player, package):
    player.enter(package)
    player.page.focus("#mute")
    player.page.keyboard.press("Shift+Tab")
    player.page.keyboard.press("ArrowDown")
    expect(player.page.locator("#speed")).to_have_value("1.25")
    player.page.keyboard.press("Tab")
    player.page.keyboard.press(" ")
    assert player.read("video.muted")
    assert player.read("video.paused")


def test_the_space_bar_plays_after_a_click_on_a_tag_or_clip(player, package):
    player.enter(package)
    player.choose(1)
    player.choose(0)
    player.page.locator("#tags button").first.click()
    player.expect_frame(50)
    player.page.keyboard.press(" ")
    expect(player.page.locator("#frame")).to_have_attribute(
        "data-frame", re.compile("^([6-9]|1.).$")
    )
    player.page.keyboard.press(" ")
    assert player.read("video.paused")


def test_after_a_click_on_the_slider_or_the_speed_the_keys_drive_the_picture(player, package):
    player.enter(package)
    page = player.page
    slider = page.locator("#position")
    slider.click()
    expect(slider).to_be_focused()
    for key, frame in (("End", 299), ("ArrowLeft", 174), ("ArrowUp", 150)):
        page.keyboard.press(key)
        player.expect_frame(frame)
    page.focus("#speed")
    page.keyboard.press("ArrowLeft")
    player.expect_frame(25)
    expect(page.locator("#speed")).to_have_value("1")
    page.keyboard.press(" ")
    assert not player.read("video.paused")


def test_choosing_an_entry_again_after_a_failure_loads_it_anew(player, package):
    player.enter(package)
    player.seek([6_020_000])
    player.expect_read("film.filling || film.buffer.updating", False)
    player.read("film.buffer.appendBuffer(new Uint8Array(4000).fill(255))")
    player.expect_trouble(re.compile("Velg innslaget på nytt i spillelisten"))
    player.choose(0)
    player.expect_trouble("")
    assert player.seek([6_020_000])[0].number == 150


def test_nothing_turns_over_the_words_that_a_clip_is_loading(player, package):
    clip = Held(player.page, "**/clips/**")
    player.open(package)
    expect(player.page.locator("#loading")).to_have_text("Laster klippet …")
    player.page.keyboard.press("k")
    expect(player.page.locator("#stage")).to_have_class(re.compile("waiting"))
    turning = "getComputedStyle(document.getElementById('screen'), '::after').content"
    assert player.read(turning) == "none"
    clip.drop()
    player.expect_trouble(re.compile("Del 1 av . mangler"))


@pytest.mark.parametrize("width", [800, 880, 1024, 1280])
def test_every_control_is_in_sight_in_a_small_window(player, package, width):
    player.page.set_viewport_size({"width": width, "height": 600})
    player.enter(package)
    player.seek([11_900_000])
    expect(player.page.locator("#full")).to_be_in_viewport(ratio=1)
    expect(player.page.locator("#frame")).to_be_in_viewport(ratio=1)
    tops, right, speed = player.read(
        """[[...document.querySelectorAll("#buttons button")].map((it) => it.offsetTop),
          $("frame").getBoundingClientRect(), $("speed").getBoundingClientRect()]"""
    )
    assert len(set(tops)) == 1
    assert right["right"] <= speed["left"] or right["top"] >= speed["bottom"]


def test_speed_is_chosen_and_kept_for_the_next_clip(player, package):
    player.enter(package)
    player.page.select_option("#speed", "1.5")
    assert player.read("video.playbackRate") == 1.5
    player.page.keyboard.press(">")
    assert player.read("video.playbackRate") == 2
    player.choose(1)
    assert player.read("video.playbackRate") == 2
    for _ in range(9):
        player.page.keyboard.press("<")
    assert player.read("video.playbackRate") == 0.5


def test_tags_jump_to_their_frame_and_are_marked_while_they_last(player, package):
    player.enter(package)
    tags = player.page.locator("#tags button")
    expect(tags).to_have_count(len(TAGS))
    times = synthetic.shown_times(package.sources[0])
    for place in (2, 0, 1):
        tags.nth(place).click()
        player.expect_frame(frame_at(times, TAGS[place].start_us))
        expect(tags.nth(place)).to_have_attribute("aria-current", "true")
        expect(player.page.locator("#tags [aria-current]")).to_have_count(1)
    player.seek([4_500_000])
    expect(player.page.locator("#tags [aria-current]")).to_have_count(0)
    player.choose(1)
    expect(player.page.locator("#tags")).to_have_text("Klippet har ingen merker.")


def test_captions_show_the_tags_when_they_are_asked_for(player, package):
    player.enter(package)
    player.seek([2_500_000])
    shown = "captionTrack.mode === 'showing' && [...captionTrack.activeCues].map((c) => c.text)"
    assert player.read(shown) is False
    player.page.click("#captions")
    expect(player.page.locator("#captions")).to_have_attribute("aria-pressed", "true")
    player.seek([2_600_000])
    player.expect_read(shown, ["3 · Initiativ til turtaking"])
    player.page.click("[data-language=en]")
    player.seek([2_500_000])
    player.expect_read(shown, ["3 · Starting the turn-taking"])
    player.page.keyboard.press("c")
    expect(player.page.locator("#captions")).to_have_attribute("aria-pressed", "false")
    assert player.read(shown) is False


def caption_on_screen(player):
    """Height of the caption's box, and the share of it that is black, with the picture's height."""
    video = player.page.locator("video")
    plain = cv2.imdecode(np.frombuffer(video.screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)
    player.page.keyboard.press("c")
    for _ in range(50):
        image = cv2.imdecode(np.frombuffer(video.screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)
        rows, columns = np.nonzero(cv2.absdiff(image, plain) > 40)
        if rows.size:
            break
    player.page.keyboard.press("c")
    box = image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return box.shape[0], (box < 16).mean(), image.shape[0]


def test_captions_cover_what_lies_under_them_and_grow_with_the_picture(player, package):
    player.enter(package)
    player.seek([2_600_000])
    small, black, height = caption_on_screen(player)
    assert black > 0.6
    player.page.keyboard.press("f")
    player.page.wait_for_selector("#stage:fullscreen")
    large, black, full_height = caption_on_screen(player)
    assert black > 0.6
    assert abs(large / small - full_height / height) < 0.15


def test_the_page_speaks_both_languages(player, package):
    player.enter(package)
    page = player.page
    first = page.locator("#tags button").first
    for language, play, name, heading in (
        ("nb", "Spill av", "Initiativ til turtaking", "Terapeutens spørsmål"),
        ("en", "Play", "Starting the turn-taking", "The therapist's question"),
        ("nb", "Spill av", "Initiativ til turtaking", "Terapeutens spørsmål"),
    ):
        page.click(f"[data-language={language}]")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("#play")).to_have_attribute("aria-label", play)
        expect(first).to_contain_text(name)
        expect(page.locator("#question h3")).to_have_text(heading)
        player.expect_frame(0)
    missing = player.read(
        "Object.keys(WORDS.nb).filter((k) => !(k in WORDS.en))"
        ".concat(Object.keys(WORDS.en).filter((k) => !(k in WORDS.nb)))"
    )
    assert missing == []


def test_the_page_greets_in_the_language_of_the_package(player, make_package, tmp_path):
    package = make_package(tmp_path / "out", "no_audio", language=Language.EN)
    player.page.goto((package.folder / "index.html").as_uri())
    expect(player.page.locator("#open")).to_have_text("Open")


def test_every_control_has_a_name_and_can_be_reached_by_tab(player, package):
    player.enter(package)
    nameless = player.read(
        """[...document.querySelectorAll("button, input, select")]
          .filter((it) => it.offsetParent && !it.getAttribute("aria-label")
            && !it.textContent.trim() && !it.labels?.length).map((it) => it.id)"""
    )
    assert nameless == []
    assert player.read("document.activeElement.id") == "play"
    wanted = set(player.read(
        """[...document.querySelectorAll("#room button:enabled, #room input, #room select")]
          .filter((it) => it.offsetParent).map((it) => it.id || it.textContent)"""
    ))  # fmt: skip
    reached = set()
    for _ in range(2 * len(wanted)):
        reached.add(player.read("document.activeElement.id || document.activeElement.textContent"))
        player.page.keyboard.press("Tab")
    assert wanted <= reached
