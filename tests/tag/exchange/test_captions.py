"""Tags as captions: people can read them, and mbtg reads them back."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbtg_video.settings import Language
from mbtg_video.tag.exchange import srt_file, webvtt_file
from mbtg_video.tag.exchange.content import TagValues
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import Timecode
from tests.tag.exchange.elan_documents import INTO, LENGTH, outgoing

line = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.sampled_from("<&>-"), min_size=1
).filter(str.strip)
label = line.map(lambda text: " ".join(text.split())).filter(bool)


@st.composite
def tags(draw, step=1):
    start = draw(st.integers(0, (LENGTH.microseconds - 2 * step) // step)) * step
    end = draw(st.none() | st.integers(start // step + 1, LENGTH.microseconds // step))
    return TagValues(
        start=Timecode(start),
        end=None if end is None else Timecode(end * step),
        **draw(
            st.fixed_dictionaries({"scale": st.just("mbt-g-aqs"), "item": st.integers(1, 19)})
            | st.fixed_dictionaries({"label": label})
        ),
        author=draw(st.sampled_from([None, "K1", "T1"])),
        note=draw(st.none() | st.lists(line, min_size=1, max_size=3).map("\n".join)),
        valence=draw(st.sampled_from(Valence)),
    )


def told(losses):
    return [one for one in losses if "moment" not in one.what]


def in_order(found):
    return sorted((replace(one, key=None) for one in found), key=repr)


@settings(max_examples=60)
@given(st.lists(tags(), max_size=5), st.sampled_from(Language))
def test_webvtt_keeps_all_of_a_tag_to_the_microsecond(made, language):
    written = webvtt_file.write(outgoing(made, language=language))
    assert told(written.losses) == []
    back = webvtt_file.read(written.data, INTO)
    assert in_order(back.tags) == in_order(made)
    assert told(back.losses) == []


@settings(max_examples=60)
@given(st.lists(tags(step=1000), min_size=1, max_size=5), st.sampled_from(Language))
def test_srt_keeps_all_of_a_tag_to_the_millisecond(made, language):
    tidy = [replace(one, note=one.note and one.note.replace("-->", "x")) for one in made]
    tidy = [replace(one, label=one.label and one.label.replace("-->", "x")) for one in tidy]
    written = srt_file.write(outgoing(tidy, language=language))
    assert told(written.losses) == []
    assert in_order(srt_file.read(written.data, INTO).tags) == in_order(tidy)


def test_what_looks_like_a_sign_of_webvtt_comes_back_as_it_is():
    tag = TagValues(start=Timecode(0), end=Timecode(5000), label="a &amp; <b> --> c", note="&lt;")
    (back,) = webvtt_file.read(webvtt_file.write(outgoing([tag])).data, INTO).tags
    assert (back.label, back.note) == (tag.label, tag.note)


def test_people_can_read_a_tag():
    tag = TagValues(
        start=Timecode(1_000_000), end=Timecode(2_500_000), scale="mbt-g-aqs", item=17,
        author="K1", note="fin & <god>", valence=Valence.MISSED,
    )  # fmt: skip
    assert webvtt_file.write(outgoing([tag])).data.decode() == (
        "WEBVTT\n\nNOTE mbtg-video tags 1\n\nmbtg:1000000-2500000\n"
        "00:00:01.000 --> 00:00:02.500\n"
        "[missed] mbt-g-aqs:17 Fokus på følelser (K1)\nfin &amp; &lt;god&gt;\n"
    )
    assert srt_file.write(outgoing([tag])).data.decode().splitlines()[2] == (
        "[missed] mbt-g-aqs:17 Fokus på følelser (K1)"
    )


def test_a_caption_moved_or_rewritten_elsewhere_says_what_it_says_now():
    tag = TagValues(start=Timecode(1_234_567), end=Timecode(2_345_678), label="x")
    text = webvtt_file.write(outgoing([tag])).data.decode()
    moved = text.replace("00:00:02.345", "00:00:03.000").replace(
        "[label] \u201cx\u201d", "fri tekst"
    )
    (back,) = webvtt_file.read(moved.encode(), INTO).tags
    assert (back.start, back.end) == (Timecode(1_234_567), Timecode(3_000_000))
    assert back.label == "fri tekst"


@pytest.mark.parametrize(
    ("head", "expected", "what"),
    [
        ("mbt-g-aqs:17 Noe annet", "mbt-g-aqs:17 Noe annet", "item is not known"),
        ("[label] \u201cx\u201d (Q9)", "x", "by nobody"),
    ],
)
def test_what_is_not_known_here_is_told(head, expected, what):
    data = f"1\n00:00:01,000 --> 00:00:02,000\n{head}\n".encode()
    incoming = srt_file.read(data, INTO)
    assert (incoming.tags[0].label, incoming.tags[0].author) == (expected, None)
    assert what in incoming.losses[0].what


@pytest.mark.parametrize(
    ("module", "head"), [(webvtt_file, "WEBVTT\n\n"), (srt_file, "1\n")], ids=["vtt", "srt"]
)
def test_any_other_captions_are_a_transcript(module, head):
    data = f"{head}00:00:01.000 --> 00:00:02.000\nHei\n".encode()
    incoming = module.read(data, INTO)
    assert incoming.tags == ()
    assert [cue.text for cue in incoming.lanes[0].cues] == ["Hei"]


def test_signs_that_would_break_a_caption_are_replaced_and_told():
    tag = TagValues(
        start=Timecode(0), end=Timecode(5000), label="a\nb", note="c\n\nd\x07", name="T1"
    )
    written = webvtt_file.write(outgoing([tag]))
    assert {loss.place for loss in written.losses} == {"T1"}
    assert len(written.losses) == 3
    (back,) = webvtt_file.read(written.data, INTO).tags
    assert (back.label, back.note) == ("a b", "c\nd\N{REPLACEMENT CHARACTER}")


def test_tags_stay_tags_when_the_first_subtitle_was_written_over():
    made = [TagValues(start=Timecode(n * 1_000_000), label=f"x{n}") for n in range(3)]
    data = srt_file.write(outgoing(made)).data.decode()
    first = data.split("\n")[2]
    back = srt_file.read(data.replace(first, "Laget for hånd", 1).encode(), INTO)
    assert [tag.label for tag in back.tags] == ["Laget for hånd", "x1", "x2"]
    spoken = "1\n00:00:01,000 --> 00:00:02,000\nmbt-g-aqs:3 sa hun\n\n"
    spoken += "".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},500\nja\n\n" for n in range(3, 6))
    assert srt_file.read(spoken.encode(), INTO).tags == ()
