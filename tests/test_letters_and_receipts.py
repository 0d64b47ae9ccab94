"""The letters of recall and the receipts, as they are printed and read."""

from __future__ import annotations

from datetime import date

import pytest

from mbtg_video.recall import write_letters
from mbtg_video.settings import Language
from mbtg_video.supervision.receipt import write_receipt
from mbtg_video.withdrawal import LeftReached
from tests.papers import check_page

DAY = date(2026, 10, 2)
WHO = "Åse Blåbær-Østergård " + "langt" * 30
HASH = "0123456789abcdef" * 4


@pytest.mark.parametrize("language", Language)
def test_a_letter_of_recall_shows_every_letter_and_cuts_nothing_off(page, tmp_path, language):
    left = [
        LeftReached("B1", (WHO,), DAY, DAY, HASH),
        LeftReached("E1", (WHO,), DAY),
    ]
    (path,) = write_letters(tmp_path / "letters", left, language, DAY)
    check_page(page, path)
    said = page.inner_text("body")
    assert WHO in said
    assert ("trukket tilbake" if language is Language.NB else "been withdrawn") in said


@pytest.mark.parametrize("language", Language)
def test_a_receipt_shows_every_letter_and_cuts_nothing_off(page, tmp_path, language):
    receipt = {
        "bundle": "B1",
        "use": "supervision",
        "made_on": "2026-10-02",
        "expires_on": "2026-12-04",
        "recipients": [WHO, "Kjærsti"],
        "hash": HASH,
        "anchor": "12-0123456789abcdef",
        "clips": [
            {
                "excerpt": f"X{number}",
                "recording": "R1",
                "start": "00:00:00.000000",
                "end": "01:30:00.000000",
                "frames": 135_000,
            }
            for number in range(1, 30)
        ],
        "documents": [{"document": "D1", "kind": "formulation"}],
    }
    paths = write_receipt(receipt, tmp_path / ("pakke" * 20), language)
    check_page(page, next(path for path in paths if path.suffix == ".html"))
    said = page.inner_text("body")
    assert WHO in said
    assert ("Kvittering" if language is Language.NB else "Receipt") in said
