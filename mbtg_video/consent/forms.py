"""Forms to print and sign: a person's consent, and an employer's approval of a group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from mbtg_video.consent.model import Use
from mbtg_video.settings import Language
from mbtg_video.typeset import typeset

_Pair = tuple[str, str]  # English, Norwegian


class _UseText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: _Pair
    means: _Pair
    employer: _Pair


class _ConsentText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: _Pair
    intro: _Pair
    code: _Pair
    uses: _Pair
    uses_how: _Pair
    form: _Pair
    form_how: _Pair
    identifiable: _Pair
    identifiable_means: _Pair
    concealed: _Pair
    concealed_means: _Pair
    names: _Pair
    recipients: _Pair
    recipients_how: _Pair
    storage: _Pair
    storage_how: _Pair
    storage_one: _Pair
    withdraw: _Pair
    withdraw_how: _Pair
    withdraw_steps: tuple[_Pair, ...]
    withdraw_limits: _Pair
    rights: _Pair
    rights_how: _Pair
    contacts: tuple[_Pair, ...]
    sign: _Pair
    sign_how: _Pair
    signatures: tuple[_Pair, ...]


class _EmployerText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: _Pair
    intro: _Pair
    uses: _Pair
    uses_how: _Pair
    terms: _Pair
    terms_list: tuple[_Pair, ...]
    terms_one: _Pair
    recipients: _Pair
    recipients_how: _Pair
    contact: _Pair
    contacts: tuple[_Pair, ...]
    sign: _Pair
    sign_how: _Pair
    signatures: tuple[_Pair, ...]


class _Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: dict[str, _Pair]
    uses: dict[Use, _UseText]
    consent: _ConsentText
    employer: _EmployerText


@cache
def _texts() -> _Texts:
    read = (files("mbtg_video.consent") / "forms.toml").read_bytes()
    return msgspec.toml.decode(read, type=_Texts)


class _Block(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    NOTE = "note"
    CHOICES = "choices"
    """Each with a box to tick."""
    POINTS = "points"
    BLANK = "blank"
    """Lines to write on."""
    FIELDS = "fields"
    """Words, each with a line to write on or what is filled in already."""
    TOGETHER = "together"
    """Blocks that stay on one page."""


_WRITING_LINES = 3


class _Form:
    """Puts a form together in one language."""

    def __init__(
        self, language: Language, months: int, group: str | None, uses: Sequence[Use]
    ) -> None:
        self.language = language
        self.months = months
        self.group = group
        self.uses = [use for use in Use if use in uses] if uses else list(Use)

    def say(self, pair: _Pair, **values: object) -> str:
        english, norwegian = pair
        chosen = norwegian if self.language is Language.NB else english
        return chosen.format_map(values)

    def text(self, kind: _Block, pair: _Pair, **values: object) -> dict[str, Any]:
        return {"kind": kind, "text": self.say(pair, **values)}

    def heading(self, pair: _Pair) -> dict[str, Any]:
        return self.text(_Block.HEADING, pair)

    def paragraph(self, pair: _Pair, **values: object) -> dict[str, Any]:
        return self.text(_Block.PARAGRAPH, pair, **values)

    def fields(self, *pairs: _Pair, filled: str | None = None) -> dict[str, Any]:
        """Lines to fill in; `filled` stands on the first one."""
        names = [self.say(pair) for pair in pairs]
        values = [filled or "", *("" for _ in names)]
        return {"kind": _Block.FIELDS, "fields": list(zip(names, values, strict=False))}

    def chosen(self) -> list[_UseText]:
        return [_texts().uses[use] for use in self.uses]


def _blank() -> dict[str, Any]:
    return {"kind": _Block.BLANK, "lines": _WRITING_LINES}


def _together(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"kind": _Block.TOGETHER, "blocks": list(blocks)}


def _printed(form: _Form, title: _Pair, blocks: list[dict[str, Any]], on: date) -> bytes:
    data = {
        "language": form.language.value,
        "title": form.say(title),
        "group": form.group or "",
        "draft": form.say(_texts().words["draft"]),
        "blocks": blocks,
    }
    return typeset((files("mbtg_video.consent") / "forms.typ").read_bytes(), data, on)


def consent_form(
    language: Language, *, months: int, on: date, group: str | None = None, uses: Sequence[Use] = ()
) -> bytes:
    """The PDF on which one person consents: to some of `uses`, or of all when none is named.

    `months` is how long recordings are kept, `group` a code to be filled in.
    """
    form, texts, words = _Form(language, months, group, uses), _texts().consent, _texts().words
    kept = texts.storage_one if months == 1 else texts.storage_how
    asked = [(form.say(use.title), form.say(use.means)) for use in form.chosen()]
    choices = [
        (form.say(texts.identifiable), form.say(texts.identifiable_means)),
        (form.say(texts.concealed), form.say(texts.concealed_means)),
    ]
    blocks = [
        form.paragraph(texts.intro),
        form.fields(words["group"], words["person"], filled=group),
        form.text(_Block.NOTE, texts.code),
        form.heading(texts.uses),
        form.paragraph(texts.uses_how),
        {"kind": _Block.CHOICES, "choices": asked},
        _together(
            form.heading(texts.form),
            form.paragraph(texts.form_how),
            {"kind": _Block.CHOICES, "choices": choices},
            form.paragraph(texts.names),
        ),
        _together(form.heading(texts.recipients), form.paragraph(texts.recipients_how), _blank()),
        form.heading(texts.storage),
        form.paragraph(kept, months=months),
        _together(
            form.heading(texts.withdraw),
            form.paragraph(texts.withdraw_how),
            {"kind": _Block.POINTS, "points": [form.say(one) for one in texts.withdraw_steps]},
            form.paragraph(texts.withdraw_limits),
        ),
        _together(
            form.heading(texts.rights),
            form.paragraph(texts.rights_how),
            form.fields(*texts.contacts),
        ),
        _together(
            form.heading(texts.sign),
            form.paragraph(texts.sign_how),
            form.fields(*texts.signatures),
        ),
    ]
    return _printed(form, texts.title, blocks, on)


def employer_form(
    language: Language, *, months: int, on: date, group: str | None = None, uses: Sequence[Use] = ()
) -> bytes:
    """The PDF on which an employer approves of a group's recordings; as `consent_form`."""
    form, texts, words = _Form(language, months, group, uses), _texts().employer, _texts().words
    stored = texts.terms_list[1]
    terms = [texts.terms_one if months == 1 and one == stored else one for one in texts.terms_list]
    used = [form.say(use.employer) for use in form.chosen()]
    blocks = [
        form.paragraph(texts.intro),
        form.fields(words["group"], filled=group),
        form.heading(texts.uses),
        form.paragraph(texts.uses_how),
        {"kind": _Block.POINTS, "points": used},
        form.heading(texts.terms),
        {"kind": _Block.POINTS, "points": [form.say(one, months=months) for one in terms]},
        _together(form.heading(texts.recipients), form.paragraph(texts.recipients_how), _blank()),
        _together(form.heading(texts.contact), form.fields(*texts.contacts)),
        _together(
            form.heading(texts.sign),
            form.paragraph(texts.sign_how),
            form.fields(words["group"], *texts.signatures, filled=group),
        ),
    ]
    return _printed(form, texts.title, blocks, on)
