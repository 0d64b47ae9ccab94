"""The projector's film: every frame once, in order, at one size, rate and loudness."""

from __future__ import annotations

import io
import sys
from fractions import Fraction

import av
import numpy as np
import pytest

from mbtg_video.errors import MediaError
from mbtg_video.media import barcode
from mbtg_video.media.clip import opened_clip
from mbtg_video.media.cut import cut
from mbtg_video.media.loudness import measure, normalised
from mbtg_video.media.projector import Caption, Scene, Slate, make_film
from mbtg_video.timecode import Span, Timecode
from tests.films import MemoryTarget

SIZE = (320, 180)
RATE = Fraction(25)
NTSC = Fraction(30000, 1001)


def pictures(path):
    with av.open(str(path)) as film:
        return [frame.to_ndarray()[: frame.height] for frame in film.decode(video=0)]


def numbers(path):
    return [barcode.read(picture) for picture in pictures(path)]


@pytest.fixture(scope="module")
def shown(tmp_path_factory, recording_file):
    """A slate, frames 10 to 35 of one film, a slate, and a second clip that was cut elsewhere."""

    def clip(kind, first, behind):
        with recording_file(kind).open("rb") as file:
            found = opened_clip(file)
            times = found.facts.frame_times
            span = Span(Timecode(times[first]), Timecode(times[behind]))
            made = cut(found.footage, span, MemoryTarget)[1]
            return io.BytesIO(made.getvalue())

    path = tmp_path_factory.mktemp("film") / "film.mp4"
    parts = [
        Slate("1  X1", ("Blåbærsyltetøy på ærlig vis",), 1),
        Scene(clip("gop25", 10, 36), (Caption(200_000, 600_000, "10 Å møte øyeblikket"),)),
        Slate("2  X2", (), 1),
        Scene(clip("no_audio", 130, 155)),
    ]
    assert make_film(path, parts, size=SIZE) == 25 + 26 + 25 + 25
    return path


def test_every_frame_of_every_clip_is_shown_once_and_in_order(shown):
    read = numbers(shown)
    assert read == [None] * 25 + list(range(10, 36)) + [None] * 25 + list(range(130, 155))


def test_the_film_is_what_any_projector_plays(shown):
    with av.open(str(shown)) as film:
        video, sound = film.streams.video[0], film.streams.audio[0]
        assert (video.codec_context.name, sound.codec_context.name) == ("h264", "aac")
        assert (video.width, video.height, video.average_rate) == (*SIZE, RATE)
        assert (sound.sample_rate, sound.layout.name) == (48_000, "stereo")
        assert video.pix_fmt == "yuv420p"
        stamps = [frame.pts * video.time_base for frame in film.decode(video)]
        assert stamps == [number / RATE for number in range(101)]
        assert not {"title", "encoder", "comment", "creation_time"} & set(film.metadata)
        assert "creation_time" not in video.metadata
    content = shown.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    assert not [sign for sign in (b"Planted", b"x264", b"Lavf", b"Lavc") if sign in content]


def heard(path):
    with av.open(str(path)) as film:
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=48_000)
        frames = [out for f in film.decode(audio=0) for out in resampler.resample(f)]
        return np.concatenate([frame.to_ndarray() for frame in frames], axis=1)


def test_sound_stays_with_its_pictures_and_slates_are_silent(shown):
    loud = np.abs(heard(shown)[0]) > 0.02
    assert not loud[: 48_000 - 1024].any()
    assert abs(loud.shape[0] - 101 * 1920) <= 2048
    # The recording beeps at its second 1, which is frame 25: the film's frame 25 + 15.
    assert np.flatnonzero(loud)[0] == pytest.approx(40 * 1920, abs=480)


def test_captions_stand_only_while_they_are_meant(shown):
    foot = [picture[-26:-8, 120:200].astype(int) for picture in pictures(shown)]
    changes = [abs(foot[n] - foot[n - 1]).mean() > 12 for n in range(26, 51)]
    assert np.flatnonzero(changes)[[0, -1]].tolist() == [4, 14]


def test_a_last_frame_that_is_broken_off_early_is_shown_too(recording_file, tmp_path):
    with recording_file("gop25", 1).open("rb") as file:
        found = opened_clip(file)
        span = Span(Timecode(200_000), Timecode(401_000))
        made = io.BytesIO(cut(found.footage, span, MemoryTarget)[1].getvalue())
    assert make_film(tmp_path / "film.mp4", [Scene(made)], size=SIZE) == 6
    assert numbers(tmp_path / "film.mp4") == list(range(5, 11))


def test_a_slower_clip_of_another_shape_is_shown_whole_whichever_comes_first(
    recording_file, tmp_path
):
    path = tmp_path / "film.mp4"
    with (
        recording_file("rotated", 1).open("rb") as one,
        recording_file("ntsc", 1).open("rb") as two,
    ):
        assert make_film(path, [Scene(one), Scene(two)], size=(640, 480)) == 60
        times = [time * NTSC / 1_000_000 for time in opened_clip(one).facts.frame_times]
    upright, wide = pictures(path)[:30], pictures(path)[30:]
    assert [barcode.read(picture[60:420]) for picture in wide] == list(range(30))
    assert all((picture[:58] <= 18).all() for picture in wide)  # bars above it
    assert all((picture[:, :180] <= 18).all() for picture in upright)
    begins = [int(time + Fraction(1, 2)) for time in times]  # 25 a second, some of them twice
    read = [barcode.read(picture[:, 184:456]) for picture in upright]
    assert read == [sum(begin <= at for begin in begins) - 1 for at in range(30)]
    assert set(read) == set(range(25))


@pytest.mark.skipif(sys.platform == "win32", reason="a process there has no largest file")
def test_a_film_that_may_grow_no_further_says_that_there_is_no_room(tmp_path):
    import resource
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(MediaError, match="The disk is full"):
            make_film(tmp_path / "film.mp4", [Slate("1  X1", (), 5)], size=SIZE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


# ---------- loudness


def tone(seconds, level, hertz=997):
    time = np.arange(int(seconds * 48_000)) / 48_000
    return np.stack([level * np.sin(2 * np.pi * hertz * time)] * 2).astype(np.float32)


def pieces(sound):
    return lambda: (sound[:, start : start + 5000] for start in range(0, sound.shape[1], 5000))


def speech(seconds, level):
    """Bursts of noise with pauses, and one clap that is far louder."""
    chance = np.random.default_rng(3)
    sound = chance.normal(0, level, int(seconds * 48_000)).astype(np.float32)
    sound *= (np.arange(sound.size) // 12_000 % 2).astype(np.float32)
    sound[60_000:60_200] *= 20
    return np.stack([sound, sound]).clip(-1, 1)


@pytest.mark.parametrize("sound", [tone(4, 0.9), tone(4, 0.004), speech(5, 0.002), speech(5, 0.05)])
def test_sound_becomes_as_loud_as_broadcasts_and_no_peak_comes_near_full_scale(sound):
    made = np.concatenate(list(normalised(pieces(sound))), axis=1)
    assert made.shape == sound.shape
    found = measure(pieces(made)())
    assert found.lufs == pytest.approx(-23, abs=1)
    assert 20 * np.log10(found.peak) <= -1.5


@pytest.mark.parametrize(
    "sound", [np.zeros((2, 96_000), np.float32), tone(2, 0.0002), tone(0.2, 0.5)]
)
def test_silence_and_what_is_too_short_to_measure_stay_as_they_are(sound):
    assert np.array_equal(np.concatenate(list(normalised(pieces(sound))), axis=1), sound)


def test_no_sound_at_all_stays_none():
    assert list(normalised(lambda: iter(()))) == []
