"""The letter that asks a recipient to give back or destroy what a consent no longer covers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Final

import jinja2

from mbtg_video.settings import Language
from mbtg_video.vault.durable import write_durably
from mbtg_video.withdrawal import LeftReached

# No letter says who withdrew: the recipient needs to know what to destroy, not whom it concerns.
_WORDS: Final = {
    Language.EN: {
        "title": "Please return or destroy video material",
        "to": "To",
        "why": "A consent to the use of the material below has been withdrawn. From today on it "
        "may not be shown, played or copied.",
        "what": "Bundle or excerpt",
        "made": "Handed out on",
        "hash": "Hash of the bundle",
        "please": "Please delete the folder or file from every computer, stick and mail, or give "
        "it back, and say so below.",
        "copies": "If it was passed on or copied, tell us to whom.",
        "answer": "Returned / destroyed on (date), by (name):",
    },
    Language.NB: {
        "title": "Vennligst lever tilbake eller slett videomateriale",
        "to": "Til",
        "why": "Et samtykke til bruk av materialet nedenfor er trukket tilbake. Fra i dag kan det "
        "ikke vises, spilles av eller kopieres.",
        "what": "Pakke eller utdrag",
        "made": "Utlevert",
        "hash": "Pakkens kontrollsum",
        "please": "Slett mappen eller filen fra alle datamaskiner, minnepinner og e-poster, eller "
        "lever den tilbake, og bekreft det nedenfor.",
        "copies": "Er den gitt videre eller kopiert, si oss til hvem.",
        "answer": "Levert tilbake / slettet (dato), av (navn):",
    },
}


def write_letters(
    folder: Path, left: Iterable[LeftReached], language: Language, on: date
) -> list[Path]:
    """One HTML letter a recipient, in `folder`; the paths. Letters that are there are replaced."""
    owed: dict[str, list[LeftReached]] = {}
    for one in left:
        for who in one.recipients:
            owed.setdefault(who, []).append(one)
    if owed:
        folder.mkdir(parents=True, exist_ok=True)
    template = files("mbtg_video") / "recall.html"
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        template.read_text(encoding="utf-8")
    )
    written = []
    for number, (who, items) in enumerate(sorted(owed.items()), start=1):
        text = page.render(
            language=language.value,
            words=_WORDS[language],
            who=who,
            items=items,
            day=on.isoformat(),
        )
        name = re.sub(r"[^A-Za-z0-9]+", "-", who).strip("-") or "recipient"
        path = folder / f"recall-{number}-{name[:40]}.html"
        write_durably(path, text.encode())
        written.append(path)
    return written
