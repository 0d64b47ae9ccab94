"""What participants lack, the letters, the progress and the forms: as typed at the command line."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mbtg_video.cli.words import word
from mbtg_video.course.model import DutyKind
from mbtg_video.library import open_library
from mbtg_video.readiness import Missing
from mbtg_video.settings import Language
from mbtg_video.supervision.playlist import find_playlist
from tests.cli.conftest import Mbtg, everything_in
from tests.coursework import COURSE, enrol, give
from tests.papers import text_of

TODAY = datetime.now(UTC).astimezone().date()
SHIPPED = Path(__file__).parent.parent.parent / "configs" / "courses" / f"{COURSE}.toml"


def in_weeks(weeks):
    return TODAY + timedelta(weeks=weeks)


@pytest.fixture
def course(clinic, tmp_path, monkeypatch):
    """A clinic with the course: day 3 is today, the others lie two weeks apart; K1 presents G1."""
    dates = iter(in_weeks(2 * (number - 3)) for number in range(1, 9))
    text = re.sub(
        r"(?m)^date = .*$", lambda _: f"date = {next(dates)}", SHIPPED.read_text(encoding="utf-8")
    )
    (tmp_path / "courses").mkdir()
    (tmp_path / "courses" / SHIPPED.name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("MBTG_COURSES", str(tmp_path / "courses"))
    clinic("group", "add", "KURS", "--name", "Kurset")
    for code in ("K1", "K2"):
        clinic("person", "add", code, "--group", "KURS", "--role", "participant")
    with open_library(clinic.root, clinic.passphrase) as library, library.transaction() as session:
        enrol(session, "K1", "G1", "Plantet rollefigur")
        enrol(session, "K2", None, None)
        give(session, "K1", 4)
        give(session, "K2", 7)
        give(session, "K2", 5, DutyKind.THEORY)
    return clinic


def test_due_tells_what_is_lacking_for_the_course_days(course):
    found = course.json("due", "--course")
    assert {row["participant"] for row in found} == {"K1"}
    assert [(row["what"], row["id"]) for row in found] == [
        ("recording", "G1"), ("dossier_group", "G1"), ("dossier_frame", "G1"),
        ("dossier_patient", "P1"), ("dossier_patient", "P2"),
    ]  # fmt: skip
    assert {(row["on"], row["day"]) for row in found} == {(in_weeks(2).isoformat(), 4)}
    assert course.json("due", "--course", COURSE, "--weeks", "6") == found
    assert "day 5, " in course("due", "--course").stderr  # on which nobody presents
    assert course.json("due", "--course", "--weeks", "1") == []
    later = course.json("due", "--course", "--weeks", "8")
    assert [(row["what"], row["day"]) for row in later[len(found):]] == [
        ("group", 7), ("character", 7),
    ]  # fmt: skip
    shown = course("due", "--course", "--lang", "nb").stdout
    assert "beskrivelse av rammen" in shown
    assert "mbtg recording add FILE --group G1" in shown
    assert course.json("due") == []


def test_due_takes_weeks_for_a_course_and_days_without(tmp_path, passphrase):
    nowhere = Mbtg(tmp_path / "nowhere", passphrase)
    assert "--weeks N" in nowhere.refused(2, "due", "--course", "--days", "3")
    assert "--course" in nowhere.refused(2, "due", "--weeks", "3")
    assert "course list" in nowhere.refused(4, "due", "--course", "another")


@pytest.mark.parametrize("language", Language)
def test_everything_that_can_be_lacking_has_a_word(language):
    for what in Missing:
        assert word(f"lacks_{what}", language) != f"lacks_{what}"


def test_progress_tells_who_has_shown_what(course, recording_file):
    course(
        "recording", "add", recording_file("gop25", 2), "--group", "G1", "--recorded-on",
        "2026-03-13", "--present", "P1", "P2", "T1",
    )  # fmt: skip
    course("excerpt", "cut", "R1", "--from", "f10", "--to", "f40", "--title", "planted title")
    course("tag", "add", "R1", "--at", "1s", "--item", "11")
    course("playlist", "new", "planted playlist")
    course("playlist", "add", "L1", "X1")
    with open_library(course.root, course.passphrase) as library, library.transaction() as session:
        playlist = find_playlist(session, 1)
        playlist.course, playlist.course_day, playlist.held_on = COURSE, 3, TODAY
    found = course.json("course", "progress")
    first, second = found["participants"]
    assert first["excerpts"] == ["X1"]
    assert first["shown_us"] == 1_200_000
    assert first["items"] == [11]
    assert first["planned"]["clinical"] == [4]
    assert not second["presented"]
    assert (found["days"][2]["covered"], found["days"][2]["not_yet"]) == ([11], [10, 12])
    shown = course("course", "progress", "--lang", "nb").stdout
    assert re.search(r"K1 +G1 +ja +X1", shown)
    assert re.search(r"K2 +- +nei", shown)
    assert "planted" not in shown


def test_letters_hold_codes_are_noted_and_overwrite_nothing(course, tmp_path):
    folder = tmp_path / "letters"
    told = course.json("course", "letters", "--to", folder, "--weeks", "8", "--lang", "nb")
    assert told["participants"] == ["K1", "K2"]
    names = {f"reminder-{code}-{TODAY}.{end}" for code in ("K1", "K2") for end in ("html", "pdf")}
    assert {path.name for path in folder.iterdir()} == names
    assert (folder / f"reminder-K1-{TODAY}.pdf").stat().st_mode & 0o077 == 0
    for ending in ("html", "pdf"):
        content = (folder / f"reminder-K1-{TODAY}.{ending}").read_bytes()
        text = text_of(content) if ending == "pdf" else content.decode()
        assert "En beskrivelse av pasient P2 mangler" in text
    written = everything_in(folder)
    assert b"Tirsdagsgruppen" not in written
    assert b"Plantet" not in written
    (line,) = (it for it in course.json("audit", "list", "--act", "course"))
    assert line["subjects"] == [COURSE, "K1", "K2"]
    assert line["detail"] == {"deed": "letters", "letters": 2}
    there = everything_in(folder)
    assert "there already" in course.refused(2, "course", "letters", "--to", folder)
    assert everything_in(folder) == there
    blocked = tmp_path / "blocked" / f"reminder-K2-{TODAY}.html.part"
    blocked.mkdir(parents=True)
    course.refused(1, "course", "letters", "--to", blocked.parent, "--weeks", "8")
    assert list(blocked.parent.iterdir()) == [blocked]  # K1's letter went again
    assert len(course.json("audit", "list", "--act", "course")) == 1
    html = tmp_path / "html"
    course("course", "letters", "--to", html, "--format", "html")
    assert [path.suffix for path in html.iterdir()] == [".html"]
    assert "inside the library" in course.refused(
        2, "course", "letters", "--to", course.root / "letters"
    )
    assert "no folder" in course.refused(2, "course", "letters", "--to", tmp_path / "a" / "b")
    assert course.json("course", "letters", "--to", tmp_path / "none", "--weeks", "0") == {
        "participants": [], "files": [],
    }  # fmt: skip
    assert not (tmp_path / "none").exists()


def test_forms_need_no_library_unless_a_group_is_named(tmp_path, passphrase):
    nowhere = Mbtg(tmp_path / "nowhere", passphrase)
    for verb, said in (("form", "Samtykke til video"), ("employer-form", "Godkjenning fra")):
        path = tmp_path / f"{verb}.pdf"
        nowhere("consent", verb, "--to", path, "--use", "course", "supervision", "--lang", "nb")
        assert said in text_of(path.read_bytes())
        assert "Forskning" not in text_of(path.read_bytes())
        assert "exists already" in nowhere.refused(2, "consent", verb, "--to", path)
        assert ".pdf" in nowhere.refused(2, "consent", verb, "--to", tmp_path / "form.docx")
    assert nowhere.refused(6, "consent", "form", "--to", tmp_path / "g.pdf", "--group", "G1")


def test_a_group_is_filled_in_when_it_is_there(clinic, tmp_path):
    path = tmp_path / "form.pdf"
    clinic("consent", "form", "--to", path, "--group", "G1")
    assert "G1" in text_of(path.read_bytes())
    assert "Tirsdag" not in text_of(path.read_bytes())
    assert "no group G7" in clinic.refused(
        4, "consent", "form", "--to", tmp_path / "other.pdf", "--group", "G7"
    )
    assert "inside the library" in clinic.refused(
        2, "consent", "form", "--to", clinic.root / "form.pdf", "--group", "G1"
    )
