"""The documents of a bundle, read on its page in a real browser."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from playwright.sync_api import expect

from mbtg_video.errors import BadInput
from mbtg_video.settings import Language
from mbtg_video.supervision.lock import Lock
from mbtg_video.supervision.package import MANIFEST, Manifest, manifest_call, write_package
from mbtg_video.supervision.package_check import verify_package
from mbtg_video.supervision.package_content import PackageContent, Paper, Step
from tests.supervision.player import WORDS
from tests.test_privacy import readable

TEXT = "Planted første linje\n\n  <img src=x onerror=alert(1)> & P1\ter stille.\n" + "Lang. " * 2000
PAPERS = (
    Paper(kind="patient", title="Planted <b>P1</b>", text=TEXT, about="P1"),
    Paper(kind="minutes", title="Planted referat", text="Kort.", about="G1", day=date(2026, 3, 13)),
)

SCROLLED = """(paper) => new Promise((done) => {
  if (paper.scrollTop > 0) done();
  paper.addEventListener("scroll", () => done(), { once: true });
})"""


def content(papers=PAPERS):
    return PackageContent(
        title="Title",
        entries=(Step(kind="discussion", text="Planted matter"),),
        made_on=date(2026, 3, 13),
        expires_on=date(2099, 1, 1),
        language=Language.NB,
        papers=papers,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("papers") / "out"
    write_package(made, content(), WORDS)
    return made


def enter(page, folder):
    page.goto((folder / "index.html").as_uri())
    page.fill("#passphrase", WORDS)
    page.click("#open")
    expect(page.locator("#room")).to_be_visible()


def test_documents_are_read_by_keys_as_they_were_written(new_page, folder):
    page = new_page()
    enter(page, folder)
    expect(page.locator("#papers-open")).to_have_text("Dokumenter 2")
    page.keyboard.press("d")
    text = page.locator("#paper-text")
    assert text.evaluate("one => one.textContent") == TEXT
    assert page.locator("#papers img, #papers b, #papers script").count() == 0
    assert "  <img src=x" in text.inner_text()  # blanks and line breaks are shown
    expect(page.locator("#paper-title")).to_have_text("Planted <b>P1</b>")
    expect(page.locator("#paper-facts")).to_have_text("Beskrivelse av en pasient · P1")
    page.keyboard.press("End")
    page.locator("#paper").evaluate(SCROLLED)
    page.keyboard.press("n")
    page.keyboard.press("n")
    expect(text).to_have_text("Kort.")
    expect(page.locator("#paper-list [aria-current]")).to_have_text(
        "Planted referatReferat · G1 · 13. mars 2026"
    )
    page.keyboard.press("Escape")
    expect(page.locator("#papers")).to_be_hidden()
    page.click("[data-language=en]")
    page.click("#papers-open")
    expect(page.locator("#papers-heading")).to_have_text("Documents")
    expect(page.locator("#paper-facts")).to_have_text("Minutes · G1 · 13 March 2026")
    page.locator("#paper-list button").first.click()
    expect(page.locator("#paper-title")).to_have_text("Planted <b>P1</b>")
    page.keyboard.press("d")
    expect(page.locator("#papers")).to_be_hidden()


def without_papers(folder):
    """What an earlier version wrote: a content that says nothing of documents."""
    path = folder / MANIFEST
    body = path.read_bytes().partition(b"(")[2].rpartition(b",")[0]
    manifest = msgspec.json.decode(body, type=Manifest)
    lock = Lock.opened(manifest.lock, WORDS)
    plain = msgspec.json.decode(lock.open_content(manifest.content))
    del plain["documents"]
    sealed = lock.seal_content(msgspec.json.encode(plain))
    changed = msgspec.structs.replace(manifest, content=sealed)
    path.write_bytes(manifest_call(msgspec.json.encode(changed)))


def test_a_bundle_without_documents_speaks_of_none_and_one_of_before_is_whole(new_page, tmp_path):
    write_package(tmp_path / "out", content(()), WORDS)
    without_papers(tmp_path / "out")
    verify_package(tmp_path / "out", WORDS)
    page = new_page()
    enter(page, tmp_path / "out")
    expect(page.locator("#papers-open")).to_be_hidden()
    page.keyboard.press("d")
    expect(page.locator("#papers")).to_be_hidden()


def test_nothing_of_a_document_is_readable_in_the_bundle(folder):
    verify_package(folder, WORDS)
    planted = ["Planted <b>P1</b>", "Planted første linje", "er stille", "Planted referat"]
    assert readable(folder, planted) == []


def test_a_document_of_no_known_kind_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no kind of document"):
        write_package(
            tmp_path / "out", content((Paper(kind="letter", title="a", text="b"),)), WORDS
        )
    assert list(tmp_path.iterdir()) == []
