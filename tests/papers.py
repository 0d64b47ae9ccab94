"""Papers as their reader sees them: a PDF rendered and its text taken out, a page in a browser."""

from __future__ import annotations

import cv2
import numpy as np
import pypdfium2
import pytest

A4 = pytest.approx((595.3, 841.9), abs=0.5)
_SCALE = 1.5

# What is wider than its place, or reaches over the window's edge.
OVERFLOW = """() => {
  const root = document.documentElement;
  const wide = root.scrollWidth > innerWidth ? ["page"] : [];
  for (const it of document.querySelectorAll("body *")) {
    const box = it.getBoundingClientRect();
    if (box.right > innerWidth + 1 || box.left < -1) wide.push(it.outerHTML);
    if (it.clientWidth && it.scrollWidth > it.clientWidth + 1) wide.push(it.outerHTML);
  }
  return wide;
}"""


def text_of(pdf: bytes) -> str:
    """All text, with its line ends made blanks."""
    with pypdfium2.PdfDocument(pdf) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.split())


def pages_of(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def check_pdf(pdf: bytes, margin: float) -> None:
    """Every page is A4 and has something on it; no text and no ink comes into the margin."""
    with pypdfium2.PdfDocument(pdf) as document:
        assert document.is_tagged()
        for page in document:
            assert page.get_size() == A4
            width, height = page.get_size()
            text = page.get_textpage()
            for place in range(text.count_rects()):
                left, bottom, right, top = text.get_rect(place)
                said = text.get_text_bounded(left, bottom, right, top)
                assert left >= margin - 1, said
                assert right <= width - margin + 1, said
                assert 20 <= bottom < top <= height - margin + 3, said  # room for an Å
            drawn = page.render(scale=_SCALE, grayscale=True).to_numpy().squeeze()
            assert (drawn < 200).mean() > 0.005
            rows, columns = np.nonzero(drawn < 250)
            inside = (margin - 1) * _SCALE
            assert columns.min() >= inside
            assert columns.max() <= drawn.shape[1] - inside
            assert rows.min() >= (margin - 3) * _SCALE
            assert rows.max() <= drawn.shape[0] - 20 * _SCALE


def check_page(page, path) -> None:
    """Nothing of a page is cut off on a phone or on a screen, and something is drawn."""
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(path.as_uri())
        assert page.evaluate(OVERFLOW) == []
        picture = cv2.imdecode(np.frombuffer(page.screenshot(full_page=True), np.uint8), 0)
        assert picture.shape[1] == width
        assert picture.std() > 5
