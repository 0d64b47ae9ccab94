"""Write a playlist as one film in the clear, for a room where nothing may be installed.

It counts as an export of each excerpt in it: decided for today and for the day on which the
playlist is held, noted in the audit, and told with its recipient and reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from mbtg_video import audit, interrupt
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.errors import BadInput
from mbtg_video.excerpt.leave import open_excerpt, permit_excerpt
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.excerpt.model import Excerpt, Export
from mbtg_video.leaving import check_target
from mbtg_video.library import Library
from mbtg_video.media.projector import Caption, Scene, Slate, make_film, size_of
from mbtg_video.scale import find_scale
from mbtg_video.settings import Language
from mbtg_video.supervision.held import judged_on
from mbtg_video.supervision.model import Entry, EntryKind, Playlist
from mbtg_video.supervision.playlist import find_playlist
from mbtg_video.tag.mark import list_tags
from mbtg_video.users import Power
from mbtg_video.vault.durable import copy_durably

_BLOCK_BYTES: Final = 1 << 20
_MOMENT_US: Final = 4_000_000
"""How long the name of a moment stands."""

_SMALLEST, _LARGEST = (256, 144), (3840, 2160)
_KINDS: Final = {
    EntryKind.ROLEPLAY: ("Rollespill", "Role-play"),
    EntryKind.MINUTES: ("Referat", "Minutes"),
    EntryKind.THEORY: ("Teori", "Theory"),
    EntryKind.DISCUSSION: ("Diskusjon", "Discussion"),
}


@dataclass(frozen=True, slots=True)
class FilmWish:
    """Where a film goes, who gets it and why, its size, and whether it shows what was tagged.

    With `items` the names of tagged scale items stand on the pictures; notes never do.
    """

    target: Path
    recipient: str
    reason: str
    items: bool = False
    size: tuple[int, int] = (1280, 720)
    language: Language = Language.EN


def _check(library: Library, wish: FilmWish) -> None:
    check_target(library, wish.target)
    if wish.target.suffix.lower() != ".mp4":
        raise BadInput(f"{wish.target}: a film is an MP4; name it FILE.mp4")
    if not wish.reason.strip():
        raise BadInput("an export needs a reason: --reason TEXT")
    if not wish.recipient.strip():
        raise BadInput("say who gets it: --recipient TEXT")
    for side, least, most in zip(wish.size, _SMALLEST, _LARGEST, strict=True):
        if side % 2 or not least <= side <= most:
            raise BadInput(
                f"--size {wish.size[0]}x{wish.size[1]}: two even numbers are needed, from "
                f"{_SMALLEST[0]}x{_SMALLEST[1]} to {_LARGEST[0]}x{_LARGEST[1]}"
            )


def _captions(session: Session, excerpt: Excerpt, language: Language) -> Iterator[Caption]:
    first = excerpt.first_frame.microseconds
    for tag in list_tags(session, recording=excerpt.recording, span=excerpt.shown):
        if tag.scale is None or tag.item is None:
            continue
        name = find_scale(tag.scale).item(tag.item).spoken(language)
        start = max(0, tag.start.microseconds - first)
        end = start + _MOMENT_US if tag.end is None else tag.end.microseconds - first
        yield Caption(start, end, f"{tag.item}  {name}")


def _step_name(kind: EntryKind, language: Language) -> str:
    norwegian, english = _KINDS[kind]
    return norwegian if language is Language.NB else english


def _minutes(entry: Entry) -> tuple[str, ...]:
    return () if entry.minutes is None else (f"{entry.minutes} min",)


def _parts(
    session: Session, library: Library, playlist: Playlist, wish: FilmWish, on: date, to: ExitStack
) -> Iterator[Slate | Scene]:
    for entry in playlist.entries:
        excerpt = entry.excerpt
        if excerpt is None:
            name = f"{entry.position}  {_step_name(entry.kind, wish.language)}"
            yield Slate(name, (entry.text or "", *_minutes(entry)))
            continue
        _permit(session, playlist, excerpt, on)
        medium = open_excerpt(
            session, library.store, excerpt, act=Act.EXPORT, use=playlist.use, on=on
        )
        captions = _captions(session, excerpt, wish.language) if wish.items else ()
        question = (excerpt.question,) if excerpt.question else ()
        yield Slate(f"{entry.position}  {excerpt.name}", (excerpt.title, *question))
        yield Scene(to.enter_context(medium), tuple(captions))


def _permit(
    session: Session, playlist: Playlist, excerpt: Excerpt, on: date, opened: str | None = None
) -> None:
    for day in judged_on(playlist, on):
        permit_excerpt(session, excerpt, playlist.use, day, opened=opened)


def _excerpts(playlist: Playlist) -> list[Excerpt]:
    """Each excerpt once, in order."""
    return list({e.excerpt.id: e.excerpt for e in playlist.entries if e.excerpt}.values())


def film_playlist(
    library: Library,
    number: int,
    wish: FilmWish,
    *,
    on: date,
    progress: Callable[[float], None] = lambda _: None,
) -> list[Export]:
    """Write a playlist as a film to a new file; the rows that tell which excerpts left in it.

    Raises `NotFound`, `BadInput`, `RoleRefused`, `ConsentRefused`, `NameSpoken` or `MediaError`.
    """
    _check(library, wish)
    with ExitStack() as opened:
        with library.transaction(Power.HAND_OUT) as session:
            playlist = find_playlist(session, number)
            excerpts = _excerpts(playlist)
            if not excerpts:
                raise BadInput(
                    f"{playlist.name} holds no excerpt. Add one with: mbtg playlist add "
                    f"{playlist.name} X1"
                )
            if wish.items and playlist.use is Use.SCORING:
                raise BadInput(
                    f"{playlist.name} is for scoring, and raters who see what others tagged are "
                    "not blind: leave out --items"
                )
            parts = list(_parts(session, library, playlist, wish, on, opened))
            seen = [(excerpt.id, excerpt.object_id) for excerpt in excerpts]
            length_us = sum(e.excerpt.receipt["duration_us"] for e in playlist.entries if e.excerpt)
        interrupt.let_go()  # the lines that tell of the opening may stay when this is broken off
        size = size_of(length_us, len(parts))
        folder = opened.enter_context(library.private_folder(size))
        plain = folder / "film.mp4"
        make_film(plain, parts, size=wish.size, progress=progress)
        return _handed_out(library, number, wish, plain, seen, on)


def _handed_out(
    library: Library,
    number: int,
    wish: FilmWish,
    plain: Path,
    seen: Sequence[tuple[int, str]],
    on: date,
) -> list[Export]:
    written = False
    try:
        _check(library, wish)
        with plain.open("rb") as film:
            copy_durably(wish.target, iter(partial(film.read, _BLOCK_BYTES), b""))
        written = True
        with library.transaction(Power.HAND_OUT) as session:
            playlist = find_playlist(session, number)
            made = []
            for excerpt_number, opened in seen:
                # Once more, in the transaction of the deed: a consent may have ended meanwhile.
                excerpt = find_excerpt(session, excerpt_number)
                _permit(session, playlist, excerpt, on, opened)
                export = Export(
                    excerpt=excerpt.name,
                    recording=excerpt.recording.name,
                    recipient=wish.recipient.strip(),
                    use=playlist.use,
                    reason=wish.reason,
                    made_at=datetime.now(UTC),
                )
                session.add(export)
                session.flush()
                audit.append(
                    session,
                    Act.DISCLOSURE,
                    export.name,
                    excerpt.name,
                    playlist.name,
                    use=playlist.use,
                    recipients=1,
                    deed="film",
                )
                made.append(export)
    except BaseException:
        if written:
            wish.target.unlink(missing_ok=True)
        raise
    return made
