"""Whether a browser can play a recording's own file, or needs a copy made for it."""

from __future__ import annotations

from typing import Final

from mbtg_video import interrupt
from mbtg_video.media.medium import Footage, told_plainly
from mbtg_video.media.reading import open_media, picture_streams

HEARD_IN_BROWSERS: Final = frozenset({"aac", "mp3", "opus", "flac"})


def plays_directly(footage: Footage) -> bool:
    """Whether every browser plays the file as it is, frame for frame, from time zero.

    It does not when the file stores pictures that are never shown, which a browser may show all
    the same; when its first frame comes after its time zero, so that a page would count
    differently; and when it is fragmented, where browsers seek badly. Raises `MediaError`.
    """
    if footage.container != "mp4" or not footage.plays_in_browser or footage.start_pts != 0:
        return False
    with (
        told_plainly(),
        interrupt.postponed(),
        open_media(footage.file, footage.container, obey_edit_list=False) as source,
    ):
        # A fragmented file's table of contents holds, when it is opened, its beginning at most.
        stored = [len(stream.index_entries) for stream in picture_streams(source)]
        # A codec without a decoder here has no context, whatever the types say.
        contexts = [getattr(stream, "codec_context", None) for stream in source.streams.audio]
        heard = all(c is not None and c.codec.canonical_name in HEARD_IN_BROWSERS for c in contexts)
    return heard and stored == [len(footage.frame_times)]
