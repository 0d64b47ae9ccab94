"""Searching a hundred thousand sealed notes; ``python -m bench.search``."""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert, select

from bench.measure import ROOT, machine
from mbtg_video.consent.model import Role
from mbtg_video.consent.record import add_group, add_person
from mbtg_video.library import Library, create_library, open_library
from mbtg_video.search.find import Found, find
from mbtg_video.settings import Language
from mbtg_video.tag.mark import find_tag
from mbtg_video.tag.model import Tag, Valence
from mbtg_video.timecode import Timecode
from tests.recorded import LENGTH_US, recorded

_PASSPHRASE = "four random words here"
_TAGS, _RECORDINGS, _AT_ONCE = 100_000, 20, 5_000
_TIMES, _RUNS, _EDITS = 15, 5, 9
_WORDS = [
    "terapeuten",
    "stopper",
    "undrer",
    "følelser",
    "gruppen",
    "pasienten",
    "stille",
    "andre",
    "tenker",
    "svarer",
    "blir",
    "turen",
    "går",
    "til",
    "vente",
    "lytter",
    "ler",
    "gråter",
    "mamma",
    "jobben",
    "helgen",
    "forrige",
    "gang",
    "sier",
    "ingenting",
    "spør",
    "seg",
    "opp",
]
QUERIES = {
    "one word in few notes": "nøkkelbein",
    "one word in most notes": "terapeuten",
    "two words and three filters": "undrer følelser item:17 by:K1 from:2026-05-01",
    "a phrase": '"blir stille"',
    "an item by its name": "rewind",
    "part of a word, in nearly all": "e",
}


def _stock(library: Library) -> None:
    chance = random.Random(7)
    with library.transaction() as session:
        group = add_group(session, "G1", "Tirsdagsgruppen", approval_required=False)
        raters = [add_person(session, f"K{n}", "G1", Role.PARTICIPANT).code for n in range(1, 13)]
        numbers = [
            recorded(library, session, group, on=date(2026, 2, 6) + timedelta(days=7 * n)).id
            for n in range(_RECORDINGS)
        ]
        now = datetime.now(UTC)
        for begin in range(0, _TAGS, _AT_ONCE):
            rows = []
            for place in range(begin, begin + _AT_ONCE):
                said = chance.choices(_WORDS, k=12)
                said += ["nøkkelbein"] if place % 4000 == 0 else []
                start = chance.randrange(LENGTH_US - 20_000_000)
                rows.append(
                    {
                        "recording_id": numbers[place % _RECORDINGS],
                        "start": Timecode(start),
                        "end": Timecode(start + 5_000_000),
                        "scale": "mbt-g-aqs",
                        "item": chance.randint(1, 19),
                        "author": chance.choice(raters),
                        "note": " ".join(said),
                        "valence": chance.choice(list(Valence)),
                        "made_at": now,
                        "changed_at": now,
                        "revision": 1,
                    }
                )
            session.execute(insert(Tag), rows)


_Taken = tuple[float, float]
"""Milliseconds that passed, and those that the processor worked for it."""


def _asked(library: Library, query: str) -> tuple[_Taken, Found]:
    with library.transaction() as session:
        begun, worked = time.perf_counter(), time.process_time()
        found = find(session, query, language=Language.EN, on=datetime.now(UTC).date())
        taken = time.perf_counter() - begun, time.process_time() - worked
        return (1000 * taken[0], 1000 * taken[1]), found


def _row(what: str, taken: Sequence[_Taken], found: int | None, target: str = "") -> list[str]:
    ordered = sorted(passed for passed, _ in taken)
    most = ordered[max(0, -(-95 * len(ordered) // 100) - 1)]
    worked = statistics.median(worked for _, worked in taken)
    told = "" if found is None else f"{found:,}"
    spread = f"{ordered[0]:.0f}-{ordered[-1]:.0f}"
    middle = statistics.median(ordered)
    return [what, told, str(len(taken)), f"{middle:.0f}", f"{most:.0f}", spread,
            f"{worked:.0f}" if worked else "", target]  # fmt: skip


def _process(root: Path, query: str) -> float:
    variables = os.environ | {"MBTG_LIBRARY": str(root), "MBTG_PASSPHRASE": _PASSPHRASE}
    command = [sys.executable, "-c", "from mbtg_video.cli import main; main()", "search", query]
    begun = time.perf_counter()
    subprocess.run(command, env=variables, check=True, capture_output=True, cwd=ROOT)
    return 1000 * (time.perf_counter() - begun)


def measured(table: Callable[[list[str], list[list[str]]], str]) -> list[str]:
    """Sections of the results."""
    rows = []
    load = os.getloadavg()[0]
    with TemporaryDirectory() as folder:
        root = Path(folder) / "library"
        create_library(root, _PASSPHRASE)
        with open_library(root, _PASSPHRASE) as library:
            _stock(library)
            taken, found = _asked(library, "nøkkelbein")
            rows.append(_row("the first search, which gathers all", [taken], found.total))
            for what, query in QUERIES.items():
                asked = [_asked(library, query) for _ in range(_TIMES)]
                times = [taken for taken, _ in asked]
                rows.append(_row(f"{what}: `{query}`", times, asked[0][1].total, "200 ms"))
            edits = []
            for number in range(1, _EDITS + 1):
                with library.transaction() as session:
                    find_tag(session, number).note = f"changed nøkkelbein {number}"
                edits.append(_asked(library, "nøkkelbein"))
            rows.append(_row("after an edit", [t for t, _ in edits], edits[-1][1].total, "200 ms"))
            removals = []
            for number in range(1, _EDITS + 1):
                begun, worked = time.perf_counter(), time.process_time()
                with library.transaction() as session:
                    session.delete(session.scalars(select(Tag).where(Tag.id == number)).one())
                removals.append(
                    (1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - worked))
                )
            rows.append(_row("removing a tag, with its text in the gathering", removals, None))
        runs = [(_process(root, "nøkkelbein"), 0.0) for _ in range(_RUNS)]
        rows.append(_row("`mbtg search`, from start to end", runs, None))
    return [
        "## Search",
        f"{_TAGS:,} tags with notes of twelve words in {_RECORDINGS} recordings. {machine()}; load "
        f"of the machine before: {load:.1f}. Of a page of 100 hits, ranked and opened.",
        table(
            [
                "what",
                "found",
                "times",
                "median ms",
                "95th ms",
                "least-most ms",
                "processor ms",
                "target",
            ],
            rows,
        ),
    ]


def main() -> None:
    """Measure and print."""
    from bench.__main__ import table

    print("\n\n".join(measured(table)))


if __name__ == "__main__":
    main()
