import pytest


def test_a_moment_and_a_span_are_tagged_in_recording_time(recorded):
    recorded("tag", "add", "R1", "--at", "f30", "--item", "3", "--by", "T1", "--as", "good",
             "--note", "Fin overgang")  # fmt: skip
    recorded("tag", "add", "R1", "--from", "0:02", "--to", "4.5s", "--label", "stillhet")
    first, second = recorded.json("tag", "list", "R1")
    assert (first["start_us"], first["end_us"], first["item"]) == (1_200_000, None, 3)
    assert first["item_name"] == "Initiating and fulfilling turn-taking"
    assert (first["author"], first["valence"], first["note"]) == ("T1", "good", "Fin overgang")
    assert (second["start_us"], second["end_us"]) == (2_000_000, 4_500_000)
    assert (second["item"], second["scale"], second["label"]) == (None, None, "stillhet")
    assert "turntaking" in recorded("tag", "list", "--lang", "nb").stdout


def test_tags_are_found_by_item_author_recording_and_text(recorded):
    recorded("tag", "add", "R1", "--at", "1s", "--item", "3", "--by", "T1")
    recorded("tag", "add", "R1", "--at", "2s", "--item", "11", "--note", "ÆRLIG undring")
    recorded("tag", "add", "R1", "--at", "3s", "--label", "ærlighet", "--by", "P1")

    def ids(*words):
        return [tag["id"] for tag in recorded.json("tag", "list", *words)]

    assert ids() == ids("R1") == ["T1", "T2", "T3"]
    assert ids("--item", "11") == ["T2"]
    assert ids("--by", "P1") == ["T3"]
    assert ids("--text", "ærlig") == ["T2", "T3"]
    assert ids("--by", "T1", "--item", "11") == []


def test_an_edit_changes_what_is_named_and_nothing_else(recorded):
    recorded("tag", "add", "R1", "--at", "1s", "--item", "3", "--note", "a", "--by", "T1")
    recorded("tag", "edit", "T1", "--item", "18", "--as", "missed")
    (tag,) = recorded.json("tag", "list")
    assert (tag["item"], tag["valence"], tag["note"], tag["author"]) == (18, "missed", "a", "T1")
    recorded("tag", "edit", "T1", "--label", "fri", "--from", "2s", "--to", "3s")
    (tag,) = recorded.json("tag", "list")
    assert (tag["item"], tag["scale"], tag["label"], tag["end_us"]) == (
        None,
        None,
        "fri",
        3_000_000,
    )
    recorded("tag", "edit", "T1", "--item", "5")
    (tag,) = recorded.json("tag", "list")
    assert (tag["item"], tag["scale"], tag["label"]) == (5, "mbt-g-aqs", None)


def test_removing_asks_and_an_id_is_never_given_twice(recorded):
    recorded("tag", "add", "R1", "--at", "1s", "--item", "3")
    recorded("tag", "remove", "T1", typed="n\n", code=1)
    recorded("tag", "remove", "T1", "--dry-run")
    assert len(recorded.json("tag", "list")) == 1
    recorded("tag", "remove", "T1", "--yes")
    recorded("tag", "add", "R1", "--at", "1s", "--item", "3")
    assert [tag["id"] for tag in recorded.json("tag", "list")] == ["T2"]


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (4, "add R9 --at 1s --item 3", "no recording R9"),
        (4, "add R1 --at 1s --item 20", "no item 20"),
        (4, "add R1 --at 1s --item 3 --scale other", "no scale other"),
        (4, "add R1 --at 1s --item 3 --by P9", "no person P9"),
        (2, "add R1 --at 1s", "either --item N or --label TEXT"),
        (2, "add R1 --at 1s --item 3 --label x", "either --item N or --label TEXT"),
        (2, "add R1 --at 1s --label x --scale mbt-g-aqs", "--scale goes with --item"),
        (2, "add R1 --at 1s --label=", "a label needs a text"),
        (2, "add R1 --at 1s --label=\N{NO-BREAK SPACE}", "a label needs a text"),
        (2, "add R1 --item 3", "--at T"),
        (2, "add R1 --from 1s --item 3", "go together"),
        (2, "add R1 --at 1s --from 1s --to 2s --item 3", "either --at"),
        (2, "add R1 --from 2s --to 1s --item 3", "must come after"),
        (2, "add R1 --from 2s --to 2s --item 3", "must come after"),
        (2, "add R1 --at 12s --item 3", "outside R1"),
        (2, "add R1 --from 1s --to 12.000001s --item 3", "outside R1"),
        (2, "add R1 --at f300 --item 3", "f299"),
        (2, "add R1 --at 1.5 --item 3", "no time"),
        (2, "add R1 --at=-1s --item 3", "no time"),
        (4, "edit T1 --note x", "no tag T1"),
        (4, "remove T1 --yes", "no tag T1"),
        (4, "list R9", "no recording R9"),
        (4, "list --by P9", "no person P9"),
    ],
)
def test_a_wrong_tag_is_refused_and_changes_nothing(recorded, code, words, said):
    before = recorded.state()
    assert said in recorded.refused(code, "tag", *words.split(" "))
    assert recorded.state() == before


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (2, "T1 --scale nope", "--scale goes with --item"),
        (2, "T1 --label y --scale mbt-g-aqs", "--scale goes with --item"),
        (2, "T1 --item 5 --label y", "either --item N or --label TEXT"),
        (2, "T1 --label=", "a label needs a text"),
        (4, "T1 --item 5 --scale nope", "no scale nope"),
        (4, "T2 --scale nope", "no scale nope"),
    ],
)
def test_a_wrong_edit_is_refused_and_changes_nothing(recorded, code, words, said):
    recorded("tag", "add", "R1", "--at", "1s", "--label", "x")
    recorded("tag", "add", "R1", "--at", "1s", "--item", "3")
    before = recorded.state()
    assert said in recorded.refused(code, "tag", "edit", *words.split(" "))
    assert recorded.state() == before


def test_the_end_of_a_tag_may_be_written_as_the_frame_after_the_last(recorded):
    recorded("tag", "add", "R1", "--from", "f290", "--to", "f300", "--item", "3")
    recorded("tag", "edit", "T1", "--from", "f295", "--to", "f300")
    (tag,) = recorded.json("tag", "list")
    assert (tag["start_us"], tag["end_us"]) == (11_800_000, 12_000_000)


def test_a_tag_needs_the_consent_that_watching_needs(recorded):
    recorded("consent", "withdraw", "P1", "--use", "own_review", "--yes")
    assert "P1" in recorded.refused(3, "tag", "add", "R1", "--at", "1s", "--item", "3")


def test_two_who_tagged_the_same_recording_are_compared(recorded):
    def tag(who, item, start, end):
        recorded("tag", "add", "R1", "--by", who, "--item", item, "--from", start, "--to", end)

    tag("T1", 3, "1s", "3s")
    tag("P1", 3, "1.5s", "3s")
    tag("T1", 11, "6s", "8s")
    tag("P1", 12, "6s", "8.2s")
    tag("T1", 15, "10s", "11s")
    found = recorded.json("tag", "compare", "R1", "T1", "P1", "--tolerance", "1s")
    seconds = {one["code"]: one for one in found["seconds"]}
    assert seconds["mbt-g-aqs:3"]["raw"]["value"] == 1
    assert seconds["mbt-g-aqs:3"]["kappa"]["value"] == 1
    assert found["events"]["raw"] | {"low": 0, "high": 0, "interval": 0} == {
        "value": 0.5, "low": 0, "high": 0, "why": None, "used": 2, "left_out": 1, "interval": 0,
    }  # fmt: skip
    assert found["events"]["raw_with_unmatched"]["value"] == pytest.approx(1 / 3)
    assert (found["start"]["median_us"], found["end"]["median_us"]) == (500_000, 0)
    said = recorded("tag", "compare", "R1", "T1", "P1", "--lang", "nb").stdout
    assert "Av 2 slike har 50 % samme ledd" in said
    assert "0,50 s fra hverandre" in said
    narrow = recorded.json("tag", "compare", "R1", "T1", "P1", "--tolerance", "0.4s")
    assert narrow["start"]["why"] == "no_pairs"
    assert "Distance of beginnings: " in recorded(
        "tag", "compare", "R1", "T1", "P1", "--tolerance", "0.4s"
    ).stdout  # fmt: skip
    assert "name two persons" in recorded.refused(2, "tag", "compare", "R1", "T1", "T1")
    recorded.refused(4, "tag", "compare", "R1", "T1", "X1")
