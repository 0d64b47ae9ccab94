import pytest

from tests.cli.conftest import ADD, ALL


def cut_twice(clinic, recording_file):
    clinic("recording", "add", recording_file("gop25"), *ADD, *ALL)
    for start, title in ((1, "First"), (4, "Second")):
        clinic("excerpt", "cut", "R1", "--from", f"{start}s", "--to", f"{start + 2}s",
               "--title", title)  # fmt: skip


@pytest.fixture
def cut(prepared):
    """The clinic with recording R1 and excerpts X1 and X2."""
    return prepared(cut_twice)


def order(mbtg):
    return [entry["title"] for entry in mbtg.json("playlist", "show", "L1")["entries"]]


def test_entries_are_added_moved_and_removed(cut):
    cut("playlist", "new", "Supervision in March")
    cut("playlist", "add", "L1", "X1", "X2", "--minutes", "10")
    cut("playlist", "add", "L1", "--kind", "discussion", "--text", "What now?", "--minutes", "15")
    assert order(cut) == ["First", "Second", "What now?"]
    cut("playlist", "move", "L1", "3", "--to", "1")
    assert order(cut) == ["What now?", "First", "Second"]
    cut("playlist", "move", "L1", "1", "--to", "2")
    assert order(cut) == ["First", "What now?", "Second"]
    cut("playlist", "remove", "L1", "2")
    shown = cut.json("playlist", "show", "L1")
    assert [(e["position"], e["entry"], e["minutes"]) for e in shown["entries"]] == [
        (1, "X1", 10),
        (2, "X2", 10),
    ]
    assert shown["entries"][0]["length_us"] == 2_000_000
    assert len(cut.json("excerpt", "list")) == 2
    assert cut.json("playlist", "list")[0]["title"] == "Supervision in March"


def test_an_excerpt_enters_only_where_everybody_consents_to_the_use(cut):
    cut("playlist", "new", "Lecture", "--use", "teaching")
    cut("consent", "withdraw", "P1", "--use", "teaching", "--yes")
    before = cut.state()
    assert "P1 has withdrawn" in cut.refused(3, "playlist", "add", "L1", "X1")
    assert cut.state() == before


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (4, "add L9 X1", "no playlist L9"),
        (4, "add L1 X9", "no excerpt X9"),
        (4, "add L1 X1 X9", "no excerpt X9"),
        (2, "add L1", "name excerpts"),
        (2, "add L1 X1 --kind theory", "name excerpts"),
        (2, "add L1 X1 --minutes 0", "minutes"),
        (2, "add L1 X1 --text y", "--text goes with --kind"),
        (2, "add L1 --kind theory", "--text TEXT"),
        (2, "add L1 --kind theory --text=", "--text TEXT"),
        (2, "new \N{NO-BREAK SPACE}", "needs a name"),
        (4, "move L1 1 --to 2", "no entry"),
        (4, "remove L1 1", "no entry 1"),
        (4, "show L9", "no playlist L9"),
        (2, "show X1", "L1"),
        (2, "new x --use fun", "fun"),
    ],
)
def test_a_wrong_word_is_refused_and_changes_nothing(cut, code, words, said):
    cut("playlist", "new", "Empty")
    before = cut.state()
    assert said in cut.refused(code, "playlist", *words.split(" "))
    assert cut.state() == before


def test_a_playlist_is_held_against_the_minutes_of_its_slot(cut):
    cut("playlist", "new", "Friday")
    cut("playlist", "add", "L1", "X1", "--minutes", "10")
    cut("playlist", "add", "L1", "X2")
    cut("playlist", "add", "L1", "--kind", "discussion", "--text", "What now?", "--minutes", "15")
    found = cut.json("playlist", "fit", "L1")
    assert (found["total_us"], found["slot_minutes"], found["left_us"]) == (
        1_504_000_000,
        None,
        None,
    )
    assert [entry["takes_us"] for entry in found["entries"]] == [
        602_000_000,
        2_000_000,
        900_000_000,
    ]
    assert found["unplanned"] == [2]
    assert cut.json("playlist", "fit", "L1", "--minutes", "45")["left_us"] == 1_196_000_000
    assert cut.json("playlist", "show", "L1")["slot_minutes"] == 45  # it is kept
    assert "(supervision, 45 minutes)" in cut("playlist", "show", "L1").stdout
    said = cut("playlist", "fit", "L1", "--minutes", "25").stdout
    assert "Over by" in said
    assert "00:00:04.000" in said
    assert "For langt med" in cut("playlist", "fit", "L1", "--lang", "nb").stdout
    assert cut.json("playlist", "list")[0]["slot_minutes"] == 25


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [(4, "L9", "no playlist L9"), (2, "L1 --minutes 0", "minutes"), (2, "X1", "L1")],
)
def test_a_wrong_slot_is_refused_and_changes_nothing(cut, code, words, said):
    cut("playlist", "new", "Empty")
    before = cut.state()
    assert said in cut.refused(code, "playlist", "fit", *words.split())
    assert cut.state() == before
