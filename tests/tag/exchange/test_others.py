"""Sportscode, LosslessCut, Web Annotations and our own format: files as others wrote them."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from mbtg_video.errors import BadInput
from mbtg_video.tag.exchange import losslesscut, own, sportscode, webannotation
from mbtg_video.tag.exchange.content import CueValues, Lane
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import Timecode
from tests.tag.exchange.values import NAMED, SCALE, at, clip, item, outgoing, target

OLD = sorted((Path(__file__).parent / "old").glob("*.json"))


def spans(found):
    return [(one.start.microseconds, one.end and one.end.microseconds) for one in found]


# ---------- Sportscode


def test_a_timeline_of_sportscode_is_read():
    data = b"""<?xml version="1.0" encoding="utf-8"?>
    <file><ALL_INSTANCES>
      <instance><ID>1</ID><start>3.6</start><end>9.7</end><code>17</code>
        <label><group>Team</group><text>Henkie</text></label><label><text>late</text></label>
      </instance>
      <instance><ID>2</ID><start>00:01:02.5</start><end>00:01:02.5</end><code>PASS</code></instance>
      <instance><ID>3</ID><start>soon</start><end>9</end><code>PASS</code></instance>
    </ALL_INSTANCES><ROWS><row><code>PASS</code><R>1</R><G>2</G><B>3</B></row></ROWS></file>"""
    back = sportscode.read(data, target())
    assert spans(back.tags) == [(3_600_000, 9_700_000), (62_500_000, None)]
    assert [(tag.item, tag.label) for tag in back.tags] == [(17, None), (None, "PASS")]
    assert back.tags[0].note == "Team: Henkie\nlate"
    (loss,) = back.losses
    assert loss.place == "instance 3"


def test_a_moment_is_one_frame_long_in_sportscode_and_told():
    written = sportscode.write(outgoing(item(1_000_000, name="T5")))
    assert b"<start>1.000000</start>" in written.data
    assert b"<end>1.040000</end>" in written.data
    assert b"<code>3 Initiativ til og gjennomf\xc3\xb8ring av turntaking</code>" in written.data
    (loss,) = written.losses
    assert loss.place == "T5"


# ---------- LosslessCut

HAND_WRITTEN = """{
  // LosslessCut
  version: 1, mediaFileName: 'group.mp4',
  cutSegments: [
    { end: 12.5, name: 'Tapet blir synlig', },
    { start: 20.000001, name: "Til slutt", tags: { question: 'Hva nå?', mood: 'x' } },
  ],
}"""


def test_a_project_of_losslesscut_is_read_as_excerpts():
    back = losslesscut.read(HAND_WRITTEN.encode(), target())
    assert spans(back.clips) == [(0, 12_500_000), (20_000_001, 3_600_000_000)]
    assert [(one.title, one.question) for one in back.clips] == [
        ("Tapet blir synlig", None),
        ("Til slutt", "Hva nå?"),
    ]
    (loss,) = back.losses
    assert (loss.place, "'mood'" in loss.what) == ("segment 2", True)


def test_a_segment_without_an_end_is_a_marker_since_version_two():
    text = HAND_WRITTEN.replace("version: 1", "version: 2").replace("Til slutt", "17")
    back = losslesscut.read(text.encode(), target())
    assert spans(back.clips) == [(0, 12_500_000)]
    assert [(tag.item, tag.end) for tag in back.tags] == [(17, None)]


def test_excerpts_go_through_losslesscut_unchanged():
    clips = (
        clip(0, 1_000_001, "Æ 'quoted' \"title\"\n", question="Hva?", name="X1"),
        clip(5_000_000, 3_600_000_000, "b"),
    )
    written = losslesscut.write(outgoing(clips=clips))
    assert losslesscut.read(written.data, target()).clips == clips
    assert json.loads(written.data)["mediaFileName"] == "R1.mp4"


@pytest.mark.parametrize("text", ["{version: 4, cutSegments: []}", "{version: 1}", "[" * 99, "{a"])
def test_what_is_no_project_of_losslesscut_is_refused(text):
    with pytest.raises(BadInput, match="LosslessCut"):
        losslesscut.read(text.encode(), target())


def test_what_is_no_segment_cuts_nothing():
    found = losslesscut.read(b"{version: 1, cutSegments: [null, 5, {start: 1, end: 2}]}", target())
    assert spans(found.clips) == [(1_000_000, 2_000_000)]
    assert [loss.place for loss in found.losses] == ["segment 1", "segment 2"]


def test_a_number_in_hex_that_is_too_long_is_no_time_and_no_name():
    endless = "0x" + "f" * 5000
    with pytest.raises(BadInput, match="LosslessCut"):
        losslesscut.read(f"{{version: {endless}, cutSegments: []}}".encode(), target())
    segments = f"[{{start: {endless}}}, {{start: 1, end: 2, name: {endless}}}]"
    found = losslesscut.read(f"{{version: 2, cutSegments: {segments}}}".encode(), target())
    assert [clip.title for clip in found.clips] == ["segment 2"]
    assert "no number" in found.losses[0].what


# ---------- Web Annotations


def test_signs_and_times_that_nothing_can_keep_are_replaced_and_told():
    body = {"source": "urn:mbtg:scale:\ud800:3"}
    never = "9999-12-31T23:59:59-14:00"
    found = read_annotations(annotation(body=body, creator="\ud800", created=never))
    (tag,) = found.tags
    assert (tag.label, tag.author, tag.made_at) == ("\ufffd:3", None, None)
    said = repr([tag, *((loss.place, loss.what) for loss in found.losses)])
    assert "\\ud800" not in said
    assert any("no time that there is" in loss.what for loss in found.losses)


def annotation(**said):
    return {"type": "Annotation", "target": "https://x.example/g.mp4#t=10,12.5"} | said


def read_annotations(*annotations):
    page = {"@context": "http://localhost:1/none", "type": "AnnotationPage", "items": annotations}
    return webannotation.read(json.dumps(page).encode(), target())


def fragment(value):
    return {"source": "g.mp4", "selector": {"type": "FragmentSelector", "value": value}}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("https://x.example/g.mp4#t=10,12.5", (10_000_000, 12_500_000)),
        ("g.mp4#xywh=1,2,3,4&t=npt:10.000001,0:00:12.5", (10_000_001, 12_500_000)),
        (fragment("t=npt:,12.5"), (0, 12_500_000)),
        (fragment("t=10"), (10_000_000, None)),
        ({"source": "g.mp4#t=1:02,1:03"}, (62_000_000, 63_000_000)),
        ("https://x.example/g.mp4#t=npt%3A10%2C12.5", (10_000_000, 12_500_000)),
    ],
)
def test_fragments_are_understood_as_the_recommendation_says(where, expected):
    back = read_annotations(annotation(target=where, body="Gråt"))
    assert spans(back.tags) == [expected]
    assert len(back.losses) == (expected[1] is None)


def test_bodies_become_item_label_and_note():
    tagging = {"type": "TextualBody", "purpose": "tagging", "value": "Managing authority"}
    back = read_annotations(
        annotation(body=[tagging, {"type": "TextualBody", "value": "because"}], creator="T1"),
        annotation(bodyValue="only this"),
        annotation(body={"type": "Video", "id": "https://x.example/v.mp4"}),
        annotation(target="g.mp4", body="nowhere"),
    )
    assert [(tag.item, tag.label, tag.note) for tag in back.tags] == [
        (7, None, "because"),
        (None, "only this", None),
    ]
    assert back.tags[0].author == "T1"
    assert {loss.place for loss in back.losses} == {"annotation 3", "annotation 4"}


def test_an_annotation_is_what_the_recommendation_asks_for():
    made = json.loads(
        webannotation.write(
            outgoing(item(10_000_000, 12_500_000, author="T1", valence=Valence.GOOD, note="n"))
        ).data
    )
    assert made["@context"] == "http://www.w3.org/ns/anno.jsonld"
    (one,) = made["items"]
    assert one["target"]["selector"] == {
        "type": "FragmentSelector",
        "conformsTo": "http://www.w3.org/TR/media-frags/",
        "value": "t=npt:10.000000,12.500000",
    }
    assert [body["purpose"] for body in one["body"]] == ["tagging", "commenting", "assessing"]
    assert one["body"][0]["source"]["id"] == "urn:mbtg:scale:mbt-g-aqs:3"
    assert one["creator"]["nickname"] == "T1"


# ---------- our own


def everything():
    cues = (
        CueValues(start=Timecode(0), end=Timecode(1), text="ja", speaker="P3"),
        CueValues(start=Timecode(5), end=Timecode(9), text="nei\n"),
    )
    return outgoing(
        *NAMED,
        lanes=(Lane(title="Tale", cues=cues, language="nb"), Lane(title="", cues=())),
        clips=(clip(0, 9, "Tapet", question="Hva?", name="X4"), clip(8, 10, "b")),
    )


def test_our_own_format_keeps_everything():
    content = everything()
    back = own.read(own.write(content).data, target())
    assert (back.tags, back.lanes, back.clips) == (content.tags, content.lanes, content.clips)
    assert back.losses == ()


@pytest.mark.parametrize("path", OLD, ids=lambda path: path.name)
def test_old_files_are_read(path):
    back = own.read(path.read_bytes(), target())
    assert back.losses == ()
    assert [(tag.scale, tag.item, tag.author, tag.valence) for tag in back.tags] == [
        ("mbt-g-aqs", 3, "T1", Valence.GOOD),
        ("mbt-g-aqs", 17, None, Valence.NEUTRAL),
    ]
    assert spans(back.tags) == [(603_480_000, 605_000_000), (700_001_000, None)]
    assert back.tags[0].note == "Turen går til P2"


def test_there_is_an_old_file_of_every_version():
    found = [json.loads(path.read_bytes())["version"] for path in OLD]
    assert sorted(found) == list(range(1, own.VERSION + 1))


def changed(**said):
    return json.dumps(json.loads(own.write(everything()).data) | said).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (changed(version=4), "has version 4; this program reads up to 3"),
        (changed(version=0), "no complete"),
        (changed(format="other"), "says of itself 'other'"),
        (changed(extra=1), "extra"),
        (changed(tags=[{"start_us": -1}]), "tags"),
        (changed(tags=[{"start_us": "1"}]), "tags"),
        (changed(tags=[{"start_us": 1, "item": 3, "made_at": "2026-03-14T09:30:00"}]), "timezone"),
        (changed().replace(b'"lanes"', b'"tags": [], "lanes"', 1), "'tags' twice"),
        (b"{}", "no complete"),
        (b"<xml/>", "no JSON"),
    ],
)
def test_a_file_of_our_own_that_is_not_is_refused(data, said):
    with pytest.raises(BadInput, match=said):
        own.read(data, target())


def test_a_scale_that_says_something_else_is_told():
    other = msgspec.structs.replace(SCALE, version=2)
    data = own.write(outgoing(item(5), scales={SCALE.id: other})).data
    (loss,) = own.read(data, target()).losses
    assert "something else" in loss.what
    with pytest.raises(BadInput, match="not the one that it was"):
        own.read(data.replace(b"Fokus p", b"Focus p"), target())


def test_an_item_of_a_scale_that_is_not_here_keeps_its_name():
    other = msgspec.structs.replace(SCALE, id="other")
    tag = at(5, scale="other", item=17)
    back = own.read(own.write(outgoing(tag, scales={"other": other})).data, target())
    assert back.tags[0].label == "other:17 Fokus på følelser"


def test_another_recordings_file_is_told():
    (loss,) = own.read(own.write(outgoing(item(5))).data, target(length=Timecode(9_000_000))).losses
    assert loss.place == "the recording"
