"""A bundle that asks for scores, and files of scores as its page seals them."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import func, select

from mbtg_video import audit
from mbtg_video.consent.model import Use
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.rating.model import Rating
from mbtg_video.rating.sheet import Sheet
from mbtg_video.settings import Language
from mbtg_video.supervision.bundle import HandedOut, Handout, make_bundle
from mbtg_video.supervision.lock import Lock
from mbtg_video.supervision.model import EntryKind
from mbtg_video.supervision.package import MANIFEST, Manifest
from mbtg_video.supervision.playlist import add_excerpts, add_step, new_playlist
from mbtg_video.supervision.scores import import_scores
from tests.sequences import DAY, Sequence, filled


@dataclass(frozen=True)
class ScoringBundle:
    """A bundle that asks for scores, its folder and what is sealed in it."""

    sequence: Sequence
    folder: Path
    made: HandedOut

    @property
    def id(self) -> str:
        return self.made.bundle.package_id

    @cached_property
    def content(self) -> dict[str, Any]:
        body = (self.folder / MANIFEST).read_bytes().partition(b"(")[2].rpartition(b",")[0]
        manifest = msgspec.json.decode(body, type=Manifest)
        opened = Lock.opened(manifest.lock, self.made.passphrase)
        return json.loads(opened.open_content(manifest.content))

    def saved(
        self, sheet: Sheet | None = None, rater: str = "K1", **changed: Any
    ) -> dict[str, Any]:
        """What the page seals; the sheet complete and submitted unless said otherwise."""
        content = self.content
        given = filled(self.sequence.scale) if sheet is None else sheet
        asked = next(entry["scoring"] for entry in content["entries"] if entry.get("scoring"))
        one = {
            "scoring": asked["name"],
            "scale": content["scores"]["hash"],
            "receipt": asked["receipt"],
            "sheet": msgspec.to_builtins(given),
        }
        one |= changed.pop("one", {})
        return {"state": "submitted", "rater": rater, "sheets": [one]} | changed

    def file(self, saved: dict[str, Any] | None = None, plain: bytes | None = None) -> bytes:
        """The file that the page downloads, for what it seals."""
        scores = self.content["scores"]
        if plain is None:
            plain = json.dumps(self.saved() if saved is None else saved).encode()
        return seal(self.id, scores, plain)


def seal(bundle: str, scores: dict[str, str], plain: bytes) -> bytes:
    """As the page's `sealScores`, written a second time so that each checks the other."""

    def text(data: bytes) -> str:
        return base64.b64encode(data).decode()

    def sealed(purpose: str, key: bytes, data: bytes) -> str:
        nonce = os.urandom(12)
        told = f"mbtg-scores|1|{bundle}|{purpose}".encode()
        return text(nonce + AESGCM(key).encrypt(nonce, data, told))

    theirs = base64.b64decode(scores["public"])
    once = ec.generate_private_key(ec.SECP256R1())
    point = once.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    library = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
    info = f"mbtg-scores|1|{bundle}|library".encode() + point + theirs
    wrapping = HKDF(SHA256(), 32, b"", info).derive(once.exchange(ec.ECDH(), library))
    key = os.urandom(32)
    return json.dumps(
        {
            "format": "mbtg-scores",
            "version": 1,
            "bundle": bundle,
            "library": {"public": text(point), "wrapped": sealed("library", wrapping, key)},
            "own": sealed("own", base64.b64decode(scores["own"]), key),
            "sealed": sealed("scores", key, plain),
        }
    ).encode()


def hand_out(
    sequence: Sequence,
    folder: Path,
    *,
    use: Use = Use.SCORING,
    cuts: int = 1,
    excerpts: tuple[int, ...] = (),
    language: Language = Language.NB,
    expires_on: date | None = None,
    **making: Any,
) -> ScoringBundle:
    """Make a bundle of X1 and, with more `cuts`, of excerpts after it, or of `excerpts`; then a
    discussion.
    """
    library = sequence.library
    for cut in range(1, cuts):
        cut_excerpt(library, 1, Wish(f"f{cut}", f"f{cut + 20}", f"Stillhet {cut}"), on=DAY)
    with library.transaction() as session:
        playlist = new_playlist(session, "Skåring i november", use)
        shown = [find_excerpt(session, number) for number in excerpts or range(1, cuts + 1)]
        shown[0].question = "Hvordan bruker terapeuten stillheten?"
        add_excerpts(session, playlist, shown, minutes=15, on=DAY)
        add_step(session, playlist, EntryKind.DISCUSSION, "Hva så vi ulikt?", 20)
        number = playlist.id
    handout = Handout(folder, ["Tolv deltakere"], expires_on=expires_on, language=language)
    made = make_bundle(library, number, handout, on=DAY, **making)
    return ScoringBundle(sequence, folder, made)


def take(bundle, data, on=DAY):
    with bundle.sequence.library.transaction() as session:
        return import_scores(session, data, on=on)


def count(bundle):
    """Ratings and audit lines, which a refusal must not change (a line that tells of it apart)."""
    with bundle.sequence.library.transaction() as session:
        lines = [line for line in audit.list_lines(session) if line.act is not audit.Act.REFUSAL]
        return session.scalar(select(func.count()).select_from(Rating)), len(lines)


def refused(bundle, data, error, words, on=DAY):
    before = count(bundle)
    with pytest.raises(error, match=words) as refusal:
        take(bundle, data, on)
    assert count(bundle) == before
    return str(refusal.value)
