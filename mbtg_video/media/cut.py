"""Cut an excerpt out of a recording: exact to the frame, copying what can be copied."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final, TypeVar

from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet

from mbtg_video import interrupt
from mbtg_video.errors import CutFailed, MediaError
from mbtg_video.media.check import Check, Made
from mbtg_video.media.medium import (
    SOUND_LEAD,
    Footage,
    Medium,
    Wanted,
    wanted_frames,
    with_stored_stamps,
)
from mbtg_video.media.mux import Coded, PictureTrack, Target, writing_mp4
from mbtg_video.media.receipt import Cut, Fall, Muted, Rung
from mbtg_video.media.silence import Silence
from mbtg_video.media.sound import CopiedTrack, EncodedTrack, SoundTrack, can_be_copied
from mbtg_video.media.splice import Copier, Plan, encode_beside, make_plan
from mbtg_video.media.syntax import Entry, NotSpliceable, syntax_of
from mbtg_video.media.verify import HARMLESS_METADATA, verify
from mbtg_video.media.whole import WholeEncoder
from mbtg_video.timecode import Span

_log = logging.getLogger(__name__)

_PATIENCE: Final = Fraction(10)
"""Seconds of the file behind the picture's end in which the rest of the sound is looked for."""

AnyTarget = TypeVar("AnyTarget", bound=Target)
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class _Way:
    """What may be copied in an attempt; the rest is encoded anew."""

    name: str
    pictures: bool
    sound: bool


_WAYS: Final = (
    _Way("copy", pictures=True, sound=True),
    _Way("encode", pictures=False, sound=True),
    _Way("encode all", pictures=False, sound=False),
)


class _Attempt:
    """Writes the excerpt to one target, in one way."""

    def __init__(
        self,
        medium: Medium,
        wanted: Wanted,
        silence: Silence,
        target: Target,
        way: _Way,
        progress: Progress,
    ) -> None:
        self.medium = medium
        self.wanted = wanted
        self.silence = silence
        self.target = target
        self.way = way
        self.progress = progress
        self.sounds: list[SoundTrack] = []

    def _packets(self) -> Iterator[Packet[Any]]:
        """Pictures and sound from before the span to behind it."""
        in_order_of_time = self.medium.footage.container == "mp4"
        copied = all(isinstance(track, CopiedTrack) for track in self.sounds)
        lead = Fraction(0) if copied and (in_order_of_time or not self.sounds) else SOUND_LEAD
        end = int((self.wanted.zero + self.wanted.length + _PATIENCE) / self.wanted.time_base)
        first = self.wanted.stamps[0]
        for packet in self.medium.packets_from(first, *self.medium.sounds, lead=lead):
            interrupt.check()
            if not packet.size:
                continue
            if (
                packet.stream_index == self.medium.video.index
                and packet.dts is not None
                and packet.dts > end
            ):
                return
            yield packet

    def _open_sound(self, output: OutputContainer) -> dict[int, SoundTrack]:
        for sound in self.medium.sounds:
            if self.way.sound and can_be_copied(sound):
                self.sounds.append(CopiedTrack(output, sound, self.wanted))
            else:
                self.sounds.append(EncodedTrack(output, sound, self.wanted, self.silence))
        indices = (sound.index for sound in self.medium.sounds)
        return dict(zip(indices, self.sounds, strict=True))

    def _sound_done(self) -> bool:
        return all(track.done for track in self.sounds)

    def made(self, *, keep_codec: bool) -> tuple[Rung, Made]:
        """Write the excerpt; raises `NotSpliceable`."""
        return self._spliced(keep_codec=keep_codec) if self.way.pictures else self._encoded()

    def _spliced(self, *, keep_codec: bool) -> tuple[Rung, Made]:
        """Copy, with the frames at both ends encoded anew; raises `NotSpliceable`."""
        if not (self.medium.footage.plays_in_browser or keep_codec):
            raise NotSpliceable("a browser does not play its pictures as they are")
        syntax = syntax_of(self.medium.video)
        plan = make_plan(self.medium, syntax, self.wanted)
        head = encode_beside(self.medium, syntax, self.wanted, plan.head)
        tail = encode_beside(self.medium, syntax, self.wanted, plan.tail)
        with writing_mp4(self.target) as output:
            stream = output.add_stream_from_template(self.medium.video)
            stream.metadata.clear()
            stream.time_base = self.wanted.time_base
            syntax.describe(stream)
            tracks = self._open_sound(output)
            pictures = PictureTrack(output, stream, self.wanted, plan.delay)
            copier = Copier(plan, syntax, self.wanted)
            for coded in head:
                pictures.write(coded)
            for packet in self._packets():
                track = tracks.get(packet.stream_index)
                if track is not None:
                    track.take(packet)
                elif (copied := copier.take(packet)) is not None:
                    pictures.write(copied)
                    self.progress(pictures.share)
                    if copier.done:
                        for coded in tail:
                            pictures.write(coded)
                if copier.done and self._sound_done():
                    break
            for track in self.sounds:
                track.finish()
        if not pictures.complete:
            raise NotSpliceable("pictures of the span are missing from the file")
        return _rung(plan), self._made(len(plan.head), len(plan.tail), syntax.stripped)

    def _encoded(self) -> tuple[Rung, Made]:
        """Encode all of it anew."""
        with writing_mp4(self.target) as output:
            stream = output.add_stream("libx264")
            whole = WholeEncoder(self.medium, self.wanted, stream.codec_context)
            tracks = self._open_sound(output)
            output.start_encoding()
            pictures = PictureTrack(output, stream, self.wanted, delay=0)
            for packet in self._packets():
                track = tracks.get(packet.stream_index)
                if track is not None:
                    track.take(packet)
                else:
                    self._write(pictures, whole.take(packet))
                if whole.finished and self._sound_done():
                    break
            self._write(pictures, whole.take(None))
            for track in self.sounds:
                track.finish()
        if not pictures.complete:
            raise NotSpliceable("frames of the span do not decode")
        return Rung.REENCODE, self._made(len(self.wanted.stamps), 0, ())

    def _write(self, pictures: PictureTrack, coded: Iterable[Coded]) -> None:
        for one in coded:
            pictures.write(one)
            self.progress(pictures.share)

    def _made(self, head: int, tail: int, stripped: Iterable[str]) -> Made:
        heard = tuple(place for place, track in enumerate(self.sounds) if track.packets)
        return Made(head, tail, heard, frozenset(stripped))


def _rung(plan: Plan) -> Rung:
    if plan.aligned:
        return Rung.ALIGNED
    return Rung.SPLICE_CRA if plan.entry is Entry.CRA else Rung.SPLICE_IDR


def _left_out(medium: Medium) -> set[str]:
    """What the recording's file says of camera, place, date or device, and the excerpt does not."""
    source = medium.source
    found = {
        "metadata of the file": bool(set(source.metadata) - HARMLESS_METADATA),
        "metadata of a track": any(
            set(stream.metadata) - HARMLESS_METADATA for stream in source.streams
        ),
        "chapters": bool(source.chapters()),
        "further tracks": len(source.streams) > 1 + len(medium.sounds),
    }
    return {name for name, there in found.items() if there}


def no_progress(_share: float) -> None:
    """Nobody wants to know."""


def cut(
    footage: Footage,
    span: Span,
    new_target: Callable[[], AnyTarget],
    *,
    keep_codec: bool = False,
    silent: Sequence[Span] = (),
    progress: Progress = no_progress,
) -> tuple[Cut, AnyTarget]:
    """The verified excerpt of `span` and the target that it was written to.

    The frames are those that begin in `span`. What a browser plays is copied, but for frames
    beside whole groups of pictures; `keep_codec` also copies HEVC and other H.264. When that
    cannot be done, or a check fails, the pictures are encoded anew, and at last the sound as
    well. In the `silent` spans of recording time every sound track is silent to the sample, and
    up to 43 ms beside them; no sound is copied then, since a packet reaches over its neighbours.
    `progress` is told the part done.

    Raises `MalformedTime` when no frame begins in the span, and `CutFailed`.
    """
    fell: list[Fall] = []
    with interrupt.postponed(), Medium.opened(footage) as medium:
        wanted = with_stored_stamps(medium, wanted_frames(footage, medium.time_base, span))
        silence = Silence.of(wanted, silent)
        for way in _ways(medium, silent):
            target = new_target()
            attempt = _Attempt(medium, wanted, silence, target, way, progress)
            try:
                rung, made = attempt.made(keep_codec=keep_codec)
                checks = verify(medium, wanted, made, target.reopen(), silent)
            except (NotSpliceable, MediaError) as reason:
                fell.append(Fall(way.name, str(reason)))
            except (FFmpegError, ValueError) as error:  # what the library says of odd media
                fell.append(Fall(way.name, type(error).__name__))
            else:
                failed = [f"{check.name}: {check.figure}" for check in checks if not check.passed]
                if not failed:
                    done = _receipt(medium, wanted, attempt, rung, made, checks, fell)
                    return replace(done, muted=_muted(silent)), target
                fell.append(Fall(rung, "; ".join(failed)))
            _log.info("an attempt at an excerpt fell: %s", fell[-1].reason)
            target.discard()
    reasons = "; ".join(fall.reason for fall in fell)
    raise CutFailed(
        f"The excerpt {span} could not be made so that it passes its checks: {reasons}. "
        "Nothing was kept. Try a span that starts a second earlier, or take the recording in again."
    )


def _ways(medium: Medium, silent: Sequence[Span]) -> list[_Way]:
    """The ways to try in turn: where something must be silent, none that copies sound."""
    if silent:
        return [replace(way, sound=False) for way in _WAYS[:2]]
    copies_sound = any(map(can_be_copied, medium.sounds))
    return list(_WAYS if copies_sound else _WAYS[:2])


def _muted(silent: Sequence[Span]) -> tuple[Muted, ...]:
    return tuple(Muted(span.start.microseconds, span.end.microseconds) for span in silent)


def _receipt(
    medium: Medium,
    wanted: Wanted,
    attempt: _Attempt,
    rung: Rung,
    made: Made,
    checks: tuple[Check, ...],
    fell: list[Fall],
) -> Cut:
    return Cut(
        span=wanted.span,
        first_frame_us=wanted.times[0],
        last_frame_us=wanted.times[-1],
        duration_us=wanted.end_us - wanted.times[0],
        frames=len(wanted.times),
        encoded=made.head + made.tail,
        sound_packets=tuple(track.packets for track in attempt.sounds),
        rung=rung,
        checks=checks,
        fell=tuple(fell),
        stripped=tuple(sorted(made.stripped | _left_out(medium))),
    )
