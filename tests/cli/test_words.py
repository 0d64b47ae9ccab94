"""Every heading that a person reads has a word in both languages."""

import ast
from pathlib import Path

import pytest

from mbtg_video import cli
from mbtg_video.cli.words import word
from mbtg_video.dossier.identity import Sign
from mbtg_video.dossier.model import DocumentKind
from mbtg_video.recording.model import Kind
from mbtg_video.search.query import What
from mbtg_video.settings import Language
from mbtg_video.supervision.model import EntryKind

FILES = sorted(Path(cli.__file__).parent.glob("*.py"))


def _texts(node):
    return [it.value for it in ast.walk(node) if isinstance(it, ast.Constant)]


def _calls(function, name):
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == f"output.{name}":
            yield node


def _columns(function):
    """Headings of the tables that a function prints, written in the call or in `columns`."""
    named = {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in _calls(function, "table"):
        given = call.args[1]
        found = _texts(named[given.id] if isinstance(given, ast.Name) else given)
        assert found, ast.unparse(call)
        yield from found


def _keys(function):
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant))


def printed(path):
    """Every key that a module prints to people: columns of its tables, keys of its records."""
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]
    one_by_one = [function for function in functions if list(_calls(function, "details"))]
    records = [function for function in functions if one_by_one and function.name == "_record"]
    found = {key for function in (*one_by_one, *records) for key in _keys(function)}
    return found | {key for function in functions for key in _columns(function)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_heading_that_a_command_prints_has_a_word(path):
    for language in Language:
        assert [key for key in sorted(printed(path)) if word(key, language) == key] == []


def test_the_headings_are_found():
    found = set().union(*map(printed, FILES))
    assert {"approval_required", "constant_rate", "figure", "item_name", "expires_on"} <= found


@pytest.mark.parametrize("kinds", [EntryKind, DocumentKind, Kind, What], ids=lambda it: it.__name__)
def test_every_kind_in_a_table_has_a_word(kinds):
    for kind in kinds:
        assert word(f"kind_{kind}", Language.EN) == kind
        assert word(f"kind_{kind}", Language.NB) != f"kind_{kind}"


def test_what_seems_to_name_somebody_is_called_so_in_both_languages():
    for sign in Sign:
        assert word(f"sign_{sign}", Language.EN) == sign
        assert word(f"sign_{sign}", Language.NB) not in (sign, f"sign_{sign}")
