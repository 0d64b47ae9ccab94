"""Tags survive the way through ELAN, and so does whatever else a document holds."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pympi.Elan import Eaf

from mbtg_video.settings import Language
from mbtg_video.tag.exchange import elan
from mbtg_video.tag.exchange.content import Kept, TagValues
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import Timecode
from tests.tag.exchange.elan_documents import (
    DOCUMENTS,
    INTO,
    LENGTH,
    annotations,
    document,
    flat,
    outgoing,
    taken_in,
)


def tag(start, end=None, **said):
    if "label" not in said:
        said = {"scale": "mbt-g-aqs", "item": 17} | said
    return TagValues(start=Timecode(start), end=None if end is None else Timecode(end), **said)


def comparable(tags):
    """What tags say, in order of time."""
    said = [replace(t, key=None, name=None) for t in tags]
    return sorted(said, key=repr)


def came_back(*tags, language=Language.NB):
    return elan.read(elan.write(outgoing(tags, language=language)).data, INTO)


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t\r<&>]"), min_size=1
)


@st.composite
def tags_of_any_kind(draw):
    start = draw(st.integers(0, LENGTH.microseconds - 2))
    end = draw(st.none() | st.integers(start + 1, LENGTH.microseconds))
    said = draw(
        st.fixed_dictionaries({"item": st.integers(1, 19)})
        | st.fixed_dictionaries({"label": texts.filter(str.strip) | st.just("17")})
    )
    return tag(
        start,
        end,
        author=draw(st.sampled_from([None, "K1", "T1"])),
        note=draw(st.none() | texts),
        valence=draw(st.sampled_from(Valence)),
        **said,
    )


@settings(max_examples=40)
@given(st.lists(tags_of_any_kind(), max_size=6), st.sampled_from(Language))
def test_our_own_tags_come_back_to_the_microsecond(tags, language):
    incoming = came_back(*tags, language=language)
    assert comparable(incoming.tags) == comparable(tags)
    assert incoming.losses == ()


def test_signs_that_xml_cannot_hold_are_replaced_and_told():
    written = elan.write(outgoing([tag(0, 5, label="a\0b", name="T1")]))
    assert [loss.place for loss in written.losses] == ["T1"]
    (back,) = elan.read(written.data, INTO).tags
    assert back.label == "a\N{REPLACEMENT CHARACTER}b"


def test_a_moment_is_told_and_comes_back_as_one_until_it_is_moved_in_elan():
    written = elan.write(outgoing([tag(1_234_567, name="T1")]))
    assert "moment" in written.losses[0].what
    (back,) = elan.read(written.data, INTO).tags
    assert (back.start, back.end) == (Timecode(1_234_567), None)
    moved = written.data.replace(b'TIME_VALUE="1334"', b'TIME_VALUE="1500"')
    (back,) = elan.read(moved, INTO).tags
    assert (back.start, back.end) == (Timecode(1_234_000), Timecode(1_500_000))


def test_no_tier_of_ours_holds_two_things_at_once():
    tags = [tag(n * 100_000, n * 100_000 + 250_000, author="K1") for n in range(9)]
    found = annotations(elan.write(outgoing(tags)).data).values()
    assert {tier for tier, *_ in found} == {
        "K1 mbt-g-aqs", "K1 mbt-g-aqs 2", "K1 mbt-g-aqs 3",
    }  # fmt: skip
    for name in {tier for tier, *_ in found}:
        spans = sorted(tuple(map(int, times)) for tier, _, times in found if tier == name)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_another_programs_reader_finds_the_same(tmp_path):
    tags = [
        tag(1_000_000, 2_500_000, author="K1", item=17, note="fin & <god>", valence=Valence.GOOD),
        tag(2_500_000, 4_000_000, author="K1", item=3),
        tag(500_000, label="stillhet"),
    ]
    path = tmp_path / "r1.eaf"
    path.write_bytes(elan.write(outgoing(tags)).data)
    theirs = Eaf(str(path))
    items = theirs.get_annotation_data_for_tier("K1 mbt-g-aqs")
    assert sorted(one[:3] for one in items) == [
        (1000, 2500, "17 Fokus på følelser"),
        (2500, 4000, "3 Initiativ til og gjennomføring av turntaking"),
    ]
    assert [one[:3] for one in theirs.get_annotation_data_for_tier("mbtg label")] == [
        (500, 600, "stillhet")
    ]
    notes = theirs.get_ref_annotation_data_for_tier("K1 mbt-g-aqs note")
    assert [one[:3] for one in notes] == [(1000, 2500, "fin & <god>")]
    assert theirs.get_ref_annotation_data_for_tier("K1 mbt-g-aqs as")[0][2] == "godt eksempel"
    assert theirs.tiers["K1 mbt-g-aqs"][2]["PARTICIPANT"] == "K1"
    entries = theirs.get_cv_entries("mbtg-item-mbt-g-aqs")
    assert [value[0] for value in entries["mbt-g-aqs_17"][0]] == [
        "17 Fokus på følelser", "17 Focus on emotions",
    ]  # fmt: skip
    assert theirs.get_parameters_for_linguistic_type("mbtg-note")["CONSTRAINTS"] == (
        "Symbolic_Association"
    )


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_comes_back_with_all_that_it_held(name):
    tags, kept = taken_in(DOCUMENTS[name])
    written = elan.write(outgoing(tags, [kept]))
    assert flat(written.data) == flat(DOCUMENTS[name])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_only_what_was_changed_is_changed(name):
    before = annotations(DOCUMENTS[name])
    tags, kept = taken_in(DOCUMENTS[name])
    changed = replace(
        tags[1], note="ny", valence=Valence.MISSED, end=tags[1].end + (Timecode(9000) - Timecode(0))
    )
    new = tag(7_000_000, 8_000_000, author="K2", name="T99999")
    kept = replace(kept, changed=frozenset({changed.name}))
    data = elan.write(outgoing([tags[0], changed, *tags[2:], new], [kept])).data
    after = annotations(data)
    key = changed.key
    text, times = before[key][1:]
    assert after.pop(key) == (before[key][0], text, (times[0], str(int(times[1]) + 9)))
    assert {k: v for k, v in after.items() if k in before} == {
        k: v for k, v in before.items() if k != key
    }
    added = sorted(value[:2] for k, value in after.items() if k not in before)
    parent = before[key][0]
    if name == "older":  # has no vocabularies in two languages
        new_text, tier, missed = "mbt-g-aqs:17 Fokus på følelser", "K2 mbt-g-aqs", "missed"
    else:
        new_text, tier, missed = "17 Fokus på følelser", "K2 mbt-g-aqs", "tapt mulighet"
    assert added == sorted([(f"{parent} as", missed), (f"{parent} note", "ny"), (tier, new_text)])
    back = elan.read(data, INTO)
    assert comparable(back.tags) == comparable([tags[0], changed, *tags[2:], new])
    slots = [s for s in flat(data) if s[0] == "TIME_SLOT" and dict(s[1]).get("TIME_VALUE")]
    aligned = [int(dict(slot[1])["TIME_VALUE"]) for slot in slots]
    assert aligned == sorted(aligned)


def test_a_removed_tag_takes_along_what_belongs_to_it_and_says_so():
    tags, kept = taken_in(document())
    gone = replace(kept, origins={n: k for n, k in kept.origins.items() if k != "a1"})
    staying = [one for one in tags if one.key != "a1"]
    written = elan.write(outgoing(staying, [gone]))
    left = annotations(written.data)
    assert not {"a1", "a7", "a8", "a4", "a5", "a6"} & set(left)
    assert {"a2", "a3"} <= set(left)  # a3 was never a tag
    told = {loss.place for loss in written.losses}
    assert {"annotation a7", "annotation a8", "link x1", "link x2", "annotation a4"} <= told
    back = elan.read(written.data, INTO)
    assert comparable(back.tags) == comparable(staying)
    assert b"CROSS_REF_LINK" not in written.data


def test_a_changed_item_and_a_removed_note_show_in_the_document():
    own = elan.write(outgoing([tag(0, 10_000, author="K1", note="gammelt", valence=Valence.GOOD)]))
    tags, kept = taken_in(own.data)
    other = replace(tags[0], item=3, note=None, valence=Valence.NEUTRAL)
    data = elan.write(outgoing([other], [replace(kept, changed=frozenset({"T1"}))])).data
    assert list(annotations(data).values()) == [
        ("K1 mbt-g-aqs", "3 Initiativ til og gjennomføring av turntaking", ("0", "10"))
    ]
    assert b'CVE_REF="mbt-g-aqs_3"' in data
    assert comparable(elan.read(data, INTO).tags) == comparable([other])


def test_whom_a_tier_does_not_name_is_written_below_it():
    tags, kept = taken_in(document())
    by = [replace(one, author="K2") for one in tags]
    written = elan.write(outgoing(by, [kept]))
    assert written.losses == ()
    assert comparable(elan.read(written.data, INTO).tags) == comparable(by)
    again, kept_again = taken_in(written.data)
    assert flat(elan.write(outgoing(again, [kept_again])).data) == flat(written.data)
    back = [replace(one, author="K1") for one in again]
    changed = replace(kept_again, changed=frozenset(kept_again.origins))
    data = elan.write(outgoing(back, [changed])).data
    assert comparable(elan.read(data, INTO).tags) == comparable(back)


def test_only_the_newest_of_several_documents_is_built_on_and_no_tag_is_lost():
    tags, kept = taken_in(document())
    old = Kept(kept.content, {tags[0].name: "a1"})
    new = Kept(kept.content, {t.name: t.key for t in tags[1:]})
    written = elan.write(outgoing(tags, [old, new]))
    assert "1 earlier" in written.losses[0].what
    assert comparable(elan.read(written.data, INTO).tags) == comparable(tags)


def test_a_time_before_the_documents_zero_is_told():
    tags, kept = taken_in(document(media='TIME_ORIGIN="2500"'))
    early = tag(1_000_000, 2_000_000, name="T77")
    written = elan.write(outgoing([*tags, early], [kept]))
    assert [loss.place for loss in written.losses] == ["T77"]
    late = tag(9_000_000, 9_500_000, name="T78")
    data = elan.write(outgoing([*tags, late], [kept])).data
    assert comparable(elan.read(data, INTO).tags) == comparable([*tags, late])


@st.composite
def documents(draw):
    """A document of any tiers, with slots that have no time, words below and glosses beside."""
    times = sorted(draw(st.lists(st.integers(0, 3_000_000), min_size=4, max_size=9)))
    open_slots = draw(st.sets(st.integers(1, len(times) - 2)))
    slots = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="ts{n}"'
        + ("/>" if n in open_slots else f' TIME_VALUE="{time}"/>')
        for n, time in enumerate(times)
    )
    numbers = iter(range(1, 1000))
    tiers, known = [], []
    for name in ("A", "B", "C")[: draw(st.integers(1, 3))]:
        holders, place = [], 0
        while place < len(times) - 1:
            end = draw(st.integers(place + 1, len(times) - 1))
            if draw(st.booleans()):
                known.append((name, f"a{next(numbers)}"))
                value = draw(st.sampled_from(["17", "", "et ord", "3 Noe", "x &amp; y"]))
                holders.append(
                    f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="{known[-1][1]}" '
                    f'TIME_SLOT_REF1="ts{place}" TIME_SLOT_REF2="ts{end}"><ANNOTATION_VALUE>'
                    f"{value}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
                )
            place = end
        tiers.append(f'<TIER LINGUISTIC_TYPE_REF="u" TIER_ID="{name}">{"".join(holders)}</TIER>')
    refs = "".join(
        f'<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a{next(numbers)}" ANNOTATION_REF="{of}">'
        "<ANNOTATION_VALUE>g</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"
        for tier_of, of in known
        if tier_of == "A" and draw(st.booleans())
    )
    below = f'<TIER LINGUISTIC_TYPE_REF="gloss" TIER_ID="g" PARENT_REF="A">{refs}</TIER>'
    return document("".join(tiers) + below, slots, version=draw(st.sampled_from(["2.7", "3.0"])))


@settings(max_examples=60)
@given(documents(), st.data())
def test_any_document_keeps_what_it_held_and_every_tag_what_it_says(data, choices):
    tags, kept = taken_in(data)
    assert flat(elan.write(outgoing(tags, [kept])).data) == flat(data)
    removed, changed, after = set(), set(), []
    for one in tags:
        fate = choices.draw(st.sampled_from(["stay", "go", "note", "move", "item", "by"]))
        if fate == "go":
            removed.add(one.name)
            continue
        if fate == "note":
            one = replace(one, note="ny", valence=Valence.GOOD)
        elif fate == "move":
            start = choices.draw(st.integers(0, 10**9))
            one = replace(one, start=Timecode(start), end=Timecode(start + 1500))
        elif fate == "item":
            one = replace(one, scale="mbt-g-aqs", item=5, label=None)
        elif fate == "by":
            one = replace(one, author="T1")
        if fate not in ("stay", "go"):
            changed.add(one.name)
        after.append(one)
    new = choices.draw(st.lists(tags_of_any_kind(), max_size=2))
    after += [replace(one, name=f"T{900 + n}") for n, one in enumerate(new)]
    origins = {name: key for name, key in kept.origins.items() if name not in removed}
    edited = replace(kept, origins=origins, changed=frozenset(changed))
    written = elan.write(outgoing(after, [edited])).data
    assert comparable(elan.read(written, INTO).tags) == comparable(after)


def test_what_a_removed_tag_leaves_open_moves_no_other_tag():
    def one(number, first, last):
        return (
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{number}" TIME_SLOT_REF1="{first}" '
            f'TIME_SLOT_REF2="{last}"><ANNOTATION_VALUE>x</ANNOTATION_VALUE>'
            "</ALIGNABLE_ANNOTATION></ANNOTATION>"
        )

    first, second = one(1, "o", "p") + one(2, "p", "r"), one(3, "o", "p")
    tiers = "".join(
        f'<TIER LINGUISTIC_TYPE_REF="u" TIER_ID="{name}">{holders}</TIER>'
        for name, holders in (("A", first), ("B", second), ("g", ""))
    )
    times = {"o": 'TIME_VALUE="0"', "p": "", "q": ""} | dict.fromkeys("rs", 'TIME_VALUE="1"')
    slots = "".join(f'<TIME_SLOT TIME_SLOT_ID="{n}" {time}/>' for n, time in times.items())
    tags, kept = taken_in(document(tiers, slots))
    left = [tag for tag in tags if tag.start == Timecode(0)]
    origins = {tag.name: kept.origins[tag.name] for tag in left}
    written = elan.write(outgoing(left, [replace(kept, origins=origins)])).data
    assert len(left) == 2
    assert comparable(elan.read(written, INTO).tags) == comparable(left)
