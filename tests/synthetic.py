"""Real media made for the tests: every frame carries its number, every whole second a beep.

`make` writes one file of a kind; `frame_numbers`, `beep_onsets` and
`packet_count_ignoring_edit_lists` read back what a file shows, plays and holds. They open files
through PyAV itself, so that they do not share a mistake with the program.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from mbtg_video.media import barcode
from tests.recipes import RECIPES, Recipe

os.environ.setdefault("SVT_LOG", "0")  # the AV1 encoder writes to the terminal otherwise

WIDTH, HEIGHT = 320, 180
UPRIGHT_WIDTH, UPRIGHT_HEIGHT = 272, 480
"""Of the rotated kind: as narrow as a barcode can be."""

HIDDEN = 60_000
"""Frames that an edit list hides carry this number and the following ones."""

PLANTED = MappingProxyType(
    {
        "title": "Kari Nordmann gruppe tirsdag",
        "comment": "planted comment of the camera",
        "location": "+59.9139+010.7522/",
        "creation_time": "2026-03-13T09:00:00Z",
        "artist": "Planted Camera Model 5",
    }
)
"""Metadata of every file, which no excerpt may carry."""

BEEP_MS = 40
BEEP_HERTZ = 1000
SECOND_TRACK_HERTZ = 2000
HIDDEN_HERTZ = 3000
"""What sounds before the first shown frame, without a pause."""

_LEVEL = 0.5


def planned_times(kind: str, seconds: int = 12) -> list[Fraction]:
    """When each shown frame is shown, in seconds from the first; as `make` lays them out."""
    recipe = RECIPES[kind]
    length = max(seconds, recipe.least_seconds)
    times: list[Fraction] = []
    while (time := recipe.time_of(len(times))) < length:
        times.append(time)
    return times


def _texture(width: int, height: int) -> NDArray[np.uint8]:
    chance = np.random.default_rng(7)
    coarse = chance.integers(50, 200, (height // 20 + 1, width // 20 + 1), dtype=np.uint8)
    fine = chance.integers(0, 12, (height, width), dtype=np.uint8)
    return coarse.repeat(20, axis=0).repeat(20, axis=1)[:height, :width] + fine


def _pictures(recipe: Recipe, numbers: list[int]) -> Iterator[VideoFrame]:
    width, height = (UPRIGHT_WIDTH, UPRIGHT_HEIGHT) if recipe.rotated else (WIDTH, HEIGHT)
    texture = _texture(width, height)
    for index, number in enumerate(numbers):
        luma = np.roll(texture, index * 2, axis=1)
        top = barcode.height_of(height) + index * 3 % (height // 2)
        luma[top : top + 24, index * 5 % (width - 32) :][:, :32] = 230
        barcode.draw(luma, number)
        blue = np.full((height // 2, width // 2), 96 + index % 64, np.uint8)
        red = np.full((height // 2, width // 2), 160 - index % 64, np.uint8)
        planes = [luma, blue, red]
        if recipe.rotated:
            planes = [np.rot90(plane) for plane in planes]
        flat = np.concatenate([np.ascontiguousarray(plane).reshape(-1) for plane in planes])
        stacked = flat.reshape(-1, planes[0].shape[1])
        frame = VideoFrame.from_ndarray(stacked, format="yuv420p")
        yield (
            frame
            if recipe.pixel_format == "yuv420p"
            else frame.reformat(format=recipe.pixel_format)
        )


def _sound(recipe: Recipe, hertz: int, start: Fraction, end: Fraction) -> NDArray[np.float32]:
    """Samples from `start` to `end`, both in seconds from the first shown frame."""
    rate = recipe.sample_rate
    positions = np.arange(int(start * rate), int(end * rate))
    into_second = positions % rate
    tone = np.sin(2 * np.pi * hertz * into_second / rate)
    samples = np.where(into_second < BEEP_MS * rate // 1000, tone, 0.0)
    before = np.sin(2 * np.pi * HIDDEN_HERTZ * positions / rate)
    return (_LEVEL * np.where(positions < 0, before, samples)).astype(np.float32)


class _SoundTrack:
    """One track that is written piece by piece beside the pictures."""

    def __init__(
        self, output: OutputContainer, recipe: Recipe, codec: str, samples: NDArray[np.float32]
    ) -> None:
        self.output = output
        self.stream: AudioStream = output.add_stream(  # type: ignore[assignment]
            codec, rate=recipe.sample_rate, layout="stereo"
        )
        self.samples = samples
        self.first = 0
        self.written = 0

    def write_until(self, sample: int) -> None:
        size = self.stream.codec_context.frame_size or 1024
        while self.written < min(sample, len(self.samples)):
            piece = self.samples[self.written : self.written + size]
            frame = AudioFrame.from_ndarray(np.stack([piece, piece]), "fltp", "stereo")
            frame.sample_rate = self.stream.rate
            frame.time_base = Fraction(1, self.stream.rate)
            frame.pts = self.first + self.written
            self.output.mux(self.stream.encode(frame))
            self.written += len(piece)

    def finish(self) -> None:
        self.write_until(len(self.samples))
        self.output.mux(self.stream.encode(None))


def make(kind: str, folder: Path, seconds: int = 12) -> Path:
    """Write the medium of `kind` into `folder`: at least `seconds` of it, more where it needs."""
    recipe = RECIPES[kind]
    path = folder / f"{kind}{recipe.suffix}"
    length = max(seconds, recipe.least_seconds)
    shown = planned_times(kind, seconds)
    tail = [recipe.time_of(len(shown) + index) for index in range(recipe.hidden_last)]
    head = [-recipe.time_of(index) for index in range(recipe.hidden_first, 0, -1)]
    numbers = [
        *(HIDDEN + index for index in range(len(head))),
        *range(len(shown)),
        *(HIDDEN + len(head) + index for index in range(len(tail))),
    ]
    times = [*head, *shown, *tail]
    time_base = recipe.time_base or 1 / recipe.rate
    end = Fraction(length) + len(tail) / recipe.rate
    with av.open(
        str(path), "w", format=recipe.container, options=dict(recipe.container_options)
    ) as output:
        output.metadata.update(PLANTED)
        stream = output.add_stream(recipe.codec, rate=recipe.rate)
        stream.width, stream.height = (
            (UPRIGHT_HEIGHT, UPRIGHT_WIDTH) if recipe.rotated else (WIDTH, HEIGHT)
        )
        stream.pix_fmt = recipe.pixel_format
        stream.options = dict(recipe.video_options)
        stream.codec_context.time_base = time_base
        stream.time_base = time_base
        stream.codec_context.thread_count = 2
        if recipe.codec_tag:
            stream.codec_context.codec_tag = recipe.codec_tag
        sound_start = (times[0] if head else Fraction(0)) - recipe.starts_at
        tracks = [
            _SoundTrack(output, recipe, codec, _sound(recipe, hertz, sound_start, end))
            for codec, hertz in zip(recipe.sound, (BEEP_HERTZ, SECOND_TRACK_HERTZ), strict=False)
        ]
        for track in tracks:
            track.first = int((sound_start + recipe.starts_at) * recipe.sample_rate)
        for time, picture in zip(times, _pictures(recipe, numbers), strict=True):
            picture.pts = int((time + recipe.starts_at) / time_base)
            picture.time_base = time_base
            output.mux(stream.encode(picture))
            for track in tracks:
                track.write_until(int((time - sound_start) * recipe.sample_rate))
        output.mux(stream.encode(None))
        for track in tracks:
            track.finish()
    _leave_real_time()
    if recipe.rotated:
        _patch(path, b"tkhd", _turn_upright)
    if recipe.entered_at is not None:
        _drop_before(path, len(head) + int(recipe.entered_at * recipe.rate))
    if recipe.hidden_last:
        _patch(path, b"elst", lambda box: _shorten(box, length))
    return path


def _leave_real_time() -> None:
    """Undo what SVT-AV1 does to a thread of root's that calls it: all else would starve."""
    if hasattr(os, "sched_setscheduler") and os.sched_getscheduler(0) != os.SCHED_OTHER:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def _patch(path: Path, box: bytes, change: Callable[[bytearray], None]) -> None:
    """Change the content of every box of that type behind the media data, in place."""
    content = bytearray(path.read_bytes())
    place = content.rindex(b"moov")
    while (place := content.find(box, place)) >= 0:
        size = int.from_bytes(content[place - 4 : place], "big")
        inner = content[place + 4 : place - 4 + size]
        change(inner)
        content[place + 4 : place - 4 + size] = inner
        place += 4
    path.write_bytes(content)


def _turn_upright(box: bytearray) -> None:
    width, height = struct.unpack(">II", box[-8:])
    if width:  # a sound track has none
        box[-44:-8] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, height, 0, 1 << 30)


def _shorten(box: bytearray, seconds: int) -> None:
    (entries,) = struct.unpack(">I", box[4:8])
    last = 8 + (entries - 1) * 12
    box[last : last + 4] = struct.pack(">I", seconds * 1000)


def _drop_before(path: Path, picture: int) -> None:
    """Cut off a transport stream's packets before that of the given picture."""
    with av.open(str(path)) as source:
        places = [packet.pos or 0 for packet in source.demux(video=0) if packet.size]
    path.write_bytes(path.read_bytes()[places[picture] :])


Medium = Path | BinaryIO


def _opened(medium: Medium, container: str | None, **options: str) -> InputContainer:
    if isinstance(medium, Path):
        return av.open(str(medium), "r", format=container, options=options)
    medium.seek(0)
    return av.open(medium, "r", format=container, options=options)


def upright(frame: VideoFrame) -> NDArray[np.uint8]:
    """Gray picture of a decoded frame as a viewer sees it."""
    gray: Any = frame.to_ndarray(format="gray")
    return np.ascontiguousarray(np.rot90(gray, frame.rotation // 90))


def frame_numbers(medium: Medium, container: str | None = None) -> list[int]:
    """Numbers of all shown frames in order; -1 where none can be read."""
    numbers = []
    with _opened(medium, container) as source:
        source.streams.video[0].thread_type = "AUTO"
        for frame in source.decode(video=0):
            number = barcode.read(upright(frame))
            numbers.append(-1 if number is None else number)
    return numbers


def shown_times(medium: Medium, container: str | None = None) -> list[int]:
    """When each shown frame is shown: µs from the first one."""
    with _opened(medium, container) as source:
        stamps = [
            (frame.pts or 0) * (frame.time_base or Fraction(0)) for frame in source.decode(video=0)
        ]
    return [round((stamp - stamps[0]) * 1_000_000) for stamp in stamps]


def packet_count_ignoring_edit_lists(
    medium: Medium, container: str | None = None, kind: str = "video"
) -> int:
    """How many packets of the first video or audio stream the file holds, hidden ones included."""
    options = {"ignore_editlist": "1"} if container in (None, "mp4", "mov") else {}
    with _opened(medium, container, **options) as source:
        stream = (source.streams.video if kind == "video" else source.streams.audio)[0]
        return sum(packet.size > 0 for packet in source.demux(stream))


def sound_samples(
    medium: Medium, container: str | None = None, track: int = 0
) -> tuple[NDArray[np.float32], Fraction, int]:
    """What is heard, as mono samples; where it starts, in seconds from the first shown frame; rate.

    A gap in the sound is silence.
    """
    with _opened(medium, container) as source:
        first = next(source.decode(video=0))
        zero = (first.pts or 0) * (first.time_base or Fraction(0))
    pieces: list[tuple[int, NDArray[np.float32]]] = []
    with _opened(medium, container) as source:
        rate = source.streams.audio[track].rate
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate)
        end = 0
        for frame in source.decode(audio=track):
            time_base = frame.time_base or Fraction(0)
            at = ((frame.pts or 0) * time_base - zero) * rate
            # Coarse time stamps jitter around sound that simply goes on.
            place = end if pieces and abs(at - end) <= 2 * time_base * rate else round(at)
            for same in resampler.resample(frame):
                pieces.append((place, same.to_ndarray()[0]))
                place += same.samples
            end = place
    start = pieces[0][0]
    samples = np.zeros(end - start, np.float32)
    for place, piece in pieces:
        samples[place - start :][: len(piece)] = piece
    return samples, Fraction(start, rate), rate


def beep_onsets(
    medium: Medium, container: str | None = None, track: int = 0, hertz: int = BEEP_HERTZ
) -> list[int]:
    """Where each whole beep starts, to the sample: µs from the first shown frame."""
    samples, start, rate = sound_samples(medium, container, track)
    length = BEEP_MS * rate // 1000
    beep = np.sin(2 * np.pi * hertz * np.arange(length) / rate)
    match = np.correlate(samples, beep, mode="valid") / (beep @ beep)
    onsets = []
    while (place := int(match.argmax())) >= 0 and match[place] > _LEVEL * 0.7:
        onsets.append(round((start + Fraction(place, rate)) * 1_000_000))
        match[max(0, place - length) : place + length] = 0
    return sorted(onsets)
