"""Views that are open: each was decided about and noted once, and is decided about again."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import BinaryIO, Final

from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.errors import NotFound
from mbtg_video.library import Library
from mbtg_video.recording.access import find_recording, look_again, open_medium
from mbtg_video.recording.model import Recording
from mbtg_video.users import User, UserRole
from mbtg_video.vault.model import SealedObject

_MOST_VIEWS: Final = 200


def use_of(user: User) -> Use:
    """What a user watches for: pictures that a supervisor sees have left the therapist's hands."""
    return Use.SUPERVISION if user.role is UserRole.SUPERVISOR else Use.OWN_REVIEW


@dataclass(frozen=True, slots=True)
class Part:
    """A sealed file, or the stretch of `length` bytes from `offset` in it."""

    object_id: str
    media_type: str = "video/mp4"
    offset: int = 0
    length: int | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What one page may read of `subject`, a recording or an excerpt, by name.

    One that `grows` was noted as the whole recording, and may be given more of it. `permit` raises
    when what is asked for beyond the consents does not hold any more.
    """

    recording: int
    subject: str
    use: Use
    parts: Mapping[str, Part]
    grows: bool
    permit: Callable[[Session], object]


class Views:
    """Open views by their handle, which no other page can guess."""

    def __init__(self, library: Library, today: Callable[[], date]) -> None:
        self._library = library
        self._today = today
        self._views: dict[str, View] = {}
        """The one that was not looked at for longest comes first."""
        self._changing = Lock()

    def begin(
        self,
        session: Session,
        recording: Recording,
        subject: str,
        object_id: str,
        parts: Mapping[str, Part],
        *,
        grows: bool = False,
        use: Use | None = None,
        permit: Callable[[Session], object] = lambda _: None,
    ) -> str:
        """Decide and note that somebody watches `subject`, which is `object_id`; the handle.

        It is watched for `use`, else for what the user's role watches for, and as long as `permit`
        raises nothing. Raises `RoleRefused`, `ConsentRefused` or `Damaged`.
        """
        permit(session)
        use = use or use_of(audit.acting(session))
        # Opening it once shows that it verifies, before a page is made for it.
        open_medium(
            session,
            self._library.store,
            recording,
            object_id,
            name=subject,
            act=Act.VIEW,
            use=use,
            on=self._today(),
        ).close()
        handle = secrets.token_urlsafe(24)
        with self._changing:
            self._views[handle] = View(recording.id, subject, use, dict(parts), grows, permit)
            while len(self._views) > _MOST_VIEWS:
                del self._views[next(iter(self._views))]
        return handle

    def shows(self, handle: str | None, object_id: str) -> bool:
        """Whether the view is open and reads that sealed file."""
        with self._changing:
            view = self._views.get(handle or "")
        return view is not None and any(p.object_id == object_id for p in view.parts.values())

    def add(self, handle: str, parts: Mapping[str, Part]) -> None:
        """Let an open view read more of the same recording; raises `NotFound`."""
        view = self._growing(handle)
        with self._changing:
            self._views[handle] = replace(view, parts={**view.parts, **parts})

    def recording_of(self, handle: str) -> int:
        """Number of the recording that a view is of which grows; raises `NotFound`."""
        return self._growing(handle).recording

    def open(self, handle: str, name: str) -> tuple[BinaryIO, Part]:
        """Plain content of a part; raises `NotFound`, `ConsentRefused` or `Damaged`."""
        view = self._found(handle)
        part = view.parts.get(name)
        if part is None:
            raise NotFound("This view has no such part.")
        with self._library.transaction() as session:
            if session.get(SealedObject, part.object_id) is None:
                raise NotFound(f"{view.subject} was made again or shredded; open it again.")
            view.permit(session)
            file = look_again(
                session,
                self._library.store,
                find_recording(session, view.recording),
                part.object_id,
                name=view.subject,
                use=view.use,
                on=self._today(),
            )
        return file, part

    def _found(self, handle: str) -> View:
        with self._changing:
            view = self._views.pop(handle, None)
            if view is None:
                raise NotFound("This view was closed; open it again.")
            self._views[handle] = view
        return view

    def _growing(self, handle: str) -> View:
        view = self._found(handle)
        if not view.grows:
            raise NotFound(f"This view shows no more of {view.subject}.")
        return view
