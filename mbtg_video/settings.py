"""What a user sets once: read from TOML and the environment into one frozen value.

A flag beats the environment, the environment beats the file. Unknown keys are errors.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

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
    course: str = "mbt-g-2026"
    bundle_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30
    retention_months: Annotated[int, msgspec.Meta(ge=1, le=1200)] = 12


# Key of the file, with its variable and its flag.
_NAMES = {"library": ("MBTG_LIBRARY", "--library"), "language": ("MBTG_LANG", "--lang")}


def settings_path() -> Path:
    """Where the settings file is looked for; `MBTG_SETTINGS` names another."""
    named = os.environ.get("MBTG_SETTINGS")
    return Path(named) if named else platformdirs.user_config_path("mbtg") / "settings.toml"


def read_settings(
    path: Path, environment: Mapping[str, str], flags: Mapping[str, object]
) -> Settings:
    """Settings from the file at `path` (which may be absent), `MBTG_…` variables and flags.

    Raises `ConfigurationError` naming the file, variable or flag and the key that is wrong.
    """
    given: list[tuple[str, dict[str, object]]] = []
    if path.exists():
        try:
            given.append((str(path), msgspec.toml.decode(path.read_bytes())))
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            # The TOML reader itself stumbles over endless numbers and lists in lists.
            raise ConfigurationError(f"{path}: {error}") from error
    for name, (variable, _) in _NAMES.items():
        if environment.get(variable):
            given.append((variable, {name: environment[variable]}))
    for name, (_, flag) in _NAMES.items():
        if flags.get(name) is not None:
            given.append((flag, {name: flags[name]}))
    values: dict[str, object] = {"library": str(platformdirs.user_data_path("mbtg"))}
    settings = _checked(values, "settings")
    for source, part in given:
        values |= part
        settings = _checked(values, source)
    return settings


def _checked(values: dict[str, object], source: str) -> Settings:
    try:
        return msgspec.convert(values, Settings, dec_hook=_decoded)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{source}: {error}") from error


def _decoded(kind: type, value: object) -> object:
    if kind is not Path or not isinstance(value, str):
        raise ValueError("Expected `str`")
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise ValueError(str(error)) from error
