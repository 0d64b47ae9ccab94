"""What a typed line asks for."""

import pytest

from mbtg_video.errors import BadInput
from mbtg_video.search.query import By, Word, parse
from mbtg_video.search.snippet import pieces


def test_words_phrases_filters_and_what_they_exclude_are_told_apart():
    query = parse('Vente "Hvem  FÅR ordet" -mamma item:17 -by:K1 "" -"gå hjem"')
    assert query.words == (
        Word("vente"),
        Word("hvem får ordet"),
        Word("mamma", excluded=True),
        Word("gå hjem", excluded=True),
    )
    assert [(f.by, f.value, f.excluded) for f in query.filters] == [
        (By.ITEM, "17", False),
        (By.AUTHOR, "k1", True),
    ]
    assert query.wanted == ("vente", "hvem får ordet")


@pytest.mark.parametrize(
    ("norwegian", "english"),
    [
        ("ledd:17 av:K1 i:R1 gruppe:G1 som:tapt", "item:17 by:K1 in:R1 group:G1 as:missed"),
        ("som:god", "as:good"),
        ("type:merke type:skåring", "kind:tag kind:scoring"),
        ("fra:2026-03-01 til:2026-03-31", "from:2026-03-01 until:2026-03-31"),
    ],
)
def test_filters_are_written_in_either_language(norwegian, english):
    def plain(text):
        return [(f.by, f.value) for f in parse(text).filters]

    assert plain(norwegian) == plain(english)


def test_letters_composed_or_not_are_the_same_and_others_are_not():
    assert parse("pa\u030a") == parse("på") == parse("PÅ")
    assert parse("pa") != parse("på")
    assert parse("STRASSE") == parse("Straße")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "say what to find"),
        ("   ", "say what to find"),
        ('""', "say what to find"),
        ("-", "'-'"),
        ('"no end', "quotation mark"),
        ("vente color:red", "'color:red'"),
        ("item:x", "'item:x'"),
        ("item:²", "an item is a number"),
        ("in:17", "in:R1"),
        ("-as:bad", "'-as:bad': as: takes one of good, missed, neutral"),
        ("kind:video", "tag, transcript"),
        ("from:2026-13-01", "2026-13-01"),
        ("from:20260301", "is no date"),
        ("by:", "a code is missing"),
        ("from:2026-04-01 until:2026-03-01", "no day is left"),
        ("e" * 1001, "1000"),
        ("e " * 41, "40"),
    ],
)
def test_what_cannot_be_used_is_named(line, told):
    with pytest.raises(BadInput, match=r".") as refused:
        parse(line)
    assert told in str(refused.value)


def test_a_filter_that_nobody_knows_is_found_as_a_text_in_quotation_marks():
    assert parse('"color:red" 10:03').words == (Word("color:red"), Word("10:03"))


def marked(text, *words):
    return "".join(f"[{part}]" if found else part for part, found in pieces(text, words))


def test_a_snippet_marks_what_was_found_as_it_was_written():
    assert marked("Han må VENTE på turen", "vente", "tu") == "Han må [VENTE] på [tu]ren"
    assert marked("Straße und STRASSE", "strasse") == "[Straße] und [STRASSE]"
    assert marked("one\n  two", "one two") == "[one two]"
    assert marked("pa\u030a tur", "på") == "[på] tur"
    assert marked("ananas", "ana", "nas") == "[ananas]"
    assert marked("nothing", "x") == "nothing"
    assert marked("", "x") == ""


def test_a_snippet_of_a_long_text_begins_shortly_before_the_first_word_found():
    text = "før " * 200 + "nøkkelen " + "etter " * 200
    shown = marked(text, "nøkkelen")
    assert shown.startswith("… før ")
    assert shown.endswith(" …")
    assert "[nøkkelen] etter" in shown
    assert len(shown) < 160
