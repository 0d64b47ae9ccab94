import csv
import io
import json

import openpyxl

from mbtg_video.library import open_library
from mbtg_video.rating.scoring import find_rating
from tests.cli.conftest import Mbtg, everything_in, scores
from tests.supervision.scoring import hand_out


def deeds(mbtg):
    lines = mbtg.json("audit", "list", "--act", "rating")
    return [line["detail"]["deed"] for line in lines]


def test_from_an_open_scoring_to_the_signature(scored):
    assert scored.json("rate", "open", "X1", "--about", "T1")["id"] == "S1"
    scored("rate", "add", "S1", "--by", "K1", *scores(item3="2/3"), "--evidence", "3=f12-f20",
           "--item-note", "3=planted note")  # fmt: skip
    scored("rate", "add", "X1", "--by", "K2", *scores(item3="6/6", item7="none"))
    assert "K1, K2" in scored("rate", "reveal", "S1", "--dry-run").stdout
    scored("rate", "reveal", "S1", "--yes")
    shown = scored.json("rate", "show", "S1")
    assert [(row["item"], row["gap"]) for row in shown["differences"][:3]] == [
        (3, 4),
        (7, 0),
        (1, 0),
    ]
    first = shown["differences"][0]["answers"][0]
    assert (first["rater"], first["adherence"], first["quality"]) == ("K1", 2, 3)
    assert first["evidence"] == [{"start_us": 480_000, "end_us": 800_000, "tag": None}]
    table = scored("rate", "show", "S1").stdout
    assert "3, K1: 00:00:00.480-00:00:00.800; planted note" in table
    assert "0 *" in table
    assert "* They differ on whether it occurred" in table
    own = scored("rate", "show", "S1", "--by", "K1").stdout
    assert "Overall adherence: 4, Overall quality: 5" in own
    missing = scored.refused(2, "rate", "consensus", "S1")
    assert "not answered yet: 3, 7." in missing
    agreed = scored.json("rate", "consensus", "S1", "--score", "3=4/5", "--score", "7=none")
    assert agreed["agreed_by"] == ["K1", "K2"]
    scored("rate", "sign", "S1", "--by", "T1")
    assert "signed by T1" in scored.refused(2, "rate", "consensus", "S1", "--score", "3=5/5")
    assert scored.json("rate", "list")[0]["state"] == "signed"
    assert deeds(scored) == [
        "open", "submit", "submit", "reveal", "consensus", "sign",
    ]  # fmt: skip
    assert b"planted note" not in everything_in(scored.root)


def test_no_command_tells_a_score_before_the_reveal(scored):
    scored("rate", "open", "X1")
    scored("rate", "add", "S1", "--by", "K1", *scores(2, 3), "--note", "planted note")
    told = [
        scored.json("rate", "list"),
        scored.json("rate", "show", "S1"),
        scored.json("rate", "show", "S1", "--by", "K2"),
        scored.json("audit", "list"),
    ]
    for answer in told:
        text = json.dumps(answer)
        assert "planted note" not in text
        assert '"quality": 3' not in text
        assert '"adherence": 2' not in text
    assert "is blind" in scored.refused(1, "rate", "consensus", "S1", "--score", "1=4/4")
    own = scored.json("rate", "show", "S1", "--by", "K1")
    assert own["items"][0]["quality"] == 3
    assert deeds(scored)[-1] == "look"


def test_the_note_on_the_whole_sequence_is_shown_to_its_rater_and_after_the_reveal(scored):
    scored("rate", "add", "X1", "--by", "K1", *scores(), "--note", "rolig gruppe")
    scored("rate", "add", "X1", "--by", "K2", *scores())
    assert scored.json("rate", "show", "S1", "--by", "K1")["note"] == "rolig gruppe"
    assert "rolig" not in scored("rate", "show", "S1").stdout
    scored("rate", "reveal", "S1", "--yes")
    assert "K1: rolig gruppe" in scored("rate", "show", "S1").stdout
    assert scored.json("rate", "show", "S1")["notes"] == [{"rater": "K1", "note": "rolig gruppe"}]


def test_who_submits_while_the_reveal_is_asked_about_is_kept_and_asked_about_again(
    scored, monkeypatch
):
    scored("rate", "add", "X1", "--by", "K1", *scores())
    submit = ("rate", "add", "S1", "--by", "K2", *scores())
    monkeypatch.setattr("click.confirm", lambda *_, **__: scored(*submit))
    assert "changed meanwhile" in scored.refused(1, "rate", "reveal", "S1")
    (record,) = scored.json("rate", "list")
    assert (record["state"], record["submitted"]) == ("blind", ["K1", "K2"])


def test_a_draft_grows_and_is_submitted_when_it_is_complete(scored):
    left = scored.json("rate", "add", "X1", "--by", "K1", "--score", "1=4/5", "--draft")
    assert left["state"] == "draft"
    assert left["unanswered"][:2] == ["2", "3"]
    gaps = scored.refused(2, "rate", "add", "S1", "--by", "K1", "--score", "2=4/?")
    assert "not answered yet: 3, 4" in gaps
    rest = scores()[2:]
    done = scored.json("rate", "add", "S1", "--by", "K1", *rest)
    assert (done["state"], done["unanswered"]) == ("submitted", [])
    assert "mbtg rate reopen Q1" in scored.refused(2, "rate", "add", "S1", "--by", "K1", *rest)
    assert scored.json("rate", "reopen", "Q1")["state"] == "draft"


WRONG = [
    (("--score", "3=4"), "item 3: '4' is one number"),
    (("--score", "3=x"), "item 3: 'x' is no score"),
    (("--score", "3=4/8"), "item 3, quality: 8"),
    (("--score", "10=4/4"), "item 10: adherence is not rated"),
    (("--score", "x=4/4"), "'x' is no number of an item"),
    (("--score", "4/4"), "needs the form"),
    (("--score", "3=a/b"), "'a' is no whole number"),
    (("--overall", "charm=3"), "no overall 'charm'"),
    (("--evidence", "3=1:00"), "does not lie in X1"),
    (("--evidence", "3=soon"), "'soon' is no time"),
]


def test_a_reveal_of_nobody_is_refused_before_it_is_asked_about(scored):
    scored("rate", "open", "X1")
    scored("rate", "add", "S1", "--by", "K1", "--score", "3=4/5", "--draft")
    for option in ("--dry-run", "--yes"):
        assert "Nobody has submitted" in scored.refused(2, "rate", "reveal", "S1", option)
    assert "Nobody has submitted" in scored.refused(2, "rate", "reveal", "S1")


def test_a_draft_needs_no_reopening_and_says_how_to_go_on(scored):
    scored("rate", "open", "X1")
    scored("rate", "add", "S1", "--by", "K1", "--score", "3=4/5", "--draft")
    assert "mbtg rate add S1 --by K1" in scored.refused(2, "rate", "reopen", "Q1")


def test_a_wrong_answer_is_refused_and_nothing_is_kept(scored):
    scored("rate", "open", "X1")
    before = scored.state()
    for words, told in WRONG:
        assert told in scored.refused(2, "rate", "add", "S1", "--by", "K1", *words, "--draft")
        assert scored.state() == before


def test_what_is_not_there_is_not_found(scored):
    for words in (
        ("show", "S7"),
        ("reveal", "S7", "--yes"),
        ("reopen", "Q7"),
        ("open", "X7"),
        ("sign", "S7", "--by", "T1"),
        ("add", "S7", "--by", "K1", "--score", "1=4/4"),
        ("import", "missing.csv"),
    ):
        assert scored.refused(4, "rate", *words)
    scored("rate", "open", "X1")
    assert "no person X9" in scored.refused(4, "rate", "add", "S1", "--by", "X9", *scores())
    told = scored.refused(4, "rate", "add", "S1", "--by", "K1", "--evidence", "3=T7", "--draft")
    assert "there is no tag T7" in told


def test_scoring_is_refused_without_consent_to_it(scored):
    scored("rate", "open", "X1")
    scored("consent", "withdraw", "P1", "--use", "scoring", "--yes")
    assert "scoring" in scored.refused(3, "rate", "add", "S1", "--by", "K1", *scores())
    assert "scoring" in scored.refused(3, "rate", "open", "X1", "--scale", "teaching-example")


def filled_csv(text, values):
    """An empty table with each row's columns filled in as `values` say by its item."""
    head, *rest = csv.reader(io.StringIO(text), delimiter=";")
    names = ("sequence", "rater", "item", "name", "adherence", "quality", "answer", "evidence",
             "note")  # fmt: skip
    rows = [dict(zip(names, row, strict=True)) for row in rest]
    held = io.StringIO()
    writer = csv.writer(held, delimiter=";")
    writer.writerow(head)
    writer.writerows((row | values(row["item"])).values() for row in rows)
    return held.getvalue()


def four_five(item):
    if item.startswith("overall"):
        return {"adherence": "4,0"}
    return {"adherence": "" if item == "10" else "4", "quality": "5"}


def test_a_csv_sheet_goes_out_and_comes_back(scored, tmp_path):
    target = tmp_path / "k1.csv"
    scored("rate", "sheet", "X1", "--to", target, "--by", "K1", "--lang", "nb")
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    text = target.read_text(encoding="utf-8-sig")
    assert "Håndtering av gruppens grenser" in text
    heads = text.splitlines()[0]
    assert heads == "sekvens;vurderer;ledd;navn;metodetrofasthet;kvalitet;svar;belegg;notat"
    filled = filled_csv(
        text,
        lambda item: (
            four_five(item)
            | ({"evidence": "f12; 00:00:01-00:00:01.2", "note": "så stille"} if item == "3" else {})
        ),
    )
    target.write_bytes(filled.encode("cp1252"))  # as a Norwegian Excel writes it
    (record,) = scored.json("rate", "import", target)
    assert (record["rater"], record["state"], record["scoring"]) == ("K1", "submitted", "S1")
    third = scored.json("rate", "show", "S1", "--by", "K1")["items"][2]
    assert third["note"] == "så stille"
    assert third["evidence"] == ["00:00:00.480", "00:00:01.000-00:00:01.200"]
    assert "exists already" in scored.refused(2, "rate", "sheet", "S1", "--to", target)


def test_an_xlsx_sheet_of_several_raters_is_taken_in_whole_or_not_at_all(scored, tmp_path):
    target = tmp_path / "sheet.xlsx"
    scored("rate", "sheet", "X1", "--to", target)
    book = openpyxl.load_workbook(target)
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    sheet.delete_rows(2, 100)
    for rater in ("K1", "K2"):
        for row in rows:
            given = dict(zip(heads, row, strict=True)) | {"rater": rater}
            overall = str(given["item"]).startswith("overall")
            given |= {"adherence": None if given["item"] == 10 else 4}
            given |= {} if overall else {"quality": 5}
            sheet.append([given[head] for head in heads])
    book.save(target)
    both = scored.json("rate", "import", target)
    assert [(one["rater"], one["state"]) for one in both] == [
        ("K1", "submitted"),
        ("K2", "submitted"),
    ]
    before = scored.state()
    sheet["B2"] = "K3"
    for cells in sheet.iter_rows(min_row=2, max_row=22):
        cells[1].value = "K3"
    book.save(target)
    assert "K2 has submitted Q2" in scored.refused(2, "rate", "import", target)
    assert scored.state() == before


def test_a_table_takes_nothing_away_from_a_draft_that_it_does_not_say(scored, tmp_path):
    draft = ("--score", "1=4/5", "--note", "på hele sekvensen", "--draft")
    scored("rate", "add", "X1", "--by", "K1", *draft)
    table = tmp_path / "k1.csv"
    table.write_text("sequence,rater,item,adherence,quality\nS1,K1,1,,\nS1,K1,2,3,3\n")
    left = scored.json("rate", "add", "S1", "--by", "K1", "--from", table, "--draft")
    assert left["unanswered"][:2] == ["3", "4"]
    scored("rate", "import", table, "--draft")
    with open_library(scored.root, scored.passphrase) as library, library.transaction() as session:
        assert find_rating(session, 1).note == "på hele sekvensen"


CELLS = [
    ({"F2": "=2+3"}, "cell F2 holds a formula"),
    ({"F2": 4.5}, "row 2, quality: '4.5' is no whole number"),
    ({"F1": "charm"}, "no column 'charm'"),
    ({"C3": 1}, "row 3: item 1 is there twice"),
    ({"G2": "maybe"}, "'maybe' is no answer"),
    ({"F2": 9}, "item 1, quality: 9 is no score"),
]


def test_a_wrong_cell_is_named(scored, tmp_path):
    target = tmp_path / "sheet.xlsx"
    scored("rate", "sheet", "X1", "--to", target, "--by", "K1")
    for change, told in CELLS:
        book = openpyxl.load_workbook(target)
        for cell, value in ({"E2": 4, "F2": 5, "F3": 5} | change).items():
            book.active[cell] = value
        path = tmp_path / "changed.xlsx"
        book.save(path)
        assert told in scored.refused(2, "rate", "import", path, "--draft")


def test_a_file_that_is_no_sheet_is_refused(scored, tmp_path):
    contents = [b"", b"\0\0", b"PK\x03\x04", b"a;b\n1;2\n", b"item\n", b"\xff"]
    for suffix in (".csv", ".xlsx", ".txt"):
        for content in contents:
            path = tmp_path / f"file{suffix}"
            path.write_bytes(content)
            assert str(path) in scored.refused(2, "rate", "import", path)


def test_a_scale_of_ones_own_is_checked_kept_and_used(scored, tmp_path, monkeypatch):
    monkeypatch.setenv("MBTG_SCALES", str(tmp_path / "scales"))
    text = scored("scale", "list").stdout
    assert "teaching-example" in text
    from mbtg_video.scale import scale_paths

    shipped = scale_paths()["teaching-example"].read_text(encoding="utf-8")
    own = tmp_path / "my.toml"
    own.write_text(shipped.replace("highest = 5", "highest = 3"), encoding="utf-8")
    assert "says something else" in scored.refused(2, "scale", "add", own)
    own.write_text(shipped.replace("highest = 5", "highest = x"), encoding="utf-8")
    assert "my.toml" in scored.refused(6, "scale", "check", own)
    mended = shipped.replace("highest = 5", "highest = 3").replace("teaching-example", "mine")
    own.write_text(mended, encoding="utf-8")
    assert scored.json("scale", "check", own)["id"] == "mine"
    scored("scale", "add", own)
    scored("rate", "open", "X1", "--scale", "mine")
    assert "from 1 to 3" in scored.refused(
        2, "rate", "add", "S1", "--by", "K1", "--score", "1=4/3", "--draft"
    )


def test_scores_saved_in_a_bundle_are_taken_in(sequence, passphrase, tmp_path):
    bundle = hand_out(sequence, tmp_path / "out")
    mbtg = Mbtg(sequence.library.root, passphrase)
    path = tmp_path / "scores-K2.json"
    path.write_bytes(bundle.file(bundle.saved(rater="K2", state="draft")))
    assert "replaced" not in mbtg("rate", "import", path).stderr
    assert f"{path}: drafts that were there are replaced: Q1" in mbtg("rate", "import", path).stderr
    path.write_bytes(bundle.file(bundle.saved(rater="K2")))
    (record,) = mbtg.json("rate", "import", path)
    assert (record["rater"], record["state"], record["source"]) == ("K2", "submitted", "bundle")
    assert "with the same scores" in mbtg.refused(2, "rate", "import", path)
    changed = path.read_bytes().replace(b'"sealed": "', b'"sealed": "AAAA')
    path.write_bytes(changed)
    assert str(path) in mbtg.refused(1, "rate", "import", path)
