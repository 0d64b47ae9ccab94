"""Files taken in as they come, and what is then in the library."""

from __future__ import annotations

from datetime import date

from mbtg_video import audit
from mbtg_video.recording.ingest import Description, receiving
from mbtg_video.recording.model import Recording
from tests.cli.conftest import Mbtg
from tests.libraries import PASSPHRASE

TODAY = date(2026, 3, 14)
SAID = Description("G1", date(2026, 3, 13), ("P1", "P2", "T1"))
BLOCK = 100_003


def blocks(path, size=BLOCK):
    with path.open("rb") as file:
        while block := file.read(size):
            yield block


def receive(library, path, said=SAID, name=None):
    with receiving(library, said, name or path.name, on=TODAY) as intake:
        for block in blocks(path):
            intake.write(block)
        return intake.finish()


def facts(library, number):
    """All that is kept of a recording, apart from ids and times, and its content."""
    with library.transaction() as session:
        row = session.get_one(Recording, number)
        told = {column.key: getattr(row, column.key) for column in Recording.__table__.columns}
        told |= {"frames": list(row.frames.times), "present": [one.code for one in row.present]}
        with library.store.open(session, row.object_id) as medium:
            told["content"] = medium.read()
        line = audit.list_lines(session, act=audit.Act.TAKE_IN)[-1]
    del told["object_id"], told["taken_in_at"]
    return told, (line.subjects, line.detail)


def state(library):
    return Mbtg(library.root, PASSPHRASE).state()


def drafts(library):
    return list((library.root / "tmp").iterdir())


def refusals(library):
    with library.transaction() as session:
        lines = audit.list_lines(session, act=audit.Act.REFUSAL)
        return [(line.subjects, line.detail) for line in lines]
