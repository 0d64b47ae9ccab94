import os
import shutil

import pytest

from tests.cli.conftest import ADD, ALL, CONSENT


def test_a_recording_is_taken_in_with_its_facts(clinic, recording_file):
    said = clinic("recording", "add", recording_file("gop25"), *ADD, *ALL).stdout
    assert "R1" in said
    (row,) = clinic.json("recording", "list")
    assert row["id"] == "R1"
    assert row["length_us"] == 12_000_000
    assert row["present"] == ["P1", "P2", "T1"]
    shown = clinic.json("recording", "show", "R1")
    assert shown["frames"] == 300
    assert shown["frame_rate"] == "25"
    assert shown["plays_in_browser"] is True
    assert shown["start_pts"] == 0


def test_a_code_is_a_code_also_where_a_file_has_its_name(
    clinic, recording_file, tmp_path, monkeypatch
):
    (tmp_path / "P2").mkdir()
    (tmp_path / "T1").touch()
    monkeypatch.chdir(tmp_path)
    clinic("recording", "add", *ADD, *ALL, recording_file("gop25"))
    assert clinic.json("recording", "list")[0]["present"] == ["P1", "P2", "T1"]


def test_the_original_is_left_as_it_was(clinic, recording_file, tmp_path):
    original = tmp_path / "Kari Nordmann.mp4"
    shutil.copy(recording_file("gop25"), original)
    before = original.read_bytes()
    clinic("recording", "add", original, *ADD, *ALL)
    assert original.read_bytes() == before
    assert clinic.json("recording", "list")[0]["file_name"] == "Kari Nordmann.mp4"


def test_a_duplicate_is_refused_by_naming_the_one_that_is_there(clinic, recording_file, tmp_path):
    clinic("recording", "add", recording_file("gop25"), *ADD, *ALL)
    before = clinic.state()
    copy = tmp_path / "another name.mp4"
    shutil.copy(recording_file("gop25"), copy)
    assert "as R1" in clinic.refused(2, "recording", "add", copy, *ADD, *ALL)
    assert clinic.state() == before


def made(folder, name):
    path = folder / name
    match name:
        case "missing.mp4":
            pass
        case "folder.mp4":
            path.mkdir()
        case "fifo.mp4":
            os.mkfifo(path)
        case "link.mp4":
            (folder / "target.mp4").write_bytes(b"x")
            path.symlink_to(folder / "target.mp4")
        case "empty.mp4":
            path.touch()
        case "text.mp4":
            path.write_text("Dear diary, " * 1000)
        case "list.mp4":
            path.write_text("#EXTM3U\n#EXTINF:10,\nother.ts\n#EXT-X-ENDLIST\n")
    return path


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("missing.mp4", 4),
        ("folder.mp4", 5),
        ("fifo.mp4", 5),
        ("link.mp4", 5),
        ("empty.mp4", 5),
        ("text.mp4", 5),
        ("list.mp4", 5),
    ],
)
def test_what_is_no_recording_is_refused_and_changes_nothing(clinic, tmp_path, name, code):
    path = made(tmp_path, name)
    before = clinic.state()
    said = clinic.refused(code, "recording", "add", path, *ADD, *ALL)
    assert said.startswith("Error: ")
    assert clinic.state() == before


def consents(mbtg, person, *words):
    mbtg("consent", "record", person, *words)


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ((), "P9 has given no consent"),
        (("--use", "course", *CONSENT), "does not include own_review"),
        (
            ("--use", "own_review", "--form", "identifiable", "--signed-on", "2020-01-01",
             "--until", "2020-12-31"),
            "has ended",
        ),
    ],
)  # fmt: skip
def test_without_a_consent_to_review_nothing_is_taken_in(clinic, recording_file, standing, said):
    clinic("person", "add", "P9", "--group", "G1", "--role", "patient")
    if standing:
        consents(clinic, "P9", *standing)
    before = clinic.state()
    words = ("recording", "add", recording_file("gop25"), *ADD, *ALL, "P9")
    refusal = clinic.refused(3, *words)
    assert said in refusal
    assert "mbtg consent record P9 --use own_review" in refusal
    assert clinic.state() == before


def test_withdrawn_consent_and_missing_approval_refuse_as_well(clinic, recording_file):
    clinic("consent", "withdraw", "P2", "--use", "own_review", "--yes")
    refusal = clinic.refused(3, "recording", "add", recording_file("gop25"), *ADD, *ALL)
    assert "P2 has withdrawn" in refusal
    clinic("group", "add", "G2", "--name", "x", "--employer-approval")
    clinic("person", "add", "Q1", "--group", "G2", "--role", "patient")
    consents(clinic, "Q1", "--use", "own_review", *CONSENT)
    words = ("recording", "add", recording_file("gop25"), "--group", "G2",
             "--recorded-on", "2026-03-13", "--present", "Q1")  # fmt: skip
    assert "mbtg consent approve G2" in clinic.refused(3, *words)
    clinic("consent", "approve", "G2", "--signed-on", "2026-01-01", "--until", "2099-01-01")
    clinic(*words)


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (4, "--group G9 --recorded-on 2026-03-13 --present P1", "no group G9"),
        (4, "--group G1 --recorded-on 2026-03-13 --present P9", "no person P9"),
        (2, "--group G1 --recorded-on 2999-03-13 --present P1", "future"),
        (2, "--group G1 --recorded-on 13.3.2026 --present P1", "no date"),
        (2, "--group G1 --recorded-on 2026-03-13", "--present"),
        (2, "--group G1 --recorded-on 2026-03-13 --present P1 --kind tv", "tv"),
    ],
)
def test_a_wrong_word_is_refused_and_changes_nothing(clinic, recording_file, code, words, said):
    before = clinic.state()
    refusal = clinic.refused(code, "recording", "add", recording_file("gop25"), *words.split())
    assert said in refusal
    assert clinic.state() == before


def test_a_person_of_another_group_is_not_present(clinic, recording_file):
    clinic("group", "add", "G2", "--name", "x")
    clinic("person", "add", "Q1", "--group", "G2", "--role", "patient")
    words = ("recording", "add", recording_file("gop25"), *ADD, "--present", "Q1")
    assert "belongs to group G2" in clinic.refused(2, *words)


@pytest.mark.parametrize("words", ["show R7", "show X1", "show 1", "show R1x"])
def test_an_unknown_id_is_refused(clinic, words):
    code = 4 if words == "show R7" else 2
    assert clinic.refused(code, "recording", *words.split())
