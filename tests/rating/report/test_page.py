"""The page as people see it, in the real browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import cv2
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from mbtg_video.rating.report.drawing import NAMED
from mbtg_video.rating.report.page import write_html
from mbtg_video.settings import Language
from tests.reports import SEVERAL

OVERFLOW = """() => {
  const wide = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) wide.push("page");
  for (const it of document.querySelectorAll("p, h1, h2, h3, h4, dd, dt, li, figcaption")) {
    if (it.scrollWidth > it.clientWidth + 1 && it.clientWidth) wide.push(it.outerHTML);
  }
  return wide;
}"""

# Texts of drawings that reach beyond their drawing would be cut off.
CLIPPED = """() => {
  const cut = [];
  for (const svg of document.querySelectorAll("svg")) {
    const edge = svg.getBoundingClientRect();
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBoundingClientRect();
      if (box.left < edge.left - 1 || box.right > edge.right + 1 ||
          box.top < edge.top - 1 || box.bottom > edge.bottom + 1) cut.push(text.textContent);
    }
  }
  return cut;
}"""


@pytest.fixture(scope="module")
def pages(panel):
    """One sequence in Norwegian with notes, several in English."""
    return {
        "nb": write_html(panel.report(2, language=Language.NB, notes=True)),
        "en": write_html(panel.report(*SEVERAL, language=Language.EN)),
    }


@pytest.fixture(params=[("nb", 1280, "light"), ("en", 1280, "dark"), ("nb", 375, "dark"),
                        ("en", 375, "light")], ids=lambda it: "-".join(map(str, it)))  # fmt: skip
def shown(request, pages, chromium, tmp_path):
    language, width, scheme = request.param
    path = tmp_path / "report.html"
    path.write_bytes(pages[language])
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, offline=True
    )
    page = context.new_page()
    told = []
    page.on("console", lambda line: told.append(line.text))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert told == []


def test_nothing_overflows_and_no_text_of_a_plot_is_cut_off(shown):
    assert shown.evaluate(OVERFLOW) == []
    assert shown.evaluate(CLIPPED) == []


def test_something_is_drawn_in_every_plot(shown):
    figures = shown.locator("figure")
    assert figures.count() >= 5
    assert shown.locator("figure svg text").count() > 100
    picture = cv2.imdecode(np.frombuffer(figures.first.screenshot(), np.uint8), 0)
    assert picture.std() > 5
    assert len(np.unique(picture)) > 20


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.long), "dark"])
def test_everything_can_be_read_by_everybody(panel, page, tmp_path, scheme):
    path = tmp_path / "report.html"
    path.write_bytes(write_html(panel.report(7, language=Language.NB)))
    page.emulate_media(color_scheme=scheme)
    page.goto(path.as_uri())
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def test_the_page_stands_alone_without_script_or_anything_fetched(pages):
    for page in pages.values():
        text = page.decode()
        tags = Tags()
        tags.feed(text)
        names = {tag for tag, _ in tags.seen}
        assert not names & {"script", "link", "img", "iframe", "object", "image", "form"}
        policy = [a["content"] for _, a in tags.seen if "http-equiv" in a]
        assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
        fetched = re.findall(r'(?:href|src)="([^#"][^"]*)"|url\(([^#)][^)]*)\)', text)
        assert not fetched
        ids = [a["id"] for _, a in tags.seen if "id" in a]
        assert len(ids) == len(set(ids))


def test_each_plot_has_words_for_those_who_do_not_see_it_and_the_pages_colours(pages):
    for page in pages.values():
        tags = Tags()
        tags.feed(page.decode())
        named = [a for _, a in tags.seen if a.get("role") == "img"]
        assert len(named) == page.count(b"<svg ")
        assert all(len(a["aria-label"]) > 20 for a in named)
        drawn = "".join(re.findall("<svg.*?</svg>", page.decode(), re.DOTALL))
        assert not [colour for colour in NAMED if colour in drawn]
        assert drawn.count("var(--ink)") > 100


def test_the_language_is_said_and_spoken(pages):
    assert pages["nb"].startswith(b'<!doctype html>\n<html lang="nb">')
    assert "Håndtering av gruppens grenser" in pages["nb"].decode()
    assert "Managing group boundaries" in pages["en"].decode()
    assert "Managing" not in pages["nb"].decode()


def test_notes_are_in_only_when_asked_for(pages):
    assert b"Plantet notat" in pages["nb"]
    assert b"Plantet" not in pages["en"]


def test_the_same_report_gives_the_same_page(panel):
    report = panel.report(7, language=Language.NB)
    assert write_html(report) == write_html(report)
