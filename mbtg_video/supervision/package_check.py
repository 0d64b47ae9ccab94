"""Check a locked package: every file by its hash, every part by opening it."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from mbtg_video.errors import Damaged, NotFound
from mbtg_video.supervision.lock import SHORTEST_SEALED, Lock
from mbtg_video.supervision.package import (
    FORMAT,
    MANIFEST,
    Manifest,
    manifest_call,
    part_call,
    part_name,
)

_OWN_NAME: Final = re.compile(r"index\.html|clips/[0-9a-f]{16}/[0-9]{5}\.js")
# What systems leave in a folder that they show or copy; the page reads none of it.
_DROPPED: Final = re.compile(r"\.DS_Store|Thumbs\.db|desktop\.ini|\._.*", re.IGNORECASE)
_BLOCK_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class PackageReport:
    """A whole package: its id, its own hash, and how many files and bytes it has."""

    id: str
    hash: str
    files: int
    size: int


class _SealedClip(msgspec.Struct, kw_only=True):
    """What the content says of a clip's parts, as far as a check needs it."""

    id: str
    key: bytes
    prefix: bytes
    starts: list[int]


class _SealedEntry(msgspec.Struct, kw_only=True):
    clip: _SealedClip | None = None


class _SealedContent(msgspec.Struct, kw_only=True):
    entries: list[_SealedEntry]


def _read_manifest(folder: Path) -> tuple[str, Manifest]:
    """Hash and content of the manifest."""
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
        body = data.partition(b"(")[2].rpartition(b",")[0]
        if manifest_call(body) != data:
            raise Damaged(f"{path} has been changed; make the bundle again")
        manifest = msgspec.json.decode(body, type=Manifest, strict=True)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Damaged(f"{path} is missing or damaged; make the bundle again") from error
    if not all(_OWN_NAME.fullmatch(name) for name in manifest.files):
        raise Damaged(f"{path} names files that no bundle has; make the bundle again")
    if len(manifest.content) <= SHORTEST_SEALED:
        raise Damaged(f"{path} holds no content; make the bundle again")
    if manifest.format != FORMAT:
        raise Damaged(f"{path} has format {manifest.format}, which this version does not know")
    return sha256(data).hexdigest(), manifest


def _hash_of(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _changed_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    for name, wanted in sorted(manifest.files.items()):
        path = folder / name
        if path.is_symlink() or not path.is_file():
            yield f"{name} is missing"
        elif _hash_of(path) != wanted:
            yield f"{name} has been changed"
    known = {*manifest.files, MANIFEST}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        dropped = _DROPPED.fullmatch(path.name) and path.is_file() and not path.is_symlink()
        if name not in known and not dropped and (path.is_symlink() or not path.is_dir()):
            yield f"{name} does not belong to the bundle"


def _unopened_parts(folder: Path, manifest: Manifest, passphrase: str) -> Iterator[str]:
    lock = Lock.opened(manifest.lock, passphrase)
    content = msgspec.json.decode(lock.open_content(manifest.content), type=_SealedContent)
    for clip in (entry.clip for entry in content.entries if entry.clip is not None):
        clip_lock = lock.clip(clip.id, clip.key, clip.prefix)
        last = len(clip.starts) - 1
        for part in range(len(clip.starts)):
            name = part_name(clip.id, part)
            before, behind = part_call(clip.id, part)
            try:
                data = (folder / name).read_bytes()
                sealed = b64decode(data.removeprefix(before).removesuffix(behind), validate=True)
            except (OSError, ValueError):
                sealed = b""
            if not clip_lock.opens(part, part == last, sealed):
                yield f"{name} does not open"


class _Receipt(msgspec.Struct, kw_only=True):
    """What a receipt says, as far as a check needs it."""

    bundle: str
    hash: str


def compare_with_receipt(report: PackageReport, path: Path) -> str:
    """Id of the bundle whose receipt lies at `path`, if it is the package checked.

    Raises `NotFound` when there is no such file, and `Damaged` when it is no receipt or the
    receipt of something else.
    """
    if not path.is_file():
        raise NotFound(f"There is no receipt {path}. It lies where the bundle was made")
    try:
        receipt = msgspec.json.decode(path.read_bytes(), type=_Receipt)
    except msgspec.MsgspecError as error:
        raise Damaged(f"{path} is no receipt: name the file that ends in -receipt.json") from error
    if receipt.hash != report.hash:
        raise Damaged(
            f"This is not the bundle that {path} speaks of:\n"
            f"  hash on the receipt  {receipt.hash}\n"
            f"  hash of the folder   {report.hash}\n"
            "Do not show it; make it again: mbtg bundle make"
        )
    return receipt.bundle


def verify_package(folder: Path, passphrase: str | None = None) -> PackageReport:
    """Recompute the hash of every file, and with the passphrase open every part.

    Whoever changed a file could have changed the manifest too: compare the report's hash with
    the one on the receipt. Raises `NotFound` when there is no such folder, `Damaged` naming
    every file that is missing, changed or foreign, and `WrongPassphrase`.
    """
    if not folder.is_dir():
        raise NotFound(f"There is no bundle in {folder}. See: mbtg bundle list")
    digest, manifest = _read_manifest(folder)
    problems = [*_changed_files(folder, manifest)]
    if passphrase is not None:
        problems += _unopened_parts(folder, manifest, passphrase)
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise Damaged(
            f"The bundle in {folder} is not as it was made:\n{listed}\n"
            "Do not show it; make it again: mbtg bundle make"
        )
    return PackageReport(
        id=manifest.lock.id,
        hash=digest,
        files=len(manifest.files) + 1,
        size=sum((folder / name).stat().st_size for name in (*manifest.files, MANIFEST)),
    )
