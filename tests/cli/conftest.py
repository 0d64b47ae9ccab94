from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pytest
from click.testing import CliRunner, Result

from mbtg_video.cli import command
from tests.conftest import RecordingFile
from tests.libraries import PASSPHRASE


@dataclass(frozen=True)
class Mbtg:
    """The command line on one library, as a person or a script would use it."""

    root: Path
    passphrase: str

    def __call__(
        self,
        *words: object,
        code: int = 0,
        typed: str | None = None,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> Result:
        variables = {
            "MBTG_LIBRARY": str(self.root),
            "MBTG_PASSPHRASE": self.passphrase,
            "MBTG_SETTINGS": str(self.root.parent / "settings.toml"),
            **environment,
        }
        result = CliRunner().invoke(
            command, [str(word) for word in words], input=typed, env=variables
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    def json(self, *words: object):
        return json.loads(self(*words, "--json").stdout)

    def refused(self, code: int, *words: object) -> str:
        """What stderr says when the words are refused with `code`; stdout must stay empty."""
        result = self(*words, code=code)
        assert result.stdout == ""
        return result.stderr

    def state(self) -> list[tuple[str, ...]]:
        """All that the library holds apart from its audit: rows, sealed files, drafts."""
        import sqlite3

        with sqlite3.connect(self.root / "mbtg.db") as connection:
            names = [
                row[0]
                for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
                if not row[0].startswith(("audit", "sqlite"))
            ]
            rows = [
                (name, repr(row))
                for name in sorted(names)
                for row in connection.execute(f"SELECT * FROM {name}")  # the names are ours
            ]
        connection.close()
        files = [
            (folder, path.name)
            for folder in ("objects", "tmp", "keys")
            for path in sorted((self.root / folder).iterdir())
        ]
        return rows + files


def everything_in(root: Path) -> bytes:
    """All that lies below a folder."""
    return b"".join(path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file())


ADD = ("--group", "G1", "--recorded-on", "2026-03-13")
ALL = ("--present", "P1", "P2", "T1")
CONSENT = ("--form", "identifiable", "--signed-on", "2026-01-01", "--until", "2099-12-31")
USES = ("own_review", "supervision", "course", "scoring", "teaching", "research")


@pytest.fixture(scope="session")
def initiated_folder(tmp_path_factory, _quick_slots) -> Path:
    """The library of `mbtg`, to be copied, as nothing is quicker."""
    run = Mbtg(tmp_path_factory.mktemp("initiated") / "library", PASSPHRASE)
    run("init")
    return run.root


@pytest.fixture(scope="session")
def clinic_folder(tmp_path_factory, initiated_folder) -> Path:
    """The library of `clinic`, to be copied."""
    run = Mbtg(tmp_path_factory.mktemp("clinic") / "library", PASSPHRASE)
    shutil.copytree(initiated_folder, run.root)
    run("group", "add", "G1", "--name", "Tirsdagsgruppen")
    for code, role in (("P1", "patient"), ("P2", "patient"), ("T1", "therapist")):
        run("person", "add", code, "--group", "G1", "--role", role)
        run("consent", "record", code, "--use", *USES, *CONSENT)
    return run.root


@pytest.fixture(scope="session")
def scored_folder(tmp_path_factory, clinic_folder, recording_file) -> Path:
    """The library of `scored`, to be copied."""
    run = Mbtg(tmp_path_factory.mktemp("scored") / "library", PASSPHRASE)
    shutil.copytree(clinic_folder, run.root)
    run("group", "add", "KURS", "--name", "Kurset")
    for code in ("K1", "K2", "K3"):
        run("person", "add", code, "--group", "KURS", "--role", "participant")
    run("recording", "add", recording_file("gop25", 2), *ADD, *ALL)
    run("excerpt", "cut", "R1", "--from", "f10", "--to", "f40", "--title", "planted title")
    return run.root


@pytest.fixture
def mbtg(request, tmp_path) -> Mbtg:
    """The command line on a library: empty, or holding what the further fixtures say of it."""
    wanted = (name for name in ("scored", "clinic") if name in request.fixturenames)
    run = Mbtg(tmp_path / "library", PASSPHRASE)
    shutil.copytree(request.getfixturevalue(f"{next(wanted, 'initiated')}_folder"), run.root)
    return run


@pytest.fixture
def clinic(mbtg) -> Mbtg:
    """A library with group G1, whose members P1, P2 and T1 consent to every use."""
    return mbtg


Build = Callable[[Mbtg, RecordingFile], object]


@pytest.fixture(scope="session")
def prepared_folder(tmp_path_factory, clinic_folder, recording_file) -> Callable[[Build], Path]:
    """``prepared_folder(build)``: where a clinic lies to which `build` has added; to be copied."""
    made: dict[Build, Path] = {}

    def provide(build: Build) -> Path:
        if build not in made:
            run = Mbtg(tmp_path_factory.mktemp("prepared") / "library", PASSPHRASE)
            shutil.copytree(clinic_folder, run.root)
            build(run, recording_file)
            made[build] = run.root.parent
        return made[build]

    return provide


@pytest.fixture
def prepared(mbtg, prepared_folder) -> Callable[[Build], Mbtg]:
    """``prepared(build)``: the clinic, and what lies beside it, after ``build(mbtg, files)``."""

    def provide(build: Build) -> Mbtg:
        shutil.rmtree(mbtg.root)
        shutil.copytree(prepared_folder(build), mbtg.root.parent, dirs_exist_ok=True)
        return mbtg

    return provide


def work(clinic: Mbtg, recording_file: RecordingFile) -> None:
    """Two recordings, an excerpt of each, a tag, a playlist, a bundle and an export."""
    base = clinic.root.parent
    clinic("person", "add", "P3", "--group", "G1", "--role", "patient")
    clinic("consent", "record", "P3", "--use", "own_review", "supervision", *CONSENT)
    clinic("recording", "add", recording_file("gop25"), *ADD, *ALL, "P3")
    clinic("recording", "add", recording_file("no_audio"), *ADD, *ALL)
    for number in ("R1", "R2"):
        clinic("excerpt", "cut", number, "--from", "1s", "--to", "2s", "--title", "planted title")
    clinic("tag", "add", "R1", "--at", "2s", "--item", "3", "--note", "planted note")
    clinic("playlist", "new", "Friday")
    clinic("playlist", "add", "L1", "X1", "X2", "--minutes", "5")
    clinic("bundle", "make", "L1", "--to", base / "out", "--recipient", "Kari Nordmann")
    clinic(
        "excerpt", "export", "X1", "--to", base / "x1.mp4", "--use", "supervision",
        "--recipient", "Ola Hansen", "--reason", "projector",
    )  # fmt: skip


@pytest.fixture
def busy(prepared) -> Mbtg:
    """A clinic in which somebody has worked."""
    return prepared(work)


def record(clinic: Mbtg, recording_file: RecordingFile) -> None:
    clinic("recording", "add", recording_file("gop25"), *ADD, *ALL)


@pytest.fixture
def recorded(prepared) -> Mbtg:
    """The clinic with recording R1 of 12 seconds at 25 frames a second."""
    return prepared(record)


@pytest.fixture
def scored(clinic) -> Mbtg:
    """A clinic with excerpt X1 (frames 10 to 40 of R1) and raters K1, K2 and K3."""
    return clinic


def scores(adherence=4, quality=5, **changed):
    """Words that score every item of the shipped scale; ``item3="none"`` writes one otherwise."""
    written = dict.fromkeys(range(1, 20), f"{adherence}/{quality}") | {10: str(quality)}
    written |= {int(key.removeprefix("item")): value for key, value in changed.items()}
    words = [word for n, value in written.items() for word in ("--score", f"{n}={value}")]
    return [*words, "--overall", f"adherence={adherence}", "--overall", f"quality={quality}"]
