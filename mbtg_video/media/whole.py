"""Encode a whole excerpt to progressive H.264 that every browser plays."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from av.filter import Graph
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange

from mbtg_video.media.encode import PRESET, THREADS, decoder_of, skip_unless_wanted
from mbtg_video.media.medium import Medium, Wanted
from mbtg_video.media.mux import Coded
from mbtg_video.media.nal import H264_SEI, START_CODE, h264_kind, split_annexb

KEYFRAME_SECONDS: Final = 2
_CRF: Final = 18
_TURNS: Final = {90: ("transpose=clock",), 180: ("hflip", "vflip"), 270: ("transpose=cclock",)}


class PictureFilter:
    """Pictures as a viewer sees them: upright, progressive, 8 bits, one for one.

    Interlaced pictures are woven into progressive ones.
    """

    def __init__(self, medium: Medium, wanted: Wanted) -> None:
        turned = medium.footage.rotation % 180 == 90
        aspect = medium.video.sample_aspect_ratio or Fraction(1)
        self.aspect = 1 / aspect if turned else aspect
        self._time_base = wanted.time_base
        self._steps = ["bwdif=mode=send_frame:deint=all"] if medium.footage.interlaced else []
        self._steps += _TURNS.get(medium.footage.rotation, ())
        if medium.video.codec_context.color_range == ColorRange.JPEG:
            self._steps.append("scale=in_range=pc:out_range=tv")
        # H.264 in 4:2:0 has even sides; a row or column is added rather than cut off.
        self._steps += ["pad=ceil(iw/2)*2:ceil(ih/2)*2", "format=yuv420p"]
        self._graph: Graph | None = None
        self._shape: tuple[int, int, str] | None = None
        self._stamps: deque[int] = deque()
        self._pushed = 0

    def _open(self, frame: VideoFrame) -> Graph:
        graph = Graph()
        last = graph.add_buffer(
            width=frame.width,
            height=frame.height,
            format=frame.format,
            time_base=self._time_base,
        )
        for step in self._steps:
            kind, _, arguments = step.partition("=")
            following = graph.add(kind, arguments or None)
            last.link_to(following)
            last = following
        last.link_to(graph.add("buffersink"))
        graph.configure()
        return graph

    def take(self, frame: VideoFrame | None) -> Iterator[VideoFrame]:
        """Pictures that one more frame yields; None yields those held back."""
        if frame is not None:
            if self._graph is None:
                self._graph = self._open(frame)
                self._shape = (frame.width, frame.height, frame.format.name)
            elif self._shape and self._shape != (frame.width, frame.height, frame.format.name):
                # The filters took memory for pictures of the first one's size.
                frame = _reshaped(frame, *self._shape)
            self._stamps.append(frame.pts or 0)
            self._pushed += 1
            frame.time_base = self._time_base
            frame.pts = self._pushed  # filters may drop what does not rise
        if self._graph is None:
            return
        self._graph.push(frame)
        while self._stamps:
            try:
                picture = self._graph.pull()
            except (BlockingIOError, EOFError):
                return
            if not isinstance(picture, VideoFrame):
                return
            picture.pts = self._stamps.popleft()
            picture.time_base = self._time_base
            yield picture


def _reshaped(frame: VideoFrame, width: int, height: int, pixel_format: str) -> VideoFrame:
    stamp = frame.pts
    shaped = frame.reformat(width, height, pixel_format)
    shaped.pts = stamp
    return shaped


class WholeEncoder:
    """Turns a recording's packets into coded pictures of a span, one for one.

    Only wanted frames enter the filters, so that nothing of a frame outside the span can bleed
    into one inside it.
    """

    def __init__(self, medium: Medium, wanted: Wanted, encoder: VideoCodecContext) -> None:
        self._decoder = decoder_of(medium.video)
        self._left = set(wanted.stamps)
        self._zero = wanted.stamps[0]
        self._filter = PictureFilter(medium, wanted)
        self._encoder = encoder
        self._configure(medium, wanted)
        self._ended = False

    def _configure(self, medium: Medium, wanted: Wanted) -> None:
        encoder, source = self._encoder, medium.video.codec_context
        sides = [source.width, source.height]
        if medium.footage.rotation % 180 == 90:
            sides.reverse()
        encoder.width, encoder.height = (side + side % 2 for side in sides)
        encoder.pix_fmt = "yuv420p"
        encoder.sample_aspect_ratio = self._filter.aspect
        encoder.time_base = wanted.time_base
        rate = Fraction(len(wanted.stamps)) / wanted.length
        encoder.framerate = rate.limit_denominator(1001)
        for name in ("color_primaries", "color_trc", "colorspace"):
            setattr(encoder, name, getattr(source, name))
        encoder.color_range = ColorRange.MPEG
        encoder.thread_count = THREADS
        encoder.options = {
            "preset": PRESET,
            "crf": str(_CRF),
            "profile": "high",
            "x264-params": (
                f"bframes=0:keyint={max(1, round(KEYFRAME_SECONDS * rate))}:min-keyint=1:"
                "scenecut=0:open-gop=0:rc-lookahead=0:sync-lookahead=0:mbtree=0:force-cfr=0"
            ),
        }

    @property
    def finished(self) -> bool:
        """Whether every wanted frame was decoded."""
        return not self._left

    def take(self, packet: Packet[Any] | None) -> Iterator[Coded]:
        """Coded pictures that a packet of the source yields; None ends it and yields the rest."""
        if self._ended:
            return
        if not self.finished:
            if packet is not None:
                skip_unless_wanted(self._decoder, packet, self._left)
            for frame in self._decoder.decode(packet):
                if frame.pts in self._left:
                    self._left.discard(frame.pts)
                    yield from self._encoded(frame)
        if packet is None or self.finished:
            self._ended = True
            yield from self._encoded(None)

    def _encoded(self, frame: VideoFrame | None) -> Iterator[Coded]:
        for picture in self._filter.take(frame):
            picture.pict_type = PictureType.NONE
            yield from map(self._coded, self._encoder.encode(picture))
        if frame is None:
            yield from map(self._coded, self._encoder.encode(None))

    def _coded(self, packet: Packet[Any]) -> Coded:
        # x264 signs its first picture.
        units = (u for u in split_annexb(bytes(packet)) if h264_kind(u) != H264_SEI)
        data = b"".join(START_CODE + unit for unit in units)
        return Coded(data, (packet.pts or 0) - self._zero, packet.is_keyframe)
