"""The receipt of a bundle: kept by whoever handed it out, and never handed out itself."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import msgspec

from mbtg_video.dossier.model import Document
from mbtg_video.errors import BadInput
from mbtg_video.settings import Language
from mbtg_video.supervision.model import Bundle
from mbtg_video.vault.durable import write_durably

_WORDS = {
    Language.EN: {
        "title": "Receipt for bundle",
        "keep": "Keep this receipt. Do not hand it out with the bundle.",
        "use": "Use",
        "made": "Made on",
        "expires": "To be returned or destroyed by",
        "recipients": "Handed to",
        "hash": "Hash of the bundle",
        "anchor": "Audit anchor",
        "clips": "Clips",
        "clip": "Clip",
        "recording": "Recording",
        "start": "From",
        "end": "To",
        "frames": "Frames",
        "documents": "Documents",
        "document": "Document",
        "kind": "Kind",
        "kinds": {
            "group": "account of the group",
            "frame": "frame",
            "patient": "account of a patient",
            "formulation": "case formulation",
            "minutes": "minutes",
            "reading": "reading list",
        },
        "check": "Check the folder against this receipt with",
    },
    Language.NB: {
        "title": "Kvittering for pakke",
        "keep": "Ta vare på kvitteringen. Den skal ikke følge med pakken.",
        "use": "Bruk",
        "made": "Laget",
        "expires": "Leveres tilbake eller slettes innen",
        "recipients": "Utlevert til",
        "hash": "Pakkens kontrollsum",
        "anchor": "Loggens anker",
        "clips": "Klipp",
        "clip": "Klipp",
        "recording": "Opptak",
        "start": "Fra",
        "end": "Til",
        "frames": "Bilder",
        "documents": "Dokumenter",
        "document": "Dokument",
        "kind": "Type",
        "kinds": {
            "group": "beskrivelse av gruppen",
            "frame": "ramme",
            "patient": "beskrivelse av en pasient",
            "formulation": "kasusformulering",
            "minutes": "referat",
            "reading": "litteraturliste",
        },
        "check": "Kontroller mappen mot kvitteringen med",
    },
}


def receipt_record(bundle: Bundle, documents: Iterable[Document], anchor: str) -> dict[str, Any]:
    """The receipt as plain values: ids, codes, times, recipients; no title, text or note."""
    return {
        "bundle": bundle.name,
        "package": bundle.package_id,
        "hash": bundle.package_hash,
        "use": bundle.use.value,
        "made_on": bundle.made_at.date().isoformat(),
        "expires_on": bundle.expires_on.isoformat(),
        "recipients": [recipient.who for recipient in bundle.recipients],
        "clips": bundle.clips,
        "documents": [{"document": one.name, "kind": one.kind.value} for one in documents],
        "anchor": anchor,
    }


def receipt_paths(folder: Path) -> tuple[Path, Path]:
    """Where the receipt of the bundle in `folder` lies: as HTML and as JSON, beside it.

    Raises `BadInput` when a receipt is there: it may be of another bundle, and has to be kept.
    """
    paths = tuple(folder.with_name(f"{folder.name}-receipt.{kind}") for kind in ("html", "json"))
    for path in paths:
        if path.exists() or path.is_symlink():
            raise BadInput(f"{path} is there already, of an earlier bundle; name another --to DIR")
    return paths[0], paths[1]


def write_receipt(record: dict[str, Any], folder: Path, language: Language) -> list[Path]:
    """Write the receipt beside the bundle's `folder` as HTML and JSON, or neither; the paths."""
    template = files("mbtg_video.supervision") / "receipt.html"
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        template.read_text(encoding="utf-8")
    )
    html = page.render(
        receipt=record, words=_WORDS[language], language=language.value, folder=folder.name
    )
    as_page, as_data = receipt_paths(folder)
    written = {
        as_page: html.encode(),
        as_data: msgspec.json.format(msgspec.json.encode(record), indent=2),
    }
    try:
        for path, content in written.items():
            write_durably(path, content)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return list(written)
