"""What goes out through any format comes back the same, or is told as lost."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbtg_video.errors import BadInput
from mbtg_video.tag.exchange import (
    boris,
    csv_file,
    elan,
    losslesscut,
    own,
    sportscode,
    srt_file,
    webannotation,
    webvtt_file,
)
from mbtg_video.tag.exchange import xlsx_file as xlsx
from mbtg_video.tag.exchange.content import CueValues, Incoming, Lane
from mbtg_video.tag.model import Valence
from tests.tag.exchange.values import AUTHORS, LENGTH, NAMED, TAGS, at, clip, item, outgoing, target

TAG_FORMATS = [own, csv_file, xlsx, boris, sportscode, webannotation]
ALL = [*TAG_FORMATS, losslesscut]
JSON_FORMATS = [own, boris, webannotation, losslesscut]


def named(format_):
    return format_.__name__.rpartition(".")[2]


def essence(tag):
    """What a tag says, whatever a format adds about the file that it was in."""
    return replace(tag, name=None, key=None, made_at=None, changed_at=None)


def in_order(tags):
    return sorted(map(essence, tags), key=repr)


def lossless(format_, tags):
    written = format_.write(outgoing(*tags))
    back = format_.read(written.data, target())
    assert in_order(back.tags) == in_order(tags)
    assert not back.losses
    return written


@pytest.mark.parametrize("format_", TAG_FORMATS, ids=named)
def test_what_goes_out_comes_back(format_):
    written = lossless(format_, NAMED)
    told = {loss.place for loss in written.losses}
    moments = {tag.name for tag in NAMED if tag.end is None}
    fine = {
        tag.name
        for tag in NAMED
        if any(time and time.microseconds % 1000 for time in (tag.start, tag.end))
    }
    assert told == {sportscode: moments, boris: fine}.get(format_, set())


TEXTS = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_characters="\0"),
        st.sampled_from("=+-@'\t\r\n;,\"<&>]|_x000D_æøå"),
    ),
    min_size=1,
    max_size=12,
)
TIMES = st.integers(0, LENGTH.microseconds - 2)


@st.composite
def tags(draw):
    start = draw(TIMES)
    end = draw(st.one_of(st.none(), st.integers(start + 1, LENGTH.microseconds)))
    said = {
        "author": draw(st.sampled_from([None, *sorted(AUTHORS)])),
        "valence": draw(st.sampled_from(Valence)),
        "note": draw(st.one_of(st.none(), TEXTS)),
    }
    if draw(st.booleans()):
        return item(start, end, draw(st.integers(1, 19)), **said)
    return at(start, end, label=draw(TEXTS.filter(str.strip)), **said)


@pytest.mark.parametrize("format_", TAG_FORMATS, ids=named)
@settings(max_examples=25)
@given(st.lists(tags(), max_size=6))
def test_nothing_is_dropped_in_silence(format_, given_tags):
    """A tag that comes back otherwise is named by a loss."""
    numbered = [replace(tag, name=f"T{n}") for n, tag in enumerate(given_tags, start=1)]
    written = format_.write(outgoing(*numbered))
    back = in_order(format_.read(written.data, target()).tags)
    told = {loss.place for loss in written.losses}
    assert len(back) == len(numbered)
    for tag in numbered:
        assert essence(tag) in back or tag.name in told


@pytest.mark.parametrize("format_", ALL, ids=named)
def test_what_a_format_has_no_place_for_is_told(format_):
    content = outgoing(item(5, name="T7"), clips=[clip(0, 9, "Tapet", name="X4")])
    places = {loss.place for loss in format_.write(content).losses}
    expected = {own: set(), losslesscut: {"T7"}, sportscode: {"X4", "T7"}, boris: {"X4", "T7"}}
    assert places == expected.get(format_, {"X4"})


@pytest.mark.parametrize("format_", [elan, srt_file, webvtt_file], ids=named)
def test_transcripts_and_excerpts_that_stay_behind_are_told(format_):
    cue = CueValues(start=at(0).start, end=at(5).start, text="x")
    lane = Lane(title="Tale", cues=(cue,))
    content = outgoing(clips=[clip(0, 9, "Tapet", name="X4")], lanes=[lane])
    assert [loss.place for loss in format_.write(content).losses] == ["transcript 1", "X4"]


@pytest.mark.parametrize("format_", ALL, ids=named)
def test_what_lies_outside_the_recording_is_told_and_the_rest_kept(format_):
    content = outgoing(
        item(1_000_000), item(1_500_000, 9_000_000), item(2_000_000), item(7_000_000, 8_000_000),
        clips=[clip(1_000_000, 9_000_000, "a"), clip(5_000_000, 6_000_000, "b")],
    )  # fmt: skip
    data = format_.write(content).data
    back = format_.read(data, target(length=at(2_000_000).start))
    ends = {None if one.end is None else one.end.microseconds for one in (*back.tags, *back.clips)}
    assert 2_000_000 in ends
    assert ends <= {None, 2_000_000}
    assert len(back.losses) >= 2


@pytest.mark.parametrize("format_", TAG_FORMATS, ids=named)
def test_who_and_what_is_not_known_here_is_kept_in_words(format_):
    data = format_.write(outgoing(item(5000, number=19, author="T1", note="n"))).data
    smaller = replace_items(target().scale, 5)
    into = target(scale=smaller, scales={smaller.id: smaller}, authors=frozenset())
    back = format_.read(data, into)
    (tag,) = back.tags
    assert (tag.item, tag.author) == (None, None)
    assert "mbt-g-aqs:19" in tag.label
    assert "T1" in tag.note
    assert any("item 19 is not in mbt-g-aqs" in loss.what for loss in back.losses)
    assert any("T1 is no person here" in loss.what for loss in back.losses)


def replace_items(scale, count):
    return msgspec.structs.replace(scale, items=scale.items[:count])


# ---------- hostile files

TIMELINE = (
    "<file><ALL_INSTANCES><instance><start>1</start><end>2</end><code>{}</code></instance>"
    "</ALL_INSTANCES></file>"
)
BOMBS = {
    "entities": '<!DOCTYPE a [<!ENTITY b "bb">]>' + TIMELINE.format("&b;"),
    "outside entity": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    + TIMELINE.format("&b;"),
    "document type": '<!DOCTYPE file SYSTEM "http://localhost/a.dtd">' + TIMELINE.format("a"),
    "two bytes a sign": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "b">]>'
    + TIMELINE.format("&b;"),
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_xml_that_declares_a_document_type_is_refused(text):
    data = text.encode("utf-16" if "utf-16" in text else "utf-8")
    with pytest.raises(BadInput, match="declares a document type"):
        sportscode.read(data, target())


@pytest.mark.parametrize(
    "text", [TIMELINE[:30], '<?xml version="1.0" encoding="nonsense"?><file/>', "&b;"]
)
def test_xml_that_is_broken_is_refused(text):
    with pytest.raises(BadInput, match="no XML"):
        sportscode.read(text.encode(), target())


TRAPS = {
    "depth": b"[" * 200_000,
    "depth in objects": b'{"a":' * 100_000,
    "a huge number": b'{"format": "mbtg-video", "version": ' + b"9" * 10_000 + b"}",
    "a huge power": b'{"version": 1e999999999, "observations": {}, "behaviors_conf": {}}',
    "a tiny power": b'{"version": [1e-999999999], "type": 1}',
    "half a sign": b'{"format": "\xff\xfe"}',
    "nothing": b"",
    "a number": b"7",
    "a list": b"[]",
    "null": b"null",
}


@pytest.mark.parametrize("data", TRAPS.values(), ids=TRAPS.keys())
@pytest.mark.parametrize("format_", JSON_FORMATS, ids=named)
def test_json_that_is_a_trap_is_refused(format_, data):
    with pytest.raises(BadInput):
        format_.read(data, target())


def test_a_workbook_that_swells_is_refused():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (65 << 20))
    with pytest.raises(BadInput, match="too large"):
        xlsx.read(held.getvalue(), target())


WRITTEN = {f: f.write(outgoing(*NAMED, clips=[clip(0, 9, "x")])).data for f in ALL}


@pytest.mark.parametrize("format_", ALL, ids=named)
@settings(max_examples=40)
@given(data=st.data())
def test_a_reader_reads_or_refuses_and_nothing_else(format_, data):
    whole = WRITTEN[format_]
    start = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 40))
    put = data.draw(st.one_of(st.binary(max_size=8), st.sampled_from(SPLINTERS)))
    try:
        read = format_.read(whole[:start] + put + whole[start + length :], target())
    except BadInput:
        return
    assert isinstance(read, Incoming)
    for tag in read.tags:
        assert (tag.item is None) != (tag.label is None)
        assert 0 <= tag.start.microseconds < LENGTH.microseconds
        (tag.note or "" + (tag.label or "")).encode()


SPLINTERS = [b"null", b"{}", b"[]", b"NaN", b"1e15", b"-1", b'""', b'"\\ud800"', b"<x/>", b";",
             b"'", b"&#55296;", b"&#0;", b'"t=npt:,"', b"9" * 20]  # fmt: skip


@pytest.mark.parametrize("format_", ALL, ids=named)
@settings(max_examples=40)
@given(noise=st.binary(max_size=200))
def test_noise_is_refused_or_read_as_nothing(format_, noise):
    with contextlib.suppress(BadInput):
        assert isinstance(format_.read(noise, target()), Incoming)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["observations", "behaviors_conf", "events", "file", "media_info", "length", "type",
                 "version", "cutSegments", "start", "end", "name", "tags", "items", "target",
                 "selector", "value", "body", "source", "id", "creator", "code", "modifiers"]
            ),
            inner, max_size=4,
        ),
    ),
    max_leaves=20,
)  # fmt: skip


@pytest.mark.parametrize("format_", JSON_FORMATS, ids=named)
@settings(max_examples=60)
@given(inner=JSON)
def test_json_of_any_shape_is_read_or_refused(format_, inner):
    framed = {
        boris: {"observations": {"a": inner}, "behaviors_conf": inner},
        losslesscut: {"version": 1, "cutSegments": inner},
        webannotation: {"type": "AnnotationPage", "items": inner},
        own: inner,
    }[format_]
    with contextlib.suppress(BadInput):
        assert isinstance(format_.read(json.dumps(framed).encode(), target()), Incoming)


def test_the_set_of_tags_holds_what_it_should():
    assert {tag.valence for tag in TAGS} == set(Valence)
    assert any(tag.end is None for tag in TAGS)
    assert any(tag.end is not None and tag.end.microseconds % 10 for tag in TAGS)
