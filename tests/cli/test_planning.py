"""A supervision session planned at the command line: held, filled, its agenda written."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import av
import pypdfium2
import pytest

from mbtg_video.consent.record import find_group, find_person
from mbtg_video.course.model import CourseMember, Duty, DutyKind
from mbtg_video.course.programme import find_programme
from mbtg_video.course.timetable import settle
from mbtg_video.library import describe, open_library
from mbtg_video.media import barcode
from tests.cli.conftest import ADD, ALL

CONFIGS = Path(__file__).parents[2] / "configs"
HOLD = ("--day", "3", "--slot", "afternoon")


def plan(clinic, recording_file):
    clinic("recording", "add", recording_file("gop25"), *ADD, *ALL)
    for start, title in ((1, "Blåbær"), (3, "Second"), (5, "Third"), (7, "Fourth")):
        clinic("excerpt", "cut", "R1", "--from", f"{start}s", "--to", f"{start + 2}s",
               "--title", title)  # fmt: skip
    clinic("tag", "add", "R1", "--at", "5.5s", "--item", "11", "--note", "planted note")
    clinic("tag", "add", "R1", "--at", "7.5s", "--item", "12")
    with open_library(clinic.root, clinic.passphrase) as library, library.transaction() as session:
        settle(session, find_programme("mbt-g-2026"), "supervision")
        person = find_person(session, "T1")
        group = find_group(session, "G1")
        member = CourseMember(
            course="mbt-g-2026", person=person, group=group, character="Ærlig Åse"
        )
        duty = Duty(course="mbt-g-2026", day=3, kind=DutyKind.CLINICAL, person=person,
                    proposed=False, assigned_at=datetime.now(UTC))  # fmt: skip
        session.add_all([member, duty])
    clinic("playlist", "new", "Friday", *HOLD)


@pytest.fixture
def planned(prepared):
    """R1 with excerpts X1 to X4, the times of the course settled, and L1 for day 3."""
    return prepared(plan)


def test_a_playlist_is_held_in_a_slot_and_a_slot_is_filled(planned):
    shown = planned.json("playlist", "show", "L1")
    assert (shown["course"], shown["day"], shown["course_slot"]) == ("mbt-g-2026", 3, "afternoon")
    assert (shown["held_on"], shown["slot_minutes"]) == ("2026-04-17", 195)
    assert (
        "2026-04-17: mbt-g-2026, dag 3, afternoon"
        in planned("playlist", "show", "L1", "--lang", "nb").stdout
    )
    assert planned.json("playlist", "list")[0]["held_on"] == "2026-04-17"

    before = planned.state()
    words = ("playlist", "fit", "L1", "--fill", "--minutes", "25")
    wished = planned.json(*words, "--dry-run")
    assert planned.state() == before
    assert [one["excerpt"] for one in wished["chosen"]] == ["X3", "X4"]
    assert wished["missing_items"] == [10]

    told = planned(*words)
    assert "X3, X4" in told.stdout
    assert "items in focus that are seen: 1 instead of 2" in told.stdout
    assert "Nothing of that day shows item 10" in told.stderr
    entries = planned.json("playlist", "show", "L1")["entries"]
    assert [(one["entry"], one["minutes"]) for one in entries] == [("X3", 10), ("X4", 10)]
    (line,) = [one for one in planned.json("audit", "list") if one["detail"].get("deed") == "fill"]
    assert line["subjects"] == ["L1", "X3", "X4"]

    planned("playlist", "new", "The same day", *HOLD[:2], "--slot", "supervision")
    again = planned.json("playlist", "fit", "L2", "--fill", "--talk", "5", "--only", "X1", "X3")
    assert [one["excerpt"] for one in again["chosen"]] == ["X1"]
    assert again["left_out"][0]["reason"] == "shown on 2026-04-17 in L1"
    assert again["missing_items"] == [10]  # 11 and 12 are seen in the other session of the day


def test_every_consent_has_to_hold_on_the_day_too(planned, recording_file):
    planned("person", "add", "P9", "--group", "G1", "--role", "patient")
    later = ("--form", "identifiable", "--signed-on", "2026-02-07", "--until", "2099-12-31")
    planned("consent", "record", "P9", "--use", "own_review", "supervision", *later)
    planned("recording", "add", recording_file("no_audio"), *ADD, *ALL, "P9")
    planned("excerpt", "cut", "R2", "--from", "1s", "--to", "2s", "--title", "x")
    planned("playlist", "add", "L1", "X5")
    assert "X5 cannot be used for supervision on 2026-02-06" in planned.refused(
        3, "playlist", "hold", "L1", "--day", "1", "--slot", "afternoon"
    )
    planned("playlist", "new", "February", "--on", "2026-02-06")
    assert "P9's consent to supervision begins later" in planned.refused(
        3, "playlist", "add", "L2", "X5"
    )
    found = planned.json("playlist", "fit", "L2", "--fill", "--minutes", "30", "--only", "X5")
    assert (
        "on 2026-02-06: P9's consent to supervision begins later." in found["left_out"][0]["reason"]
    )


def test_the_same_moment_cut_anew_counts_as_shown(planned):
    planned("playlist", "add", "L1", "X1")
    planned("excerpt", "cut", "R1", "--from", "1.2s", "--to", "3.2s", "--title", "again")
    planned("excerpt", "cut", "R1", "--from", "2.4s", "--to", "4.4s", "--title", "later")
    planned("playlist", "new", "The same day", *HOLD[:2], "--slot", "supervision")
    found = planned.json("playlist", "fit", "L2", "--fill", "--only", "X5", "X6")
    assert [one["excerpt"] for one in found["chosen"]] == ["X6"]
    assert [one["reason"] for one in found["left_out"]] == [
        "more than half of it was shown on 2026-04-17 in L1, as X1"
    ]


def test_what_is_deleted_before_the_day_does_not_fill_it(planned, tmp_path):
    planned("playlist", "new", "Much later", "--on", "2098-01-01")
    fill = ("playlist", "fit", "L2", "--fill", "--minutes", "30", "--only", "X1", "--dry-run")
    found = planned.json(*fill)
    assert found["chosen"] == []
    due = planned.json("excerpt", "show", "X1")["delete_by"]
    assert found["left_out"][0]["reason"] == f"it is deleted on {due}, before it could be shown"
    planned("playlist", "add", "L2", "X1")
    warned = planned("playlist", "agenda", "L2", "--to", tmp_path / "a.html").stderr
    assert f"X1 on 2098-01-01: it is deleted on {due}" in warned
    assert "deleted by then" in words_of(tmp_path / "a.html")
    planned("playlist", "remove", "L2", "1")
    planned("recording", "journal", "R1")
    assert [one["excerpt"] for one in planned.json(*fill)["chosen"]] == ["X1"]


def test_steps_without_minutes_are_told_when_a_slot_is_filled(planned):
    planned("playlist", "add", "L1", "--kind", "theory", "--text", "Hva nå?")
    told = planned("playlist", "fit", "L1", "--fill", "--only", "X1").stdout
    assert "Without minutes" in told


REFUSED = (
    (2, "hold L1", "--day N --slot KEY"),
    (2, "hold L1 --day 3", "--day N --slot KEY"),
    (2, "hold L1 --on 2026-04-17 --day 3 --slot afternoon", "or --on DATE"),
    (2, "hold L1 --day 3 --slot lunch", "lunch is a break"),
    (4, "hold L1 --day 9 --slot afternoon", "no day 9"),
    (4, "hold L1 --day 3 --slot evening", "no slot evening"),
    (4, "hold L1 --course other --day 3 --slot afternoon", "no course other"),
    (2, "fit L1 --talk 5", "go with --fill"),
    (2, "fit L1 --fill --talk -1", "minutes to talk"),
    (4, "fit L1 --fill --only X99", "no excerpt X99"),
)


def test_a_session_that_cannot_be_is_refused_and_changes_nothing(planned):
    before = planned.state()
    for code, words, said in REFUSED:
        assert said in planned.refused(code, "playlist", *words.split())
    assert planned.state() == before


def test_a_slot_is_not_known_before_the_course_leader_settled_its_times(clinic):
    before = clinic.state()
    said = clinic.refused(2, "playlist", "new", "Friday", *HOLD)
    assert "mbtg course choose supervision" in said
    assert "mbtg course choose lunch" in said
    assert clinic.state() == before


def changed_course(folder, *changes):
    """The shipped course as a later version in which something reads otherwise."""
    text = (CONFIGS / "courses" / "mbt-g-2026.toml").read_text(encoding="utf-8")
    for before, after in (("version = 1\n", "version = 2\n"), *changes):
        assert before in text
        text = text.replace(before, after)
    folder.mkdir(exist_ok=True)
    (folder / "mbt-g-2026.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "change", [('key = "afternoon"', 'key = "after_lunch"'), ("2026-04-17", "2026-04-18")],
    ids=["slot", "date"],
)  # fmt: skip
def test_what_a_changed_course_no_longer_has_is_held_anew(planned, tmp_path, monkeypatch, change):
    planned("playlist", "add", "L1", "X1")
    monkeypatch.setenv("MBTG_COURSES", str(tmp_path / "courses"))
    changed_course(tmp_path / "courses", change)
    for words in (
        ("course", "agenda", "--day", "3", "--to", tmp_path / "a.html"),
        ("playlist", "agenda", "L1", "--to", tmp_path / "a.html"),
        ("playlist", "fit", "L1", "--fill"),
    ):
        assert "mbtg playlist hold L1 --day N --slot KEY" in planned.refused(2, *words)
    assert not (tmp_path / "a.html").exists()
    slot = "after_lunch" if "after_lunch" in change[1] else "afternoon"
    planned("playlist", "hold", "L1", "--day", "3", "--slot", slot)
    planned("course", "agenda", "--day", "3", "--to", tmp_path / "a.html")
    assert "L1" in words_of(tmp_path / "a.html")


def test_a_consent_that_ends_before_the_day_was_moved_to_lets_nothing_out(
    planned, recording_file, tmp_path, monkeypatch
):
    planned("person", "add", "P9", "--group", "G1", "--role", "patient")
    ends = ("--form", "identifiable", "--signed-on", "2026-01-01", "--until", "2098-12-31")
    planned("consent", "record", "P9", "--use", "own_review", "supervision", *ends)
    planned("recording", "add", recording_file("no_audio"), *ADD, *ALL, "P9")
    planned("excerpt", "cut", "R2", "--from", "1s", "--to", "2s", "--title", "x")
    planned("playlist", "hold", "L1", "--day", "8", "--slot", "afternoon")
    planned("playlist", "add", "L1", "X5")
    monkeypatch.setenv("MBTG_COURSES", str(tmp_path / "courses"))
    changed_course(tmp_path / "courses", ("2026-12-04", "2099-12-04"))
    film = ("playlist", "film", "L1", "--to", tmp_path / "film.mp4", *GIVEN)
    assert "on 2099-12-04" in planned.refused(3, *film)
    bundle = ("bundle", "make", "L1", "--to", tmp_path / "out", "--recipient", "Kari")
    assert "on 2099-12-04" in planned.refused(3, *bundle)


def test_outside_of_the_course_the_minutes_of_its_slot_count_no_more(planned):
    held = planned.json("playlist", "hold", "L1", "--on", "2026-05-05")
    assert (held["course"], held["slot_minutes"]) == (None, None)
    planned("playlist", "fit", "L1", "--minutes", "30")
    assert planned.json("playlist", "hold", "L1", "--on", "2026-05-06")["slot_minutes"] == 30


def test_a_bundle_lasts_until_its_playlist_is_held(planned, tmp_path):
    planned("playlist", "new", "Much later", "--on", "2098-01-01")
    planned("playlist", "add", "L2", "X1")
    made = planned.json("bundle", "make", "L2", "--to", tmp_path / "out", "--recipient", "Kari")
    assert (made["held_on"], made["expires_on"]) == ("2098-01-01", "2098-01-01")


# ---------- the film


GIVEN = ("--recipient", "Kari Nordmann", "--reason", "planted reason", "--size", "320x180")


def film_frames(path):
    with av.open(str(path)) as film:
        read = [barcode.read(f.to_ndarray()[: f.height]) for f in film.decode(video=0)]
    return [number for number in read if number is not None], len(read)


def test_a_film_is_an_export_of_each_of_its_excerpts(planned, tmp_path):
    planned("playlist", "add", "L1", "X1", "X3", "X1")
    planned("playlist", "add", "L1", "--kind", "discussion", "--text", "Hva nå?", "--minutes", "5")
    target = tmp_path / "film.mp4"
    made = planned.json("playlist", "film", "L1", "--to", target, *GIVEN, "--items")
    assert (made["exports"], made["excerpts"]) == (["E1", "E2"], ["X1", "X3"])
    shown, total = film_frames(target)
    first, third = list(range(25, 75)), list(range(125, 175))
    assert shown == first + third + first
    assert total == 150 + 4 * 125  # and a slate of five seconds for each of four entries
    exports = planned.json("excerpt", "exports")
    assert {(one["recipients"][0], one["use"]) for one in exports} == {
        ("Kari Nordmann", "supervision")
    }
    lines = [one for one in planned.json("audit", "list") if one["detail"].get("deed") == "film"]
    assert [one["subjects"] for one in lines] == [["E1", "X1", "L1"], ["E2", "X3", "L1"]]
    assert "exists already" in planned.refused(2, "playlist", "film", "L1", "--to", target, *GIVEN)


def test_no_film_is_left_where_one_excerpt_may_not_be_shown(planned, tmp_path):
    planned("playlist", "add", "L1", "X1", "X3")
    planned("name", "mark", "R1", "--from", "5.1s", "--to", "5.6s")
    target = tmp_path / "film.mp4"
    before = planned.state()
    assert "N1" in planned.refused(3, "playlist", "film", "L1", "--to", target, *GIVEN)
    for words, said in (
        (("--to", tmp_path / "film.avi", *GIVEN), "FILE.mp4"),
        (("--to", tmp_path / "no" / "film.mp4", *GIVEN), "there is no folder"),
        (("--to", planned.root / "film.mp4", *GIVEN), "inside the library"),
        (("--to", target, *GIVEN[:-1], "100x100"), "--size"),
        (("--to", target, *GIVEN[:-1], "wide"), "--size"),
        (("--to", target, *GIVEN, "--reason", " "), "needs a reason"),
        (("--to", target, *GIVEN, "--recipient", " "), "who gets it"),
    ):
        assert said in planned.refused(2, "playlist", "film", "L1", *words)
    planned("playlist", "new", "Blind", "--use", "scoring")
    planned("playlist", "add", "L2", "X1")
    assert "not blind" in planned.refused(
        2, "playlist", "film", "L2", "--to", target, *GIVEN, "--items"
    )
    planned("playlist", "remove", "L2", "1")
    assert "holds no excerpt" in planned.refused(
        2, "playlist", "film", "L2", "--to", target, *GIVEN
    )
    made_here = ("playlist", "playlist_entry")
    assert [row for row in planned.state() if row[0] not in made_here] == [
        row for row in before if row[0] not in made_here
    ]
    assert not target.exists()
    assert not list(Path("/dev/shm").glob(f"mbtg-{describe(planned.root).id}*"))


# ---------- the agenda


def words_of(path):
    if path.suffix == ".html":
        return path.read_text(encoding="utf-8")
    document = pypdfium2.PdfDocument(path)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text


def test_an_agenda_tells_the_day_and_no_title_unless_it_is_asked_for(planned, tmp_path):
    planned("playlist", "add", "L1", "X1", "X3", "--minutes", "10")
    planned("playlist", "add", "L1", "--kind", "discussion", "--text", "Planted matter")
    pdf, page, titled, played, alone = (
        tmp_path / name for name in ("a.pdf", "a.html", "titled.html", "played.html", "alone.html")
    )
    day = ("course", "agenda", "--day", "3")
    planned(*day, "--to", pdf, "--lang", "nb")
    planned(*day, "--to", page, "--lang", "nb")
    for path in (pdf, page):
        told = words_of(path)
        for word in ("fredag 17. april 2026", "12:45", "16:00", "X3", "0:02 + 10 min",
                     "T1", "Hendelser i gruppen"):  # fmt: skip
            assert word in told, (path, word)
        for sealed in ("Ærlig Åse", "Blåbær", "Friday", "Planted matter", "planted note"):
            assert sealed not in told, (path, sealed)
    said = planned(*day, "--to", titled, "--with-titles")
    assert "in the clear" in said.stderr
    told = words_of(titled)
    assert "Blåbær" in told
    assert "Planted matter" in told
    assert "Ærlig Åse" not in told
    planned(*day, "--to", played, "--with-characters")
    assert "Ærlig Åse" in words_of(played)
    assert "Blåbær" not in words_of(played)
    assert "planted note" not in told
    planned("playlist", "agenda", "L1", "--to", alone)
    assert "Friday 17 April 2026" in words_of(alone)
    lines = planned.json("audit", "list", "--act", "exchange")
    assert [line["subjects"] for line in lines] == [["mbt-g-2026", "L1"]] * 4 + [["L1"]]
    assert [line["detail"]["titles"] for line in lines] == [0, 0, 1, 0, 0]
    assert [line["detail"].get("characters") for line in lines] == [0, 0, 0, 1, None]


def test_whom_participants_play_is_told_to_nobody_who_may_read_no_texts(planned, monkeypatch):
    monkeypatch.setenv("MBTG_NEW_PASSPHRASE", "words of somebody else")
    for role, told in (("supervisor", "Ærlig Åse"), ("controller", None)):
        planned("key", "add", role, "--role", role)
        theirs = replace(planned, passphrase="words of somebody else")
        assert [row["character"] for row in theirs.json("course", "people")] == [told]
        planned("key", "remove", role, "--yes")


def test_an_agenda_says_what_may_not_be_shown_and_refuses_what_it_cannot_write(planned, tmp_path):
    planned("playlist", "add", "L1", "X3")
    planned("name", "mark", "R1", "--from", "5.1s", "--to", "5.6s")
    page = tmp_path / "a.html"
    said = planned("course", "agenda", "--day", "3", "--to", page)
    assert "May not be shown: X3 on" in said.stderr
    assert "N1" not in words_of(page)
    assert "May not be shown on this day" in words_of(page)
    titled = tmp_path / "titled.html"
    planned("course", "agenda", "--day", "3", "--to", titled, "--with-titles")
    assert "Friday" in words_of(titled)
    assert "Third" not in words_of(titled)
    titled.unlink()
    planned("playlist", "new", "Undated")
    for code, words, told in (
        (2, ("course", "agenda", "--day", "3", "--to", page), "exists already"),
        (2, ("course", "agenda", "--day", "3", "--to", tmp_path / "a.txt"), "FILE.pdf"),
        (2, ("course", "agenda", "--day", "3", "--to", tmp_path / "b" / "a.pdf"), "no folder"),
        (2, ("course", "agenda", "--day", "3", "--to", planned.root / "a.pdf"), "inside"),
        (4, ("course", "agenda", "--day", "9", "--to", tmp_path / "b.pdf"), "no day 9"),
        (2, ("playlist", "agenda", "L2", "--to", tmp_path / "b.pdf"), "mbtg playlist hold L2"),
    ):
        assert told in planned.refused(code, *words)
    assert [path.name for path in tmp_path.glob("*.*") if path.suffix in (".html", ".pdf")] == [
        "a.html"
    ]
