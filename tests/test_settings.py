from pathlib import Path

import pytest

from mbtg_video.errors import ConfigurationError
from mbtg_video.settings import Language, read_settings


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
