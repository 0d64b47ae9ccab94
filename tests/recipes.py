"""The kinds of media that the tests are made of, and how each is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType


def _steady(rate: Fraction) -> Callable[[int], Fraction]:
    return lambda index: index / rate


_UNEVEN_MS = (33, 40, 50, 33, 120, 20, 40, 33, 67, 41, 33, 33, 300, 17, 40, 33)


def _uneven(index: int) -> Fraction:
    rounds, rest = divmod(index, len(_UNEVEN_MS))
    return Fraction(rounds * sum(_UNEVEN_MS) + sum(_UNEVEN_MS[:rest]), 1000)


@dataclass(frozen=True)
class Recipe:
    """How a kind of medium is made; times are seconds from the first shown frame."""

    description: str
    codec: str = "libx264"
    suffix: str = ".mp4"
    container: str = "mp4"
    video_options: Mapping[str, str] = field(default_factory=dict)
    container_options: Mapping[str, str] = field(default_factory=dict)
    codec_tag: str = ""
    pixel_format: str = "yuv420p"
    rate: Fraction = Fraction(25)
    time_base: Fraction | None = None
    times: Callable[[int], Fraction] | None = None
    sound: tuple[str, ...] = ("aac",)
    sample_rate: int = 48_000
    least_seconds: int = 1
    hidden_first: int = 0
    hidden_last: int = 0
    starts_at: Fraction = Fraction(0)
    rotated: bool = False
    entered_at: Fraction | None = None

    def time_of(self, index: int) -> Fraction:
        """When frame `index` is shown; hidden ones lie before 0."""
        return (self.times or _steady(self.rate))(index)


def _x264(parameters: str, preset: str = "veryfast") -> dict[str, str]:
    return {"preset": preset, "crf": "26", "x264-params": parameters}


def _x265(parameters: str) -> dict[str, str]:
    common = "keyint=25:min-keyint=25:scenecut=0:log-level=error"
    return {"preset": "ultrafast", "crf": "26", "x265-params": f"{common}:{parameters}"}


_GOP25 = "keyint=25:min-keyint=25:scenecut=0:bframes=3:open-gop=0"

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "closed250": Recipe(
            "H.264, closed GOP of 250 frames with B-frames",
            video_options=_x264("keyint=250:min-keyint=250:scenecut=0:bframes=3:open-gop=0"),
            least_seconds=24,
        ),
        "gop25": Recipe(
            "H.264, closed GOP of 25 frames with B-frames", video_options=_x264(_GOP25)
        ),
        "faststart": Recipe(
            "H.264, the table of contents before the pictures",
            video_options=_x264(_GOP25),
            container_options={"movflags": "faststart"},
        ),
        "fragmented": Recipe(
            "H.264 in a fragmented MP4, as screen recorders write it",
            video_options=_x264(_GOP25),
            container_options={"movflags": "frag_keyframe+empty_moov+default_base_moof"},
        ),
        "intra": Recipe("H.264, every frame a keyframe", video_options=_x264("keyint=1:bframes=0")),
        "opengop": Recipe(
            "H.264, open GOP: B-frames reach over keyframes that are no IDR",
            video_options=_x264(
                "keyint=25:min-keyint=25:scenecut=0:bframes=3:b-adapt=0:open-gop=1"
            ),
        ),
        "hevc_closed": Recipe(
            "HEVC, closed GOP",
            codec="libx265",
            codec_tag="hvc1",
            video_options=_x265("bframes=3:open-gop=0"),
        ),
        "hevc_open": Recipe(
            "HEVC, open GOP with CRA keyframes and leading pictures",
            codec="libx265",
            codec_tag="hvc1",
            video_options=_x265("bframes=3:b-adapt=0:open-gop=1"),
        ),
        "interlaced_ts": Recipe(
            "H.264, interlaced, MPEG-TS with 192-byte packets and AC-3, as camcorders write it",
            suffix=".mts",
            container="mpegts",
            container_options={"mpegts_m2ts_mode": "1"},
            video_options=_x264("keyint=12:min-keyint=12:scenecut=0:bframes=2:interlaced=1:tff=1"),
            sound=("ac3",),
        ),
        "vfr": Recipe(
            "H.264, varying frame rate without B-frames, as phones write it",
            video_options=_x264("keyint=30:min-keyint=30:scenecut=0:bframes=0"),
            time_base=Fraction(1, 90_000),
            times=_uneven,
        ),
        "vfr_bframes": Recipe(
            "H.264, varying frame rate with B-frames",
            video_options=_x264("keyint=30:min-keyint=30:scenecut=0:bframes=3"),
            time_base=Fraction(1, 90_000),
            times=_uneven,
        ),
        "rotated": Recipe(
            "H.264, lies on its side and is turned upright by the display matrix",
            video_options=_x264(_GOP25),
            rotated=True,
        ),
        "late_start": Recipe(
            "H.264 in Matroska, sound from 0 and the first picture at 480 ms",
            suffix=".mkv",
            container="matroska",
            video_options=_x264(_GOP25),
            starts_at=Fraction(480, 1000),
        ),
        "edit_list": Recipe(
            "H.264 whose edit list hides the first 10 frames and their sound",
            video_options=_x264(_GOP25),
            hidden_first=10,
        ),
        "edit_list_tail": Recipe(
            "H.264 whose edit list hides the first 5 and the last 20 frames",
            video_options=_x264(_GOP25),
            hidden_first=5,
            hidden_last=20,
        ),
        "no_audio": Recipe("H.264 without sound", video_options=_x264(_GOP25), sound=()),
        "two_audio": Recipe(
            "H.264 with two sound tracks", video_options=_x264(_GOP25), sound=("aac", "aac")
        ),
        "tenbit": Recipe("H.264 High 10", video_options=_x264(_GOP25), pixel_format="yuv420p10le"),
        "ntsc": Recipe(
            "H.264 at 30000/1001 frames a second, sound at 44.1 kHz",
            video_options=_x264("keyint=30:min-keyint=30:scenecut=0:bframes=3:open-gop=0"),
            rate=Fraction(30_000, 1001),
            sample_rate=44_100,
        ),
        "mkv_gop25": Recipe(
            "H.264 in Matroska with millisecond time stamps that round the frame times",
            suffix=".mkv",
            container="matroska",
            video_options=_x264(_GOP25),
            rate=Fraction(30_000, 1001),
        ),
        "midstream_ts": Recipe(
            "H.264 in MPEG-TS, entered in the middle of a GOP as a split recording is",
            suffix=".ts",
            container="mpegts",
            video_options=_x264(_GOP25),
            hidden_first=25,
            entered_at=Fraction(-3, 5),
        ),
        "mpeg2_ts": Recipe(
            "MPEG-2 in MPEG-TS",
            codec="mpeg2video",
            suffix=".ts",
            container="mpegts",
            video_options={"g": "12", "bf": "2", "b": "1500000"},
            sound=("mp2",),
        ),
        "mpeg4_avi": Recipe(
            "MPEG-4 part 2 in AVI",
            codec="mpeg4",
            suffix=".avi",
            container="avi",
            video_options={"g": "25", "bf": "0", "q": "4"},
            sound=("pcm_s16le",),
        ),
        "vp8_webm": Recipe(
            "VP8 in WebM",
            codec="libvpx",
            suffix=".webm",
            container="webm",
            video_options={"deadline": "realtime", "cpu-used": "8", "g": "25", "b": "800000"},
            sound=("libopus",),
        ),
        "vp9_webm": Recipe(
            "VP9 in WebM",
            codec="libvpx-vp9",
            suffix=".webm",
            container="webm",
            video_options={"deadline": "realtime", "cpu-used": "8", "g": "25", "b": "800000"},
            sound=("libopus",),
        ),
        "av1_mp4": Recipe(
            "AV1 in MP4",
            codec="libsvtav1",
            video_options={"preset": "10", "g": "25", "crf": "24"},
        ),
        "mjpeg_avi": Recipe(
            "Motion JPEG in AVI",
            codec="mjpeg",
            suffix=".avi",
            container="avi",
            pixel_format="yuvj420p",
            video_options={"q": "4"},
            sound=("pcm_s16le",),
        ),
        "prores_mov": Recipe(
            "ProRes in QuickTime with PCM sound",
            codec="prores_ks",
            suffix=".mov",
            container="mov",
            pixel_format="yuv422p10le",
            video_options={"profile": "0"},
            sound=("pcm_s16le",),
        ),
        "pcm_mov": Recipe(
            "H.264 in QuickTime with PCM sound",
            suffix=".mov",
            container="mov",
            video_options=_x264(_GOP25),
            sound=("pcm_s16le",),
        ),
    }
)

KINDS: Mapping[str, str] = MappingProxyType(
    {kind: recipe.description for kind, recipe in RECIPES.items()}
)
