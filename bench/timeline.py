"""What a page needs for a timeline, out of the vault: ``python -m bench.timeline RECORDING``."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.measure import Begun, tell
from bench.ours import opened
from mbtg_video.media.sprites import make_poster, make_sprites
from mbtg_video.media.waveform import make_waveform


def main(recording: str) -> None:
    path = Path(recording)
    footage = [opened(path, "vault") for _ in range(3)]
    begun = Begun.now()
    make_poster(footage[0])
    heard = make_waveform(footage[1])
    shown = make_sprites(footage[2])
    print(len(heard.peaks), len(shown.times_us))
    tell(begun)


if __name__ == "__main__":
    main(*sys.argv[1:])
