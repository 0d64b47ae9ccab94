"""BORIS projects: those that BORIS wrote, and ours as BORIS reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mbtg_video.errors import BadInput
from mbtg_video.tag.exchange import boris
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import Timecode
from tests.tag.exchange.values import NAMED, at, item, outgoing, target

# A project of BORIS's own, where the shared media lie beside the checkout.
SAMPLES = sorted(
    path
    for parent in Path(__file__).resolve().parents
    for path in (parent / "shared" / "media").glob("*.boris")
)


def project(*events, kinds=(("p", "Point event"), ("s", "State event")), **observation):
    said = {"events": [list(event) for event in events], "file": {"1": ["a.mp4"]}} | observation
    ethogram = {
        str(n): {"code": code, "type": type_, "description": ""}
        for n, (code, type_) in enumerate(kinds)
    }
    return json.dumps({"observations": {"one": said}, "behaviors_conf": ethogram}).encode()


def times(back):
    return [
        (tag.start.microseconds, None if tag.end is None else tag.end.microseconds)
        for tag in back.tags
    ]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_project_of_boris_is_read_at_its_times(path):
    data = path.read_bytes()
    first = boris.read(data, target(length=Timecode(359_960_000)))
    told = {loss.place for loss in first.losses}
    assert "observation modifiers" in told  # its only medium has another length
    spans = [tag for tag in first.tags if tag.key == "observation #1"]
    assert [(tag.start.microseconds, tag.end.microseconds) for tag in spans] == [
        (3_300_000, 7_750_000),
        (9_900_000, 16_200_000),
        (18_350_000, 24_475_000),
        (38_425_000, 46_100_000),
    ]
    assert {tag.note for tag in spans} == {"(subject1)", "(subject2)"}
    assert {tag.label for tag in spans} == {"s"}
    # The second of two files in a row: its time begins where the first one ends.
    queued = [tag for tag in first.tags if tag.key == "observation #2"]
    assert queued[0].start.microseconds == 227_765_000 - 179_960_000
    # A second player that starts later: its time begins there.
    second = boris.read(data, target(length=Timecode(179_960_000)))
    beside = [tag.start.microseconds for tag in second.tags if tag.key == "offset positif"]
    assert beside == [2_425_000]
    assert all(tag.end is None for tag in second.tags if tag.label == "p")


@pytest.mark.parametrize("extra", [[], [17], [17, "photo"], [17, "photo", "x", "y"]])
def test_rows_of_every_length_are_read(extra):
    back = boris.read(project([1.5, "T1", "p", "", "note", *extra], [2.25, "", "p"]), target())
    assert times(back) == [(1_500_000, None), (2_250_000, None)]
    assert (back.tags[0].author, back.tags[0].note) == ("T1", "note")


def test_times_count_from_the_recording_whatever_was_added_to_them():
    back = boris.read(project([10.5, "", "p", "", ""], **{"time offset": 8.25}), target())
    assert times(back) == [(2_250_000, None)]


def test_states_are_paired_by_subject_behaviour_and_modifiers():
    rows = [[4, "T1", "s", "", "b"], [1, "T1", "s", "", "a"], [2, "P3", "s", "", ""],
            [3, "P3", "s", "", ""], [5, "T1", "s", "m", ""]]  # fmt: skip
    back = boris.read(project(*rows), target())
    assert times(back) == [(2_000_000, 3_000_000), (1_000_000, 4_000_000), (5_000_000, None)]
    assert back.tags[1].note == "a\nb"
    assert back.tags[2].note == "m"
    (loss,) = back.losses
    assert "never stops; read as a moment" in loss.what


def test_a_state_over_the_edge_of_a_medium_is_cut_there_and_turns_no_other_around():
    rows = [[9, "", "s"], [15, "", "s"], [20, "", "s"], [25, "", "s"], [3605, "", "s"],
            [3615, "", "s"], [2, "", "s"], [4, "", "s"], [5, "", "p"]]  # fmt: skip
    files = {"1": ["a.mp4", "b.mp4", "c.mp4"]}
    lengths = {"length": {"a.mp4": 10, "b.mp4": 3600, "c.mp4": 50}}
    back = boris.read(project(*rows, file=files, media_info=lengths), target())
    assert times(back) == [
        (0, 5_000_000), (10_000_000, 15_000_000), (3_595_000_000, 3_600_000_000)
    ]  # fmt: skip
    told = [loss.what for loss in back.losses]
    assert [text.partition(" ")[0] for text in told] == ["it", "it", "3"]
    assert "3 events lie in another medium" in told[2]


def test_events_without_a_time_and_unknown_behaviours_are_told():
    data = project(["NaN", "", "p", "", ""], [1, "", "new", "", ""]).replace(b'"NaN"', b"NaN")
    back = boris.read(data, target())
    assert times(back) == [(1_000_000, None)]
    assert [loss.place for loss in back.losses] == ["observation one, event 1", "behaviour new"]


def test_a_behaviour_named_like_an_item_is_the_item():
    kinds = (("17", "Point event"), ("Managing authority", "Point event"), ("x", "Point event"))
    rows = [[n, "", code, "", ""] for n, (code, _) in enumerate(kinds)]
    back = boris.read(project(*rows, kinds=kinds), target())
    assert [(tag.item, tag.label) for tag in back.tags] == [(17, None), (7, None), (None, "x")]


def test_a_project_is_what_boris_writes():
    tags = (item(1_000_000, 2_500_000, 3, author="T1", valence=Valence.GOOD), item(5_123_456))
    written = boris.write(outgoing(*tags, at(7_000_000, label="Gråt | ja")))
    made = json.loads(written.data)
    assert made["project_format_version"] == "7.0"
    (observation,) = made["observations"].values()
    assert observation["file"] == {"1": ["R1.mp4"]}
    assert observation["media_info"]["length"] == {"R1.mp4": 3600.0}
    assert observation["media_info"]["fps"] == {"R1.mp4": 25.0}
    assert observation["events"] == [
        [1.0, "T1", "mbt-g-aqs:3", "good", "", 25],
        [2.5, "T1", "mbt-g-aqs:3", "good", "", 62],
        [5.123456, "", "mbt-g-aqs:3 (moment)", "neutral", "", 128],
        [7.0, "", "Gråt / ja (moment)", "neutral", "", 175],
    ]
    ethogram = {one["code"]: one for one in made["behaviors_conf"].values()}
    assert ethogram["mbt-g-aqs:3"]["type"] == "State event"
    assert ethogram["mbt-g-aqs:3"]["description"].startswith("Initiativ til")
    assert ethogram["Gråt / ja (moment)"]["description"] == "Gråt | ja"
    assert len(ethogram) == 19 + 2
    assert [one["name"] for one in made["subjects_conf"].values()] == ["T1"]
    (loss,) = written.losses
    assert "5.123456" in loss.what
    assert b"5.123456" in written.data  # exact in the file all the same


def test_states_stay_apart_when_boris_sorts_events_anew():
    made = json.loads(boris.write(outgoing(*NAMED)).data)
    (observation,) = made["observations"].values()
    whole = sorted(boris.read(json.dumps(made).encode(), target()).tags, key=repr)
    for backwards in (False, True):  # by time, whatever stands beside it
        observation["events"].sort(key=lambda row: row[4], reverse=backwards)
        observation["events"].sort(key=lambda row: row[0])
        again = boris.read(json.dumps(made).encode(), target()).tags
        assert sorted(again, key=repr) == whole


def test_other_json_is_no_project():
    with pytest.raises(BadInput, match="no observations"):
        boris.read(b'{"observations": {}}', target())
