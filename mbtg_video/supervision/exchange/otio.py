"""Playlists as OpenTimelineIO, for cutting programs: clips one behind the other, steps as gaps."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip as OtioClip
from opentimelineio.schema import ExternalReference, Gap, Marker, MarkerColor, Timeline, Track

from mbtg_video.supervision.exchange.content import Clip, Mark, PlaylistValues, Step
from mbtg_video.tag.exchange.content import Written
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import MICROSECONDS, Timecode

_COLOURS: Final = {
    Valence.GOOD: MarkerColor.GREEN,
    Valence.MISSED: MarkerColor.RED,
    Valence.NEUTRAL: MarkerColor.YELLOW,
}


def write(playlist: PlaylistValues) -> Written:
    """All of it: clips with markers for tags, and gaps as long as the steps are planned."""
    timeline = Timeline(playlist.title)
    track = Track(playlist.title, kind=otio.schema.TrackKind.Video)
    timeline.tracks.append(track)
    for entry in playlist.entries:
        track.append(_clip(entry) if isinstance(entry, Clip) else _gap(entry))
    return Written(timeline.to_json_string(indent=2).encode() + b"\n")


def _time(time: Timecode) -> RationalTime:
    return RationalTime(time.microseconds, MICROSECONDS)


def _whole(clip: Clip) -> TimeRange:
    """All of a clip: so many frames at its rate, or microseconds where the rate varies."""
    if clip.frames is None:
        return TimeRange(RationalTime(0, MICROSECONDS), _time(clip.length))
    rate = float(Fraction(clip.frame_rate))
    return TimeRange(RationalTime(0, rate), RationalTime(clip.frames, rate))


def _clip(clip: Clip) -> OtioClip:
    reference = ExternalReference(target_url=clip.media, available_range=_whole(clip))
    made = OtioClip(clip.title, media_reference=reference, source_range=_whole(clip))
    made.metadata["mbtg"] = {"excerpt": clip.name, "minutes": clip.minutes}
    made.markers.extend(map(_marker, clip.marks))
    return made


def _marker(mark: Mark) -> Marker:
    length = Timecode(0 if mark.end is None else mark.end.microseconds - mark.start.microseconds)
    span = TimeRange(_time(mark.start), _time(length))
    made = Marker(mark.title, marked_range=span, color=_COLOURS[mark.valence])
    made.metadata["mbtg"] = {"valence": str(mark.valence)}
    return made


def _gap(step: Step) -> Gap:
    made = Gap(step.title, duration=RationalTime(60 * (step.minutes or 0), 1))
    made.metadata["mbtg"] = {"kind": step.kind, "minutes": step.minutes}
    return made
