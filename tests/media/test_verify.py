"""The check before an excerpt is kept: each kind of fault is made once, and must be found."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import pytest

from mbtg_video.media.check import Made
from mbtg_video.media.medium import Medium, wanted_frames
from mbtg_video.media.verify import verify
from tests.films import MemoryTarget

FIRST, BEHIND = 37, 190


def _failed(film, file, made, first=FIRST, behind=BEHIND):
    """Names of the checks that fail for `file` as the excerpt from `first` to `behind`."""
    with Medium.opened(film.footage) as medium:
        wanted = wanted_frames(film.footage, medium.time_base, film.span(first, behind))
        checks = verify(medium, wanted, made, file)
    return {check.name for check in checks if not check.passed}


def _remuxed(excerpt, change=lambda packet: packet, **options):
    """The excerpt written anew by a plain muxer, each packet as `change` leaves it."""
    target = MemoryTarget()
    excerpt.seek(0)
    with av.open(excerpt, format="mp4") as source, av.open(target, "w", format="mp4") as output:
        output.metadata.update(options)
        streams = [output.add_stream_from_template(stream) for stream in source.streams]
        for packet in source.demux():
            if packet.size and change(packet) is not None:
                packet.stream = streams[packet.stream_index]
                output.mux(packet)
    return target.reopen()


@pytest.fixture
def source(film):
    return film("gop25")


@pytest.fixture
def cut(source):
    made, excerpt = source.cut(FIRST, BEHIND)
    return Made(made.encoded, 0, tuple(range(len(made.sound_packets))), frozenset()), excerpt


def test_a_good_excerpt_passes_every_check(source, cut):
    made, excerpt = cut
    assert _failed(source, excerpt, made) == set()


def test_a_file_that_is_none_is_found(source, cut):
    made, excerpt = cut
    assert _failed(source, io.BytesIO(excerpt.read()[:5000]), made) == {"readable"}


@pytest.mark.parametrize(("first", "behind"), [(FIRST, BEHIND + 1), (FIRST, BEHIND - 1)])
def test_a_frame_too_few_or_too_many_is_found(source, cut, first, behind):
    made, excerpt = cut
    assert "frames" in _failed(source, excerpt, made, first, behind)


def test_the_right_number_of_wrong_frames_is_found(source, cut):
    made, excerpt = cut
    assert "copied frames" in _failed(source, excerpt, made, FIRST + 1, BEHIND + 1)


def test_frames_hidden_by_an_edit_list_are_found(film, source, tmp_path):
    _, whole = source.cut(25, BEHIND)
    content = bytearray(whole.read())
    # The picture begins twelve frames later, as in a copy that hides what it could not cut.
    edit = content.index(b"elst")
    late = int.from_bytes(content[edit + 16 : edit + 20], "big") + 12 * 512
    content[edit + 16 : edit + 20] = late.to_bytes(4, "big")
    assert "frames" in _failed(source, io.BytesIO(content), Made(0, 0, (0,), frozenset()))


def test_frames_at_other_times_are_found(source, cut):
    made, excerpt = cut

    def stretched(packet):
        if packet.stream.type == "video":
            packet.pts, packet.dts = packet.pts * 2, packet.dts * 2
        return packet

    assert "times" in _failed(source, _remuxed(excerpt, stretched), made)


@pytest.mark.parametrize("late_ms", [-40, 40])
def test_sound_out_of_step_is_found(source, cut, late_ms):
    made, excerpt = cut

    def shifted(packet):
        if packet.stream.type == "audio":
            packet.pts += round(Fraction(late_ms, 1000) / packet.time_base)
            packet.dts = packet.pts
        return packet

    assert "sound 1 in time" in _failed(source, _remuxed(excerpt, shifted), made)


def test_sound_beyond_the_picture_is_found(source, cut):
    made, _ = cut
    _, longer = source.cut(FIRST, BEHIND + 25)
    length = source.time_of(BEHIND) - source.time_of(FIRST)

    def shortened(packet):
        picture = packet.stream.type == "video"
        return None if picture and packet.pts * packet.time_base * 1_000_000 >= length else packet

    assert _failed(source, _remuxed(longer, shortened), made) >= {"sound inside the span"}


def test_missing_sound_is_found(source, cut):
    made, excerpt = cut

    def holed(packet):
        sound = packet.stream.type == "audio"
        return None if sound and packet.pts * packet.time_base < Fraction(6, 10) else packet

    assert "sound 1 in time" in _failed(source, _remuxed(excerpt, holed), made)


def test_metadata_is_found(source, cut):
    made, excerpt = cut
    assert _failed(source, _remuxed(excerpt, title="Tirsdag"), made) == {"no metadata"}


def test_encoded_frames_that_show_something_else_are_found(film):
    source = film("opengop")
    made, excerpt = source.cut(FIRST, BEHIND)
    claim = Made(made.encoded, 0, (0,), frozenset())
    assert _failed(source, excerpt, claim) == set()
    assert "encoded frames" in _failed(source, excerpt, claim, FIRST + 25, BEHIND + 25)
