"""The room's pages say everything in both languages."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from mbtg_video.rating.model import Absence

PAGE = files("mbtg_video.studio") / "room" / "page"
_LITERAL = re.compile(r'\bword\(\s*"([^"]+)"')
_CHOSEN = re.compile(r'\bword\([^"()]+ \? "([^"]+)" : "([^"]+)"')
_FILLED = re.compile(r"\{(\w+)\}")
_ENTRY = re.compile(r'^    (?:"([^"]+)"|(\w+)): ("(?:[^"\\]|\\.)*"),$', re.MULTILINE)
PAGES = {
    "words.js": ("phone.js", "entering.js", "result.js", "saving.js"),
    "host_words.js": ("host.js", "differences.js"),
}


def words(name):
    source = (PAGE / name).read_text(encoding="utf-8")
    parts = re.split(r"^  (nb|en): \{$", source, flags=re.MULTILINE)
    return {
        language: {a or b: json.loads(text) for a, b, text in _ENTRY.findall(part)}
        for language, part in zip(parts[1::2], parts[2::2], strict=True)
    }


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_have_the_same_words_with_the_same_gaps(name):
    both = words(name)
    assert len(both["nb"]) > 30
    assert list(both["nb"]) == list(both["en"])
    for key, text in both["nb"].items():
        assert text.strip()
        assert set(_FILLED.findall(text)) == set(_FILLED.findall(both["en"][key])), key


@pytest.mark.parametrize("name", PAGES)
def test_every_word_that_is_asked_for_exists_and_no_other(name):
    known = set(words(name)["nb"])
    sources = "".join((PAGE / script).read_text(encoding="utf-8") for script in PAGES[name])
    asked = set(_LITERAL.findall(sources))
    for pair in _CHOSEN.findall(sources):
        asked |= set(pair)
    assert asked <= known
    # What the program answers is a word, too.
    asked |= {f"{before}{absence}" for before in ("", "short ") for absence in Absence}
    spoken = set(re.findall(r'"([^"]+)"', sources)) | set(re.findall(r"\b\w+\b", sources))
    assert {key for key in known - asked if key not in spoken} == set()


def test_no_script_reads_markup_or_keeps_anything():
    for script in PAGE.iterdir():
        source = script.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", source)
        assert not re.search(r"localStorage|sessionStorage|indexedDB|serviceWorker", source)
