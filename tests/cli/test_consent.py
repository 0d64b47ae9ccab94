import pytest

from tests.cli.conftest import CONSENT


def test_status_shows_who_permits_what_until_when_and_what_is_missing(clinic):
    clinic("person", "add", "P9", "--group", "G1", "--role", "patient")
    clinic("group", "add", "G2", "--name", "Andre", "--employer-approval")
    clinic("person", "add", "P8", "--group", "G2", "--role", "patient")
    clinic("consent", "record", "P8", "--use", "course", "--form", "concealed",
           "--signed-on", "2026-01-01", "--until", "2026-02-01")  # fmt: skip
    found = {row["person"]: row for row in clinic.json("consent", "status", "--use", "course",
                                                       "--on", "2026-02-01")}  # fmt: skip
    assert found["P1"]["missing"] == []
    assert found["P1"]["until"] == "2099-12-31"
    assert found["P9"]["missing"] == ["P9 has given no consent."]
    assert found["P8"]["uses"] == ["course"]
    assert found["P8"]["form"] == ["concealed"]
    assert found["P8"]["missing"] == [
        "Group G2 needs its employer's approval, and none is valid.",
        "Pictures of P8 may leave only concealed.",
    ]
    later = clinic.json(
        "consent", "status", "--group", "G2", "--use", "course", "--on", "2026-02-02"
    )
    assert later[0]["missing"][0] == "P8's consent to course has ended."
    table = clinic("consent", "status", "--lang", "nb").stdout
    assert "Mangler" in table
    assert "P9 has given no consent." in table
    table = clinic("consent", "status", "--group", "G2", "--use", "course").stdout
    assert "course has ended. Group G2 needs" in table


@pytest.fixture
def approvable(mbtg):
    """A library whose group G2 needs its employer's approval; P8 consents to being seen."""
    mbtg("group", "add", "G2", "--name", "Andre", "--employer-approval")
    mbtg("person", "add", "P8", "--group", "G2", "--role", "patient")
    mbtg("consent", "record", "P8", "--use", "own_review", *CONSENT)
    return mbtg


def test_a_missing_approval_is_told_also_when_no_use_is_asked_for(approvable):
    (row,) = approvable.json("consent", "status")
    assert row["uses"] == ["own_review"]
    assert row["missing"] == ["Group G2 needs its employer's approval, and none is valid."]


@pytest.mark.parametrize("words", [(), ("--use", "own_review")])
def test_what_is_permitted_ends_with_the_approval(approvable, words):
    approvable("consent", "approve", "G2", "--signed-on", "2026-01-01", "--until", "2098-05-05")
    (row,) = approvable.json("consent", "status", *words)
    assert row["missing"] == []
    assert row["until"] == "2098-05-05"


def test_a_concealed_consent_says_that_pictures_may_not_leave_openly(clinic):
    clinic("consent", "record", "P1", "--use", "supervision", "--form", "concealed", *CONSENT[2:])
    found = {row["person"]: row for row in clinic.json("consent", "status", "--use", "supervision")}
    assert found["P1"]["missing"] == ["Pictures of P1 may leave only concealed."]
    assert found["P2"]["missing"] == []


def test_several_uses_may_follow_one_option_or_stand_apart(mbtg):
    mbtg("group", "add", "G1", "--name", "x")
    mbtg("person", "add", "P1", "--group", "G1", "--role", "patient")
    dates = ("--form", "identifiable", "--signed-on", "2026-01-01", "--until", "2027-01-01")
    mbtg("consent", "record", "--use", "course", "scoring", "P1", *dates)
    mbtg("consent", "record", "P1", "--use", "teaching", "--use", "research", *dates)
    (row,) = mbtg.json("consent", "status", "--on", "2026-05-05")
    assert row["uses"] == ["course", "scoring", "teaching", "research"]
    mbtg("consent", "record", "P1", "--use=own_review", "supervision", *dates)
    (row,) = mbtg.json("consent", "status", "--on", "2026-05-05")
    assert row["uses"][:2] == ["own_review", "supervision"]


def test_withdrawal_ends_the_uses_named_and_is_asked_for(clinic):
    clinic("consent", "withdraw", "P1", "--use", "course", code=1, typed="n\n")
    clinic("consent", "withdraw", "P1", "--use", "course", "--yes")
    row = next(
        r for r in clinic.json("consent", "status", "--use", "course") if r["person"] == "P1"
    )
    assert row["missing"] == ["P1 has withdrawn the consent to course."]
    assert "supervision" in row["uses"]


def test_evidence_is_sealed_into_the_library(clinic, tmp_path):
    form = tmp_path / "signed.pdf"
    form.write_bytes(b"%PDF planted evidence " * 100)
    clinic("consent", "approve", "G1", "--signed-on", "2026-01-01", "--until", "2027-01-01",
           "--evidence", form)  # fmt: skip
    (sealed,) = (clinic.root / "objects").iterdir()
    assert b"planted evidence" not in sealed.read_bytes()


def test_an_empty_file_is_no_evidence(clinic, tmp_path):
    (tmp_path / "signed.pdf").touch()
    before = clinic.state()
    words = ("--signed-on", "2026-01-01", "--until", "2027-01-01")
    refusal = clinic.refused(
        2, "consent", "approve", "G1", *words, "--evidence", tmp_path / "signed.pdf"
    )
    assert "signed.pdf is empty" in refusal
    assert clinic.state() == before


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (4, "person add P5 --group G9 --role patient", "no group G9"),
        (2, "person add P1 --group G1 --role patient", "P1 exists already"),
        (2, "person add Kari.Nordmann --group G1 --role patient", "never a name"),
        (2, "person add P5 --group G1 --role patent", "patent"),
        (2, "person add p1 --group G1 --role patient", "P1 exists already, and p1 differs"),
        (2, "group add G1 --name again", "G1 exists already"),
        (2, "group add g1 --name again", "G1 exists already, and g1 differs"),
        (2, "group add G5 --name=", "a group needs a name"),
        (4, "consent record P9 --use course --form identifiable --signed-on 2026-01-01 "
            "--until 2027-01-01", "no person P9"),
        (2, "consent record P1 --use course --form identifiable --signed-on 2027-01-02 "
            "--until 2027-01-01", "lies before"),
        (2, "consent record P1 --use course --form identifiable --signed-on 1.1.2026 "
            "--until 2027-01-01", "2026-11-24"),
        (2, "consent status --on 20260101", "2026-11-24"),
        (2, "consent status --on 2026-W40-1", "2026-11-24"),
        (2, "consent status --on 2026-02-30", "2026-11-24"),
        (2, "consent record P1 --form identifiable --signed-on 2026-01-01 --until 2027-01-01",
            "--use"),
        (4, "consent record P1 --use course --form identifiable --signed-on 2026-01-01 "
            "--until 2027-01-01 --evidence absent.pdf", "absent.pdf"),
        (4, "consent approve G9 --signed-on 2026-01-01 --until 2027-01-01", "no group G9"),
        (4, "consent status --group G9", "no group G9"),
        (4, "consent withdraw P9 --yes", "no person P9"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_refused_and_changes_nothing(clinic, code, words, said):
    before = clinic.state()
    assert said in clinic.refused(code, *words.split())
    assert clinic.state() == before
