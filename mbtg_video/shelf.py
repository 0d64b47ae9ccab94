"""Data files with an id and a version, shipped with the program and in the user's own folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import msgspec
import platformdirs

from mbtg_video.errors import BadInput, ConfigurationError, NotFound


class Versioned(Protocol):
    """What lies on a shelf."""

    @property
    def id(self) -> str:
        """Its id, which is its file's name."""

    @property
    def version(self) -> int:
        """Which version of it this is."""

    @property
    def label(self) -> str:
        """Which it is, for people."""


_Kept = TypeVar("_Kept", bound=Versioned)


@dataclass(frozen=True, slots=True)
class Shelf(Generic[_Kept]):
    """All files of one kind: `noun` is its name on the command line, `folder` its folder's.

    The folder lies in ``configs`` and in the user's own configuration, where the environment
    variable `variable` may name another. `checked` gives what it is given, or raises
    `ConfigurationError` naming file and key.
    """

    noun: str
    folder: str
    variable: str
    kind: type[_Kept]
    checked: Callable[[_Kept, Path], _Kept]

    def own(self) -> Path:
        """Folder of the user's own files."""
        named = os.environ.get(self.variable)
        return Path(named) if named else platformdirs.user_config_path("mbtg") / self.folder

    def paths(self) -> dict[str, Path]:
        """Files by id; the user's own stand before shipped ones."""
        checkout = Path(__file__).resolve().parent.parent / "configs" / self.folder
        with as_file(files("mbtg_video") / "configs" / self.folder) as packaged:
            shipped = sorted((packaged if packaged.is_dir() else checkout).glob("*.toml"))
        return {path.stem: path for path in (*shipped, *sorted(self.own().glob("*.toml")))}

    def read(self, path: Path) -> _Kept:
        """What one TOML file holds; raises `ConfigurationError` naming file and key."""
        try:
            read = msgspec.toml.decode(path.read_bytes(), type=self.kind, strict=True)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            # The TOML reader itself stumbles over endless numbers and lists in lists.
            raise ConfigurationError(f"{path}: {error}") from error
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
        return self.checked(read, path)

    def find(self, name: str) -> _Kept:
        """The one with this id; raises `NotFound`, or `ConfigurationError` for a damaged file."""
        path = self.paths().get(name)
        if path is None:
            raise NotFound(f"There is no {self.noun} {name}. See: mbtg {self.noun} list")
        found = self.read(path)
        if found.id != name:
            raise ConfigurationError(
                f"{path}: id: the file holds the {self.noun} {found.id}; name it {found.id}.toml"
            )
        return found

    def keep(self, path: Path) -> _Kept:
        """Copy a file among the user's own, after checking it.

        Raises `ConfigurationError` for one that holds no such thing, and `BadInput` when it would
        change what an id and version stand for, which rows name.
        """
        given = self.read(path)
        known = self.paths().get(given.id)
        if known is not None:
            present = self.read(known)
            if present.version > given.version:
                raise BadInput(
                    f"{given.label} is older than version {present.version}, which is here already"
                )
            if present.version == given.version and present != given:
                raise BadInput(
                    f"{path}: {given.label} is here already and says something else. Give yours "
                    f"another id, or version = {given.version + 1}"
                )
        target = self.own() / f"{given.id}.toml"
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".part")
        draft.write_bytes(path.read_bytes())
        draft.replace(target)
        return given
