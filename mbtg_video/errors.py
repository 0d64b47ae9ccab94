"""Every error that the program raises on purpose.

::

    MbtgError                     1   failed
    ├── Damaged                   1   a sealed file or row does not verify
    ├── Busy                      1   another process holds the library
    ├── ChangedMeanwhile          1   somebody else changed it since it was read
    ├── StillBlind                1   scores that are not revealed yet
    ├── BadInput                  2   usage
    │   └── MalformedTime         2
    ├── ConsentRefused            3
    │   └── NameSpoken            3   a full name would be heard
    ├── RoleRefused               3   the library's user may not do this
    ├── NotFound                  4
    ├── MediaError                5
    │   ├── UnsafeMedia           5   refused before it was taken in
    │   └── CutFailed             5   no rung of the ladder gave a verified excerpt
    └── ConfigurationError        6
        ├── NoLibrary             6
        └── WrongPassphrase       6

A message says what happened, to which id, and the command that mends it.
"""

from __future__ import annotations

from typing import ClassVar


class MbtgError(Exception):
    """A failure that the user is told about in one sentence."""

    exit_code: ClassVar[int] = 1


class Damaged(MbtgError):
    """A sealed file or row that does not verify: changed, cut short or swapped."""


class Busy(MbtgError):
    """Another process holds a lock on the library."""


class ChangedMeanwhile(MbtgError):
    """Something that was changed elsewhere since it was read; nothing was overwritten."""


class StillBlind(MbtgError):
    """Scores of others that nobody may see before they are revealed."""


class BadInput(MbtgError):
    """A value that cannot be used as given."""

    exit_code = 2


class MalformedTime(BadInput):
    """A text that is no time, or a time that the recording does not have."""


class ConsentRefused(MbtgError):
    """The one decision said no; the message carries each reason and its remedy.

    `subjects` are the ids and codes concerned, `use` the use refused: they go into the audit.
    """

    exit_code = 3

    def __init__(self, message: str, subjects: tuple[str, ...] = (), use: str = "") -> None:
        super().__init__(message)
        self.subjects = subjects
        self.use = use


class NameSpoken(ConsentRefused):
    """A full name would be heard by others, and nobody consented to that."""


class RoleRefused(MbtgError):
    """A user whose role lacks a power; both go into the audit."""

    exit_code = 3

    def __init__(self, message: str, user: str, power: str) -> None:
        super().__init__(message)
        self.user = user
        self.power = power


class NotFound(MbtgError):
    """An id, code or file that is not there."""

    exit_code = 4


class MediaError(MbtgError):
    """A medium that cannot be read, cut or played."""

    exit_code = 5


class UnsafeMedia(MediaError):
    """A file that is refused before anything of it is kept."""


class CutFailed(MediaError):
    """No rung of the ladder gave an excerpt that passed its checks."""


class ConfigurationError(MbtgError):
    """A setting, scale or library that cannot be read."""

    exit_code = 6


class NoLibrary(ConfigurationError):
    """There is no library in the folder named."""


class WrongPassphrase(ConfigurationError):
    """The passphrase or recovery code opens no key slot."""
