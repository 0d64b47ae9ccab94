"""What holds of a library whenever it is opened, and what a deed that was cut short leaves."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from sqlalchemy import select

from mbtg_video import audit
from mbtg_video.library import open_library
from mbtg_video.vault.keys import Keyring, open_keys
from mbtg_video.vault.model import SealedObject
from tests.cli.conftest import Mbtg
from tests.crash.points import Deed, Ground, placed

MODES = ("kill", "power", "torn", "enospc", "eio", "interrupt")
_SAID = {"enospc": "The disk is full", "eio": "", "interrupt": "Aborted!"}
_ENDED = 137

# What two runs of one deed do not share: sealed and random values, the time of day, and how
# often a key was replaced until all was done.
_CHANGING = re.compile(
    r"""b'(?:[^'\\]|\\.)*'|b"(?:[^"\\]|\\.)*"|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[.\d+:]*"""
    r"""|[0-9a-f]{16,}|(?<=^library_state ).*"""
)
# SQLite's own, which come and go; and the ledger, which is written ahead of what it tells.
_BESIDE = ("withdrawals.json", "mbtg.db-wal", "mbtg.db-shm", "lock.db", "lock.db-journal")


@dataclass(frozen=True)
class Whole:
    """A deed that nothing hindered: its counted calls, what it left, and the lines it wrote."""

    calls: tuple[str, ...]
    shape: Counter[str]
    acts: Counter[str]


class Judge:
    """Cuts deeds of one ground short and looks at what they left."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._whole: dict[tuple[tuple[str, ...], str], Whole] = {}

    @cached_property
    def _keys(self) -> Keyring:
        return open_keys(self.ground.prepared / "library" / "keys", self.ground.passphrase)

    def whole(self, deed: Deed, base: Path) -> Whole:
        """The deed done without hindrance, which is found out once."""
        known = deed.words, deed.first
        if known not in self._whole:
            self._whole[known] = self.unhindered(deed, base)
        return self._whole[known]

    def unhindered(self, deed: Deed, base: Path, prelude: str = "") -> Whole:
        """The deed done without hindrance, in a process that `prelude` may have changed."""
        before = self._acts(self.ground.fresh(base))
        calls = self.ground.calls(deed, base, prelude)
        mbtg = Mbtg(base / "library", self.ground.passphrase)
        shape, acts = _shape(mbtg), self._acts(mbtg) - before
        self._prove(deed, mbtg)
        return Whole(tuple(calls), shape, acts)

    def check(self, deed: Deed, base: Path, mode: str, at: int, prelude: str = "") -> None:
        """Hinder the deed at its `at`-th call; raises when anything is not as it must be."""
        whole = self.whole(deed, base)
        mbtg = self.ground.fresh(base)
        before, shape, acts = _all(mbtg), _shape(mbtg), self._acts(mbtg)
        around = _around(base)
        run = self.ground.run(deed, base, mode=mode, at=at, prelude=prelude)
        assert "Traceback" not in run.stderr, run.stderr

        mbtg("recording", "list")
        after = _all(mbtg)
        added = self._acts(mbtg) - acts
        assert _all(mbtg) == after, "opening twice changed something"
        untouched = after == before
        done = _shape(mbtg) == whole.shape and added == whole.acts
        if not deed.steps:
            assert untouched or done, (_shape(mbtg) - shape, shape - _shape(mbtg), added)
        if run.returncode == 0 or run.stdout:
            assert done, f"it was said to be done: {run.stdout}"
        elif run.returncode != _ENDED:
            assert run.returncode == 1, run.stderr
            assert _SAID[mode] in run.stderr, run.stderr
            if not deed.steps and untouched:
                assert _around(base) == around, "something was left beside the library"
            assert untouched or "Nothing was changed" not in run.stderr, "it was said to be undone"
        if deed.always:
            mbtg(*placed(deed.always, base))
        if done and "whether this was saved is not known" not in run.stderr:
            self._prove(deed, mbtg)
        self._again(deed, mbtg, whole, done=done)

    def _again(self, deed: Deed, mbtg: Mbtg, whole: Whole, *, done: bool) -> None:
        base = mbtg.root.parent
        refused = (done and deed.once) or (
            deed.makes != "" and Path(*placed((deed.makes,), base)).exists()
        )
        code = 2 if refused else 0
        answer = mbtg(*deed.in_(base), code=code, environment=deed.environment)
        if refused:
            assert "already" in answer.stderr
        elif not done:
            assert _shape(mbtg) == whole.shape, "the second time did not do all of it"
            self._prove(deed, mbtg)
        self._acts(mbtg)

    def _prove(self, deed: Deed, mbtg: Mbtg) -> None:
        if deed.proof:
            mbtg(*placed(deed.proof, mbtg.root.parent))

    def _acts(self, mbtg: Mbtg) -> Counter[str]:
        """Open the library, see that it is whole, and count its audit lines by act."""
        keys = replace(self._keys, folder=mbtg.root / "keys")
        with open_library(mbtg.root, keys) as library, library.transaction() as session:
            rows = session.scalars(select(SealedObject)).all()
            for row in rows:
                with library.store.open(session, row.id) as medium:
                    assert sum(map(len, iter(lambda: medium.read(1 << 20), b""))) == row.size
            held = {path.name for path in (mbtg.root / "objects").iterdir()}
            assert held == {row.id for row in rows}
            assert not list((mbtg.root / "tmp").iterdir())
            assert audit.verify(session) == []
            connection = session.connection()
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            lines = audit.list_lines(session)
            return Counter(line.act for line in lines if line.act is not audit.Act.UNLOCK)


def _around(base: Path) -> list[str]:
    """What lies beside the library."""
    return sorted(path.name for path in base.iterdir())


def _all(mbtg: Mbtg) -> list[tuple[str, ...]]:
    """Rows and names of files, those beside the folders as well."""
    beside = [
        ("", path.name)
        for path in sorted(mbtg.root.iterdir())
        if path.is_file() and path.name not in _BESIDE
    ]
    return mbtg.state() + beside


def _shape(mbtg: Mbtg) -> Counter[str]:
    """The same in every library in which the same was done."""
    base = str(mbtg.root.parent)
    return Counter(
        _CHANGING.sub("*", " ".join(found).replace(base, "{base}")) for found in _all(mbtg)
    )


def spread(count: int, size: int, shift: float) -> list[int]:
    """`size` of the points 1 to `count`, one in each equal stretch, at `shift` (0 to 1) of it."""
    return sorted({1 + int((step + shift) * count / size) for step in range(size)})
