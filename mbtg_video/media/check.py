"""What a check of an excerpt says, and what an attempt to make one says of itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One check of an excerpt and the figure that it found."""

    name: str
    passed: bool
    figure: str


@dataclass(frozen=True, slots=True)
class Made:
    """What an attempt says of itself: how many frames at each end it encoded anew.

    `sounds` names the recording's sound tracks of which the excerpt has something, in order.
    """

    head: int
    tail: int
    sounds: tuple[int, ...]
    stripped: frozenset[str]
