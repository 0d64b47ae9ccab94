"""``mbtg dossier`` as typed at the command line."""

from datetime import timedelta

import docx
import pytest

from tests.cli.conftest import Mbtg, everything_in
from tests.cli.test_trust import TODAY

FIVE = "".join(f"P1 sier lite i time {n}.\n" for n in range(1, 6))


@pytest.fixture
def file(tmp_path):
    """``file(name, text)``: path of a text file."""

    def write(name, text):
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def test_documents_are_sealed_listed_shown_changed_and_shredded(clinic, file):
    account = file("p1.txt", FIVE)
    made = clinic.json("dossier", "add", account, "--kind", "patient", "--person", "P1",
                       "--author", "T1", "--course", "mbt-g-2026")  # fmt: skip
    assert made["id"] == "D1"
    assert (made["group"], made["person"], made["author"]) == ("G1", "P1", "T1")
    assert (made["title"], made["lines"], made["overridden"]) == ("Account of P1", 5, False)
    assert made["delete_by"] > (TODAY + timedelta(days=360)).isoformat()
    words = ("--kind", "minutes", "--group", "G1", "--held-on", "2026-03-13", "--lang", "nb")
    piped = clinic("dossier", "add", "-", *words, typed="Stille.\r\nP2\tsnakket.")
    assert "Sealed D2: Referat G1 2026-03-13" in piped.stdout
    assert [row["id"] for row in clinic.json("dossier", "list", "--kind", "minutes")] == ["D2"]
    assert "text" not in clinic.json("dossier", "list", "--group", "G1")[0]
    assert clinic.json("dossier", "show", "D2")["text"] == "Stille.\nP2\tsnakket."
    shown = clinic("dossier", "show", "D1").stdout
    assert shown == f"D1  Account of P1\n\n{FIVE}"
    assert [line["subjects"] for line in clinic.json("audit", "list", "--act", "view")] == [
        ["D2"],
        ["D1"],
    ]
    assert "FILE, or --title" in clinic.refused(2, "dossier", "edit", "D1")
    clinic("dossier", "edit", "D2", file("m.md", "Uro."), "--title", "Den tiende timen")
    assert clinic.json("dossier", "show", "D2")["text"] == "Uro."
    before = clinic.state()
    assert "Would shred D1" in clinic("dossier", "remove", "D1", "--dry-run").stdout
    assert clinic("dossier", "remove", "D1", typed="n\n", code=1)
    assert clinic.state() == before
    sealed = [row for row in before if row[0] == "document"]
    clinic("dossier", "remove", "D1", "--yes")
    assert "D1 was shredded on" in clinic.refused(4, "dossier", "show", "D1")
    assert not set(sealed) & set(clinic.state())  # what stays was sealed anew
    clinic("check")
    clinic("audit", "verify")


def test_what_is_lost_of_a_file_is_told_and_what_names_somebody_refused(clinic, file, tmp_path):
    text = "Gruppen er stille.\nSå kom Kari Nordmann\n(f. 1990)"
    path = file("g.txt", text)
    words = ("dossier", "add", path, "--kind", "group", "--group", "G1")
    before = clinic.state()
    said = clinic.refused(2, *words)
    assert "line 2, column 8: name: Kari Nordmann" in said
    assert "line 3, column 2: date of birth: f. 1990" in said
    assert "--reason TEXT" in clinic.refused(2, *words, "--override")
    assert "goes with --override" in clinic.refused(2, *words, "--reason", "x")
    assert clinic.state() == before
    assert clinic.json(*words, "--override", "--reason", "Oppdiktet Begrunnelse")["overridden"]
    (line,) = clinic.json("audit", "list", "--act", "document")
    assert line["detail"] == {"deed": "add", "overridden": ["birth 1", "name 1"]}
    assert clinic.json("dossier", "show", "D1")["reason"] == "Oppdiktet Begrunnelse"
    held = everything_in(clinic.root)
    assert b"Oppdiktet" not in held
    assert b"Nordmann" not in held
    document = docx.Document()
    document.add_paragraph("Rammen er fast.")
    document.add_table(1, 1).cell(0, 0).text = "Tirsdag"
    document.save(tmp_path / "ramme.docx")
    words = ("--kind", "frame", "--group", "G1")
    told = clinic("dossier", "add", tmp_path / "ramme.docx", *words)
    assert told.stderr == "Not taken along: tables: their words are kept, a line a row (1)\n"
    assert clinic.json("dossier", "show", "D2")["text"] == "Rammen er fast.\nTirsdag"


def test_a_file_is_checked_without_a_library(mbtg, file, monkeypatch):
    monkeypatch.setattr("mbtg_video.cli.session.open_library", None)
    clean = mbtg("dossier", "check", file("a.txt", FIVE))
    assert (clean.stdout, clean.stderr) == ("Nothing to show.\n", "5 lines, 0 findings\n")
    named = file("b.txt", "Så kom Kari.")
    found = mbtg("dossier", "check", named, "--json", code=1).stdout
    assert '"column": 8' in found
    shown = mbtg("dossier", "check", named, "--lang", "nb", code=1).stdout
    assert "Kari" in shown
    assert "navn" in shown
    assert mbtg("dossier", "check", named, "--kind", "reading").exit_code == 0


def test_wrong_files_and_ids_are_refused_with_their_own_codes(clinic, file):
    words = ("--kind", "group", "--group", "G1")
    assert "no file" in clinic.refused(4, "dossier", "add", "nowhere.txt", *words)
    assert "UTF-8" in clinic.refused(2, "dossier", "add", file("a.txt", b"\xe6\xf8\xe5"), *words)
    assert "no text" in clinic.refused(2, "dossier", "add", file("b.txt", b"a\0b"), *words)
    course = ("--course", "nowhere")
    assert "nowhere" in clinic.refused(4, "dossier", "add", file("c.txt", "a"), *words, *course)
    for verb in (("show",), ("edit", file("d.txt", "a")), ("remove",)):
        assert "no document D9" in clinic.refused(4, "dossier", verb[0], "D9", *verb[1:])
    assert "no id of this kind" in clinic.refused(2, "dossier", "show", "X1")


def test_a_playlist_of_minutes_is_handed_out_with_its_documents(clinic, file, tmp_path):
    clinic("dossier", "add", file("m.txt", "Planted minutes."), "--kind", "minutes", "--group",
           "G1", "--held-on", "2026-03-13", "--title", "Planted title")  # fmt: skip
    clinic("dossier", "add", file("r.md", "Bateman (2016)"), "--kind", "reading")
    clinic("playlist", "new", "Friday")
    made = ("bundle", "make", "L1", "--to", tmp_path / "out", "--recipient", "Kari")
    attached = clinic.json("dossier", "attach", "L1", "D2", "D1")
    assert attached["documents"] == ["D1", "D2"]
    assert "holds no excerpt" in clinic.refused(2, *made)  # nothing to begin with
    clinic("playlist", "add", "L1", "--kind", "minutes", "--text", "Referat")
    shown = clinic.json("playlist", "show", "L1")["documents"]
    assert [(one["id"], one["kind"]) for one in shown] == [("D1", "minutes"), ("D2", "reading")]
    assert "Planted title" in clinic("playlist", "show", "L1").stdout
    clinic(*made)
    receipt = (tmp_path / "out-receipt.json").read_text()
    assert '"document": "D1"' in receipt
    page = (tmp_path / "out-receipt.html").read_text()
    assert "Clips" not in page
    assert "<td>D2</td><td>reading list</td>" in page
    assert b"Planted" not in everything_in(tmp_path / "out") + receipt.encode() + page.encode()
    clinic("bundle", "verify", tmp_path / "out", "--receipt", tmp_path / "out-receipt.json")
    left = clinic.json("consent", "withdraw", "P2", "--dry-run")
    assert (left["documents"], left["playlists"]) == (["D1"], ["L1"])
    assert [one["id"] for one in left["left"]] == ["B1"]  # it told of P2
    clinic("person", "add", "P3", "--group", "G1", "--role", "patient")
    again = (*made[:4], tmp_path / "again", *made[5:])
    assert "P3 has given no consent" in clinic.refused(3, *again)
    assert not (tmp_path / "again").exists()
    clinic("dossier", "detach", "L1", "D1")
    clinic(*again)  # a reading list is about nobody
    assert "not attached" in clinic.refused(4, "dossier", "detach", "L1", "D1")


def test_a_supervisor_reads_what_may_be_read_for_supervision(clinic, file, monkeypatch):
    account = file("p1.txt", FIVE)
    clinic("dossier", "add", account, "--kind", "patient", "--person", "P1")
    monkeypatch.setenv("MBTG_NEW_PASSPHRASE", "words of the supervisor")
    clinic("key", "add", "liv", "--role", "supervisor")
    theirs = Mbtg(clinic.root, "words of the supervisor")
    assert FIVE in theirs("dossier", "show", "D1").stdout
    clinic("consent", "withdraw", "P1", "--use", "supervision", "--yes")
    assert "P1 has withdrawn" in theirs.refused(3, "dossier", "show", "D1")
    assert FIVE in clinic("dossier", "show", "D1").stdout  # for the therapist's own review
    assert "may not record" in theirs.refused(3, "dossier", "remove", "D1", "--yes")


def test_an_older_backup_brings_no_document_of_who_has_withdrawn_back(clinic, file, tmp_path):
    account = ("dossier", "add", file("p1.txt", FIVE), "--kind", "patient", "--person", "P1")
    clinic(*account)
    clinic("backup", tmp_path / "copy")
    clinic("consent", "withdraw", "P1", "--yes", "--letters", tmp_path / "letters")
    assert clinic.json("dossier", "list") == []
    newer = ("--ledger", clinic.root / "withdrawals.json")
    clinic("restore", tmp_path / "copy", tmp_path / "again", *newer)
    again = ("--library", tmp_path / "again")
    assert clinic.json("dossier", "list", *again) == []
    assert "D1 was shredded" in clinic.refused(4, "dossier", "show", "D1", *again)
