"""A file is taken in whole or not at all, and never twice."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from mbtg_video import audit
from mbtg_video.audit import Act, AuditLine
from mbtg_video.errors import ConsentRefused, MalformedTime, NotFound
from mbtg_video.recording.access import find_recording
from mbtg_video.settings import Language
from mbtg_video.tag.exchange import elan
from mbtg_video.tag.exchange.bring import carry_out, plan_import
from mbtg_video.tag.exchange.content import Clip, Incoming, Lane, TagValues
from mbtg_video.tag.exchange.formats import FORMATS, Format
from mbtg_video.tag.exchange.send import outgoing, send_file
from mbtg_video.tag.mark import edit_tag, find_tag, list_tags, remove_tag
from mbtg_video.tag.model import KeptDocument
from mbtg_video.timecode import Timecode
from mbtg_video.transcript.content import CueValues
from tests.tag.exchange.elan_documents import document, flat, tier

DAY = date(2026, 3, 14)
ELAN = FORMATS["elan"]


def bring(session, data, format_=ELAN, **how):
    recording = find_recording(session, 1)
    how = {"on": DAY, "scale": "mbt-g-aqs"} | how
    plan = plan_import(session, recording, data, format_, **how)
    return carry_out(session, recording, plan, on=how["on"])


def given(incoming):
    """A format whose every file holds `incoming`."""

    class Given(Format):
        def reader(self):
            return lambda data, into: incoming

    return Given("given", ".given", "none", "Given")


def tags_of(session):
    return list_tags(session, recording=find_recording(session, 1))


def last_line(session):
    return session.scalars(select(AuditLine).order_by(AuditLine.number.desc())).first()


def test_thousands_of_tags_are_one_deed_and_one_line(recorded):
    tags = tuple(
        TagValues(start=Timecode(n * 1000), scale="mbt-g-aqs", item=n % 19 + 1, note=f"n{n}")
        for n in range(2_000)
    )
    with recorded.transaction() as session:
        before = audit.anchor(session).number
        brought = bring(session, b"", given(Incoming(tags=tags)), author="T1")
        assert audit.anchor(session).number == before + 1
        line = last_line(session)
        assert (line.act, line.subjects) == (Act.EXCHANGE, "R1")
        assert line.detail == {
            "deed": "import", "format": "given", "tags": 2_000, "already": 0,
            "transcripts": 0, "losses": 0,
        }  # fmt: skip
    assert len(brought.tags) == 2_000
    with recorded.transaction() as session:
        found = tags_of(session)
        assert [tag.name for tag in found] == list(brought.tags)
        assert {tag.author for tag in found} == {"T1"}
        assert bring(session, b"", given(Incoming(tags=tags)), author="T1").already == 2_000
        assert len(tags_of(session)) == 2_000


def test_two_alike_in_one_file_are_two_and_stay_two(recorded):
    twice = (TagValues(start=Timecode(5), label="x"),) * 2
    with recorded.transaction() as session:
        assert len(bring(session, b"", given(Incoming(tags=twice))).tags) == 2
        again = bring(session, b"", given(Incoming(tags=twice * 2)))
        assert (len(again.tags), again.already) == (2, 2)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (TagValues(start=Timecode(12_000_000), label="behind"), MalformedTime),
        (TagValues(start=Timecode(0), scale="mbt-g-aqs", item=99), NotFound),
        (TagValues(start=Timecode(0), label="x", author="P9"), NotFound),
    ],
)
def test_one_tag_that_cannot_be_leaves_nothing_behind(recorded, wrong, error):
    good = TagValues(start=Timecode(0), label="good")
    cue = CueValues(start=Timecode(0), end=Timecode(5), text="x")
    incoming = Incoming(tags=(good, wrong), lanes=(Lane(title="x", cues=(cue,)),), keep="kept")
    with pytest.raises(error), recorded.transaction() as session:
        bring(session, b"", given(incoming))
    with recorded.transaction() as session:
        assert tags_of(session) == []
        assert session.scalars(select(KeptDocument)).all() == []


def test_without_consent_nothing_is_even_read(recorded):
    with recorded.transaction() as session, pytest.raises(ConsentRefused):
        bring(session, b"no ELAN document", on=date(2200, 1, 1))


def test_a_plan_tells_all_and_changes_nothing(recorded):
    with recorded.transaction() as session:
        before = audit.anchor(session)
        plan = plan_import(
            session, find_recording(session, 1), document(), ELAN, on=DAY, scale="mbt-g-aqs"
        )
        assert audit.anchor(session) == before
        assert tags_of(session) == []
    assert len(plan.new) == 5
    assert any("outside" in loss.what for loss in plan.losses)


def test_transcripts_and_clips_come_along(recorded):
    cue = CueValues(start=Timecode(0), end=Timecode(5), text="x", speaker="P1")
    clip = Clip(start=Timecode(0), end=Timecode(500_000), title="t")
    incoming = Incoming(lanes=(Lane(title="x", cues=(cue,)),), clips=(clip,))
    with recorded.transaction() as session:
        brought = bring(session, b"", given(incoming))
        content = outgoing(session, find_recording(session, 1), Language.NB)
    assert (brought.transcripts, brought.clips) == (("W1",), (clip,))
    assert content.lanes == incoming.lanes
    with recorded.transaction() as session:
        assert bring(session, b"", given(incoming)).transcripts == ()


def test_a_transcript_that_is_here_already_is_not_added_again(recorded):
    def lane(text, title="x"):
        cues = [CueValues(start=Timecode(t), end=Timecode(9), text=text) for t in (5, 0, 0)]
        return Lane(title=title, cues=tuple(cues), language="nb")

    both, more = Incoming(lanes=(lane("a"), lane("b"))), Incoming(lanes=(lane("a"), lane("c")))
    with recorded.transaction() as session:
        assert bring(session, b"", given(both)).transcripts == ("W1", "W2")
        assert bring(session, b"", given(both)).transcripts == ()
        assert bring(session, b"", given(more)).transcripts == ("W3",)


def test_what_leaves_is_counted_by_kind_and_noted(recorded, tmp_path):
    cue = CueValues(start=Timecode(0), end=Timecode(5), text="x")
    tags = (TagValues(start=Timecode(5), label="x"),)
    with recorded.transaction() as session:
        bring(session, b"", given(Incoming(tags=tags, lanes=(Lane(title="x", cues=(cue,)),))))
    for name, held in (
        ("json", {"tags": 1, "transcripts": 1, "excerpts": 0}),
        ("csv", {"tags": 1}),
        ("losslesscut", {"excerpts": 0}),
    ):
        how = {"language": Language.NB, "on": DAY}
        sent = send_file(recorded, 1, tmp_path / f"r1.{name}", FORMATS[name], **how)
        assert sent.held == held
        with recorded.transaction() as session:
            detail = last_line(session).detail
        assert {key: detail.get(key) for key in held} == held
        assert ("tags" in detail) == ("tags" in held)


def export(session):
    content = outgoing(session, find_recording(session, 1), Language.NB, format_name="elan")
    return elan.write(content)


def test_a_document_goes_back_as_it_came_until_a_tag_is_changed(recorded):
    with recorded.transaction() as session:
        bring(session, document())
    with recorded.transaction() as session:
        assert flat(export(session).data) == flat(document())
        edit_tag(session, find_tag(session, 2), on=DAY, note="ny")
    with recorded.transaction() as session:
        data = export(session).data
        assert b"<ANNOTATION_VALUE>ny</ANNOTATION_VALUE>" in data
        again = bring(session, document())  # what was changed since stays changed
        assert (again.tags, again.already) == ((), 5)
        assert flat(export(session).data) == flat(data)
        assert len(session.scalars(select(KeptDocument)).all()) == 1


def test_a_removed_tags_annotation_is_gone_and_comes_again_with_the_file(recorded):
    with recorded.transaction() as session:
        bring(session, document())
        remove_tag(session, find_tag(session, 2))
    with recorded.transaction() as session:
        assert b'"a2"' not in export(session).data.split(b"<LINGUISTIC_TYPE")[0]
        assert len(bring(session, document()).tags) == 1
        assert flat(export(session).data) == flat(document())


def test_one_of_two_alike_that_was_removed_comes_again_with_the_file(recorded):
    data = document(tier("x", "x"))
    with recorded.transaction() as session:
        bring(session, data)
        remove_tag(session, find_tag(session, 2))
    with recorded.transaction() as session:
        again = bring(session, data)
        assert (len(again.tags), again.already) == (1, 1)
        assert flat(export(session).data) == flat(data)


def test_a_document_worked_on_in_elan_adds_what_is_new_and_is_built_on_from_then_on(recorded):
    with recorded.transaction() as session:
        bring(session, document())
        worked_on = document().replace(b">tre<", b">fire<").replace(b"undervisning", b"bruk")
        brought = bring(session, worked_on)
        assert (len(brought.tags), brought.already) == (1, 4)
        remove_tag(session, next(tag for tag in tags_of(session) if tag.label == "tre"))
    with recorded.transaction() as session:
        written = export(session)
        assert flat(written.data) == flat(worked_on)


def test_a_document_that_comes_again_behind_another_is_built_on_again(recorded):
    other = document(tier("av en annen")).replace(b"undervisning", b"bruk")
    with recorded.transaction() as session:
        bring(session, document())
        bring(session, other)
        bring(session, document())
        for one in tags_of(session):
            if one.label == "av en annen":
                remove_tag(session, one)
    with recorded.transaction() as session:
        assert flat(export(session).data) == flat(document())


def test_when_a_tag_was_made_comes_from_the_file_where_it_says_so(recorded):
    made = datetime(2020, 1, 2, tzinfo=UTC)
    one = TagValues(start=Timecode(0), label="x", made_at=made)
    with recorded.transaction() as session:
        bring(session, b"", given(Incoming(tags=(one, replace(one, made_at=None)))))
        first, second = tags_of(session)
        assert first.made_at == made
        assert second.made_at > made
