"""Tags found by the span that they lie in."""

from __future__ import annotations

import pytest

from mbtg_video.recording.access import find_recording
from mbtg_video.tag.mark import Mark, add_tag, items_in, list_tags
from mbtg_video.timecode import Span, Timecode
from tests.sequences import DAY

SPAN = (100_000, 200_000)
MARKS = [(0, None), (100_000, None), (199_999, None), (200_000, None), (0, 100_000),
         (0, 100_001), (120_000, 130_000), (199_999, 300_000), (200_000, 300_000),
         (0, 500_000)]  # fmt: skip


@pytest.fixture
def tagged(sequence):
    with sequence.library.transaction() as session:
        for item, (start, end) in enumerate(MARKS, start=1):
            until = None if end is None else Timecode(end)
            mark = Mark(start=Timecode(start), end=until, scale=sequence.scale.id, item=item)
            add_tag(session, find_recording(session, 1), mark, on=DAY)
        mark = Mark(start=Timecode(150_000), label="no item")
        add_tag(session, find_recording(session, 1), mark, on=DAY)
    return sequence


def _lies_in(span, start, end):
    if end is None:
        return Timecode(start) in span
    return Span(Timecode(start), Timecode(end)).overlaps(span)


def test_tags_of_a_span_are_those_of_which_any_part_lies_in_it(tagged):
    span = Span(*map(Timecode, SPAN))
    expected = {item for item, mark in enumerate(MARKS, start=1) if _lies_in(span, *mark)}
    with tagged.library.transaction() as session:
        recording = find_recording(session, 1)
        found = {tag.item for tag in list_tags(session, recording=recording, span=span)}
        assert found == expected | {None}
        assert items_in(session, recording, span, tagged.scale.id) == expected
        assert items_in(session, recording, span, "another") == frozenset()
    assert expected == {2, 3, 6, 7, 8, 10}
