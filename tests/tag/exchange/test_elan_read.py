"""ELAN documents are read as their authors meant them, and hostile ones not at all."""

import pytest

from mbtg_video.errors import BadInput
from mbtg_video.tag.exchange import elan
from mbtg_video.tag.exchange.elan import xml
from tests.tag.exchange.elan_documents import DOCUMENTS, INTO, SLOTS, document, tier


def values(data):
    return [
        (t.key, t.start.microseconds // 1000, t.end and t.end.microseconds // 1000, t.item, t.label)
        for t in elan.read(data, INTO).tags
    ]


def test_every_annotation_with_a_time_in_the_recording_becomes_a_tag():
    assert values(document()) == [
        ("a1", 1000, 4000, 17, None),
        ("a2", 5000, 6500, None, "3 menn går & <ler>"),
        ("a4", 1000, 2000, None, "en"),  # three words share three seconds
        ("a5", 2000, 3000, None, "Ord"),
        ("a6", 3000, 4000, None, "tre"),
    ]
    authors = [tag.author for tag in elan.read(document(), INTO).tags]
    assert authors == ["K1", "K1", None, None, None]


def test_what_is_no_tag_is_told():
    told = {loss.place: loss.what for loss in elan.read(document(), INTO).losses}
    assert "outside the recording" in told.pop("annotation a3")
    assert "empty" in told.pop("annotation a5")
    assert "2 annotations have no time" in told.pop("tier Glose")
    assert told == {}


@pytest.mark.parametrize(
    ("value", "item", "label"),
    [
        ("17", 17, None),
        (" 17. ", 17, None),
        ("17 Fokus på  FØLELSER", 17, None),
        ("17: Focus on emotions", 17, None),
        ("mbt-g-aqs:17", 17, None),
        ("fokus på følelser", 17, None),
        ("99", None, "99"),
        ("17 Noe annet", None, "17 Noe annet"),
        ("other:17", None, "other:17"),
        ("  to ord ", None, "  to ord "),
    ],
)
def test_a_value_is_an_item_only_when_it_says_so(value, item, label):
    (tag,) = elan.read(document(tier(value)), INTO).tags
    assert (tag.item, tag.label) == (item, label)
    assert tag.scale == ("mbt-g-aqs" if item else None)


@pytest.mark.parametrize(
    ("attributes", "author"),
    [
        ('PARTICIPANT="K2"', "K2"),
        ('PARTICIPANT="P9" ANNOTATOR="K1"', "K1"),
        ('ANNOTATOR="Kari Nordmann"', None),
        ("", None),
    ],
)
def test_an_author_is_a_persons_code_and_nothing_else(attributes, author):
    incoming = elan.read(document(tier("x", attributes=attributes)), INTO)
    assert incoming.tags[0].author == author
    assert bool([one for one in incoming.losses if "by nobody" in one.what]) == (
        "Kari" in attributes
    )


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        (('<TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="7"/>', "4000"), (7, 4000)),
        (('<TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="4000"/>', "4000"), (4000, None)),
        (('<TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="1999999"/>', "2000009"), (1999999, 2000000)),
        (('<TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="5000"/>', "4000"), None),
        (('<TIME_SLOT TIME_SLOT_ID="ts1"/>', "4000"), None),
    ],
)
def test_odd_times_are_worked_out_or_told(slots, expected):
    first, last = slots
    made = f'{first}<TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="{last}"/>'
    incoming = elan.read(document(tier("x"), made), INTO)
    found = [
        (t.start.microseconds // 1000, t.end and t.end.microseconds // 1000) for t in incoming.tags
    ]
    assert found == ([] if expected is None else [expected])
    told = [one for one in incoming.losses if one.place == "annotation a1"]
    assert bool(told) == (expected in (None, (1999999, 2000000)))


def test_the_mediums_time_origin_is_added():
    data = document(tier("x"), media='TIME_ORIGIN="2500"')
    assert values(data)[0][1:3] == (3500, 6500)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_every_encoding_that_xml_knows_is_read(encoding):
    named = "utf-8" if encoding == "utf-8-sig" else encoding
    text = document().decode().replace('encoding="UTF-8"', f'encoding="{named}"')
    assert values(text.encode(encoding)) == values(document())


DOCTYPE = "<!DOCTYPE ANNOTATION_DOCUMENT {}><ANNOTATION_DOCUMENT>{}</ANNOTATION_DOCUMENT>"
LAUGHS = '<!ENTITY l0 "ha">' + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
)


@pytest.mark.parametrize(
    "data",
    [
        DOCTYPE.format(f"[{LAUGHS}]", "&l9;"),
        DOCTYPE.format('[<!ENTITY x SYSTEM "file:///etc/passwd">]', "&x;"),
        DOCTYPE.format('SYSTEM "http://example.org/eaf.dtd"', ""),
        DOCTYPE.format('[<!ENTITY % p SYSTEM "http://example.org/p"> %p;]', ""),
        '<ANNOTATION_DOCUMENT xmlns:xi="http://www.w3.org/2001/XInclude">'
        '<xi:include href="file:///etc/passwd"/></ANNOTATION_DOCUMENT>',
        "<ANNOTATION_DOCUMENT>" + "<a>" * 100_000,
        "<ANNOTATION_DOCUMENT>",
        "<html/>",
        "",
        "no XML at all",
        '<?xml version="1.0" encoding="klingon"?><ANNOTATION_DOCUMENT/>',
        document().decode().replace("milliseconds", "PAL-frames"),
        document().decode().replace('"1000"', '"a second"'),
        document().decode().replace('"1000"', f'"{"9" * 5000}"'),
        document().decode().replace('ANNOTATION_ID="a2"', 'ANNOTATION_ID="a1"'),
        document().decode().replace('TIER_ID="Ord"', 'TIER_ID="Glose"'),
        document().decode().replace('TIER_ID="Samspill"', 'TIER_ID="Samspill" PARENT_REF="Ord"'),
        document().decode().replace('ANNOTATION_REF="a1"', 'ANNOTATION_REF="a8"'),
        "<ANNOTATION_DOCUMENT>"
        + "".join(f'<TIER TIER_ID="{n}" PARENT_REF="{n + 1}"/>' for n in range(70))
        + "</ANNOTATION_DOCUMENT>",
    ],
    ids=range(19),
)
def test_what_is_hostile_or_broken_is_refused(data):
    with pytest.raises(BadInput):
        elan.read(data.encode(), INTO)


def test_a_document_larger_than_any_is_refused_unread(monkeypatch):
    monkeypatch.setattr(xml, "LARGEST", 100)
    with pytest.raises(BadInput, match="MB"):
        elan.read(document(), INTO)


def test_an_outside_reference_is_kept_and_never_followed():
    keep = elan.read(document(), INTO).keep
    assert "http://example.org/DC-1" in keep
    assert "said by hand" in keep


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_is_read_to_its_last_annotation(name):
    incoming = elan.read(DOCUMENTS[name], INTO)
    assert len({tag.key for tag in incoming.tags}) == len(incoming.tags)
    assert SLOTS
    timed = DOCUMENTS[name].count(b"<ALIGNABLE_ANNOTATION ")
    outside = sum("kept, not tagged" in loss.what for loss in incoming.losses)
    assert len(incoming.tags) + outside == timed
