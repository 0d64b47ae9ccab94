import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mbtg_video.errors import BadInput, ConfigurationError, NotFound
from mbtg_video.scale import (
    Scale,
    find_scale,
    keep_scale,
    read_scale,
    restored,
    scale_hash,
    scale_paths,
    written_out,
)
from mbtg_video.settings import Language


def written(folder, old="", new=""):
    text = scale_paths()["mbt-g-aqs"].read_text(encoding="utf-8")
    assert old in text
    path = folder / "own.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_shipped_scale_has_its_nineteen_items_in_both_languages():
    scale = find_scale("mbt-g-aqs")
    assert [item.number for item in scale.items] == list(range(1, 20))
    assert scale.item(18).spoken(Language.NB) == "Stopp og spol tilbake"
    assert scale.item(18).spoken(Language.EN) == "Stop and rewind"
    assert [item.number for item in scale.items if item.group_specific] == list(range(1, 10))
    assert [item.number for item in scale.items if not item.adherence_rated] == [10]
    assert (scale.values.lowest, scale.values.highest) == (1, 7)


def test_an_unknown_item_is_refused_with_the_command_that_lists_them():
    with pytest.raises(NotFound, match="mbtg scale show mbt-g-aqs"):
        find_scale("mbt-g-aqs").item(20)


def test_an_unknown_scale_is_refused():
    with pytest.raises(NotFound, match="mbtg scale list"):
        find_scale("../secret")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("highest = 7", "highest = '7'", "highest"),
        ("good_enough = 4", "good_enough = 9", "good_enough"),
        ("number = 2", "number = 1", "number 1 is there twice"),
        ("number = 2", "number = 30", "must rise"),
        ("version = 1", "version = 1\nanchors = 3", "anchors"),
        ("group_specific = true\n", "", "group_specific"),
        ("[values]", "[values", "own.toml"),
    ],
)
def test_a_wrong_scale_file_is_refused_by_file_and_key(tmp_path, old, new, key):
    path = written(tmp_path, old, new)
    with pytest.raises(ConfigurationError, match=re.escape(str(path))) as refused:
        read_scale(path)
    assert key in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('id = "mbt-g-aqs"', 'id = "../mbt"', "$.id"),
        ("version = 1", "version = 0", "$.version"),
        ("number = 2\n", "number = 0\n", "$.items[1].number"),
        ("highest = 7", "highest = 1", "highest must lie above lowest"),
        ('key = "quality"', 'key = "adherence"', "the key adherence is there twice"),
        ('key = "quality"', 'key = "Over all"', "$.overall[1].key"),
        ('en = "Managing authority"', 'en = " "', "items[6].en: a text of one line"),
        ('en = "Managing authority"', 'en = "a\\u001bb"', "items[6].en: a text of one line"),
        ('nb = "Samlet kvalitet"', 'nb = ""', "$.overall[1].nb"),
    ],
)
def test_a_scale_that_could_not_be_used_is_refused_by_its_key(tmp_path, old, new, key):
    with pytest.raises(ConfigurationError) as refused:
        read_scale(written(tmp_path, old, new))
    assert key in str(refused.value)


def test_the_teaching_example_has_five_items():
    scale = find_scale("teaching-example")
    assert len(scale.items) == 5
    assert not scale.item(4).adherence_rated


def test_a_scale_is_the_same_however_its_file_is_laid_out(tmp_path):
    shipped = find_scale("mbt-g-aqs")
    again = read_scale(written(tmp_path, "version = 1\n", "version   =  1   # the first\r\n"))
    assert written_out(again) == written_out(shipped)
    assert restored(written_out(shipped)) == shipped
    other = read_scale(written(tmp_path, "highest = 7", "highest = 5"))
    assert scale_hash(written_out(other)) != scale_hash(written_out(shipped))


def test_an_own_scale_stands_before_a_shipped_one_and_never_changes_a_version(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("MBTG_SCALES", str(tmp_path / "scales"))
    with pytest.raises(BadInput, match="version = 2"):
        keep_scale(written(tmp_path, "highest = 7", "highest = 5"))
    assert find_scale("mbt-g-aqs").values.highest == 7
    first = tmp_path / "first.toml"
    first.write_bytes(written(tmp_path).read_bytes())
    path = written(tmp_path, "version = 1", "version = 2")
    path.write_text(path.read_text().replace("highest = 7", "highest = 5"))
    keep_scale(path)
    keep_scale(path)
    assert find_scale("mbt-g-aqs").values.highest == 5
    with pytest.raises(BadInput, match="older than version 2"):
        keep_scale(first)
    (tmp_path / "scales" / "other.toml").write_bytes(path.read_bytes())
    with pytest.raises(ConfigurationError, match=r"name it mbt-g-aqs\.toml"):
        find_scale("other")


SHIPPED = scale_paths()["mbt-g-aqs"].read_text(encoding="utf-8")
LINES = SHIPPED.splitlines()
VALUES = st.sampled_from(
    ["1", "-1", "9" * 19, "9" * 5000, "1e400", "nan", "true", "[]", "{}", "'x'", '"\\ud800"', "''",
     "2026-01-01", "2026-02-30", "0x7f", "[" * 5000, "{a=" * 3000, "'\0'", ""]
)  # fmt: skip
KEYS = st.sampled_from(sorted({line.partition(" =")[0] for line in LINES if " = " in line}))
WRITTEN = st.one_of(
    st.builds("{} = {}".format, KEYS, VALUES),
    st.sampled_from(["[[items]]", "[values]", "[title]", "[[overall]]", "[[[", "[a.b.c]"]),
    st.text(max_size=30),
)


@st.composite
def scale_files(draw):
    """The shipped scale with lines taken out, doubled, exchanged and written anew."""
    lines = list(LINES)
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(lines)))
        lines[place : place + draw(st.integers(0, 3))] = draw(st.lists(WRITTEN, max_size=2))
    return "\n".join(lines).encode(errors="replace")


@pytest.fixture(scope="module")
def own_file(tmp_path_factory):
    return tmp_path_factory.mktemp("scale") / "own.toml"


@given(content=st.one_of(scale_files(), st.binary(max_size=200)))
@example(content=("x = " + "[" * 5000).encode())
@example(content=SHIPPED.replace("version = 1", f"version = {'9' * 5000}").encode())
@example(content=SHIPPED.replace("version = 1", 'version = "\\ud800"').encode())
@example(content=b"\xff\xfe")
@settings(max_examples=200)
def test_whatever_a_scale_file_holds_it_is_a_scale_or_a_clear_refusal(own_file, content):
    own_file.write_bytes(content)
    told = ""
    try:
        scale = read_scale(own_file)
    except ConfigurationError as refused:
        told = str(refused)
    if told:
        assert str(own_file) in told
        return
    assert isinstance(scale, Scale)
    assert scale.items
    assert scale.values.lowest <= scale.values.good_enough <= scale.values.highest
