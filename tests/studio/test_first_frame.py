"""Every time counts from the first frame, also for whoever cannot wait."""

from __future__ import annotations

from tests.studio.room import Room
from tests.studio.test_page_is_true import Held

# As in a window that is covered: the page hears of no picture before it sees the light again.
_COVER = """() => {
  const present = HTMLVideoElement.prototype.requestVideoFrameCallback;
  let covered = true;
  HTMLVideoElement.prototype.requestVideoFrameCallback = function (shown) {
    if (!covered) return present.call(this, shown);
    const follow = () => present.call(this, (now, picture) => {
      if (!covered) return;
      window.uncover = () => {
        covered = false;
        shown(now, picture);
      };
      follow();
    });
    follow();
  };
}"""


def test_whoever_plays_before_the_first_frame_is_shown_misses_none(take, open_page):
    take("gop25")
    room = Room(open_page())
    film = Held(room.page, "**/media/*/video")
    room.page.evaluate(_COVER)
    room.page.evaluate("location.hash = '#/R1'")
    film.wait()
    room.press("k")
    film.let_go()
    room.page.wait_for_function(
        """() => {
          const video = document.querySelector("video");
          return window.uncover && (video.paused || video.currentTime > 1);
        }"""
    )
    room.page.evaluate("window.uncover()")
    room.wait_until_shown()
    room.page.wait_for_function(
        "() => Number(document.querySelector('output.frame').dataset.frame) > 20"
    )
    room.press("k")
    room.go_to("f100")
    room.expect_frame(100)
    assert room.number == 100
