"""``mbtg search`` as it is typed."""

from tests.cli.conftest import Mbtg


def test_a_search_finds_excludes_and_pages_and_leaves_no_line_in_the_audit(busy):
    before = [line["act"] for line in busy.json("audit", "list") if line["act"] != "unlock"]
    found = busy.json("search", "PLANTED", "kind:tag")
    assert (found["total"], found["offset"]) == (1, 0)
    (hit,) = found["hits"]
    assert hit == {
        "kind": "tag",
        "id": "T1",
        "recording": "R1",
        "start_us": 2_000_000,
        "end_us": None,
        "item": 3,
        "item_name": "Initiating and fulfilling turn-taking",
        "by": None,
        "on": "2026-03-13",
        "where": "note",
        "snippet": "planted note",
    }
    lines = busy("search", "planted").stdout
    for text in ("T1", "00:00:02.000", "planted note", "X1", "planted title"):
        assert text in lines
    (hit,) = busy.json("search", "turntaking", "--lang", "nb")["hits"]
    assert (hit["where"], hit["item_name"][:9]) == ("item", "Initiativ")

    # Words after a minus are no options.
    assert [hit["id"] for hit in busy.json("search", "planted", "-title")["hits"]] == ["T1"]
    ids = [hit["id"] for hit in busy.json("search", "-kind:tag", "planted", "-hund")["hits"]]
    assert ids == ["X2", "X1"]
    assert busy.json("search", '-"planted title"', "planted")["total"] == 1
    assert "--limit" in busy("search", "-h").stdout
    # A long answer is told in pages.
    shown = busy("search", "planted", "--limit", "2")
    assert "1 to 2 of 3. More: --offset 2" in shown.stderr
    rest = busy.json("search", "planted", "--limit", "2", "--offset", "2")
    assert (rest["total"], len(rest["hits"])) == (3, 1)
    # It leaves no line in the audit.
    assert [x["act"] for x in busy.json("audit", "list") if x["act"] != "unlock"] == before
    # Control characters of a note do nothing.
    busy("tag", "add", "R1", "--at", "1s", "--label", "evil \x1b[31mred")
    assert "\x1b" not in busy("search", "evil").stdout


def test_nothing_found_is_no_failure_and_what_cannot_be_used_is_refused(clinic):
    assert clinic("search", "nowhere").stdout == "Nothing to show.\n"
    assert clinic.json("search", "nowhere") == {"total": 0, "offset": 0, "hits": []}
    # What cannot be used is refused.
    assert "'as:bad'" in clinic.refused(2, "search", "as:bad")
    assert "no recording R9" in clinic.refused(4, "search", "in:R9")
    assert "'by:K9'" in clinic.refused(4, "search", "by:K9")


def test_what_was_withdrawn_is_found_no_more_nor_in_a_backup_made_after(busy, tmp_path):
    assert busy.json("search", "planted", "in:R1")["total"] == 2
    busy("consent", "withdraw", "P3", "--yes", "--letters", tmp_path / "letters")
    assert [hit["id"] for hit in busy.json("search", "planted")["hits"]] == ["X2"]
    busy("check")
    busy("backup", tmp_path / "backup")
    busy("restore", tmp_path / "backup", tmp_path / "restored")
    restored = Mbtg(tmp_path / "restored", busy.passphrase)
    assert [hit["id"] for hit in restored.json("search", "planted")["hits"]] == ["X2"]


def test_an_auditor_may_not_search(clinic, monkeypatch):
    monkeypatch.setenv("MBTG_NEW_PASSPHRASE", "words of the auditor")
    clinic("key", "add", "somebody", "--role", "auditor")
    theirs = Mbtg(clinic.root, "words of the auditor")
    assert "may not look" in theirs.refused(3, "search", "x")
    assert len(clinic.json("audit", "list", "--act", "refusal")) == 1
