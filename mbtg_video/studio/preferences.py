"""What a person sets on the page: kept in one small file beside the settings.

It holds nothing of any patient.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import msgspec
import tomli_w

from mbtg_video.errors import BadInput
from mbtg_video.settings import Language
from mbtg_video.vault.durable import write_durably

FILE: Final = "studio.toml"
_MOST_MS: Final = 120_000
_Pause = Annotated[int, msgspec.Meta(ge=0, le=_MOST_MS)]
_Key = Annotated[str, msgspec.Meta(min_length=1, max_length=24)]
_Deed = Annotated[str, msgspec.Meta(min_length=1, max_length=48)]


class Preferences(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one person likes the page.

    A tag made with one press begins `lead_ms` before the moment and ends `lag_ms` after it;
    `keys` names the key of a deed where it differs from the usual one.
    """

    language: Language | None = None
    dark: bool = True
    lead_ms: _Pause = 6_000
    lag_ms: _Pause = 2_000
    rewind_ms: _Pause = 2_000
    keys: Annotated[dict[_Deed, _Key], msgspec.Meta(max_length=100)] = {}


def read_preferences(path: Path) -> Preferences:
    """What the file holds; the usual ones when it is absent or cannot be read."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Preferences)
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        return Preferences()


def write_preferences(path: Path, preferences: Preferences) -> None:
    """Keep them; raises `BadInput` when two deeds have one key."""
    keys = list(preferences.keys.values())
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise BadInput(f"the key {twice} stands for two things; give one of them another key")
    values = {k: v for k, v in msgspec.to_builtins(preferences).items() if v is not None}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, tomli_w.dumps(values).encode())
