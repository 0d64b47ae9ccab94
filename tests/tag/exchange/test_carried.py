"""Our own JSON carries ELAN documents along as they are now, and takes in no hostile one."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import delete, select

from mbtg_video.errors import BadInput
from mbtg_video.recording.access import find_recording
from mbtg_video.settings import Language
from mbtg_video.tag.exchange import elan, own
from mbtg_video.tag.exchange.bring import carry_out, plan_import
from mbtg_video.tag.exchange.content import Kept
from mbtg_video.tag.exchange.formats import FORMATS
from mbtg_video.tag.exchange.send import outgoing
from mbtg_video.tag.mark import edit_tag, find_tag, remove_tag
from mbtg_video.tag.model import KeptDocument, Tag, Valence
from tests.tag.exchange import values
from tests.tag.exchange.elan_documents import annotations, document, tier

DAY = date(2026, 3, 14)
OLD = Path(__file__).parent / "old" / "version-3.json"


def bring(session, data, format_="json"):
    recording = find_recording(session, 1)
    plan = plan_import(session, recording, data, FORMATS[format_], on=DAY, scale="mbt-g-aqs")
    return carry_out(session, recording, plan, on=DAY)


def send(session, format_, language=Language.NB):
    content = outgoing(session, find_recording(session, 1), language, format_name=format_)
    return FORMATS[format_].writer()(content)


def forget(session):
    for kind in (Tag, KeptDocument):
        session.execute(delete(kind))


@pytest.fixture
def worked_on(recorded):
    """A library with two documents of ELAN, and tags of them changed and removed since."""
    with recorded.transaction() as session:
        bring(session, document(tier("av en annen", "siste")), "elan")
        bring(session, document(), "elan")
        edit_tag(
            session,
            find_tag(session, 4),
            on=DAY,
            label="noe annet",
            note="ny",
            valence=Valence.GOOD,
        )
        remove_tag(session, find_tag(session, 1))
        remove_tag(session, find_tag(session, 3))
    return recorded


def test_what_elan_holds_comes_along_to_another_library(worked_on):
    with worked_on.transaction() as session:
        data, before = send(session, "json").data, send(session, "elan").data
        forget(session)
        brought = bring(session, data)
        assert (len(brought.tags), brought.losses) == (5, ())
    with worked_on.transaction() as session:
        assert [one.format for one in session.scalars(select(KeptDocument))] == ["elan"] * 2
        after = send(session, "elan").data
        assert sorted(annotations(after).values()) == sorted(annotations(before).values())
        assert Counter(one.tag for one in ET.fromstring(after).iter()) == Counter(
            one.tag for one in ET.fromstring(before).iter()
        )
        assert send(session, "json").data.count(b"noe annet") == 2
        edit_tag(session, find_tag(session, 9), on=DAY, label="igjen")
    with worked_on.transaction() as session:
        assert b"igjen" in send(session, "elan").data


def test_no_text_of_a_tag_that_was_changed_or_removed_goes_along(worked_on):
    with worked_on.transaction() as session:
        written = send(session, "json")
    for gone in ("av en annen", "bøyd</ANNOTATION", "bukket", "3 menn", "17 Fokus på følelser<"):
        assert gone not in written.data.decode()
    told = {loss.place for loss in written.losses}
    assert {"annotation a7", "annotation a8", "link x1"} <= told


@pytest.mark.parametrize("language", Language)
def test_the_same_file_brings_no_document_twice(worked_on, language):
    with worked_on.transaction() as session:
        data = send(session, "json", language).data
        again = bring(session, data)
        assert (again.tags, again.already) == ((), 5)
        assert send(session, "json", language).data == data
        assert len(session.scalars(select(KeptDocument)).all()) == 2


def test_a_part_that_has_a_tag_already_gets_no_second(recorded):
    with recorded.transaction() as session:
        bring(session, document(tier("x")), "elan")
        data = send(session, "json").data
        edit_tag(session, find_tag(session, 1), on=DAY, label="y")
        assert len(bring(session, data).tags) == 1
    with recorded.transaction() as session:
        said = sorted(text for _, text, _ in annotations(send(session, "elan").data).values())
        assert said == ["x", "y"]


def carrying(content, *origins):
    """A file with two tags and this document."""
    tags = (values.at(1_000_000, 4_000_000, label="x"), values.at(5_000_000, label="y"))
    file = json.loads(own.write(values.outgoing(*tags)).data)
    parts = [{"tag": number, "key": key} for number, key in origins]
    return json.dumps(
        file | {"documents": [{"format": "elan", "content": content, "origins": parts}]}
    ).encode()


BOMB = '<!DOCTYPE a [<!ENTITY a "aa">]><ANNOTATION_DOCUMENT>&a;</ANNOTATION_DOCUMENT>'
GOOD = document(tier("x")).decode().partition("?>")[2]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (carrying(BOMB), "document 1 in the file is not taken in: .*declares entities"),
        (carrying(BOMB.replace('"aa"', 'SYSTEM "file:///etc/passwd"')), "declares entities"),
        (carrying("<ANNOTATION_DOCUMENT>" + "<a>" * 1000), "without end"),
        (carrying("<html/>"), "no ELAN document"),
        (carrying(""), "no ELAN document"),
        (carrying("\ud800"), "no JSON"),
        (carrying(GOOD.replace('TIME_VALUE="1000"', 'TIME_VALUE="soon"')), "whole number"),
        (carrying(GOOD, (1, "a1"), (1, "a2")), "twice"),
        (carrying(GOOD, (1, "a1"), (2, "a1")), "twice"),
        (carrying(GOOD, (3, "a1")), "not there"),
        (carrying(GOOD, (0, "a1")), "no complete"),
        (carrying(GOOD).replace(b'"elan"', b'"docx"'), "no complete"),
    ],
    ids=range(12),
)
def test_a_document_that_is_hostile_or_broken_is_refused(data, said):
    with pytest.raises(BadInput, match=said):
        own.read(data, values.target())


def test_a_tag_without_its_part_is_told_and_one_that_says_something_else_counts_as_changed():
    back = own.read(carrying(GOOD, (1, "a1"), (2, "a9")), values.target())
    assert [loss.place for loss in back.losses] == ["document 1"]
    (kept,) = back.documents
    assert (kept.origins, kept.changed) == ({0: "a1"}, frozenset())
    (kept,) = own.read(carrying(GOOD, (2, "a1")), values.target()).documents
    assert (kept.origins, kept.changed) == ({1: "a1"}, {1})


def test_documents_too_large_for_the_file_stay_behind_and_are_told(monkeypatch):
    tags = [values.at(5_000_000, label="y")]
    kept = [Kept(f"<ANNOTATION_DOCUMENT>{'x' * size}</ANNOTATION_DOCUMENT>", {}) for size in (9, 1)]
    whole = own.write(values.outgoing(*tags, kept=kept))
    monkeypatch.setattr(own, "MOST_BYTES", len(whole.data) - 1)
    written = own.write(values.outgoing(*tags, kept=kept))
    assert [loss.place for loss in written.losses] == ["R1"]
    (left,) = own.read(written.data, values.target()).documents
    assert left.content.count("x") == 1


def test_the_document_in_an_old_file_is_kept_and_goes_out_again():
    back = own.read(OLD.read_bytes(), values.target())
    (kept,) = back.documents
    assert (kept.origins, kept.changed) == ({0: "a1"}, frozenset())
    tags = [replace(tag, name=f"T{n}") for n, tag in enumerate(back.tags, start=1)]
    content = values.outgoing(*tags, kept=[Kept(kept.content, {"T1": "a1"})])
    assert annotations(elan.write(content).data)["a7"][1] == "bøyd"
