"""A library with long recordings and thousands of tags, made once, and the studio on it.

``python -m bench.stocked FOLDER`` says the link of the studio, and serves until it is ended.
"""

from __future__ import annotations

import random
import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.recordings import FULL_HD, recording
from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.record import add_group, add_person, record_consent
from mbtg_video.library import create_library, open_library
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.derive import derive
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.recording.model import DerivedKind
from mbtg_video.settings import Settings
from mbtg_video.studio.serve import Server
from mbtg_video.tag.mark import Mark, add_tag
from mbtg_video.timecode import Timecode

PASSPHRASE = "four random words here"
GROUPS = {1: 25, 2: 250}
"""Frames from keyframe to keyframe of the two recordings of 90 minutes."""
WORKED_ON, CROWDED = 1, 3
"""The recording with a year's tags, and a short one with more than anybody makes."""
TAGS = {WORKED_ON: 5_000, CROWDED: 100_000}
_TAKEN_IN = date(2026, 3, 13)
_ITEMS = 9


def _add_tags(library, number: int, count: int) -> None:
    chance = random.Random(3)
    with library.transaction() as session:
        of = find_recording(session, number)
        last = of.length.microseconds - 20_000_000
        for place in range(count):
            start = chance.randrange(last)
            add_tag(
                session,
                of,
                Mark(
                    start=Timecode(start),
                    end=Timecode(start + chance.randrange(1, 15_000_000)),
                    scale="mbt-g-aqs",
                    item=chance.randint(1, _ITEMS),
                    note=f"Her stopper terapeuten opp og spør hva de andre tenker ({place})",
                ),
                on=_TAKEN_IN,
            )


def stocked(media: Path) -> Path:
    """The folder of the library."""
    root = media / "studio"
    if root.exists():
        return root
    making = media / "studio.making"
    shutil.rmtree(making, ignore_errors=True)
    create_library(making, PASSPHRASE)
    with open_library(making, PASSPHRASE) as library:
        with library.transaction() as session:
            add_group(session, "G1", "Tirsdagsgruppen", approval_required=False)
            add_person(session, "T1", "G1", Role.THERAPIST)
            signed, until = date(2026, 1, 1), date(2099, 12, 31)
            record_consent(session, "T1", Use, Form.IDENTIFIABLE, signed_on=signed, until=until)
        files = [recording(media, 90, group, FULL_HD) for group in GROUPS.values()]
        told = Description("G1", _TAKEN_IN, ["T1"])
        for path in (*files, recording(media, 20, 25)):
            number = take_in(library, path, told, on=_TAKEN_IN).id
            for kind in (DerivedKind.SPRITES, DerivedKind.WAVEFORM):
                derive(library, number, kind, on=_TAKEN_IN)
        for number, count in TAGS.items():
            _add_tags(library, number, count)
    making.rename(root)
    return root


def main(folder: str) -> None:
    root = Path(folder)
    with TemporaryDirectory() as settings, open_library(root, PASSPHRASE) as library:
        preferences = Path(settings) / "studio.toml"
        today = datetime.now(UTC).date()
        server = Server(library, Settings(library=root), preferences, lambda: today)
        print(server.link, flush=True)
        server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
