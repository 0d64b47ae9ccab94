"""``mbtg bundle``."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import Words, noun
from mbtg_video.cli.session import DAY, as_number, opened, settings, today
from mbtg_video.excerpt.export import note_return
from mbtg_video.excerpt.model import ReturnedHow
from mbtg_video.supervision.bundle import Handout, find_bundle, list_bundles, make_bundle
from mbtg_video.supervision.model import Bundle
from mbtg_video.supervision.package_check import compare_with_receipt, verify_package
from mbtg_video.supervision.playlist import find_playlist
from mbtg_video.users import Power

command = noun("Hand a playlist out as a locked folder.")


def _record(bundle: Bundle) -> dict[str, Any]:
    return {
        "id": bundle.name,
        "playlist": f"L{bundle.playlist_id}",
        "use": bundle.use,
        "clips": [clip["excerpt"] for clip in bundle.clips],
        "recipients": [recipient.who for recipient in bundle.recipients],
        "made_on": bundle.made_at.date(),
        "expires_on": bundle.expires_on,
        "hash": bundle.package_hash,
        "size": bundle.size,
        "returned_on": bundle.returned_on,
        "returned_how": bundle.returned_how,
    }


def _asking(scorings: list[str], scale: str) -> str:
    """What to do with the scores that a bundle asks for."""
    if not scorings:
        return ""
    named = ", ".join(dict.fromkeys(scorings))
    return (
        f"\n\nIt asks for scores on {scale} ({named}), and shows no tags, so that they are blind. "
        "Each rater saves\na file and sends it to you; take it in with: mbtg rate import "
        "scores-CODE.json"
    )


def _held(held_on: date | None) -> str:
    return f" Every consent holds on {held_on}, when it is shown." if held_on else ""


@command.command()
@click.argument("playlist")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--recipient",
    "recipients",
    cls=Words,
    fits=lambda word: not re.fullmatch(r"[Ll][0-9]+", word),
    required=True,
    metavar="TEXT...",
    help="Who gets it; several may follow.",
)
@click.option("--expires", type=DAY, help="Day to return or destroy it by.")
def make(playlist: str, folder: Path, recipients: tuple[str, ...], expires: date | None) -> None:
    """Write PLAYLIST to the new folder DIR, locked, and print its passphrase once."""
    chosen = settings()
    handout = Handout(
        folder, recipients, expires, chosen.bundle_days, chosen.language, chosen.scale
    )
    number = as_number("L", playlist)
    with opened(Power.HAND_OUT) as library:
        made = make_bundle(library, number, handout, on=today())
        record = _record(made.bundle)
        asked = [clip["scoring"] for clip in made.bundle.clips if "scoring" in clip]
        with library.transaction() as session:
            held_on = find_playlist(session, number).held_on
    if held_on is not None and record["expires_on"] < held_on:
        output.warn(f"{record['id']} expires before {held_on}, when it is to be shown.")
    receipts = "\n".join(f"  {path}" for path in made.receipts)
    output.done(
        f"Made {record['id']} in {folder}, to be returned or destroyed by {record['expires_on']}."
        f"{_held(held_on)}"
        f"\n\nPassphrase: {made.passphrase}\n\n"
        "Send it another way than the folder; it is not shown again. Keep the receipt, and do not "
        f"hand it out:\n\n{receipts}" + _asking(asked, chosen.scale),
        **record,
        held_on=held_on,
        scorings=asked,
        passphrase=made.passphrase,
        receipts=made.receipts,
    )


@command.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--receipt",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare with the receipt that ends in -receipt.json.",
)
def verify(folder: Path, receipt: Path | None) -> None:
    """Recompute every hash of the bundle in DIR."""
    found = verify_package(folder)
    named = compare_with_receipt(found, receipt) if receipt is not None else None
    said = (
        f"Every file in {folder} is as its manifest says: {found.files} files.\n"
        "Whoever changed a file could have changed the manifest. Compare this hash with the "
        "receipt's,\nor name the receipt with --receipt FILE:"
        if named is None
        else f"The bundle in {folder} is {named}, as on its receipt: {found.files} files. Its hash:"
    )
    output.done(f"{said}\n{found.hash}", hash=found.hash, files=found.files, receipt_of=named)


@command.command(name="list")
def list_() -> None:
    """List what was handed out, to whom, until when."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        records = [_record(bundle) for bundle in list_bundles(session)]
    columns = (
        "id",
        "playlist",
        "use",
        "clips",
        "recipients",
        "made_on",
        "expires_on",
        "returned_on",
    )
    output.table(records, columns)


@command.command()
@click.argument("bundle")
@click.option("--how", required=True, type=click.Choice([how.value for how in ReturnedHow]))
@click.option("--on", type=DAY, help="On this day; default: today.")
def returned(bundle: str, how: str, on: date | None) -> None:
    """Write down that BUNDLE came back or was destroyed."""
    number = as_number("B", bundle)
    with opened(Power.HAND_OUT) as library, library.transaction() as session:
        note_return(session, find_bundle(session, number), ReturnedHow(how), on or today())
    output.done(f"B{number}: {how}.", id=f"B{number}", how=how, on=on or today())
