"""Passphrases that a person can say over the telephone.

Six words drawn evenly from 1296 give 62 bits. The words are short, everyday Norwegian ones
written with a to z only, chosen for this list so that no two sound alike.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

WORDS_IN_PASSPHRASE: Final = 6

# What people put between words when they write down what they hear. The page strips the same.
_BETWEEN: Final = re.compile("[ \\t\\r\\n.,;:_\\u00ad\\u200b\\u2010-\\u2015\\u2212\\ufeff-]+")


@cache
def words() -> tuple[str, ...]:
    """Every word that a generated passphrase may hold, in alphabetical order."""
    listed = files("mbtg_video.supervision") / "passphrase_words.txt"
    return tuple(listed.read_text(encoding="ascii").split())


def new_passphrase() -> str:
    """Six random words with a blank between."""
    return " ".join(secrets.choice(words()) for _ in range(WORDS_IN_PASSPHRASE))


def normalised(passphrase: str) -> str:
    """The passphrase without what is lost when it is dictated: case, spacing, punctuation."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", passphrase).lower()).strip()
