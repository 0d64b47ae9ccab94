"""The course, as typed at the command line."""

from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from mbtg_video.course.programme import programme_paths

SHIPPED = programme_paths()["mbt-g-2026"]


@pytest.fixture
def course(mbtg):
    """A library with K1 to K6, who take part in the course, whose times are settled."""
    mbtg("group", "add", "KURS", "--name", "planted name")
    codes = [f"K{number}" for number in range(1, 7)]
    for code in codes:
        mbtg("person", "add", code, "--group", "KURS", "--role", "participant")
    mbtg("course", "enrol", *codes)
    mbtg("course", "choose", "lunch")
    return mbtg


def test_a_course_is_shown_with_and_without_a_library(mbtg, tmp_path):
    shown = mbtg("course", "show", "--lang", "nb", "--day", "3")
    assert "10 Engasjement, interesse og varme" in shown.stdout
    assert "mbtg course choose lunch" in shown.stderr
    without = mbtg("course", "show", "mbt-g-2026", environment={"MBTG_LIBRARY": str(tmp_path)})
    assert "2026-12-04" in without.stdout
    mbtg("course", "choose", "supervision")
    settled = mbtg("course", "show", "--json")
    assert settled.stderr == ""
    record = mbtg.json("course", "show", "mbt-g-2026")
    assert record["settled"]
    assert len(record["days"]) == 8
    assert {slot["key"]: slot["from"] for slot in record["slots"]}["lunch"] == "12:15"
    assert "mbtg course list" in mbtg.refused(4, "course", "show", "other")


def test_an_own_course_is_checked_and_kept_and_a_wrong_one_names_file_and_key(mbtg, tmp_path):
    own = {"MBTG_COURSES": str(tmp_path / "courses")}
    text = SHIPPED.read_text(encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(text.replace('id = "mbt-g-2026"', 'id = "mine"'), encoding="utf-8")
    assert f"mbtg course add {path}" in mbtg("course", "check", path, environment=own).stdout
    mbtg("course", "add", path, environment=own)
    assert "mine" in mbtg("course", "list", environment=own).stdout
    path.write_text(text.replace("participants = 12", "participants = 0"), encoding="utf-8")
    told = mbtg("course", "check", path, code=6, environment=own).stderr
    assert str(path) in told
    assert "$.participants" in told


def test_duties_are_proposed_explained_kept_and_put_into_a_calendar(course, tmp_path):
    course("course", "wish", "K3", "gladly", "--day", "4", "--duty", "clinical")
    asked = ("--clinical", "2", "--cotherapists", "1", "--from-day", "1")
    before = course.state()
    tried = course.json("course", "assign", "--propose", *asked, "--dry-run")
    assert course.state() == before
    assert not tried["kept"]
    assert len(tried["duties"]) == 8 * 4
    assert tried["figures"] | {"doubled": 0, "in_a_row": 0, "same_pair": 0} == {
        "clinical": 1, "clinical_shares": 44, "cotherapist": 1, "cotherapist_shares": 12,
        "theory": 1, "theory_shares": 12, "rather_not": 0, "gladly": 0,
        "doubled": 0, "in_a_row": 0, "same_pair": 0,
    }  # fmt: skip
    done = course("course", "assign", "--propose", *asked)
    assert "asked gladly for it on day 4" in done.stdout
    about = [line for line in done.stdout.splitlines() if line.startswith("K3 presents clinical")]
    assert len(about) == 1
    assert "Between who has a duty most often and who least: clinical material 1" in done.stdout
    kept = course.json("course", "duties")
    assert [(row["day"], row["duty"], row["code"]) for row in kept] == [
        (row["day"], row["duty"], row["code"]) for row in tried["duties"]
    ]
    people = {row["code"]: row for row in course.json("course", "people")}
    assert sum(row["clinical"] for row in people.values()) == 16
    target = tmp_path / "k3.ics"
    assert course.json("course", "calendar", "--to", target, "--for", "K3")["events"] == 48
    again = tmp_path / "again.ics"
    course("course", "calendar", "--to", again, "--for", "K3")
    assert again.read_bytes() == target.read_bytes()
    events = Calendar.from_ical(target.read_bytes()).walk("VEVENT")
    days = [event for event in events if str(event["uid"]).count("-") == 3 + 1]
    assert len(days) == 8
    told = sum("Your duties" in event["description"] for event in days)
    assert told == len({row["day"] for row in kept if row["code"] == "K3"})
    assert b"planted" not in target.read_bytes()
    assert "exists already" in course.refused(2, "course", "calendar", "--to", target)
    slot = next(e for e in events if e["uid"] == "mbt-g-2026-day1-supervision@mbtg-video")
    assert slot["dtend"].dt.astimezone(UTC) == datetime(2026, 2, 6, 11, 0, tzinfo=UTC)


def test_what_goes_is_asked_for_first_and_a_dry_run_changes_nothing(course):
    course("course", "assign", "K1", "--day", "2", "--duty", "theory")
    before = course.state()
    told = course("course", "leave", "K1", "--dry-run").stdout
    assert "1 duties and 0 wishes" in told
    course("course", "leave", "K1", typed="n\n", code=1)
    assert course.state() == before
    course("course", "leave", "K1", "--yes")
    assert "K1" not in {row["code"] for row in course.json("course", "people")}
    assert course.json("course", "duties") == []


def test_the_options_that_do_not_go_together_are_refused(course, tmp_path):
    for words in (
        ("assign", "--propose", "K1"),
        ("assign", "K1", "--day", "1"),
        ("assign", "K1", "--day", "1", "--duty", "theory", "--dry-run"),
        ("wish", "K1", "--day", "1"),
        ("wish", "K1", "cannot", "--day", "1", "--clear"),
    ):
        course.refused(2, "course", *words)
    for code in ("K1", "K2"):
        course("course", "wish", code, "cannot", "--day", "3")
    told = course.refused(2, "course", "assign", "--propose", "--from-day", "1")
    assert "Day 3: 3 for clinical and 2 for cotherapist are needed" in told
    assert "only K3, K4, K5, K6 can" in told
    course("course", "character", "K1", "planted character")
    assert course.json("course", "people")[0]["character"] == "planted character"
    assert b"planted" not in b"".join(p.read_bytes() for p in course.root.iterdir() if p.is_file())
    unknown = course.refused(4, "course", "calendar", "--to", tmp_path / "x.ics", "--for", "K9")
    assert "mbtg course enrol K9" in unknown
    assert not (tmp_path / "x.ics").exists()
