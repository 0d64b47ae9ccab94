"""Excerpts from the cutter in a bundle: the frame that the page states is the recording's own."""

from __future__ import annotations

from datetime import date

import pytest

from mbtg_video.supervision.package import write_package
from mbtg_video.supervision.package_content import Clip, PackageContent
from tests.supervision.conftest import PART_BYTES, Package
from tests.supervision.player import WORDS, frame_at
from tests.supervision.test_player_frames import spread

EXCERPTS = {
    "spliced": ("gop25", 37, 190),
    "spliced in long groups": ("closed250", 230, 420),
    "spliced at a varying rate": ("vfr_bframes", 37, 190),
    "from behind hidden frames": ("edit_list", 0, 120),
    "turned": ("rotated", 37, 190),
    "encoded anew": ("hevc_open", 37, 190),
}


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        pytest.param(name, mode, id=f"{name}-{way}", marks=marks)
        for name in EXCERPTS
        for way, mode, marks in (
            ("MediaSource", "", []),
            ("Blob", "#blob", [] if name == "spliced" else [pytest.mark.long]),
        )
    ],
)
def test_an_excerpt_shows_the_frames_it_was_cut_from(film, player, tmp_path, name, mode):
    kind, first, behind = EXCERPTS[name]
    source = film(kind)
    _, excerpt = source.cut(first, behind)
    content = PackageContent(
        title="One excerpt",
        entries=(Clip(title=name, media=excerpt),),
        made_on=date(2026, 3, 13),
        expires_on=date(2099, 12, 31),
    )
    summary = write_package(tmp_path / "out", content, WORDS, part_bytes=PART_BYTES)
    package = Package(tmp_path / "out", summary, (kind,), (source.path,))
    player.enter(package, mode)
    times = [time - source.time_of(first) for time in source.times[first:behind]]
    borders = player.read("film.clip.starts")[1:]
    wanted = spread(times, player.read("film.clip.duration"))
    wanted += [border + shift for border in borders for shift in (-30_000, 30_000)]
    seen = player.seek(wanted)
    frames = [frame_at(times, time) for time in wanted]
    assert [it.stated for it in seen] == frames
    assert [it.number - first for it in seen] == frames
