"""Tags as CSV: written as a Norwegian Excel reads it, read however it was laid out."""

from __future__ import annotations

from mbtg_video.spreadsheet import write_csv
from mbtg_video.tag.exchange.content import Incoming, Outgoing, Target, Written
from mbtg_video.tag.exchange.tag_table import read_table, write_table


def read(data: bytes, into: Target) -> Incoming:
    """The tags in a table; raises `BadInput`."""
    return read_table(data, ".csv", into)


def write(content: Outgoing) -> Written:
    """The tags as a table."""
    return Written(*write_table(content, "CSV", write_csv))
