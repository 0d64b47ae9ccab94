"""Playlists as extended M3U, which nearly every player opens."""

from __future__ import annotations

from mbtg_video.supervision.exchange.content import Clip, PlaylistValues, in_seconds, step_place
from mbtg_video.tag.exchange.content import Loss, Written


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def write(playlist: PlaylistValues) -> Written:
    """The clips in order; steps without a clip have no place."""
    lines = ["#EXTM3U", f"#PLAYLIST:{_one_line(playlist.title)}"]
    losses = []
    for number, entry in enumerate(playlist.entries, start=1):
        if isinstance(entry, Clip):
            length = in_seconds(entry.length)
            lines += [f"#EXTINF:{length},{_one_line(entry.title)}", entry.media]
        else:
            losses.append(Loss(step_place(number, entry), "M3U has no place for it"))
    return Written(("\n".join(lines) + "\n").encode(), tuple(losses))
