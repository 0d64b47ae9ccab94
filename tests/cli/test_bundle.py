import json
import shutil
from datetime import date, timedelta
from hashlib import sha256

import pytest

from mbtg_video.supervision.package import manifest_call
from tests.cli.test_playlist import cut, cut_twice

__all__ = ["cut"]


def plan(clinic, recording_file):
    cut_twice(clinic, recording_file)
    clinic("tag", "add", "R1", "--at", "1.5s", "--item", "3", "--note", "planted note")
    clinic("tag", "add", "R1", "--at", "8s", "--item", "18", "--note", "outside")
    clinic("playlist", "new", "Planted playlist")
    clinic("playlist", "add", "L1", "X1", "X2")


@pytest.fixture
def planned(prepared):
    """The clinic with playlist L1 of two excerpts, one of them tagged."""
    return prepared(plan)


def make(mbtg, folder, *words):
    return mbtg.json("bundle", "make", "L1", "--to", folder, "--recipient", "Kari Nordmann", *words)


def test_a_bundle_is_made_listed_and_verified(planned, tmp_path):
    made = make(planned, tmp_path / "out")
    assert made["id"] == "B1"
    assert len(made["passphrase"].split("-" if "-" in made["passphrase"] else " ")) == 6
    assert (tmp_path / "out" / "index.html").is_file()
    said = planned("bundle", "verify", tmp_path / "out").stdout
    assert "as its manifest says" in said
    assert "Compare this hash" in said
    (row,) = planned.json("bundle", "list")
    assert row["recipients"] == ["Kari Nordmann"]
    assert row["playlist"] == "L1"
    assert row["clips"] == ["X1", "X2"]
    assert row["expires_on"] == (date.today() + timedelta(days=30)).isoformat()  # noqa: DTZ011


def test_the_receipt_lies_beside_the_folder_and_tells_what_left(planned, tmp_path):
    make(planned, tmp_path / "out", "--expires", "2099-01-01")
    receipt = json.loads((tmp_path / "out-receipt.json").read_text(encoding="utf-8"))
    assert receipt["recipients"] == ["Kari Nordmann"]
    assert receipt["expires_on"] == "2099-01-01"
    assert [clip["excerpt"] for clip in receipt["clips"]] == ["X1", "X2"]
    assert receipt["anchor"]
    page = (tmp_path / "out-receipt.html").read_text(encoding="utf-8")
    assert receipt["hash"] in page
    assert "Kari Nordmann" in page
    assert "planted note" not in page


@pytest.mark.parametrize("where", ["clips", "manifest.js", "index.html"])
def test_a_changed_byte_anywhere_in_the_folder_is_found(planned, tmp_path, where):
    make(planned, tmp_path / "out")
    path = tmp_path / "out" / where
    if path.is_dir():
        path = next(found for found in sorted(path.rglob("*")) if found.is_file())
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    planned("bundle", "verify", tmp_path / "out", code=1)


def test_a_bundle_is_told_from_one_that_was_rewritten_by_its_receipt(planned, tmp_path):
    made = make(planned, tmp_path / "out")
    shutil.copytree(tmp_path / "out", tmp_path / "other")
    page = tmp_path / "other" / "index.html"
    manifest = tmp_path / "other" / "manifest.js"
    before = sha256(page.read_bytes()).hexdigest()
    page.write_text("<p>Planted page</p>", encoding="utf-8")
    after = sha256(page.read_bytes()).hexdigest()
    body = manifest.read_bytes().partition(b"(")[2].rpartition(b",")[0]
    manifest.write_bytes(manifest_call(body.replace(before.encode(), after.encode())))
    planned("bundle", "verify", tmp_path / "other")
    receipt = ("--receipt", tmp_path / "out-receipt.json")
    assert made["hash"] in planned.refused(1, "bundle", "verify", tmp_path / "other", *receipt)
    assert (
        "is B1, as on its receipt" in planned("bundle", "verify", tmp_path / "out", *receipt).stdout
    )
    checked = planned.json("bundle", "verify", tmp_path / "out", *receipt)
    assert (checked["hash"], checked["receipt_of"]) == (made["hash"], "B1")
    wrong = ("bundle", "verify", tmp_path / "out", "--receipt")
    assert "no receipt" in planned.refused(1, *wrong, tmp_path / "out-receipt.html")
    assert "no receipt" in planned.refused(4, *wrong, tmp_path / "absent.json")


def test_files_that_systems_drop_into_folders_are_not_foreign(planned, tmp_path):
    make(planned, tmp_path / "out")
    for name in (".DS_Store", "clips/Thumbs.db", "clips/desktop.ini", "._index.html"):
        (tmp_path / "out" / name).write_text("x")
    planned("bundle", "verify", tmp_path / "out")
    (tmp_path / "out" / "clips" / "._link").symlink_to(tmp_path / "out" / "index.html")
    assert "clips/._link" in planned.refused(1, "bundle", "verify", tmp_path / "out")


def test_a_missing_and_a_foreign_file_are_found(planned, tmp_path):
    make(planned, tmp_path / "out")
    path = next(
        found for found in sorted((tmp_path / "out" / "clips").rglob("*")) if found.is_file()
    )
    content = path.read_bytes()
    path.unlink()
    assert path.name in planned("bundle", "verify", tmp_path / "out", code=1).stderr
    path.write_bytes(content)
    planned("bundle", "verify", tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("x")
    assert "notes.txt" in planned("bundle", "verify", tmp_path / "out", code=1).stderr


def test_a_consent_that_ended_stops_the_bundle_and_nothing_is_written(planned, tmp_path):
    planned("consent", "withdraw", "P2", "--use", "supervision", "--yes")
    before = planned.state()
    words = ("bundle", "make", "L1", "--to", tmp_path / "out", "--recipient", "x")
    assert "L1 holds no excerpt" in planned.refused(2, *words)  # the withdrawal took it out
    assert planned.state() == before
    assert not list(tmp_path.glob("out*"))


def test_a_consent_that_runs_out_stops_the_bundle(planned, tmp_path, monkeypatch):
    monkeypatch.setattr("mbtg_video.cli.bundle.today", lambda: date(2100, 1, 1))
    before = planned.state()
    words = ("bundle", "make", "L1", "--to", tmp_path / "out", "--recipient", "x")
    assert "consent to supervision has ended" in planned.refused(3, *words)
    assert planned.state() == before
    assert not list(tmp_path.glob("out*"))


def test_a_bundle_does_not_outlive_the_consents_in_it(planned, tmp_path):
    words = ("bundle", "make", "L1", "--to", tmp_path / "out", "--recipient", "x")
    refusal = planned.refused(2, *words, "--expires", "2100-01-01")
    assert "2099-12-31" in refusal
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (4, "make L9 --to OUT --recipient x", "no playlist L9"),
        (2, "make L1 --to OUT", "--recipient"),
        (2, "make L1 --to USED --recipient x", "USED"),
        (2, "make L1 --to OUT --recipient x --expires 2020-01-01", "2020-01-01"),
        (2, "make L2 --to OUT --recipient x", "mbtg playlist add L2"),
        (4, "verify OUT", "OUT"),
    ],
)
def test_a_wrong_word_is_refused_and_changes_nothing(planned, tmp_path, code, words, said):
    planned("playlist", "new", "Empty")
    (tmp_path / "USED").mkdir()
    (tmp_path / "USED" / "file").touch()
    before = planned.state()
    places = [tmp_path / w if w in ("OUT", "USED") else w for w in words.split()]
    assert said in planned.refused(code, "bundle", *places)
    assert planned.state() == before
    assert not list(tmp_path.glob("OUT*"))


def test_a_bundle_for_scoring_says_what_to_do_with_the_scores(cut, tmp_path):
    cut("playlist", "new", "Skåring", "--use", "scoring")
    cut("playlist", "add", "L1", "X1", "X2")
    said = cut("bundle", "make", "L1", "--to", tmp_path / "out", "--recipient", "Kari").stdout
    assert "It asks for scores on mbt-g-aqs (S1, S2), and shows no tags" in said
    assert "mbtg rate import scores-CODE.json" in said
    made = cut.json("bundle", "make", "L1", "--to", tmp_path / "more", "--recipient", "Ola")
    assert made["scorings"] == ["S1", "S2"]
    receipt = json.loads((tmp_path / "out-receipt.json").read_text(encoding="utf-8"))
    assert [clip["scoring"] for clip in receipt["clips"]] == ["S1", "S2"]
    cut("bundle", "verify", tmp_path / "out", "--receipt", tmp_path / "out-receipt.json")


def test_a_bundle_is_scored_with_the_scale_of_the_settings(cut, tmp_path):
    cut("playlist", "new", "Skåring", "--use", "scoring")
    cut("playlist", "add", "L1", "X1")
    settings = tmp_path / "settings.toml"
    settings.write_text('scale = "mine"', encoding="utf-8")
    words = ("bundle", "make", "L1", "--to", tmp_path / "out", "--recipient", "Kari")
    said = cut(*words, code=4, environment={"MBTG_SETTINGS": str(settings)}).stderr
    assert "no scale mine" in said
    assert not (tmp_path / "out").exists()
