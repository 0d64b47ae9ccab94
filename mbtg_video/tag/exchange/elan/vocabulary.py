"""Our own types of tiers and controlled vocabularies in an ELAN document."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, SubElement

from mbtg_video.scale import Scale
from mbtg_video.settings import Language
from mbtg_video.tag.exchange.item_text import item_code, item_text
from mbtg_video.tag.model import Valence

FREE: Final = "mbtg-label"
"""Tiers of free labels: a value such as 17 is no item there."""
PLAIN: Final = "mbtg-item"
"""Tiers of items in a document too old for vocabularies in two languages."""
NOTE: Final = "mbtg-note"
VALENCE: Final = "mbtg-as"
BY: Final = "mbtg-by"
"""Who made a tag, where its tier does not say so."""

BELOW: Final = {NOTE: "note", VALENCE: "as", BY: "by"}
"""Types of tiers below those of tags, and how such a tier is called."""

ASSOCIATION: Final = "Symbolic_Association"

LANGUAGES: Final = {
    Language.NB: ("nob", "Norwegian Bokmål (nob)"),
    Language.EN: ("eng", "English (eng)"),
}
_VALENCES: Final = {
    Valence.GOOD: {Language.NB: "godt eksempel", Language.EN: "good example"},
    Valence.MISSED: {Language.NB: "tapt mulighet", Language.EN: "missed opportunity"},
    Valence.NEUTRAL: {Language.NB: "nøytral", Language.EN: "neutral"},
}


def of_scale(scale: str) -> str:
    """Name of the type and vocabulary of a scale's items."""
    return f"{PLAIN}-{scale}"


def valence_code(valence: Valence) -> str:
    """Id of a valence in our vocabulary."""
    return f"{VALENCE}_{valence}"


def valence_text(valence: Valence, language: Language) -> str:
    """A valence for people."""
    return _VALENCES[valence][language]


def valence_of(code: str, text: str) -> Valence | None:
    """The valence behind an entry of our vocabulary, or a text written by hand."""
    said = " ".join(text.split()).casefold()
    for valence, words in _VALENCES.items():
        if code == valence_code(valence) or said in (valence.value, *words.values()):
            return valence
    return None


def language_element(language: Language) -> Element:
    """A language of the document."""
    name, label = LANGUAGES[language]
    return Element("LANGUAGE", LANG_ID=name, LANG_LABEL=label)


def association() -> Element:
    """The constraint of annotations that belong to one other."""
    return Element(
        "CONSTRAINT", DESCRIPTION="1-1 association with a parent annotation", STEREOTYPE=ASSOCIATION
    )


def kind_element(kind: str, vocabulary: str | None) -> Element:
    """One of our linguistic types."""
    element = Element("LINGUISTIC_TYPE", GRAPHIC_REFERENCES="false", LINGUISTIC_TYPE_ID=kind)
    below = kind in BELOW
    element.set("TIME_ALIGNABLE", "false" if below else "true")
    if below:
        element.set("CONSTRAINTS", ASSOCIATION)
    if vocabulary is not None:
        element.set("CONTROLLED_VOCABULARY_REF", vocabulary)
    return element


def _vocabulary(name: str, titles: dict[Language, str]) -> Element:
    element = Element("CONTROLLED_VOCABULARY", CV_ID=name)
    for language, title in titles.items():
        SubElement(element, "DESCRIPTION", LANG_REF=LANGUAGES[language][0]).text = title
    return element


def _entry(vocabulary: Element, code: str, texts: dict[Language, str]) -> None:
    entry = SubElement(vocabulary, "CV_ENTRY_ML", CVE_ID=code)
    for language, text in texts.items():
        SubElement(entry, "CVE_VALUE", LANG_REF=LANGUAGES[language][0]).text = text


def scale_vocabulary(scale: Scale) -> Element:
    """Every item of a scale in both languages."""
    titles = {language: scale.title.spoken(language) for language in Language}
    element = _vocabulary(of_scale(scale.id), titles)
    for item in scale.items:
        texts = {language: item_text(scale, item.number, language) for language in Language}
        _entry(element, item_code(scale.id, item.number), texts)
    return element


def valence_vocabulary() -> Element:
    """What a tag can be an example of, in both languages."""
    element = _vocabulary(VALENCE, {Language.NB: "Som", Language.EN: "As"})
    for valence, texts in _VALENCES.items():
        _entry(element, valence_code(valence), texts)
    return element
