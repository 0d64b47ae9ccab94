"""Sound brought to the loudness of broadcasts: EBU R 128, -23 LUFS, true peak below -1 dBTP.

It is measured first and then played louder or softer as a whole, so that nothing breathes. Only
where a peak would come too near to full scale is that peak limited. What is quieter than
-60 LUFS is taken for silence and left as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from av.audio.frame import AudioFrame
from av.filter import Graph
from numpy.typing import NDArray

from mbtg_video.media.silence import ENCODED_RATE

TARGET_LUFS: Final = -23.0
SILENT_LUFS: Final = -60.0
_CEILING_DBTP: Final = -2.0
"""Below -1 dBTP, for the peaks that AAC adds."""

_NEAR_LU: Final = 0.3
_TURNS: Final = 3
_LIMITED: Final = (
    "aresample=192000",
    f"alimiter=limit={10 ** (_CEILING_DBTP / 20):.4f}:attack=5:release=50:level=0:latency=1",
    f"aresample={ENCODED_RATE}",
)

Stereo = NDArray[np.float32]
"""Samples (2, count) at 48 kHz."""
Heard = Callable[[], Iterable[Stereo]]
"""The same sound again, from its beginning."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """Integrated loudness in LUFS and true peak, of 1."""

    lufs: float
    peak: float

    @property
    def silent(self) -> bool:
        """Whether there is nothing that could be made louder."""
        return not self.lufs > SILENT_LUFS


class _Filters:
    """A chain of sound filters."""

    def __init__(self, *steps: str) -> None:
        self._graph = Graph()
        last = self._graph.add_abuffer(
            format="fltp",
            sample_rate=ENCODED_RATE,
            layout="stereo",
            time_base=Fraction(1, ENCODED_RATE),
        )
        for step in (*steps, "aformat=sample_fmts=fltp:channel_layouts=stereo", "abuffersink"):
            kind, _, arguments = step.partition("=")
            following = self._graph.add(kind, arguments or None)
            last.link_to(following)
            last = following
        self._graph.configure()
        self._given = 0

    def take(self, samples: Stereo | None) -> Iterator[AudioFrame]:
        """What comes out for one more piece; None yields the rest."""
        if samples is None:
            self._graph.push(None)
        else:
            frame = AudioFrame.from_ndarray(
                np.ascontiguousarray(samples), format="fltp", layout="stereo"
            )
            frame.sample_rate, frame.pts = ENCODED_RATE, self._given
            frame.time_base = Fraction(1, ENCODED_RATE)
            self._given += samples.shape[1]
            self._graph.push(frame)
        while True:
            try:
                made = self._graph.pull()
            except (BlockingIOError, EOFError):
                return
            if isinstance(made, AudioFrame):
                yield made


def measure(sound: Iterable[Stereo]) -> Loudness:
    """How loud a sound is; -inf LUFS when it is shorter than the 400 ms that are measured."""
    filters = _Filters("ebur128=metadata=1:peak=true:framelog=quiet")
    lufs, peak = -math.inf, 0.0
    for piece in _then_none(sound):
        for frame in filters.take(piece):
            told = frame.metadata
            lufs = float(told.get("lavfi.r128.I", lufs))
            peak = float(told.get("lavfi.r128.true_peak", peak))
    return Loudness(lufs if lufs > -70 else -math.inf, peak)


def normalised(sound: Heard) -> Iterator[Stereo]:
    """The sound at -23 LUFS, as many samples as before; silence stays silence."""
    found = measure(sound())
    if found.silent:
        yield from sound()
        return
    gain = 10 ** ((TARGET_LUFS - found.lufs) / 20)
    if found.peak * gain <= 10 ** (_CEILING_DBTP / 20):
        yield from (piece * np.float32(gain) for piece in sound())
        return
    for _ in range(_TURNS):
        off = TARGET_LUFS - measure(_limited(sound(), gain)).lufs
        if abs(off) <= _NEAR_LU or not math.isfinite(off):
            break
        gain *= 10 ** (off / 20)
    yield from _limited(sound(), gain)


def _limited(sound: Iterable[Stereo], gain: float) -> Iterator[Stereo]:
    """The sound louder by a factor, its peaks limited; exactly as many samples as before."""
    filters = _Filters(*_LIMITED)
    given = made = 0
    for piece in _then_none(sound):
        given += 0 if piece is None else piece.shape[1]
        for frame in filters.take(None if piece is None else piece * np.float32(gain)):
            samples = np.asarray(frame.to_ndarray(), np.float32)[:, : max(0, given - made)]
            made += samples.shape[1]
            yield samples
    if made < given:
        yield np.zeros((2, given - made), np.float32)


def _then_none(sound: Iterable[Stereo]) -> Iterator[Stereo | None]:
    yield from sound
    yield None
