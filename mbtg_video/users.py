"""Who uses a library, and what each role may do; a library of one person has its owner only.

The roles are kept by the program, not by cryptography: whoever can open a library at all could
write a program of their own that reads it. They guard against mistakes and curiosity, and every
refusal is noted in the audit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mbtg_video.errors import RoleRefused


class UserRole(StrEnum):
    """What a user of the library is there for."""

    OWNER = "owner"
    THERAPIST = "therapist"
    SUPERVISOR = "supervisor"
    CONTROLLER = "controller"
    AUDITOR = "auditor"


class Power(StrEnum):
    """What a command needs."""

    LOOK = "look"
    """List and show, without pictures."""
    WATCH = "watch"
    """Pictures and sound, and the texts of documents."""
    RECORD = "record"
    """Groups, persons, consents, taking recordings in."""
    CUT = "cut"
    TAG = "tag"
    RATE = "rate"
    """Score sheets, and what the raters agree on."""
    REVEAL = "reveal ratings"
    SIGN = "sign ratings"
    PLAN = "plan"
    """Playlists and courses."""
    HAND_OUT = "hand out"
    """Exports and bundles, and their return."""
    END = "end"
    """Withdrawal, retention, purge."""
    AUDIT = "audit"
    GUARD = "guard"
    """Checks and backups."""
    KEYS = "keys"
    """Other users' slots; everybody may change their own passphrase."""


MATRIX: Final[Mapping[UserRole, frozenset[Power]]] = MappingProxyType(
    {
        UserRole.OWNER: frozenset(Power),
        UserRole.THERAPIST: frozenset(Power) - {Power.REVEAL, Power.SIGN, Power.AUDIT, Power.KEYS},
        UserRole.SUPERVISOR: frozenset(
            {
                Power.LOOK,
                Power.WATCH,
                Power.TAG,
                Power.RATE,
                Power.REVEAL,
                Power.SIGN,
                Power.PLAN,
            }
        ),
        UserRole.CONTROLLER: frozenset(
            {Power.LOOK, Power.END, Power.AUDIT, Power.GUARD, Power.KEYS}
        ),
        UserRole.AUDITOR: frozenset({Power.AUDIT, Power.GUARD}),
    }
)


@dataclass(frozen=True, slots=True)
class User:
    """Whose slot opened the library."""

    name: str
    role: UserRole

    def require(self, power: Power) -> None:
        """Raise `RoleRefused` unless the user's role has the power."""
        if power not in MATRIX[self.role]:
            able = ", ".join(role for role in UserRole if power in MATRIX[role])
            raise RoleRefused(
                f"{self.name} opened the library as {self.role}, and that role may not {power}. "
                f"Ask one of these: {able}.",
                self.name,
                power,
            )


OWNER: Final = User("owner", UserRole.OWNER)
