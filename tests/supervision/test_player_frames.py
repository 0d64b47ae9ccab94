"""Every picture that the player shows is the frame that it states."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import synthetic
from tests.supervision.conftest import CLIPS
from tests.supervision.player import frame_at

# The browser has dropped a part but not the next one, and the part is long in coming.
_LOSE_PART = """async (part) => {
  const { starts } = film.clip;
  const read = film.read;
  await film.change(() => film.buffer.remove(starts[part] / 1e6, (starts[part + 1] - 100) / 1e6));
  film.held.delete(part);
  film.read = async (wanted) => {
    for (let i = 0; i < 10; i += 1) await new Promise(requestAnimationFrame);
    return read(wanted);
  };
}"""


def spread(times, duration, count=20):
    """Times all over a clip, in an order that jumps; no two in one frame."""
    order = [(7 * place + 3) % count for place in range(count)]
    return [duration * (2 * place + 1) // (2 * count) for place in order]


@pytest.mark.parametrize("mode", ["", "#blob"], ids=["MediaSource", "Blob"])
@pytest.mark.parametrize("kind", CLIPS)
def test_the_number_in_the_picture_is_the_frame_that_the_page_states(player, package, kind, mode):
    place = package.kinds.index(kind)
    times = synthetic.shown_times(package.sources[place])
    player.enter(package, mode)
    if place:
        player.choose(place)
    duration = player.read("film.clip.duration")
    wanted = spread(times, duration)
    seen = player.seek(wanted)
    frames = [frame_at(times, time) for time in wanted]
    assert [it.stated for it in seen] == frames
    assert [it.number for it in seen] == frames
    assert [it.time_us for it in seen] == [times[frame] for frame in frames]


@pytest.mark.parametrize("kind", CLIPS)
def test_a_seek_next_to_the_border_of_two_parts_lands_on_the_right_frame(player, package, kind):
    place = package.kinds.index(kind)
    times = synthetic.shown_times(package.sources[place])
    player.enter(package)
    if place:
        player.choose(place)
    borders = player.read("film.clip.starts")[1:]
    assert borders
    # Backwards, a part is wanted while the browser still holds the one behind it.
    there = [border + shift for border in borders for shift in (-30_000, 1_000)]
    back = [border + shift for border in reversed(borders) for shift in (30_000, -1_000)]
    wanted = there + back
    seen = player.seek(wanted)
    frames = [frame_at(times, time) for time in wanted]
    assert [it.number for it in seen] == frames
    assert [it.stated for it in seen] == frames


@pytest.mark.parametrize("kind", CLIPS)
def test_a_part_that_is_late_is_waited_for(player, package, kind):
    place = package.kinds.index(kind)
    times = synthetic.shown_times(package.sources[place])
    player.enter(package)
    if place:
        player.choose(place)
    player.seek([player.read("film.clip.duration") - 1])
    player.page.evaluate(_LOSE_PART, 1)
    time = player.read("film.clip.starts")[2] - 1_000
    (seen,) = player.seek([time])
    assert seen.stated == seen.number == frame_at(times, time)


@pytest.mark.parametrize(
    "mode",
    [pytest.param("", id="MediaSource"), pytest.param("#blob", id="Blob", marks=pytest.mark.long)],
)
def test_every_clip_plays_from_its_beginning_to_its_end(player, package, mode):
    player.enter(package, mode)
    for place, source in enumerate(package.sources):
        if place:
            player.choose(place)
        player.read("void (video.playbackRate = 16)")
        player.play_until_it_stops()
        assert player.read("video.ended")
        # At this speed a busy machine leaves the last frames out, but it never misnames one.
        assert player.expect_true_frame() > len(synthetic.shown_times(source)) // 2
    expect(player.page.locator("#alert")).to_be_empty()


def test_sound_is_heard_where_there_is_any(player, package):
    player.enter(package)
    player.page.keyboard.press("k")
    expect(player.page.locator("#frame")).to_have_attribute("data-frame", re.compile("[1-9][0-9]"))
    assert player.read("video.webkitAudioDecodedByteCount") > 0
