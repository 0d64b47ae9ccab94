"""Tags to and from other tools, as typed at the command line."""

import json

from tests.cli.conftest import everything_in
from tests.tag.exchange.elan_documents import annotations, document


def test_an_elan_document_comes_in_and_goes_out_with_every_loss_told(recorded, tmp_path):
    came, went = tmp_path / "inn.eaf", tmp_path / "ut.eaf"
    came.write_bytes(document())
    before = recorded.state()
    dry = recorded.json("tag", "import", "R1", came, "--dry-run")
    assert (dry["tags"], dry["dry_run"], recorded.state()) == (5, True, before)
    assert "taken in. The first" in recorded.refused(2, "tag", "import", "R1", came, "--strict")
    assert recorded.state() == before

    said = recorded("tag", "import", "R1", came, "--by", "T1")
    assert "Took in 5 tags for R1; 0 were there already." in said.stdout
    assert "annotation a3: 02:30:00.000 lies outside the recording" in said.stderr
    again = recorded.json("tag", "import", "R1", came, "--by", "T1")
    assert (again["tags"], again["already"]) == ([], 5)
    assert {"place": "annotation a5", "what": "it is empty: its label is the name of its tier"} in (
        again["losses"]
    )
    assert {tag["author"] for tag in recorded.json("tag", "list", "R1")} == {"T1"}

    recorded("tag", "add", "R1", "--at", "2s", "--item", "3", "--note", "planted note")
    sent = recorded("tag", "export", "R1", "--to", went)
    assert "Wrote 6 tags of R1" in sent.stdout
    assert "The file is not sealed, and holds the notes: keep" in sent.stdout
    assert "T6: a moment" in sent.stderr
    assert set(annotations(document())) < set(annotations(went.read_bytes()))
    assert "exists already" in recorded.refused(2, "tag", "export", "R1", "--to", went)
    refused = recorded.refused(2, "tag", "export", "R1", "--to", tmp_path / "s.eaf", "--strict")
    assert "nothing was written" in refused
    inside = recorded.root / "ut.eaf"
    recorded.refused(2, "tag", "export", "R1", "--to", inside)
    assert not (tmp_path / "s.eaf").exists()
    assert not inside.exists()
    lines = recorded.json("audit", "list", "--act", "exchange")
    assert [line["detail"]["deed"] for line in lines] == ["import", "import", "export"]
    assert "planted" not in json.dumps(lines)
    assert b"Bare til undervisning" not in everything_in(recorded.root)  # the kept document


def test_a_file_of_an_unknown_kind_or_none_is_refused(recorded, tmp_path):
    odd = tmp_path / "tags.odd"
    odd.write_text("x")
    assert "Known: " in recorded.refused(2, "tag", "import", "R1", odd)
    assert "no ELAN document" in recorded.refused(2, "tag", "import", "R1", odd, "--format", "elan")
    recorded.refused(2, "tag", "import", "R1", tmp_path / "none.eaf")
    recorded.refused(4, "tag", "import", "R9", odd, "--format", "elan")
    recorded.refused(4, "tag", "import", "R1", odd, "--format", "elan", "--by", "K9")


def test_the_formats_are_listed_with_what_they_keep(mbtg):
    listed = {one["format"]: one for one in mbtg.json("tag", "formats")}
    assert listed["elan"]["suffix"] == ".eaf"
    assert all(one["keeps"] for one in listed.values())
    assert "øyeblikk" in mbtg("tag", "formats", "--lang", "nb").stdout


def test_segments_of_losslesscut_become_excerpts_once(recorded, tmp_path):
    project = tmp_path / "film.llc"
    project.write_text(
        "{version: 1, mediaFileName: 'film.mp4', cutSegments: ["
        "{start: 1, end: 2, name: 'Åpning'}, {start: 3.04, end: 4}]}",
        encoding="utf-8",
    )
    before = {one["id"] for one in recorded.json("excerpt", "list")}
    cut = recorded.json("tag", "import", "R1", project, "--cut")["excerpts"]
    made = [one for one in recorded.json("excerpt", "list") if one["id"] not in before]
    assert [one["id"] for one in made] == cut
    assert [(one["start_us"], one["end_us"]) for one in made] == [
        (1_000_000, 2_000_000),
        (3_040_000, 4_000_000),
    ]
    assert made[0]["title"] == "Åpning"
    assert recorded.json("tag", "import", "R1", project, "--cut")["excerpts"] == []
    said = recorded("tag", "export", "R1", "--to", tmp_path / "out.llc").stdout
    assert "Wrote 2 excerpts of R1" in said
    assert "titles and questions" in said
