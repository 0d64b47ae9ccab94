"""What one run of the studio knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mbtg_video.library import Library
from mbtg_video.recording.ingest import Description
from mbtg_video.settings import Settings
from mbtg_video.studio.guard import Pass
from mbtg_video.studio.jobs import Jobs
from mbtg_video.studio.viewing import Views


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that was announced and has not been sent."""

    description: Description
    file_name: str


@dataclass
class Studio:
    """An opened library with its page's secrets, work, views and settings.

    `today` tells the day on which consents are judged.
    """

    library: Library
    settings: Settings
    preferences: Path
    today: Callable[[], date]
    pass_: Pass
    jobs: Jobs = field(default_factory=Jobs)
    views: Views = field(init=False)
    waiting: dict[str, Waiting] = field(default_factory=dict)
    """Files that were announced, by the ticket that they are sent with."""
    receiving: int = 0
    """How many files are being sent."""
    posters: dict[int, str] = field(default_factory=dict)
    """Handle of the view that a recording's poster was noted as, so that it is noted once a run."""

    def __post_init__(self) -> None:
        self.views = Views(self.library, self.today)
