"""The layout is the architecture: imports point one way, and few modules know each library."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mbtg_video"

# From what knows least to what knows most; a part may import itself and what stands before it.
ORDER = [
    ["errors", "interrupt"],
    ["users"],
    ["timecode"],
    ["settings", "typeset", "spreadsheet", "shelf"],
    ["scale"],
    ["database"],
    ["vault"],
    ["audit"],
    ["library"],
    ["leaving", "gathering"],
    ["media"],
    ["consent"],
    ["recording"],
    ["excerpt"],
    ["concealment"],
    ["transcript"],
    ["tag"],
    ["rating"],
    ["dossier"],
    ["course"],
    ["supervision"],
    ["search"],
    ["ledger", "shredding"],
    ["withdrawal", "retention", "readiness"],
    ["recall", "backup", "reminder"],
    ["studio"],
    ["cli"],
]
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
KNOWN_ONLY_BY = {
    "click": {"cli"},
    "rich": {"cli"},
    "starlette": {"studio"},
    "av": {"media", "concealment"},
    "cv2": {"media", "concealment"},
    "moviepy": {"media", "concealment"},
    "ffmpeg": {"media", "concealment"},
    "sqlite3": {"database", "backup"},
    "signal": {"interrupt"},
    "matplotlib": {"rating", "typeset", "media"},
    "typst": {"typeset"},
    "openpyxl": {"spreadsheet", "rating"},
    "highspy": {"course"},
    "icalendar": {"course"},
    "defusedxml": {"tag"},
    "pyjson5": {"tag"},
    "webvtt": {"transcript"},
    "opentimelineio": {"supervision"},
    "docx": {"dossier"},
    "pympi": set(),
    # Oracles of the tests: the first two are GPL, and scipy is more than a quantile is worth.
    "pingouin": set(),
    "krippendorff": set(),
    "scipy": set(),
    "sklearn": set(),
    "pandas": set(),
}
FILES = sorted(
    path for path in PACKAGE.rglob("*.py") if "migrations" not in path.relative_to(PACKAGE).parts
)


def part_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "mbtg_video":
                yield from (f"mbtg_video.{alias.name}" for alias in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way_and_stay_where_they_belong(path):
    part = part_of(path)
    if part == "__init__":
        assert not list(imported(path))
        return
    assert part in RANK, f"{part} has no place in the layout"
    for name in imported(path):
        top, _, rest = name.partition(".")
        if top == "mbtg_video" and rest and rest != "__version__":
            other = rest.split(".")[0]
            assert RANK[other] < RANK[part] or other == part, f"{part} must not know {other}"
        if top in KNOWN_ONLY_BY:
            assert part in KNOWN_ONLY_BY[top], f"{part} must not know {top}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_grows_past_four_hundred_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_no_module_is_a_drawer_for_odds_and_ends():
    drawers = {"utils", "util", "helpers", "manager", "common", "misc"}
    assert not drawers & {path.stem for path in FILES}


def test_help_loads_only_click():
    script = (
        "import sys; from mbtg_video.cli import command\n"
        "command(['--help'], standalone_mode=False)\n"
        "print(' '.join(sorted({name.split('.')[0] for name in sys.modules})), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ
    )
    loaded = set(run.stderr.split())
    ours = {"av", "cv2", "numpy", "sqlalchemy", "alembic", "rich", "msgspec", "cryptography",
            "argon2", "moviepy", "ffmpeg", "imageio_ffmpeg", "jinja2", "platformdirs", "filelock",
            "tomli_w", "typing_extensions", "matplotlib", "typst", "openpyxl"}  # fmt: skip
    assert "click" in loaded
    assert not loaded & ours
    assert "Commands" in run.stdout


def test_every_noun_in_the_help_loads():
    from mbtg_video.cli import command

    context = command.make_context("mbtg", [], resilient_parsing=True)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        assert re.search(r"\w", found.help or "")
