"""Every number has its sentence, in both languages, and every text is there and used."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from mbtg_video.rating import report as package
from mbtg_video.rating.matrix import Score
from mbtg_video.rating.model import Absence
from mbtg_video.rating.reliability.components import Effect
from mbtg_video.rating.reliability.estimate import Why
from mbtg_video.rating.report.content import Index
from mbtg_video.rating.report.document import Glossary, Table, numbers_in_short
from mbtg_video.rating.report.wording import Voice, sentences, terms
from mbtg_video.settings import Language
from tests.reports import SEVERAL

FILES = sorted(Path(package.__file__).parent.glob("*.py"))
PAIRS = {
    f"{part}.{key}": pair
    for part in ("words", "headings", "sentences", "method")
    for key, pair in getattr(sentences(), part).items()
}
NAMES_ALIKE = {"words.phi", "words.goal", "words.erho2", "headings.sequence"}


@pytest.mark.parametrize("index", Index)
def test_each_kind_of_number_says_what_it_means_and_what_it_does_not(index):
    term = terms().terms[index]
    for said in (term.means, term.limit):
        assert len(said.en) > 30
        assert len(said.nb) > 30
        assert said.en != said.nb
        assert said.en.rstrip().endswith(".")
        assert said.nb.rstrip().endswith(".")


@pytest.mark.parametrize("why", Why)
def test_each_reason_for_no_number_has_its_sentence(why):
    said = terms().reasons[why]
    assert said.en != said.nb
    assert said.en.endswith(".")
    assert said.nb.endswith(".")


def test_every_text_is_there_in_both_languages():
    alike = {key for key, (english, norwegian) in PAIRS.items() if english == norwegian}
    empty = [key for key, pair in PAIRS.items() if not all(text.strip() for text in pair)]
    assert not empty
    assert alike <= NAMES_ALIKE | {"headings.notes"}


def test_both_languages_are_filled_in_with_the_same_values():
    for key, pair in PAIRS.items():
        english, norwegian = (set(re.findall(r"{(\w+)}", text)) for text in pair)
        assert english == norwegian, key


def test_no_number_is_judged_good_or_poor():
    told = " ".join(text for pair in PAIRS.values() for text in pair)
    told += " ".join(
        part for term in terms().terms.values() for part in (term.means.en, term.limit.en)
    )
    for verdict in ("excellent", "acceptable", "substantial", "utmerket", "akseptabel"):
        assert verdict not in told.lower()


def test_the_norwegian_texts_have_their_letters():
    told = " ".join(norwegian for _, norwegian in PAIRS.values())
    assert {"æ", "ø", "å"} <= set(told)


def test_nothing_is_asked_for_that_is_not_there_and_nothing_lies_unused():
    asked = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                asked |= set(node.value.split())
    asked |= {score.value for score in Score} | {absence.value for absence in Absence}
    asked |= {effect.value for effect in Effect}
    asked |= {f"{kind}_alt" for kind in ("profile", "heat")}
    asked |= {key for key in sentences().words if key.startswith("sheet_")}
    keys = {key.partition(".")[2] for key in PAIRS if not key.startswith("method.")}
    assert keys <= asked, sorted(keys - asked)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    "numbers", [pytest.param(SEVERAL, marks=pytest.mark.long), (2,)], ids=["several", "one"]
)
def test_each_column_of_numbers_is_explained_in_the_same_report(panel, language, numbers):
    blocks = panel.blocks(*numbers, language=language)
    explained = {
        name for block in blocks if isinstance(block, Glossary) for name, *_ in block.entries
    }
    known = {voice_name for voice_name, *_ in map(Voice(language).term, Index)}
    for table in (block for block in blocks if isinstance(block, Table)):
        for column in table.columns:
            assert column not in known or column in explained, column


@pytest.mark.parametrize("language", Language)
def test_each_dash_in_a_table_of_numbers_has_its_reason_below(panel, language):
    voice = Voice(language)
    reasons = {voice.reason(why) for why in Why}
    for numbers in (SEVERAL, (2,), (7,), (8,)):
        for table in panel.blocks(*numbers, language=language):
            if isinstance(table, Table):
                marks = {cell.mark for row in table.rows for cell in row if cell.mark}
                assert marks == {letter for letter, _ in table.notes}
                assert {text for _, text in table.notes} <= reasons


def test_numbers_are_written_as_the_language_writes_them():
    assert Voice(Language.NB).number(-0.5) == "\N{MINUS SIGN}0,50"
    assert Voice(Language.EN).number(-0.5) == "\N{MINUS SIGN}0.50"
    assert Voice(Language.EN).number(-0.001) == "0.00"
    assert Voice(Language.NB).percent(0.416) == "42\N{NO-BREAK SPACE}%"
    assert Voice(Language.EN).percent(0.416) == "42%"


def test_runs_of_items_are_drawn_together():
    assert numbers_in_short((1, 2, 3, 5, 7, 8)) == "1\N{EN DASH}3, 5, 7, 8"
    assert numbers_in_short(()) == ""
