from __future__ import annotations

import os

import pytest

from mbtg_video import audit
from mbtg_video.rating.report.content import Index
from mbtg_video.rating.report.wording import Voice
from mbtg_video.settings import Language
from tests.cli.conftest import Mbtg
from tests.libraries import PASSPHRASE


@pytest.fixture
def mbtg(panel):
    return Mbtg(panel.library.root, PASSPHRASE)


def deeds(panel):
    with panel.library.transaction() as session:
        lines = audit.list_lines(session, act=audit.Act.RATING)
        return [
            (line.subjects, line.detail["format"])
            for line in lines
            if line.detail["deed"] == "report"
        ]


def test_a_terminal_shows_differences_and_agreement_with_their_sentences(mbtg):
    told = mbtg("rate", "report", "S2", "--lang", "en").stdout
    assert "S2: X1, 2026-03-13" in told
    assert "Engaging group members in mentalizing external events" in told
    assert "Quality: agreement item by item" in told
    assert "(a) Only one sequence has scores here." in told
    voice = Voice(Language.EN)
    for index in (Index.SCORE, Index.GAP, Index.RAW, Index.KAPPA, Index.ALPHA):
        assert " ".join(voice.term(index)[1:]) in " ".join(told.split())


def test_norwegian_is_spoken_throughout(mbtg):
    told = mbtg("rate", "report", "S2", "--lang", "nb").stdout
    assert "Håndtering av gruppens grenser" in told
    assert "Samme skåre" in told
    assert "Den største avstanden" in told
    assert "\N{REPLACEMENT CHARACTER}" not in told


def test_warnings_go_to_stderr(mbtg):
    result = mbtg("rate", "report", "S2", "--lang", "en")
    assert "S2: K1 gave quality scores without a moment" in result.stderr
    assert "without a moment" not in result.stdout


def test_machines_get_everything_under_stable_keys(mbtg):
    found = mbtg.json("rate", "report", "S1", "S4")
    assert {"scale", "raters", "scorings", "agreement", "occurrence", "growth", "summary",
            "warnings", "on", "language", "repeated"} == set(found)  # fmt: skip
    first = found["scorings"][0]
    assert first["held_on"] == "2026-02-06"
    evidence = [m for row in first["rows"] for a in row["answers"] for m in a["evidence"]]
    assert all(isinstance(moment["start_us"], int) for moment in evidence)
    kappa = found["agreement"][1]["items"][0]["kappa"]
    assert set(kappa) >= {"value", "low", "high", "why", "used", "left_out"}


@pytest.mark.parametrize(
    ("kind", "begin"), [("html", b"<!doctype"), ("pdf", b"%PDF"), ("xlsx", b"PK")]
)
def test_a_file_is_written_as_its_name_says_and_noted(mbtg, panel, tmp_path, kind, begin):
    target = tmp_path / f"report.{kind}"
    mbtg("rate", "report", "S7", "--to", target)
    assert target.read_bytes().startswith(begin)
    assert deeds(panel)[-1] == ("S7", kind)
    if os.name == "posix":
        assert target.stat().st_mode & 0o077 == 0


def test_looking_leaves_no_line(mbtg, panel):
    before = deeds(panel)
    mbtg("rate", "report", "S7")
    assert deeds(panel) == before


def test_what_is_there_is_never_overwritten(mbtg, panel, tmp_path):
    target = tmp_path / "report.html"
    target.write_text("mine")
    before = deeds(panel)
    assert "exists already" in mbtg.refused(2, "rate", "report", "S7", "--to", target)
    assert target.read_text() == "mine"
    assert deeds(panel) == before


def test_no_report_lies_inside_the_library(mbtg, panel):
    target = panel.library.root / "report.html"
    assert "inside the library" in mbtg.refused(2, "rate", "report", "S7", "--to", target)


def test_a_name_without_a_known_ending_is_refused(mbtg, tmp_path):
    assert "--format" in mbtg.refused(2, "rate", "report", "S7", "--to", tmp_path / "report.doc")
    assert "--to" in mbtg.refused(2, "rate", "report", "S7", "--format", "pdf")
    mbtg("rate", "report", "S7", "--to", tmp_path / "report", "--format", "xlsx")


def test_a_blind_scoring_is_refused_when_named_and_left_out_when_not(mbtg):
    assert "S9 is blind" in mbtg.refused(1, "rate", "report", "S9")
    result = mbtg("rate", "report", "--about", "T2", "--lang", "en")
    assert "blind still: S9" in result.stderr
    assert "Report of ratings S7, S8" in result.stdout


def test_without_the_audit_line_there_is_no_file(mbtg, tmp_path, monkeypatch):
    monkeypatch.setattr("mbtg_video.cli.report.audit.append", None)
    target = tmp_path / "report.html"
    with pytest.raises(TypeError):
        mbtg("rate", "report", "S7", "--to", target)
    assert not list(tmp_path.glob("report*"))


def test_a_supervisor_looks_and_hands_nothing_out(mbtg, tmp_path):
    secret = {"MBTG_NEW_PASSPHRASE": "five other random words here"}
    mbtg("key", "add", "per", "--role", "supervisor", environment=secret)
    per = {"MBTG_PASSPHRASE": "five other random words here"}
    assert "S7" in mbtg("rate", "report", "S7", environment=per).stdout
    target = tmp_path / "report.html"
    result = mbtg("rate", "report", "S7", "--to", target, environment=per, code=3)
    assert "may not hand out" in result.stderr
    assert not target.exists()
