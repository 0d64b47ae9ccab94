from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbtg_video.errors import MalformedTime
from mbtg_video.timecode import Span, Timecode

RATES = [Fraction(25), Fraction(30000, 1001), Fraction(24000, 1001), Fraction(50), Fraction(120)]


@pytest.mark.parametrize(
    ("written", "microseconds"),
    [
        ("00:10:03.48", 603_480_000),
        ("10:03", 603_000_000),
        ("603.48s", 603_480_000),
        ("1:00:00", 3_600_000_000),
        ("0:00.000001", 1),
        (" 75:00 ", 4_500_000_000),
    ],
)
def test_every_written_form_names_its_microsecond(written, microseconds):
    assert Timecode.parse(written).microseconds == microseconds


@pytest.mark.parametrize(
    "written",
    ["", "10", "1:60", "1:61:00", "-1:00", "10:03,5", "1e3s", "00:10:03.1234567", "f", "f-1", "٣s",
     "1:2:3:4", "s", "10:", ":10", "nan", "0x10s", "1 0s"],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_the_forms_that_are(written):
    with pytest.raises(MalformedTime, match="f15087"):
        Timecode.parse(written)


def test_a_frame_number_means_that_very_frame_also_where_the_rate_varies():
    frames = [0, 33_000, 100_000, 133_000]
    assert Timecode.parse("f2", frames) == Timecode(100_000)


def test_a_frame_beyond_the_last_is_refused_naming_the_last():
    with pytest.raises(MalformedTime, match="f3"):
        Timecode.parse("f4", [0, 1, 2, 3])


@given(
    pts=st.integers(-(2**40), 2**40),
    start=st.integers(-(2**33), 2**33),
    base=st.sampled_from([Fraction(n, d) for n, d in ((1, 90000), (1, 1000), (1001, 30000))]),
)
def test_a_time_stamp_comes_back_exactly(pts, start, base):
    assert Timecode.from_pts(pts, base, start).to_pts(base, start) == pts


@given(index=st.integers(0, 10**7), rate=st.sampled_from(RATES))
def test_frames_of_a_constant_rate_agree_with_their_time_stamps(index, rate):
    assert Timecode.from_frame(index, rate) == Timecode.from_pts(index, 1 / rate)


@given(st.integers(0, 359_999_999_999))
def test_what_is_printed_reads_back(microseconds):
    assert Timecode.parse(str(Timecode(microseconds))) == Timecode(microseconds)


@given(st.text(max_size=20))
def test_any_text_is_a_time_or_a_clear_refusal(text):
    try:
        found = Timecode.parse(text)
    except MalformedTime:
        return
    assert 0 <= found.microseconds < 10**7 * 10**6


TIMES = st.text("0123456789:.sf-+e \u0663", max_size=14)
FRAMES = st.lists(st.integers(0, 10**11), max_size=40).map(sorted)


@given(text=st.one_of(TIMES, st.text(max_size=20)), frames=FRAMES)
def test_known_frames_change_nothing_but_what_a_frame_number_means(text, frames):
    def parsed(*known):
        try:
            return Timecode.parse(text, *known)
        except MalformedTime:
            return None

    with_frames, without = parsed(frames), parsed()
    if without is None and with_frames is not None:
        assert with_frames.microseconds == frames[int(text.strip()[1:])]
    else:
        assert with_frames == without


@given(frames=FRAMES, beyond=st.integers(-40, 3), blanks=st.sampled_from(["", " ", "\t\n"]))
def test_a_frame_number_is_that_frame_or_refused(frames, beyond, blanks):
    index = max(0, len(frames) + beyond)
    written = f"{blanks}f{index}{blanks}"
    if index < len(frames):
        assert Timecode.parse(written, frames) == Timecode(frames[index])
    else:
        with pytest.raises(MalformedTime):
            Timecode.parse(written, frames)


def test_a_span_holds_its_start_and_not_its_end():
    span = Span(Timecode(10), Timecode(20))
    assert Timecode(10) in span
    assert Timecode(19) in span
    assert Timecode(20) not in span
    assert Timecode(9) not in span
    assert span.length == timedelta(microseconds=10)


@pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5), (-1, 5)])
def test_a_span_that_is_empty_or_backwards_is_refused(start, end):
    with pytest.raises(MalformedTime):
        Span(Timecode(start), Timecode(end))


def test_spans_that_only_touch_do_not_overlap():
    first, second = Span(Timecode(0), Timecode(5)), Span(Timecode(5), Timecode(9))
    assert not first.overlaps(second)
    assert first.overlaps(Span(Timecode(4), Timecode(6)))
