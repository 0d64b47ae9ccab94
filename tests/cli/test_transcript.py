"""Transcripts, as typed at the command line."""

import json

from tests.cli.conftest import everything_in

SPOKEN = """WEBVTT - Tirsdag
Language: nb

00:01.000 --> 00:02.000
<v P1>planted words

00:02.000 --> 00:03.000 align:start
<v T1>Hva tenker du?

01:00.000 --> 01:01.000
etter slutten
"""


def test_a_transcript_comes_in_is_shown_goes_out_and_is_removed(recorded, tmp_path):
    came, went = tmp_path / "time 3.vtt", tmp_path / "ut.srt"
    came.write_text(SPOKEN, encoding="utf-8")
    said = recorded("transcript", "import", "R1", came)
    assert "Took in W1: 2 cues of R1." in said.stdout
    assert "cue 3: 00:01:00.000 lies behind the recording: left out" in said.stderr
    assert recorded.json("transcript", "list", "R1") == [
        {"id": "W1", "recording": "R1", "title": "Tirsdag", "language": "nb", "cues": 2}
    ]
    cues = recorded.json("transcript", "show", "W1")["cues"]
    assert cues[1] == {
        "start_us": 2_000_000, "end_us": 3_000_000, "speaker": "T1", "text": "Hva tenker du?",
    }  # fmt: skip
    assert "planted words" in recorded("transcript", "show", "W1").stdout
    assert b"planted" not in everything_in(recorded.root)

    sent = recorded.json("transcript", "export", "W1", "--to", went)
    assert went.read_text(encoding="utf-8").startswith(
        "1\n00:00:01,000 --> 00:00:02,000\nP1: planted words\n"
    )
    assert len(sent["losses"]) == 2
    assert "exists already" in recorded.refused(2, "transcript", "export", "W1", "--to", went)

    before = recorded.state()
    assert recorded.json("consent", "withdraw", "P1", "--dry-run")["transcripts"] == ["W1"]
    assert "Would remove" in recorded("transcript", "remove", "W1", "--dry-run").stdout
    recorded("transcript", "remove", "W1", typed="n\n", code=1)
    assert recorded.state() == before
    recorded("transcript", "remove", "W1", "--yes")
    assert "no transcript W1" in recorded.refused(4, "transcript", "show", "W1")
    lines = recorded.json("audit", "list", "--act", "transcript")
    assert [line["detail"]["deed"] for line in lines] == [
        "add", "read", "read", "export", "remove",
    ]  # fmt: skip
    assert "planted" not in json.dumps(lines)


def test_what_is_no_transcript_is_refused_with_nothing_taken_in(recorded, tmp_path):
    before = recorded.state()
    for name, content in (
        ("x.txt", SPOKEN),
        ("x.vtt", "no captions"),
        ("x.srt", SPOKEN),
        ("late.vtt", "WEBVTT\n\n01:00.000 --> 01:01.000\nx\n"),
    ):
        (tmp_path / name).write_text(content, encoding="utf-8")
        recorded.refused(2, "transcript", "import", "R1", tmp_path / name)
    (tmp_path / "x.vtt").write_text(SPOKEN, encoding="utf-8")
    words = ("transcript", "import", "R1", tmp_path / "x.vtt")
    recorded.refused(2, *words, "--language", "Norwegian")
    recorded.refused(2, *words, "--title", " ")
    assert recorded.state() == before


def test_captions_taken_in_as_tags_become_a_transcript(recorded, tmp_path):
    path = tmp_path / "x.vtt"
    path.write_text(SPOKEN, encoding="utf-8")
    assert recorded.json("tag", "import", "R1", path)["transcripts"] == ["W1"]
    recorded("tag", "add", "R1", "--at", "1s", "--label", "stillhet")
    recorded("tag", "export", "R1", "--to", tmp_path / "ut.vtt")
    again = recorded.json("tag", "import", "R1", tmp_path / "ut.vtt")
    assert (again["tags"], again["already"], again["transcripts"]) == ([], 1, [])


def test_a_withdrawal_tells_the_transcripts_that_it_reaches(recorded, tmp_path):
    came = tmp_path / "session.vtt"
    came.write_text(SPOKEN, encoding="utf-8")
    recorded("transcript", "import", "R1", came)
    assert "Transcripts: W1" in recorded("consent", "withdraw", "P1", "--dry-run").stdout
    assert recorded.json("consent", "withdraw", "P1", "--yes")["transcripts"] == ["W1"]
    assert recorded.json("transcript", "list") == []
