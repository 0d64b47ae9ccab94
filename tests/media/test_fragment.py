import io
from itertools import pairwise

import av
import pytest

from mbtg_video.errors import MediaError
from mbtg_video.media.fragment import lay_out, read_parts
from tests import synthetic

KINDS = ("gop25", "closed250", "vfr_bframes", "vfr", "no_audio", "two_audio", "opengop", "intra")
SECONDS = {"closed250": 24, "opengop": 24}
PART_BYTES = 30_000


@pytest.fixture
def laid_out(recording_file):
    """``laid_out(kind)``: source, fragments and parts."""

    def provide(kind, **limits):
        source = recording_file(kind, SECONDS.get(kind, 12))
        with source.open("rb") as file:
            fragments = lay_out(file, **{"part_bytes": PART_BYTES, **limits})
            return source, fragments, list(read_parts(file, fragments))

    return provide


def packets(medium, kind):
    """Presentation time in microseconds and content of each packet of a medium's first track."""
    with av.open(medium) as opened:
        stream = (opened.streams.video if kind == "video" else opened.streams.audio)[0]
        return sorted(
            (round(packet.pts * stream.time_base * 1_000_000), bytes(packet))
            for packet in opened.demux(stream)
            if packet.size
        )


def joined(fragments, parts):
    return io.BytesIO(b"".join((fragments.initialisation, *parts)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_parts_hold_every_packet_once_and_at_its_time(laid_out, kind):
    source, fragments, parts = laid_out(kind)
    assert len(parts) > 1
    for track in ("video", "audio")[: len(fragments.layouts)]:
        assert packets(joined(fragments, parts), track) == packets(str(source), track)
        split = [packets(joined(fragments, [part]), track) for part in parts]
        assert sorted(packet for part in split for packet in part) == packets(str(source), track)


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_starts_at_its_earliest_presentation_time(laid_out, kind):
    _, fragments, parts = laid_out(kind)
    assert len(fragments.part_starts) == len(parts)
    borders = [*fragments.part_starts, fragments.duration_us]
    for part, (start, end) in zip(parts, pairwise(borders), strict=True):
        times = [time for time, _ in packets(joined(fragments, [part]), "video")]
        assert times[0] == start
        assert times[-1] < end


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_frame_is_at_zero_and_every_part_decodes_alone(laid_out, kind):
    source, fragments, parts = laid_out(kind)
    wanted = synthetic.frame_numbers(source)
    assert fragments.frame_times == synthetic.shown_times(source)
    assert packets(joined(fragments, parts), "video")[0][0] == 0
    split = [synthetic.frame_numbers(joined(fragments, [part])) for part in parts]
    assert [number for part in split for number in part] == wanted
    assert -1 not in wanted


def test_the_beeps_stay_where_they_are(laid_out):
    for kind in ("gop25", "vfr_bframes"):
        source, fragments, parts = laid_out(kind)
        heard = synthetic.beep_onsets(joined(fragments, parts))
        assert heard == synthetic.beep_onsets(source)
        assert len(heard) > 5


def test_a_part_keeps_to_its_length_as_far_as_keyframes_allow(laid_out):
    _, fragments, _ = laid_out("gop25", part_bytes=1 << 30, part_seconds=3)
    assert fragments.part_starts == [0, 3_000_000, 6_000_000, 9_000_000]
    _, fragments, _ = laid_out("gop25", part_bytes=1 << 30, part_seconds=60)
    assert fragments.part_starts == [0]
    _, fragments, _ = laid_out("gop25", part_bytes=1)
    assert fragments.part_starts == [second * 1_000_000 for second in range(12)]


def test_metadata_of_the_source_stays_behind(laid_out):
    _, fragments, parts = laid_out("gop25")
    data = joined(fragments, parts).getvalue()
    assert [word for word in synthetic.PLANTED.values() if word.encode() in data] == []


def test_the_type_names_the_codecs(laid_out):
    assert laid_out("no_audio")[1].media_type == 'video/mp4; codecs="avc1.64000c"'
    assert laid_out("gop25")[1].media_type == 'video/mp4; codecs="avc1.64000c, mp4a.40.2"'


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("edit_list", "hides pictures"),
        ("vp9_webm", "no complete MP4"),
        ("av1_mp4", "does not play"),
        ("prores_mov", "does not play"),
        ("pcm_mov", "does not play"),
    ],
)
def test_what_a_page_cannot_play_is_refused(laid_out, kind, reason):
    with pytest.raises(MediaError, match=reason):
        laid_out(kind)


def test_a_file_that_is_cut_short_is_refused(recording_file):
    data = recording_file("gop25").read_bytes()
    for length in (0, 7, 100, len(data) // 2, len(data) - 200):
        with pytest.raises(MediaError):
            lay_out(io.BytesIO(data[:length]), part_bytes=PART_BYTES)


def test_a_file_that_shrinks_while_it_is_read_is_noticed(recording_file):
    fragments = lay_out(io.BytesIO(recording_file("gop25").read_bytes()), part_bytes=PART_BYTES)
    shorter = io.BytesIO(recording_file("gop25", 6).read_bytes())
    with pytest.raises(MediaError, match="changed while"):
        list(read_parts(shorter, fragments))
