"""Playlists, scores and chapters for other programs, as typed at the command line."""

from __future__ import annotations

import json

import av
import pytest

from mbtg_video.rating.table import read_table, sheet_from
from mbtg_video.scale import find_scale
from tests.cli.conftest import scores
from tests.media.test_chapters import read_chapters


@pytest.fixture
def tagged(scored):
    """The clinic of `scored`, with tags around X1 (which begins at 0.4 s) and playlist L1."""
    scored("tag", "add", "R1", "--from", "0s", "--to", "0.5s", "--item", "3")
    scored("tag", "add", "R1", "--at", "0.4s", "--item", "17", "--as", "good")
    scored("tag", "add", "R1", "--from", "1s", "--to", "1.5s", "--label", "planted label")
    scored("tag", "add", "R1", "--at", "1.2s", "--item", "7", "--note", "planted note")
    scored("tag", "add", "R1", "--at", "1.9s", "--item", "1")
    scored("playlist", "new", "planted playlist")
    scored("playlist", "add", "L1", "X1", "--minutes", "5")
    scored("playlist", "add", "L1", "--kind", "theory", "--text", "planted step")
    return scored


def exported(mbtg, folder, *words, use="supervision"):
    path = folder / f"x{len(list(folder.iterdir()))}.mp4"
    mbtg("excerpt", "export", "X1", "--to", path, "--use", use, "--recipient", "K", "--reason", "r",
         *words)  # fmt: skip
    return path


def packets(path):
    with av.open(path) as file:
        return [(p.stream.type, p.pts, p.dts, p.duration, bytes(p)) for p in file.demux()]


def told(path):
    """All that a file says beside its pictures and sound."""
    with av.open(path) as file:
        streams = [(one.type, one.metadata) for one in file.streams]
        return file.metadata, streams


def test_chapters_are_the_items_of_the_tags_and_nothing_else_changes(tagged, tmp_path):
    (folder := tmp_path / "out").mkdir()
    plain, marked = exported(tagged, folder), exported(tagged, folder, "--chapters")
    assert read_chapters(plain) == []
    assert read_chapters(marked) == [
        (0, "Initiating and fulfilling turn-taking / Focus on emotions"),
        (pytest.approx(0.8), "Managing authority"),
    ]
    assert packets(marked) == packets(plain)
    assert told(marked) == told(plain)
    assert marked.read_bytes().startswith(
        plain.read_bytes()[: plain.read_bytes().index(b"moov")][:-4]
    )
    assert b"planted" not in marked.read_bytes()
    labelled = exported(tagged, folder, "--chapters", "--with-labels", "--lang", "nb")
    assert [title for _, title in read_chapters(labelled)][1:] == [
        "planted label",
        "Håndheving av autoritet",
    ]
    line = tagged.json("audit", "list", "--act", "disclosure")[-1]
    assert line["detail"]["chapters"] == 3
    out = ("excerpt", "export", "X1", "--to", folder / "n.mp4", "--recipient", "K", "--reason", "r")
    said = tagged.refused(2, *out, "--use", "scoring", "--chapters")
    assert "would lead the raters" in said
    assert "goes with --chapters" in tagged.refused(2, *out, "--use", "course", "--with-labels")


def test_a_playlist_leaves_with_ids_alone_unless_titles_are_asked_for(tagged, tmp_path):
    for suffix in (".otio", ".xspf", ".m3u8"):
        bare, full = tmp_path / f"bare{suffix}", tmp_path / f"full{suffix}"
        made = tagged.json("playlist", "export", "L1", "--to", bare)
        assert made["media"] == ["X1.mp4"]
        assert b"planted" not in bare.read_bytes()
        assert b"X1.mp4" in bare.read_bytes()
        assert len(made["losses"]) == (suffix != ".otio")
        tagged("playlist", "export", "L1", "--to", full, "--with-titles")
        text = full.read_text(encoding="utf-8")
        assert ("planted playlist" in text, "planted title" in text) == (True, True)
        assert "planted note" not in text
        assert "planted label" not in text
    names = [m["name"] for m in json.loads((tmp_path / "bare.otio").read_bytes())["tracks"][
        "children"][0]["children"][0]["markers"]]  # fmt: skip
    assert names == ["3 Initiating and fulfilling turn-taking", "17 Focus on emotions",
                     "7 Managing authority"]  # fmt: skip
    lines = tagged.json("audit", "list", "--act", "exchange")
    assert [line["subjects"] for line in lines] == [["L1", "X1"]] * 6
    assert lines[-1]["detail"] == {"deed": "export", "format": "m3u8", "titles": 1}
    words = ("playlist", "export", "L1", "--to")
    assert "exists already" in tagged.refused(2, *words, tmp_path / "bare.otio")
    assert ".otio, .xspf, .m3u8" in tagged.refused(2, *words, tmp_path / "a.pls")
    assert "inside the library" in tagged.refused(2, *words, tagged.root / "a.otio")
    tagged("playlist", "new", "blind", "--use", "scoring")
    tagged("playlist", "add", "L2", "X1")
    tagged("playlist", "export", "L2", "--to", tmp_path / "blind.otio")
    assert b"Managing" not in (tmp_path / "blind.otio").read_bytes()
    tagged("name", "mark", "R1", "--from", "0.5s", "--to", "0.6s")
    tagged.refused(3, *words, tmp_path / "after.otio")
    assert not (tmp_path / "after.otio").exists()


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_scores_of_all_raters_leave_after_the_reveal_and_read_back(scored, tmp_path, suffix):
    path = tmp_path / f"scores{suffix}"
    scored("rate", "open", "X1")
    for code, adherence in (("K1", 4), ("K2", 3)):
        scored("rate", "add", "S1", "--by", code, *scores(adherence, item3="none", item10="?"),
               "--item-note", "4==1+1 planted", "--evidence", "4=0.5s", "--evidence",
               "4=0.48s-1s")  # fmt: skip
    scored("rate", "add", "S1", "--by", "K3", "--score", "3=5/6", "--draft")
    words = ("rate", "export", "S1", "--to", path)
    assert "is blind" in scored.refused(1, *words)
    assert not path.exists()
    scored("rate", "reveal", "S1", "--yes")
    made = scored.json(*words, "--notes")
    assert made["raters"] == ["K1", "K2"]
    scale = find_scale("mbt-g-aqs")
    found = read_table(path.read_bytes(), path.name)
    assert [(one.sequence, one.rater) for one in found] == [("S1", "K1"), ("S1", "K2")]
    for table, adherence in zip(found, (4, 3), strict=True):
        sheet = sheet_from(scale, table.rows, ())
        assert sheet.overall == {"adherence": adherence, "quality": 5}
        fourth = sheet.score(4)
        assert (fourth.adherence, fourth.quality, fourth.note) == (adherence, 5, "=1+1 planted")
        assert [(one.start_us, one.end_us) for one in fourth.evidence] == [
            (480_000, 1_000_000),
            (500_000, None),
        ]
        assert (sheet.score(3).absence, sheet.score(10).absence) == (
            "did_not_occur",
            "cannot_judge",
        )
    scored(*words[:-1], tmp_path / f"bare{suffix}")
    bare = read_table((tmp_path / f"bare{suffix}").read_bytes(), path.name)
    assert all(sheet_from(scale, one.rows, ()).score(4).note is None for one in bare)
    line = scored.json("audit", "list", "--act", "exchange")[0]
    assert line["subjects"] == ["S1", "Q1", "Q2"]
    assert "exists already" in scored.refused(2, *words)
