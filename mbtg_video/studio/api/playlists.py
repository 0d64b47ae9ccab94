"""Playlists: their entries in order, the slot they must fit, and the bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, UnsetType
from starlette.requests import Request
from starlette.routing import Route

from mbtg_video.consent.model import Use
from mbtg_video.errors import BadInput
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.settings import Language
from mbtg_video.studio.answers import Text, change, day_of, look, number_of
from mbtg_video.studio.jobs import Progress
from mbtg_video.studio.shown import bundle_record, entry_record, job_record, playlist_record
from mbtg_video.studio.state import Studio
from mbtg_video.supervision.bundle import Handout, make_bundle
from mbtg_video.supervision.model import EntryKind, Playlist
from mbtg_video.supervision.playlist import (
    add_excerpts,
    add_step,
    change_entry,
    find_playlist,
    new_playlist,
    order_entries,
    remove_entry_with,
    set_slot,
)
from mbtg_video.users import Power
from mbtg_video.vault.model import SealedObject

_SEALED_FOR_A_PAGE: Final = 4 / 3
"""A bundle's clips are written as text."""


class NewPlaylist(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A playlist that is wished for."""

    title: Text
    use: Use = Use.SUPERVISION
    slot_minutes: int | None = None


class Addition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Excerpts by number, or a step with a text, for the end of the list."""

    excerpts: list[Annotated[int, msgspec.Meta(ge=1, lt=10**9)]] = []
    kind: EntryKind = EntryKind.EXCERPT
    text: Text = ""
    minutes: int | None = None


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ids of the entries as they were seen, and in their new order."""

    was: list[int]
    now: list[int]


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What changes of one entry."""

    entry: int
    minutes: int | UnsetType | None = UNSET
    text: Text | UnsetType = UNSET


class Removal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One entry goes."""

    entry: int


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The minutes that the session has; None when it is not known."""

    minutes: int | None


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A bundle that is wished for."""

    folder: Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]
    recipients: list[Text]
    expires_on: str | None = None
    language: Language = Language.NB


def _record(playlist: Playlist) -> dict[str, Any]:
    steps = [entry_record(entry) for entry in playlist.entries]
    return playlist_record(playlist) | {"steps": steps}


def _one(studio: Studio, request: Request) -> dict[str, Any]:
    with studio.library.transaction(Power.LOOK) as session:
        return _record(find_playlist(session, number_of(request, "L")))


def _new(studio: Studio, _request: Request, wish: NewPlaylist) -> dict[str, Any]:
    with studio.library.transaction(Power.PLAN) as session:
        playlist = new_playlist(session, wish.title, wish.use)
        set_slot(playlist, wish.slot_minutes)
        session.flush()
        return _record(playlist)


def _add(studio: Studio, request: Request, wish: Addition) -> dict[str, Any]:
    with studio.library.transaction(Power.PLAN) as session:
        playlist = find_playlist(session, number_of(request, "L"))
        if wish.kind is EntryKind.EXCERPT:
            excerpts = [find_excerpt(session, number) for number in wish.excerpts]
            add_excerpts(session, playlist, excerpts, minutes=wish.minutes, on=studio.today())
        else:
            add_step(session, playlist, wish.kind, wish.text, wish.minutes)
        return _record(playlist)


def _order(studio: Studio, request: Request, wish: Order) -> dict[str, Any]:
    with studio.library.transaction(Power.PLAN) as session:
        playlist = find_playlist(session, number_of(request, "L"))
        order_entries(playlist, wish.was, wish.now)
        return _record(playlist)


def _change(studio: Studio, request: Request, wish: Change) -> dict[str, Any]:
    with studio.library.transaction(Power.PLAN) as session:
        playlist = find_playlist(session, number_of(request, "L"))
        changes: dict[str, Any] = {}
        if wish.minutes is not UNSET:
            changes["minutes"] = wish.minutes
        if wish.text is not UNSET:
            changes["text"] = wish.text
        change_entry(playlist, wish.entry, **changes)
        return _record(playlist)


def _remove(studio: Studio, request: Request, wish: Removal) -> dict[str, Any]:
    with studio.library.transaction(Power.PLAN) as session:
        playlist = find_playlist(session, number_of(request, "L"))
        remove_entry_with(playlist, wish.entry)
        return _record(playlist)


def _slot(studio: Studio, request: Request, wish: Slot) -> dict[str, Any]:
    with studio.library.transaction(Power.PLAN) as session:
        playlist = find_playlist(session, number_of(request, "L"))
        set_slot(playlist, wish.minutes)
        return _record(playlist)


def _suggested_folder(studio: Studio, request: Request) -> dict[str, Any]:
    with studio.library.transaction(Power.HAND_OUT) as session:
        playlist = find_playlist(session, number_of(request, "L")).name
    name = f"mbtg-{playlist}-{studio.today()}"
    folder = Path.home() / name
    count = 1
    while folder.exists():
        count += 1
        folder = Path.home() / f"{name}-{count}"
    return {"folder": str(folder)}


def _folder_of(text: str) -> Path:
    try:
        folder = Path(text).expanduser()
    except (RuntimeError, ValueError):  # the home of nobody; a name that no system takes
        folder = Path()
    if not folder.is_absolute() or "\0" in text:
        raise BadInput(f"{text!r}: name the whole path of the new folder")
    return folder


def _bundle(studio: Studio, request: Request, wish: Wanted) -> dict[str, Any]:
    number = number_of(request, "L")
    folder = _folder_of(wish.folder)
    handout = Handout(
        folder=folder,
        recipients=wish.recipients,
        expires_on=day_of(wish.expires_on, "expires_on"),
        days=studio.settings.bundle_days,
        language=wish.language,
        scale=studio.settings.scale,
    )
    with studio.library.transaction(Power.HAND_OUT) as session:
        entries = find_playlist(session, number).entries
        shown = [entry.excerpt.object_id for entry in entries if entry.excerpt is not None]
        sizes = [session.get_one(SealedObject, object_id).size for object_id in shown]
    on = studio.today()

    def work(progress: Progress) -> dict[str, Any]:
        written = 0

        def count(size: int) -> None:
            nonlocal written
            written += size
            progress(written / (1 + sum(sizes) * _SEALED_FOR_A_PAGE))

        made = make_bundle(studio.library, number, handout, on=on, progress=count)
        return bundle_record(made.bundle) | {
            "passphrase": made.passphrase,
            "receipts": [str(path) for path in made.receipts],
        }

    return job_record(studio.jobs.start("bundle", f"L{number}", work))


ROUTES = (
    Route("/api/playlists", change(NewPlaylist, _new), methods=["POST"]),
    Route("/api/playlists/{id}", look(_one), methods=["GET"]),
    Route("/api/playlists/{id}/add", change(Addition, _add), methods=["POST"]),
    Route("/api/playlists/{id}/order", change(Order, _order), methods=["POST"]),
    Route("/api/playlists/{id}/change", change(Change, _change), methods=["POST"]),
    Route("/api/playlists/{id}/remove", change(Removal, _remove), methods=["POST"]),
    Route("/api/playlists/{id}/slot", change(Slot, _slot), methods=["POST"]),
    Route("/api/playlists/{id}/folder", look(_suggested_folder), methods=["GET"]),
    Route("/api/playlists/{id}/bundle", change(Wanted, _bundle), methods=["POST"]),
)
