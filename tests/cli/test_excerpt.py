from datetime import date, timedelta

import pytest

from tests.cli.conftest import ADD, ALL, CONSENT
from tests.synthetic import frame_numbers

WHY = ("--recipient", "Kari", "--reason", "projector")
CUT = ("excerpt", "cut", "R1", "--title", "Turn-taking")


def test_an_excerpt_holds_exactly_the_frames_asked_for(recorded, tmp_path):
    recorded(*CUT, "--from", "f30", "--to", "f101", "--question", "What now?")
    (row,) = recorded.json("excerpt", "list", "R1")
    assert (row["id"], row["frames"], row["start_us"]) == ("X1", 71, 1_200_000)
    assert (row["title"], row["question"]) == ("Turn-taking", "What now?")
    out = tmp_path / "out.mp4"
    recorded("excerpt", "export", "X1", "--to", out, "--use", "supervision", *WHY)
    assert frame_numbers(out) == list(range(30, 101))


def test_the_receipt_tells_span_frames_rung_checks_and_what_was_stripped(recorded):
    recorded(*CUT, "--from", "1.2s", "--to", "2.4s")
    receipt = recorded.json("excerpt", "show", "X1")["receipt"]
    assert receipt["frames"] == 30
    assert (receipt["start_us"], receipt["end_us"]) == (1_200_000, 2_400_000)
    assert receipt["first_frame_us"] == 1_200_000
    assert receipt["last_frame_us"] == 2_360_000
    assert receipt["rung"]
    assert all(check["passed"] for check in receipt["checks"])
    assert len(receipt["checks"]) >= 5
    assert receipt["stripped"]
    assert "Passed" in recorded("excerpt", "show", "X1").stdout


def test_the_end_may_be_written_as_the_frame_after_the_last(recorded):
    recorded(*CUT, "--from", "f290", "--to", "f300")
    assert recorded.json("excerpt", "list")[0]["frames"] == 10


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (2, "R1 --from 2s --to 1s", "must come after"),
        (2, "R1 --from 2s --to 2s", "must come after"),
        (2, "R1 --from 11s --to 12.5s", "outside R1"),
        (2, "R1 --from 13s --to 14s", "outside R1"),
        (2, "R1 --from f0 --to f301", "f299"),
        (2, "R1 --from 1.25 --to 2s", "no time"),
        (2, "R1 --from 1.201s --to 1.202s", "frame"),
        (4, "R9 --from 1s --to 2s", "no recording R9"),
        (2, "X1 --from 1s --to 2s", "R1"),
    ],
)
def test_a_wrong_span_is_refused_and_changes_nothing(recorded, code, words, said):
    before = recorded.state()
    refusal = recorded.refused(code, "excerpt", "cut", *words.split(), "--title", "x")
    assert said in refusal
    assert recorded.state() == before


def test_a_withdrawn_consent_stops_the_cut(recorded):
    recorded("consent", "withdraw", "P2", "--use", "own_review", "--yes")
    before = recorded.state()
    assert "P2 has withdrawn" in recorded.refused(3, *CUT, "--from", "1s", "--to", "2s")
    assert recorded.state() == before


def test_an_export_needs_consent_to_its_use_and_a_new_file(recorded, tmp_path):
    recorded(*CUT, "--from", "1s", "--to", "2s")
    recorded("consent", "withdraw", "P2", "--use", "teaching", "--yes")
    out = tmp_path / "out.mp4"
    words = ("excerpt", "export", "X1", "--to", out, *WHY)
    assert "P2 has withdrawn" in recorded.refused(3, *words, "--use", "teaching")
    assert not out.exists()
    recorded(*words, "--use", "course")
    assert "exists already" in recorded.refused(2, *words, "--use", "course")
    assert "no excerpt X7" in recorded.refused(
        4, "excerpt", "export", "X7", "--to", tmp_path / "b", "--use", "course", *WHY
    )


def test_who_must_be_concealed_is_not_exported_openly(clinic, recording_file, tmp_path):
    clinic("person", "add", "P9", "--group", "G1", "--role", "patient")
    concealed = ("--form", "concealed", *CONSENT[2:])
    clinic("consent", "record", "P9", "--use", "own_review", "course", *concealed)
    clinic("recording", "add", recording_file("gop25"), *ADD, *ALL, "P9")
    clinic(*CUT, "--from", "1s", "--to", "2s")
    out = tmp_path / "out.mp4"
    words = ("excerpt", "export", "X1", "--to", out, "--use", "course", *WHY)
    assert "P9 consented to concealed pictures only" in clinic.refused(3, *words)
    assert not out.exists()


def test_what_was_written_out_is_listed_until_it_has_come_back(recorded, tmp_path):
    recorded(*CUT, "--from", "1s", "--to", "2s")
    words = ("excerpt", "export", "X1", "--to", tmp_path / "out.mp4", "--use", "course")
    assert "who gets it" in recorded.refused(2, *words, "--recipient", " ", "--reason", "x")
    assert recorded.json(*words, *WHY)["id"] == "E1"
    (row,) = recorded.json("excerpt", "exports")
    assert (row["excerpt"], row["recipients"], row["returned_on"]) == ("X1", ["Kari"], None)
    returned = ("excerpt", "returned", "E1", "--how", "destroyed")
    assert "after" in recorded.refused(2, *returned, "--on", "2020-01-01")
    recorded(*returned)
    assert recorded.json("excerpt", "exports")[0]["returned_how"] == "destroyed"
    assert "already" in recorded.refused(2, *returned)
    assert "no export E9" in recorded.refused(4, "excerpt", "returned", "E9", "--how", "returned")


def test_an_excerpt_is_kept_at_most_as_long_as_its_recording(recorded):
    recorded(*CUT, "--from", "1s", "--to", "2s")
    day = recorded.json("recording", "list")[0]["delete_by"]
    words = ("excerpt", "keep", "X1", "--reason", "the course", "--until")
    assert "cannot outlive R1" in recorded.refused(2, *words, "2098-01-01")
    assert recorded.json("excerpt", "list")[0]["delete_by"] == day
    shorter = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    recorded(*words, shorter)
    assert recorded.json("excerpt", "list")[0]["delete_by"] == shorter
    due = recorded.json("due", "--days", "400")
    assert [(one["id"], one["on"]) for one in due] == [("X1", shorter), ("R1", day)]
