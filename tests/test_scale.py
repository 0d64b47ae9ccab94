import re

import pytest

from mbtg_video.errors import ConfigurationError, NotFound
from mbtg_video.scale import find_scale, read_scale, scale_paths
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
