"""Wherever the picture stands, the frame on show is the frame that the page states."""

from __future__ import annotations

import pytest

from mbtg_video.recording.access import find_recording
from tests.studio.room import Room

KINDS = (
    "gop25",
    "vfr_bframes",
    "rotated",
    "hevc_open",
    "interlaced_ts",
)
RARER = (
    "vfr",
    "edit_list",
    "late_start",
    "opengop",
    "closed250",
    "fragmented",
    "edit_list_tail",
    "ntsc",
    "midstream_ts",
    "mkv_gop25",
    "tenbit",
    "vp9_webm",
    "pcm_mov",
)


@pytest.mark.parametrize(
    "kind", [*KINDS, *(pytest.param(kind, marks=pytest.mark.long) for kind in RARER)]
)
def test_the_number_in_the_picture_is_the_frame_that_the_page_states(
    kind, take, studio, open_page, consenting
):
    take(kind)
    room = Room(open_page("R1"))
    room.wait_until_shown()
    with consenting.transaction() as session:
        times = list(find_recording(session, 1).frames.times)
    count = len(times)
    wanted = [(7 * place + 3) % 20 * (count - 1) // 19 for place in range(20)]
    for frame in [0, count - 1, *wanted]:
        room.go_to(f"f{frame}")
        room.expect_frame(frame)
        assert room.number == frame
        assert room.time_us == times[frame]
