"""Playlists as XSPF (version 1), which VLC and others open."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as Tree

from mbtg_video.supervision.exchange.content import Clip, PlaylistValues, step_place
from mbtg_video.tag.exchange.content import Loss, Written
from mbtg_video.tag.exchange.xml_text import child, holdable, write_xml

_NAMESPACE: Final = "http://xspf.org/ns/0/"


def write(playlist: PlaylistValues) -> Written:
    """The clips in order; steps without a clip have no place."""
    root = Tree.Element("playlist", version="1", xmlns=_NAMESPACE)
    child(root, "title", playlist.title)
    tracks = child(root, "trackList")
    losses = []
    for number, entry in enumerate(playlist.entries, start=1):
        if not isinstance(entry, Clip):
            losses.append(Loss(step_place(number, entry), "XSPF has no place for it"))
            continue
        if holdable(entry.title) != entry.title:
            losses.append(Loss(entry.name, "signs that XML cannot hold were replaced"))
        track = child(tracks, "track")
        child(track, "location", entry.media)
        child(track, "title", entry.title)
        child(track, "duration", str((entry.length.microseconds + 500) // 1000))
    return Written(write_xml(root), tuple(losses))
