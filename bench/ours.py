"""Our own cut, for measuring: from a plain file, or from vault to vault.

``python -m bench.ours plain|vault RECORDING FIRST BEHIND OUTPUT``; frames by number.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
from array import array
from dataclasses import replace
from pathlib import Path

from bench.measure import Begun, tell
from mbtg_video.media.cut import cut
from mbtg_video.media.medium import Footage
from mbtg_video.media.probe import open_untrusted, probe
from mbtg_video.timecode import Span, Timecode

_KEY, _ID = bytes(32), bytes(16)


class _PlainTarget(io.FileIO):
    def reopen(self):
        return open(self.name, "rb")  # noqa: PTH123

    def discard(self):
        os.unlink(self.name)  # noqa: PTH108

    def close(self):
        self.flush()


def _facts(path: Path):
    """What taking in has found out, kept beside the recording as the library keeps it."""
    kept = path.with_suffix(".facts")
    if not kept.exists():
        with open_untrusted(path) as file:
            facts = probe(file)
        times = array("q", facts.frame_times)
        kept.write_bytes(pickle.dumps((replace(facts, frame_times=()), times)))
    return pickle.loads(kept.read_bytes())


def _sealed(path: Path) -> Path:
    sealed = path.with_suffix(".sealed")
    if not sealed.exists():
        from mbtg_video.vault.container import SealingWriter

        with path.open("rb") as plain, sealed.open("wb") as raw:
            writer = SealingWriter(raw, _KEY, _ID)
            while block := plain.read(1 << 20):
                writer.write(block)
            writer.finish()
    return sealed


def opened(path: Path, how: str) -> Footage:
    """The recording as the library opens it: from a plain file, or from the vault."""
    facts, times = _facts(path)
    if how == "vault":
        from mbtg_video.vault.container import SealedReader

        file = SealedReader(_sealed(path).open("rb"), _KEY, _ID)
    else:
        file = path.open("rb")
    return Footage(
        file=file,
        container=facts.container,
        start_pts=facts.start_pts,
        frame_times=times,
        length_us=facts.duration_us,
        rotation=facts.rotation,
        interlaced=facts.interlaced,
        plays_in_browser=facts.plays_in_browser,
    )


def main(how: str, recording: str, first: str, behind: str, output: str) -> None:
    folder = Path(output)
    footage = opened(Path(recording), how)
    times = footage.frame_times
    span = Span(Timecode(times[int(first)]), Timecode(times[int(behind)]))
    if how == "vault":
        from mbtg_video.vault.store import Draft
    folder.mkdir(exist_ok=True)
    made = []

    def new_target():
        made.append(Draft(folder) if how == "vault" else _PlainTarget(folder / "ours.mp4", "w+"))
        return made[-1]

    begun = Begun.now()
    receipt, _ = cut(footage, span, new_target)
    print(receipt.rung, receipt.encoded, receipt.frames)
    tell(begun)
    if how == "vault":
        made[-1].discard()


if __name__ == "__main__":
    main(*sys.argv[1:])
