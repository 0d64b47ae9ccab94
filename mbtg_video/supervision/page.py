"""The page that goes out with a package: one file, with its style and script inside."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import Final

import jinja2

from mbtg_video.rating import page as sheet
from mbtg_video.settings import Language

_WORDS: Final = ("words.js", "scoring_words.js")
_SCRIPTS: Final = (
    "unlock.js",
    "scores_file.js",
    "film.js",
    "controls.js",
    "scoring.js",
    "papers.js",
    "player.js",
    "keys.js",
)


def _source(name: str) -> str:
    return (files("mbtg_video.supervision") / "player" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def render_page(language: Language) -> str:
    """The player page; it holds nothing of any package but the language it greets in.

    Its policy allows its own script and style, scripts beside it (the sealed parts come as
    such, because a page opened from a folder may read nothing else) and no network.
    """
    words, scripts = ("\n".join(_source(name) for name in names) for names in (_WORDS, _SCRIPTS))
    script = "\n".join((words, sheet.as_script(), scripts))
    style = "\n".join((sheet.source(sheet.STYLE), _source("player.css")))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(script)} 'self' file:",
            f"style-src {_hash(style)}",
            "media-src blob:",
            "form-action 'none'",
            "base-uri 'none'",
        )
    )
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        _source("index.html")
    )
    return template.render(language=language.value, policy=policy, style=style, script=script)
