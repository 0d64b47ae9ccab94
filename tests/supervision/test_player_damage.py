"""What the player says of a package that is not as it was made."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect


def flip(path, at=0.5):
    data = bytearray(path.read_bytes())
    place = int(len(data) * at)
    data[place] = ord("A") if data[place] != ord("A") else ord("B")
    path.write_bytes(data)


@pytest.mark.parametrize("mode", ["", "#blob"], ids=["MediaSource", "Blob"])
def test_a_flipped_byte_in_a_part_is_reported_in_a_sentence(player, copied, mode):
    parts = copied.parts(0)
    flip(parts[1])
    player.open(copied, mode=mode)
    player.expect_trouble(
        f"Del 2 av {len(parts)} i «Planted title gop25» er endret eller skadet og spilles ikke av. "
        "Be om å få pakken på nytt."
    )
    player.page.click("[data-language=en]")
    player.expect_trouble(re.compile("was changed or is damaged and is not played"))
    # The other clips are not touched by it.
    player.choose(1)
    expect(player.page.locator("#alert")).to_be_empty()


def test_what_lies_behind_a_broken_part_still_plays(player, copied):
    flip(copied.parts(0)[1])
    player.enter(copied)
    player.expect_trouble(re.compile("Del 2"))
    assert player.seek([11_020_000])[0].number == 275
    start = player.read("film.clip.starts")[1]
    player.read(f"goToTime({start})")
    player.expect_trouble(re.compile("Del 2"))


def test_playing_stops_before_a_broken_part(player, copied):
    flip(copied.parts(0)[1])
    player.enter(copied)
    border = player.read("film.clip.starts")[1]
    player.seek([border - 500_000])
    player.play_until_it_stops()
    expect(player.page.locator("#stage")).not_to_have_class(re.compile("waiting"))
    assert border - 300_000 < player.read("film.now()") <= border
    player.expect_true_frame()


def test_a_missing_part_and_parts_that_changed_places_are_reported(player, copied):
    first, second = copied.parts(0)[1:3]
    held = first.read_bytes()
    first.write_bytes(second.read_bytes())
    copied.parts(1)[1].unlink()
    player.open(copied)
    player.expect_trouble(re.compile("Del 2 .* er endret eller skadet"))
    second.write_bytes(held)
    player.page.locator("#entries button").nth(1).click()
    player.expect_trouble(re.compile("Del 2 av . mangler i «Planted title closed250»"))


@pytest.mark.parametrize(
    ("file", "at", "sentence"),
    [("manifest.js", None, "Filen manifest.js mangler"), ("manifest.js", 0.004, "skadet|stemmer")],
)
def test_a_broken_manifest_is_reported(player, copied, file, at, sentence):
    if at is None:
        (copied.folder / file).unlink()
    else:
        flip(copied.folder / file, at)
    player.open(copied)
    player.expect_trouble(re.compile(sentence))
    expect(player.page.locator("#room")).to_be_hidden()
