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


@pytest.mark.parametrize("text", ["colour = 1", 'language = "se"', "bundle_days = '3'", "x ="])
def test_an_unknown_or_wrong_key_is_refused_naming_the_file(tmp_path, text):
    file = tmp_path / "settings.toml"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=r"settings\.toml"):
        read_settings(file, {}, {})
