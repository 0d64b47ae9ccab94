"""What a user sets once: read from TOML and the environment into one frozen value.

A flag beats the environment, the environment beats the file. Unknown keys are errors.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import msgspec
import platformdirs

from mbtg_video.errors import ConfigurationError


class Language(StrEnum):
    """Languages that the program speaks."""

    NB = "nb"
    EN = "en"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of one user; the file is ``settings.toml`` in the platform's configuration folder.

    `author` is the person code that new tags carry unless `--by` names another.
    """

    library: Path
    language: Language = Language.EN
    author: str | None = None
    scale: str = "mbt-g-aqs"
    bundle_days: int = 30


def settings_path() -> Path:
    """Where the settings file is looked for; `MBTG_SETTINGS` names another."""
    named = os.environ.get("MBTG_SETTINGS")
    return Path(named) if named else platformdirs.user_config_path("mbtg") / "settings.toml"


def read_settings(
    path: Path, environment: Mapping[str, str], flags: Mapping[str, object]
) -> Settings:
    """Settings from the file at `path` (which may be absent), `MBTG_…` variables and flags.

    Raises `ConfigurationError` naming the file and the key that is wrong.
    """
    values: dict[str, object] = {"library": str(platformdirs.user_data_path("mbtg"))}
    if path.exists():
        try:
            values |= msgspec.toml.decode(path.read_bytes())
        except msgspec.DecodeError as error:
            raise ConfigurationError(f"{path}: {error}") from error
    for name, variable in (("library", "MBTG_LIBRARY"), ("language", "MBTG_LANG")):
        if environment.get(variable):
            values[name] = environment[variable]
    values |= {name: value for name, value in flags.items() if value is not None}
    try:
        return msgspec.convert(values, Settings, dec_hook=_decoded)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{path}: {error}") from error


def _decoded(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value).expanduser()
    raise NotImplementedError(f"no reading of {kind} from {value!r}")
