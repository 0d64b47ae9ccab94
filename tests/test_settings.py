from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbtg_video.errors import ConfigurationError
from mbtg_video.settings import Language, Settings, read_settings


def test_a_flag_beats_the_environment_and_that_beats_the_file(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text('library = "from-file"\nlanguage = "nb"\nauthor = "T1"\n')
    assert read_settings(file, {}, {}).library == Path("from-file")
    assert read_settings(file, {"MBTG_LIBRARY": "env"}, {}).library == Path("env")
    chosen = read_settings(file, {"MBTG_LIBRARY": "env"}, {"library": "flag", "language": None})
    assert chosen.library == Path("flag")
    assert chosen.language is Language.NB
    assert chosen.author == "T1"


@pytest.mark.parametrize(
    "text",
    ["colour = 1", 'language = "se"', "bundle_days = '3'", "x =", "bundle_days = -5",
     "bundle_days = 0", "bundle_days = 99999999999"],
)  # fmt: skip
def test_an_unknown_or_wrong_key_is_refused_naming_the_file(tmp_path, text):
    file = tmp_path / "settings.toml"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=r"settings\.toml"):
        read_settings(file, {}, {})


def test_a_wrong_variable_or_flag_is_named_and_no_file_is_blamed(tmp_path):
    absent = tmp_path / "settings.toml"
    with pytest.raises(ConfigurationError, match=r"^MBTG_LANG: .*'fr'"):
        read_settings(absent, {"MBTG_LANG": "fr"}, {})
    with pytest.raises(ConfigurationError, match=r"^--lang: .*'fr'"):
        read_settings(absent, {"MBTG_LANG": "nb"}, {"language": "fr"})


VALUES = st.one_of(
    st.sampled_from(["1", "-1", "'nb'", "''", "true", "[]", "{}", "1.5", "2026-01-01", "'\\0'"]),
    st.text(max_size=10),
)
KEYS = st.sampled_from(["library", "language", "author", "scale", "bundle_days", "other", "[x]"])
FILES = st.one_of(
    st.lists(st.builds("{} = {}".format, KEYS, VALUES), max_size=4).map("\n".join),
    st.text(max_size=80),
)
VARIABLES = st.sampled_from(["MBTG_LIBRARY", "MBTG_LANG"])


@pytest.fixture(scope="module")
def own_file(tmp_path_factory):
    return tmp_path_factory.mktemp("settings") / "settings.toml"


@given(
    content=FILES,
    environment=st.dictionaries(VARIABLES, st.text(max_size=9).map("x".__add__)),
    language=st.none() | st.text(max_size=3),
)
@settings(max_examples=200)
def test_whatever_is_written_it_is_settings_or_a_clear_refusal(
    own_file, content, environment, language
):
    own_file.write_bytes(content.encode(errors="replace"))
    told = ""
    try:
        read = read_settings(own_file, environment, {"language": language})
    except ConfigurationError as refused:
        told = str(refused)
    if told:
        assert any(source in told for source in ("settings.toml", "MBTG_", "--lang"))
        return
    assert isinstance(read, Settings)
    assert isinstance(read.library, Path)
    assert isinstance(read.language, Language)


@pytest.mark.parametrize(
    "content",
    [b"library = 1", b'library = "~nobody-at-all/x"', b"author = '\xe5'", b"x = " + b"[" * 9999],
)
def test_a_file_of_any_bytes_is_refused_by_its_name(tmp_path, content):
    file = tmp_path / "settings.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"settings\.toml"):
        read_settings(file, {}, {})
