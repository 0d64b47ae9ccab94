from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame

from mbtg_video.errors import MediaError
from mbtg_video.media import barcode, stills
from mbtg_video.media.medium import Medium
from mbtg_video.media.sprites import make_poster, make_sprites
from mbtg_video.media.stills import stills_near
from tests import synthetic
from tests.recipes import KINDS

WHOLE = (10_000, 10_000)
"""A box in which every picture keeps its size, so that its number can be read."""


def tiles_of(made):
    """Each tile's picture, cut out of its sheet."""
    tiles = []
    for data in made.sheets:
        sheet = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert sheet.shape[1] == made.columns * made.tile_width
        assert sheet.shape[0] <= made.rows * made.tile_height
        for top in range(0, sheet.shape[0], made.tile_height):
            for left in range(0, sheet.shape[1], made.tile_width):
                tiles.append(sheet[top:, left:][: made.tile_height, : made.tile_width])
    return tiles[: len(made.times_us)]


def number_of(picture):
    return barcode.read(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))


MOSTLY_LONG = [
    pytest.param(kind, marks=[] if place % 4 == 0 else [pytest.mark.long])
    for place, kind in enumerate(KINDS)
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_thumbnail_shows_the_frame_of_its_time_upright(film, kind):
    source = film(kind)
    made = make_sprites(source.footage, box=WHOLE)
    assert [number_of(tile) for tile in tiles_of(made)] == [
        source.times.index(time) for time in made.times_us
    ]
    assert made.times_us[0] == 0
    upright = source.facts.rotation % 180 == 90
    width, height = source.facts.width, source.facts.height
    sides = (height, width) if upright else (width, height)
    assert (made.tile_width, made.tile_height) == sides


@pytest.mark.parametrize("kind", MOSTLY_LONG)
def test_thumbnails_lie_at_or_shortly_before_evenly_spread_places(film, kind):
    source = film(kind)
    length = source.facts.duration_us
    made = make_sprites(source.footage, most=10)
    assert len(made.times_us) == 10
    for place, time in enumerate(made.times_us):
        at = place * length // 10
        shown = source.times[bisect_right(source.times, at) - 1]
        assert shown - length // 50 <= time <= at


@pytest.mark.parametrize("kind", MOSTLY_LONG)
def test_where_time_allows_only_keyframes_are_decoded(film, kind, monkeypatch):
    source = film(kind)
    length = source.facts.duration_us
    onwards = []
    walk = stills._Search._onwards
    monkeypatch.setattr(
        stills._Search,
        "_onwards",
        lambda self, *way: onwards.append(self.wanted[0]) or walk(self, *way),
    )
    with Medium.opened(source.footage) as medium:
        found = [
            (still.time_us, barcode.read(synthetic.upright(still.frame)), still.frame.key_frame)
            for still in stills_near(medium, range(0, length, 100_000), length)
        ]
    times = [time for time, _, _ in found]
    assert times == sorted(set(times))
    assert [number for _, number, _ in found] == [source.times.index(time) for time in times]
    # The first keyframe is hidden there: what is shown of its group takes decoding onwards.
    hidden = kind in ("edit_list", "edit_list_tail")
    assert all(key for time, _, key in found if time >= 1_000_000 or not hidden)
    assert bool(onwards) == hidden
    assert all(time < 1_000_000 for time in onwards)


@pytest.mark.parametrize(
    "kind", ["closed250", "opengop", "hevc_open", "interlaced_ts", "vfr_bframes", "mpeg2_ts"]
)
def test_where_keyframes_are_too_far_back_the_very_frame_is_shown(film, kind):
    source = film(kind)
    length = source.facts.duration_us
    places = [17_000, 20_000, 3_333_333, 3_400_000, 9_990_000, length - 1, length + 5]
    with Medium.opened(source.footage) as medium:
        found = [
            (still.time_us, barcode.read(synthetic.upright(still.frame)))
            for still in stills_near(medium, places, 0)
        ]
    shown = sorted({bisect_right(source.times, place) - 1 for place in places})
    assert found == [(source.times[index], index) for index in shown]


@pytest.mark.parametrize("kind", ["gop25", "hevc_open", "edit_list_tail", "interlaced_ts"])
def test_a_keyframe_that_does_not_decode_alone_is_reached_from_before(film, kind, monkeypatch):
    source = film(kind)
    monkeypatch.setattr(stills._Search, "_alone", lambda *_: None)
    made = make_sprites(source.footage, box=WHOLE, most=12)
    numbers = [number_of(tile) for tile in tiles_of(made)]
    assert numbers == [source.times.index(time) for time in made.times_us]
    assert len(numbers) == 12


@pytest.mark.parametrize(
    ("kind", "size"), [("gop25", (160, 90)), ("rotated", (51, 90)), ("prores_mov", (160, 90))]
)
def test_thumbnails_fit_into_their_box(film, kind, size):
    made = make_sprites(film(kind).footage)
    assert (made.tile_width, made.tile_height) == size
    assert (made.columns, made.rows) == (10, 10)
    assert len(made.sheets) == 1
    assert len(tiles_of(made)) == len(made.times_us)


def test_small_thumbnails_show_the_frame_of_their_time(film):
    source = film("vfr")
    made = make_sprites(source.footage)
    with av.open(str(source.path)) as opened:
        frames = [
            cv2.resize(frame.to_ndarray(format="bgr24"), (160, 90), interpolation=cv2.INTER_AREA)
            for frame in opened.decode(video=0)
        ]
    for tile, time in zip(tiles_of(made), made.times_us, strict=True):
        unlike = [np.abs(tile.astype(int) - frame).mean() for frame in frames]
        assert int(np.argmin(unlike)) == source.times.index(time)


def test_many_thumbnails_go_on_to_further_sheets(film):
    made = make_sprites(film("intra", 60).footage, most=105)
    assert len(made.times_us) == 105
    assert len(made.sheets) == 2
    last = cv2.imdecode(np.frombuffer(made.sheets[1], np.uint8), cv2.IMREAD_COLOR)
    assert last.shape == (90, 1600, 3)
    assert last[:, : 5 * 160].mean() > 60
    assert last[:, 5 * 160 + 16 :].max() < 8  # the rest of the row is empty


def _coloured(path, width, height, aspect=Fraction(1), seconds=1):
    """A film of one strong colour, BT.709 as cameras take it, that names it or does not."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.sample_aspect_ratio = aspect
        for index in range(25 * seconds):
            planes = [
                np.full((height, width), 63, np.uint8),
                np.full((height // 4, width), 102, np.uint8),
                np.full((height // 4, width), 240, np.uint8),
            ]
            frame = VideoFrame.from_ndarray(np.concatenate(planes), format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, 25)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def test_colours_of_high_definition_are_those_that_a_browser_shows(film, tmp_path):
    made = make_poster(film(_coloured(tmp_path / "red.mp4", 1280, 720)).footage)
    picture = cv2.imdecode(np.frombuffer(made.jpeg, np.uint8), cv2.IMREAD_COLOR)
    blue, green, red = picture.reshape(-1, 3).mean(axis=0)
    assert red > 245  # as BT.601 it would be 234, with more green
    assert max(green, blue) < 12


def test_pixels_that_are_not_square_are_honoured(film, tmp_path):
    source = film(_coloured(tmp_path / "wide.mp4", 720, 576, Fraction(64, 45)))
    made = make_sprites(source.footage)
    assert (made.tile_width, made.tile_height) == (160, 90)
    assert make_poster(source.footage).width == 480


@pytest.mark.parametrize("kind", ["gop25", "rotated", "edit_list", "closed250", "late_start"])
def test_the_poster_is_the_frame_of_about_a_tenth(film, kind):
    source = film(kind)
    made = make_poster(source.footage)
    picture = cv2.imdecode(np.frombuffer(made.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (made.height, made.width, 3)
    assert made.width <= 480
    assert made.height <= 270
    length = source.facts.duration_us
    assert 0 <= length // 10 - made.time_us <= length // 50 + 40_000
    if made.width >= barcode.SMALLEST_WIDTH:
        assert number_of(picture) == source.times.index(made.time_us)


def test_progress_rises_and_what_it_raises_ends_the_work(film):
    source = film("gop25")
    shares = []
    make_sprites(source.footage, progress=shares.append)
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1

    class CancelledError(Exception):
        pass

    def cancel(share):
        if share > 0.3:
            raise CancelledError

    with pytest.raises(CancelledError):
        make_sprites(source.footage, progress=cancel)


def test_a_recording_of_which_nothing_decodes_has_no_thumbnails(film, monkeypatch):
    source = film("gop25")
    monkeypatch.setattr(stills._Search, "_alone", lambda *_: None)
    monkeypatch.setattr(stills._Search, "_taken", lambda *_: iter(()))
    with pytest.raises(MediaError, match="no picture"):
        make_sprites(source.footage)
    with pytest.raises(MediaError, match="no picture"):
        make_poster(source.footage)
