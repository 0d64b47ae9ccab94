"""The page says everything in both languages."""

import re
from importlib.resources import files

PAGE = files("mbtg_video.studio") / "page"
_LITERAL = re.compile(r'\bword\(\s*"([^"]+)"')
_CHOSEN = re.compile(r'\bword\(\s*\w+ \? "([^"]+)" : "([^"]+)"')
_FILLED = re.compile(r"\{(\w+)\}")


def words(open_page):
    return open_page().evaluate("async () => (await import('/page/words.js')).WORDS")


def scripts():
    return [item for item in PAGE.iterdir() if item.name.endswith(".js")]


def test_both_languages_have_the_same_words_with_the_same_gaps(open_page):
    both = words(open_page)
    assert both["nb"].keys() == both["en"].keys()
    for key, text in both["nb"].items():
        assert text.strip()
        assert set(_FILLED.findall(text)) == set(_FILLED.findall(both["en"][key])), key


def test_no_word_is_defined_in_two_places(open_page):
    page = open_page()
    parts = page.evaluate(
        """async () => {
          const names = ["consent", "plan", "playlists", "rating", "recording", "search"];
          const parts = await Promise.all(names.map((name) => import(`/page/words_${name}.js`)));
          return parts.map((part) => Object.keys(Object.values(part)[0].nb));
        }"""
    )
    together = [key for part in parts for key in part]
    assert len(together) == len(set(together))


def test_every_word_that_is_asked_for_exists(open_page):
    known = words(open_page)["nb"].keys()
    for script in scripts():
        source = script.read_text(encoding="utf-8")
        asked = set(_LITERAL.findall(source))
        for pair in _CHOSEN.findall(source):
            asked |= set(pair)
        assert asked <= known, script.name


def test_no_script_reads_markup_from_a_text():
    for script in scripts():
        source = script.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", source)
