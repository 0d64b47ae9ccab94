from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from mbtg_video.media.waveform import BUCKET_US, make_waveform
from tests.recipes import RECIPES

BEEP = 64
"""What half of full scale is, out of 127."""
HEARD = [kind for kind, recipe in RECIPES.items() if recipe.sound]


@pytest.mark.parametrize("kind", HEARD)
def test_beeps_on_whole_seconds_stand_in_exactly_their_buckets(film, kind):
    source = film(kind)
    made = make_waveform(source.footage)
    length = source.facts.duration_us
    assert made.bucket_us == BUCKET_US
    assert made.peaks.shape == (-(-length // BUCKET_US), 2)
    assert made.peaks.dtype == np.int8
    loud = np.flatnonzero(made.peaks[:, 1] > BEEP * 0.6)
    low = np.flatnonzero(made.peaks[:, 0] < -BEEP * 0.6)
    beeps = [second * 50 + part for second in range(-(-length // 1_000_000)) for part in (0, 1)]
    beeps = [bucket for bucket in beeps if (bucket + 1) * BUCKET_US <= length]
    assert loud.tolist() == beeps
    assert low.tolist() == beeps
    assert np.abs(made.peaks[beeps].astype(int)).max() < BEEP * 1.4


@pytest.mark.parametrize("kind", ["gop25", "pcm_mov", "late_start", "edit_list"])
def test_between_the_beeps_it_is_quiet(film, kind):
    peaks = make_waveform(film(kind).footage).peaks
    places = np.arange(len(peaks)) % 50
    # A lossy codec rings for some milliseconds around a beep.
    assert np.abs(peaks[(places > 4) & (places < 46)].astype(int)).max() <= 2


def test_without_a_sound_track_it_is_empty(film):
    made = make_waveform(film("no_audio").footage)
    assert made.peaks.shape == (0, 2)


def test_of_two_tracks_the_first_is_drawn(film, monkeypatch):
    both, one = film("two_audio").footage, film("gop25").footage
    assert np.array_equal(make_waveform(both).peaks, make_waveform(one).peaks)


def _film(path, pieces, *, codec="pcm_s16le", rate=48_000, layout="mono", seconds=4):
    """Pictures with sound that is there only in places: (start in seconds, level, length)."""
    with av.open(str(path), "w") as output:
        video = output.add_stream("libx264", rate=25)
        video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
        sound = output.add_stream(codec, rate=rate, layout=layout)
        kind = sound.codec_context.format.name
        for index in range(25 * seconds):
            frame = VideoFrame.from_ndarray(np.full((270, 320), 128, np.uint8), format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, 25)
            output.mux(video.encode(frame))
        output.mux(video.encode(None))
        for start, levels, length in pieces:
            count = round(length * rate)
            block = np.repeat(np.array(levels)[:, None], count, axis=1)
            flat = block if kind.endswith("p") else block.T.reshape(1, -1)
            frame = AudioFrame.from_ndarray(np.ascontiguousarray(flat), kind, layout)
            frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
            frame.pts = round(start * rate)
            output.mux(sound.encode(frame))
        output.mux(sound.encode(None))
    return path


def test_gaps_are_silence_and_sound_after_the_end_is_left_out(film, tmp_path):
    level = np.int16(16_384)
    pieces = [(0.5, [level], 0.1), (1.5, [-level], 0.02), (3.9, [level], 2)]
    source = film(_film(tmp_path / "gaps.mkv", pieces))
    peaks = make_waveform(source.footage).peaks
    assert len(peaks) == 200
    expected = np.zeros((200, 2), int)
    expected[25:30] = expected[195:] = 64
    expected[75] = -64
    assert np.array_equal(peaks, expected)


@pytest.mark.parametrize("codec", ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le"])
def test_every_kind_of_sample_is_measured_by_its_full_scale(film, tmp_path, codec):
    def levels(share):
        if codec == "pcm_u8":
            return [np.uint8(128 + share * 128)]
        if codec == "pcm_f32le":
            return [np.float32(share)]
        return [np.int16(share * 2**15) if codec == "pcm_s16le" else np.int32(share * 2**31)]

    pieces = [(1, levels(-0.75), 0.2), (2, levels(0.25), 0.2)]
    peaks = make_waveform(film(_film(tmp_path / "a.mkv", pieces, codec=codec)).footage).peaks
    assert peaks[50:60].tolist() == [[-95, -95]] * 10
    assert peaks[100:110].tolist() == [[32, 32]] * 10
    assert not peaks[:50].any()
    assert not peaks[110:].any()


def test_the_loudest_channel_counts(film, tmp_path):
    pieces = [(1, [np.int16(-8192), np.int16(16_384)], 0.2)]
    source = film(_film(tmp_path / "stereo.mkv", pieces, layout="stereo"))
    assert make_waveform(source.footage).peaks[50:60].tolist() == [[-32, 64]] * 10


@pytest.mark.parametrize("rate", [11_025, 22_050, 44_100, 96_000])
def test_buckets_begin_where_recording_time_says_at_any_rate(film, tmp_path, rate):
    pieces = [(second, [np.int16(16_384)], 0.02) for second in (1, 2, 3)]
    peaks = make_waveform(film(_film(tmp_path / "a.mkv", pieces, rate=rate)).footage).peaks
    assert set(np.flatnonzero(peaks[:, 1])) <= {50, 51, 100, 101, 150, 151}
    assert peaks[[50, 100, 150], 1].tolist() == [64] * 3


def test_progress_rises_and_what_it_raises_ends_the_work(film):
    shares = []
    make_waveform(film("gop25").footage, progress=shares.append)
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1

    class CancelledError(Exception):
        pass

    def cancel(_share):
        raise CancelledError

    with pytest.raises(CancelledError):
        make_waveform(film("gop25").footage, progress=cancel)
