"""Excerpts in a real browser: what it shows at a time is the frame that begins there."""

from __future__ import annotations

import pytest

from tests.chromium import number_on_screen

EXCERPTS = {
    "copied": ("gop25", 50, 150),
    "spliced": ("gop25", 37, 190),
    "spliced, long groups": ("closed250", 230, 420),
    "varying rate, spliced": ("vfr_bframes", 37, 190),
    "from inside an edit list": ("edit_list", 0, 120),
    "late start": ("late_start", 13, 120),
    "turned": ("rotated", 37, 190),
    "no sound": ("no_audio", 37, 190),
    "two sounds": ("two_audio", 37, 190),
    "30000/1001": ("ntsc", 40, 200),
    "encoded anew from HEVC": ("hevc_open", 37, 190),
    "encoded anew from interlaced": ("interlaced_ts", 37, 190),
    "encoded anew from 10 bits": ("tenbit", 37, 190),
}


@pytest.mark.parametrize(("kind", "first", "behind"), EXCERPTS.values(), ids=EXCERPTS)
def test_every_seek_shows_the_right_frame(film, page, tmp_path, kind, first, behind):
    source = film(kind)
    _, excerpt = source.cut(first, behind)
    (tmp_path / "excerpt.mp4").write_bytes(excerpt.read())
    page.set_content("<input type=file><video muted></video>")
    page.set_input_files("input", tmp_path / "excerpt.mp4")
    page.evaluate(
        """() => new Promise((done, failed) => {
          const video = document.querySelector("video");
          video.requestVideoFrameCallback(done);
          video.onerror = () => failed(video.error.message);
          video.src = URL.createObjectURL(document.querySelector("input").files[0]);
        })"""
    )
    assert number_on_screen(page) == first
    count = behind - first
    wanted = [count - 1, *(count * step // 11 for step in range(10, 0, -1)), 0]
    start = source.time_of(first)
    for index in wanted:
        middle = (source.time_of(first + index) + source.time_of(first + index + 1)) / 2 - start
        page.evaluate(
            """seconds => new Promise((done) => {
              const video = document.querySelector("video");
              video.requestVideoFrameCallback(done);
              video.currentTime = seconds;
            })""",
            middle / 1e6,
        )
        assert number_on_screen(page) == first + index


def test_an_excerpt_plays_to_its_end(film, page, tmp_path):
    _, excerpt = film("gop25").cut(37, 75)
    (tmp_path / "excerpt.mp4").write_bytes(excerpt.read())
    page.set_content("<input type=file><video></video>")
    page.set_input_files("input", tmp_path / "excerpt.mp4")
    page.evaluate(
        """() => new Promise((done, failed) => {
          const video = document.querySelector("video");
          video.onended = done;
          video.onerror = () => failed(video.error.message);
          video.src = URL.createObjectURL(document.querySelector("input").files[0]);
          video.play();
        })"""
    )
    assert number_on_screen(page) == 74
