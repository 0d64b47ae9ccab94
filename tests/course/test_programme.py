import re
from datetime import date, time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mbtg_video.course.programme import (
    Programme,
    clashes,
    find_programme,
    keep_programme,
    programme_paths,
    read_programme,
    settled,
)
from mbtg_video.errors import BadInput, ConfigurationError, NotFound

SHIPPED = programme_paths()["mbt-g-2026"].read_text(encoding="utf-8")


def written(folder, old="", new=""):
    assert old in SHIPPED
    path = folder / "own.toml"
    path.write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_shipped_course_is_the_programme_of_2026():
    course = find_programme("mbt-g-2026")
    assert [
        (day.number, day.date, day.roleplay, day.focus, day.scoring) for day in course.days
    ] == [
        (1, date(2026, 2, 6), "psychoeducational", (), False),
        (2, date(2026, 3, 13), "psychoeducational", (), False),
        (3, date(2026, 4, 17), "dynamic", (10, 11, 12), False),
        (4, date(2026, 5, 29), "dynamic", (16, 15), False),
        (5, date(2026, 8, 21), "dynamic", (8, 13, 14), False),
        (6, date(2026, 10, 2), "dynamic", (6, 7, 17, 18), False),
        (7, date(2026, 10, 30), "dynamic", (19,), True),
        (8, date(2026, 12, 4), "dynamic", (), True),
    ]
    assert all(day.date.isoweekday() == 5 for day in course.days)
    assert [(slot.kind, f"{slot.start:%H:%M}", f"{slot.end:%H:%M}") for slot in course.slots] == [
        ("roleplay", "09:00", "10:30"),
        ("theory", "10:45", "11:25"),
        ("supervision", "11:30", "12:15"),
        ("break", "12:00", "12:45"),
        ("supervision", "12:45", "16:00"),
    ]
    assert (course.participants, course.timezone, course.scale) == (12, "Europe/Oslo", "mbt-g-aqs")
    assert course.place == "Holbergs kurs- og konferansesenter, Oslo"
    assert course.day(8).nb == "Å konstruere og mentalisere matrisen"


def test_the_programmes_own_overlap_is_found_and_either_slot_can_keep_its_time():
    (clash,) = clashes(find_programme("mbt-g-2026"))
    assert (clash.first.key, clash.second.key) == ("supervision", "lunch")
    assert (clash.start, clash.end) == (time(12), time(12, 15))
    assert settled(clash, "supervision")[1].start == time(12, 15)
    assert settled(clash, "lunch")[0].end == time(12)


def test_an_unknown_course_day_or_slot_names_those_there_are():
    with pytest.raises(NotFound, match="mbtg course list"):
        find_programme("../secret")
    with pytest.raises(NotFound, match="1 to 8"):
        find_programme("mbt-g-2026").day(9)
    with pytest.raises(NotFound, match="lunch"):
        find_programme("mbt-g-2026").slot("dinner")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("version = 1", "version = 1\nleader = 3", "leader"),
        ("participants = 12", "participants = '12'", "$.participants"),
        ("scoring = false\n", "scoring = 0\n", "$.days[0].scoring"),
        ("date = 2026-03-13", "date = '2026-03-32'", "$.days[1].date"),
        ('kind = "break"', 'kind = "lunch"', "$.slots[3].kind"),
        ('roleplay = "dynamic"', 'roleplay = "other"', "$.days[2].roleplay"),
        ('key = "lunch"', 'key = "theory"', "slots: the key theory is there twice"),
        ('id = "mbt-g-2026"', 'id = "../x"', "$.id"),
        ('id = "mbt-g-2026"', 'id = "mbt-g-2026"\nid = "other"', "own.toml"),
        ("start = 09:00:00", "start = 10:30:00", "slots[0]: roleplay has to end after it starts"),
        ("start = 09:00:00", "start = 09:00:30", "slots[0]: roleplay: whole minutes"),
        ("end = 12:45:00", "end = 12:10:00", "slots: lunch lies within supervision"),
        ("start = 10:45:00", "start = 09:00:00", "slots: roleplay lies within theory"),
        ("number = 2\n", "number = 1\n", "days: numbers and dates must rise"),
        ("date = 2026-03-13", "date = 2026-02-06", "days: numbers and dates must rise"),
        ("focus = [16, 15]", "focus = [16, 20]", "days[3].focus: mbt-g-aqs has no item 20"),
        ("focus = [16, 15]", "focus = [16, 16]", "days[3].focus: an item is twice"),
        ("Europe/Oslo", "Europe/Atlantis", "timezone: there is no time zone Europe/Atlantis"),
        ("Europe/Oslo", "../../etc", "timezone: there is no time zone"),
        ('scale = "mbt-g-aqs"', 'scale = "mbt-x"', "scale: There is no scale mbt-x"),
        ('nb = "Lunsj"', 'nb = " "', "slots[3].nb: a text of one line"),
        ('en = "Lunch"', 'en = "a\\u001bb"', "slots[3].en: a text of one line"),
        ('en = "Mental', 'en = "\\nMental', "title.en: a text of one line"),
        ('place = "', 'place = "\\u202e', "place: a text of one line"),
        ("[title]", "[title", "own.toml"),
    ],
)
def test_a_wrong_course_file_is_refused_by_file_and_key(tmp_path, old, new, told):
    path = written(tmp_path, old, new)
    with pytest.raises(ConfigurationError, match=re.escape(str(path))) as refused:
        read_programme(path)
    assert told in str(refused.value)


def test_an_own_course_stands_before_a_shipped_one_and_never_changes_a_version(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("MBTG_COURSES", str(tmp_path / "courses"))
    changed = written(tmp_path, "participants = 12", "participants = 10")
    with pytest.raises(BadInput, match="version = 2"):
        keep_programme(changed)
    assert find_programme("mbt-g-2026").participants == 12
    first = tmp_path / "first.toml"
    first.write_text(SHIPPED, encoding="utf-8")
    changed.write_text(changed.read_text().replace("version = 1", "version = 2"))
    keep_programme(changed)
    keep_programme(changed)
    assert find_programme("mbt-g-2026").participants == 10
    with pytest.raises(BadInput, match="older than version 2"):
        keep_programme(first)
    (tmp_path / "courses" / "other.toml").write_bytes(changed.read_bytes())
    with pytest.raises(ConfigurationError, match=r"name it mbt-g-2026\.toml"):
        find_programme("other")


LINES = SHIPPED.splitlines()
VALUES = st.sampled_from(
    ["1", "-1", "9" * 19, "9" * 5000, "1e400", "nan", "true", "[]", "{}", "'x'", '"\\ud800"', "''",
     "2026-01-01", "2026-02-30", "12:00:00", "25:00:00", "12:00:00.5", "[1, 1]", "[99]", "'UTC'",
     "'/etc/passwd'", "[" * 5000, "'\0'", ""]
)  # fmt: skip
KEYS = st.sampled_from(sorted({line.partition(" =")[0] for line in LINES if " = " in line}))
WRITTEN = st.one_of(
    st.builds("{} = {}".format, KEYS, VALUES),
    st.sampled_from(["[[slots]]", "[[days]]", "[title]", "[[[", "[a.b.c]"]),
    st.text(max_size=30),
)


@st.composite
def course_files(draw):
    """The shipped course with lines taken out, doubled, exchanged and written anew."""
    lines = list(LINES)
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(lines)))
        lines[place : place + draw(st.integers(0, 3))] = draw(st.lists(WRITTEN, max_size=2))
    return "\n".join(lines).encode(errors="replace")


@pytest.fixture(scope="module")
def own_file(tmp_path_factory):
    return tmp_path_factory.mktemp("course") / "own.toml"


@given(content=st.one_of(course_files(), st.binary(max_size=200)))
@example(content=("x = " + "[" * 5000).encode())
@example(content=SHIPPED.replace("Europe/Oslo", "a" * 300).encode())
@example(content=SHIPPED.replace("Europe/Oslo", "Europe").encode())
@example(content=SHIPPED.replace("09:00:00", "09:00:00Z").encode())
@settings(max_examples=150)
def test_whatever_a_course_file_holds_it_is_a_programme_or_a_clear_refusal(own_file, content):
    own_file.write_bytes(content)
    told = ""
    try:
        course = read_programme(own_file)
    except ConfigurationError as refused:
        told = str(refused)
    if told:
        assert str(own_file) in told
        return
    assert isinstance(course, Programme)
    assert course.zone
    for clash in clashes(course):
        assert clash.start < clash.end
        assert all(slot.minutes > 0 for kept in (clash.first, clash.second)
                   for slot in settled(clash, kept.key))  # fmt: skip
