"""A locked package: a folder that plays in any browser for whoever has the passphrase.

::

    index.html              the player; opens by double-click
    manifest.js             what a passphrase is tried on, the sealed content, every file's hash
    clips/<id>/00000.js     the sealed parts of each clip

The page reads everything as scripts, because a page opened from a folder may fetch nothing.
``index.html#blob`` plays without MediaSource, as in a browser that lacks it. The hash of
``manifest.js`` is the hash of the package: it holds the hash of every other file.

The date of expiry is sealed with the content and the page obeys it, as an agreement and not
as a lock: a clock that is set back opens the package again.
"""

from __future__ import annotations

import os
import secrets
import shutil
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import msgspec

from mbtg_video import interrupt
from mbtg_video.errors import BadInput
from mbtg_video.media.fragment import PART_BYTES, lay_out, read_parts
from mbtg_video.supervision.lock import Lock, LockHead, Sealed
from mbtg_video.supervision.package_content import (
    AskedScores,
    Clip,
    PackageContent,
    Step,
    paper_record,
    scores_record,
    scoring_record,
    step_record,
    tag_record,
)
from mbtg_video.supervision.page import render_page
from mbtg_video.vault.durable import sync_folder

FORMAT: Final = 1
MANIFEST: Final = "manifest.js"

# The sealed content's length would tell how long the notes are.
_PADDED_TO: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class PackageSummary:
    """What a receipt says of a package; `clip_bytes` holds each clip's sealed size in turn."""

    id: str
    hash: str
    size: int
    files: int
    clip_bytes: tuple[int, ...]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What ``manifest.js`` holds; `files` maps every other file to its SHA-256."""

    format: int
    lock: LockHead
    content: Sealed
    files: dict[str, str]


class _Draft:
    """The folder in the making: writes files durably and remembers their hashes."""

    def __init__(self, path: Path, progress: Callable[[int], None]) -> None:
        self.path = path
        self.hashes: dict[str, str] = {}
        self.size = 0
        self._progress = progress

    def write(self, name: str, data: bytes) -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self.hashes[name] = sha256(data).hexdigest()
        self.size += len(data)
        self._progress(len(data))

    def sync_folders(self) -> None:
        for folder, _, _ in os.walk(self.path, topdown=False):
            sync_folder(Path(folder))


def manifest_call(manifest: bytes) -> bytes:
    """The script that hands the manifest to the page, with the manifest's own hash."""
    return b'mbtgManifest(%b,"%b");\n' % (manifest, sha256(manifest).hexdigest().encode())


def part_name(clip: str, part: int) -> str:
    """File of a clip's part, below the package's folder."""
    return f"clips/{clip}/{part:05d}.js"


def part_call(clip: str, part: int) -> tuple[bytes, bytes]:
    """What stands before and behind the sealed bytes of a part."""
    return f'mbtgPart("{clip}",{part},"'.encode(), b'");\n'


def _write_clip(
    draft: _Draft, lock: Lock, entry: Clip, scores: AskedScores | None, part_bytes: int
) -> dict[str, Any]:
    """Write the parts of a clip; the entry as the page reads it."""
    scoring = scoring_record(entry, scores)
    fragments = lay_out(entry.media, part_bytes=part_bytes)
    tags = [
        tag_record(tag, fragments.duration_us)
        for tag in sorted(entry.tags, key=lambda tag: tag.start_us)
    ]
    clip = secrets.token_hex(8)
    clip_lock = lock.new_clip(clip)
    sizes: list[int] = []
    last = len(fragments.part_starts) - 1
    for part, data in enumerate(read_parts(entry.media, fragments)):
        before, behind = part_call(clip, part)
        sealed = b64encode(clip_lock.seal(part, part == last, data))
        draft.write(part_name(clip, part), before + sealed + behind)
        sizes.append(len(data))
    return {
        "kind": "excerpt",
        "title": entry.title,
        "question": entry.question,
        "notes": entry.notes,
        "minutes": entry.minutes,
        "scoring": scoring,
        "tags": tags,
        "clip": {
            "id": clip,
            "key": clip_lock.key,
            "prefix": clip_lock.prefix,
            "type": fragments.media_type,
            "head": fragments.initialisation,
            "duration": fragments.duration_us,
            "frames": [later - earlier for earlier, later in pairwise(fragments.frame_times)],
            "starts": fragments.part_starts,
            "sizes": sizes,
        },
    }


def _write_all(
    draft: _Draft, content: PackageContent, lock: Lock, part_bytes: int
) -> PackageSummary:
    draft.write("index.html", render_page(content.language).encode())
    entries: list[dict[str, Any]] = []
    clip_bytes: list[int] = []
    for entry in content.entries:
        before = draft.size
        if isinstance(entry, Step):
            entries.append(step_record(entry))
        else:
            with interrupt.postponed():
                entries.append(_write_clip(draft, lock, entry, content.scores, part_bytes))
            clip_bytes.append(draft.size - before)
    plain = msgspec.json.encode(
        {
            "title": content.title,
            "language": content.language,
            "made": content.made_on,
            "expires": content.expires_on,
            "entries": entries,
            "documents": [paper_record(paper) for paper in content.papers],
            "scores": scores_record(content.scores),
        }
    )
    plain += b" " * (-len(plain) % _PADDED_TO)
    manifest = Manifest(
        format=FORMAT, lock=lock.head, content=lock.seal_content(plain), files=dict(draft.hashes)
    )
    draft.write(MANIFEST, manifest_call(msgspec.json.encode(manifest)))
    draft.sync_folders()
    return PackageSummary(
        id=lock.head.id,
        hash=draft.hashes[MANIFEST],
        size=draft.size,
        files=len(draft.hashes),
        clip_bytes=tuple(clip_bytes),
    )


def write_package(
    folder: Path,
    content: PackageContent,
    passphrase: str,
    *,
    part_bytes: int = PART_BYTES,
    progress: Callable[[int], None] = lambda _: None,
) -> PackageSummary:
    """Write `content` to the new folder `folder`, whole or not at all.

    `progress` is told the bytes of each file. Raises `BadInput` when the folder is there
    already, a tag or kind cannot be used or the passphrase is too short, and `MediaError` for
    an excerpt that no page plays.
    """
    folder = folder.absolute()
    if folder.exists() or folder.is_symlink():
        raise BadInput(f"{folder} is there already; name a new folder")
    if not folder.parent.is_dir():
        raise BadInput(f"there is no folder {folder.parent}; make it first")
    lock = Lock.new(passphrase)
    draft = folder.with_name(f".{secrets.token_hex(8)}.part")
    summary: PackageSummary | None = None
    try:
        draft.mkdir()
        summary = _write_all(_Draft(draft, progress), content, lock, part_bytes)
        draft.rename(folder)
        sync_folder(folder.parent)
    except BaseException:
        # Once all is written, what is no draft any more has been given its name.
        made = draft if summary is None or draft.exists() else folder
        with suppress(FileNotFoundError):
            shutil.rmtree(made)
        raise
    return summary
