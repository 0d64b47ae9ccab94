"""The agenda as one page that opens in any browser and prints on A4: no script."""

from __future__ import annotations

from importlib.resources import files

import jinja2

from mbtg_video.supervision.agenda.content import Agenda


def write_html(agenda: Agenda) -> bytes:
    """The page; the same agenda gives the same bytes."""
    template = files("mbtg_video.supervision.agenda") / "agenda.html"
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.from_string(template.read_text(encoding="utf-8"))
    return page.render(agenda=agenda, word=agenda.word, language=agenda.language.value).encode()
