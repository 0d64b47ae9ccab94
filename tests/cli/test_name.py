"""Names that are said: marked, decided about, and kept in until they are silent."""

import av
import pytest

from mbtg_video.cli import output
from mbtg_video.excerpt import export as exporting
from mbtg_video.supervision import bundle
from tests.cli.conftest import ADD, ALL
from tests.synthetic import beep_onsets, frame_numbers

TO = ("--use", "supervision", "--recipient", "Kari", "--reason", "projector")


def cut_twice(clinic, recording_file):
    clinic("recording", "add", recording_file("gop25"), *ADD, *ALL)
    for start, end in ((1, 4), (6, 8)):
        clinic("excerpt", "cut", "R1", "--from", f"{start}s", "--to", f"{end}s", "--title",
               "planted title", "--question", "What now?")  # fmt: skip
    clinic("playlist", "new", "Friday")
    clinic("playlist", "add", "L1", "X1", "X2", "--minutes", "5")


@pytest.fixture
def cut(prepared):
    """The clinic with R1, which beeps at every second, X1 from 1 s to 4 s, X2 from 6 s to 8 s."""
    return prepared(cut_twice)


def mark(mbtg, start="2.9s", end="3.1s"):
    return mbtg.json("name", "mark", "R1", "--from", start, "--to", end)


def export(mbtg, path, excerpt="X1"):
    mbtg("excerpt", "export", excerpt, "--to", path, *TO)
    return path


def test_a_name_is_marked_listed_decided_about_moved_and_removed(cut):
    assert mark(cut)["id"] == "N1"
    mark(cut, "f250", "10.5s")
    first, second = cut.json("name", "list", "R1")
    assert (first["start_us"], first["end_us"], first["state"]) == (2_900_000, 3_100_000, "open")
    assert (second["start_us"], second["end_us"]) == (10_000_000, 10_500_000)
    assert (first["reason"], first["decided_on"]) == (None, None)
    assert cut.json("name", "clear", "N1", "--reason", "a street")["state"] == "cleared"
    assert cut.json("name", "list")[0]["reason"] == "a street"
    assert cut.json("name", "list")[0]["decided_on"]
    assert cut.json("name", "reopen", "N1")["state"] == "open"
    assert cut.json("name", "list")[0]["reason"] is None
    assert cut.json("name", "mute", "N2")["remade"] == []
    moved = cut.json("name", "move", "N2", "--from", "10s", "--to", "10.5s")
    assert moved["state"] == "muted"  # nothing changed
    moved = cut.json("name", "move", "N2", "--from", "10s", "--to", "10.6s")
    assert (moved["state"], moved["end_us"]) == ("open", 10_600_000)
    cut("name", "remove", "N2", typed="n\n", code=1)
    cut("name", "remove", "N2", "--dry-run")
    assert len(cut.json("name", "list")) == 2
    cut("name", "remove", "N2", "--yes")
    assert mark(cut)["id"] == "N3"
    deeds = [line["detail"]["deed"] for line in cut.json("audit", "list", "--act", "spoken name")]
    assert deeds == ["mark", "mark", "clear", "reopen", "mute", "move", "remove", "mark"]
    assert "dempet" not in cut("name", "list", "--lang", "nb").stdout
    assert "åpen" in cut("name", "list", "--lang", "nb").stdout


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (4, "mark R9 --from 1s --to 2s", "no recording R9"),
        (2, "mark R1 --from 2s --to 1s", "must come after"),
        (2, "mark R1 --from 1s --to 12.000001s", "outside R1"),
        (2, "mark R1 --from 1s", "--to"),
        (4, "mute N9", "no spoken name N9"),
        (4, "clear N9 --reason x", "no spoken name N9"),
        (2, "clear N1 --reason \N{NO-BREAK SPACE}", "say why"),
        (2, "clear N1", "--reason"),
        (2, "move N1 --from 11s --to 13s", "outside R1"),
        (4, "reopen N9", "no spoken name N9"),
        (4, "remove N9 --yes", "no spoken name N9"),
        (2, "mute X1", "N1"),
        (4, "list R9", "no recording R9"),
    ],
)
def test_a_wrong_word_is_refused_and_changes_nothing(cut, code, words, said):
    mark(cut)
    before = cut.state()
    assert said in cut.refused(code, "name", *words.split(" "))
    assert cut.state() == before


def test_marking_needs_the_consent_that_watching_needs(cut):
    mark(cut)
    cut("consent", "withdraw", "P1", "--use", "own_review", "--yes")
    words = ("name", "mark", "R1", "--from", "1s", "--to", "2s")
    assert "P1" in cut.refused(3, *words)
    assert "P1" in cut.refused(3, "name", "clear", "N1", "--reason", "x")


def test_an_excerpt_with_an_open_name_leaves_by_no_door(cut, tmp_path):
    mark(cut)
    before = cut.state()
    said = cut.refused(3, "excerpt", "export", "X1", "--to", tmp_path / "x.mp4", *TO)
    assert "X1 cannot be handed out for supervision: a full name is said in it." in said
    assert "N1 (00:00:02.900-00:00:03.100)" in said
    assert "mbtg name mute N1" in said
    assert "mbtg name clear N1 --reason TEXT" in said
    assert not (tmp_path / "x.mp4").exists()
    line = cut.json("audit", "list", "--act", "refusal")[-1]
    assert line["subjects"] == ["X1", "N1"]
    assert line["detail"]["use"] == "supervision"
    words = ("bundle", "make", "L1", "--to", tmp_path / "out", "--recipient", "Kari")
    assert "mbtg name mute N1" in cut.refused(3, *words)
    assert not (tmp_path / "out").exists()
    assert len(cut.json("audit", "list", "--act", "refusal")) == 2
    assert cut.state() == before
    export(cut, tmp_path / "x2.mp4", "X2")  # the other excerpt has nothing to do with it
    cut("playlist", "new", "Another")
    cut("playlist", "add", "L2", "X1")  # planning is not handing out


def test_a_cleared_name_leaves_and_a_reopened_one_does_not(cut, tmp_path):
    mark(cut)
    cut("name", "clear", "N1", "--reason", "the name of a street")
    export(cut, tmp_path / "x.mp4")
    cut("name", "reopen", "N1")
    cut.refused(3, "excerpt", "export", "X1", "--to", tmp_path / "y.mp4", *TO)


def test_muting_makes_the_excerpts_again_that_let_it_be_heard_and_no_other(cut, tmp_path):
    before = {row["id"]: row for row in cut.json("excerpt", "list")}
    plain = export(cut, tmp_path / "plain.mp4")
    files = {name for folder, name, *_ in cut.state() if folder == "objects"}
    cut("excerpt", "keep", "X1", "--until", "2026-12-24", "--reason", "soon")
    mark(cut)
    assert cut.json("name", "mute", "N1")["remade"] == ["X1"]
    after = {row["id"]: row for row in cut.json("excerpt", "list")}
    assert after["X1"] == before["X1"] | {"delete_by": "2026-12-24"}
    assert after["X2"] == before["X2"]
    silent = export(cut, tmp_path / "silent.mp4")
    assert frame_numbers(silent) == frame_numbers(plain) == list(range(25, 100))
    assert [round(onset, -5) for onset in beep_onsets(plain)] == [0, 1_000_000, 2_000_000]
    assert [round(onset, -5) for onset in beep_onsets(silent)] == [0, 1_000_000]
    entries = cut.json("playlist", "show", "L1")["entries"]
    assert [(entry["entry"], entry["title"]) for entry in entries] == [
        ("X1", "planted title"),
        ("X2", "planted title"),
    ]
    now = {name for folder, name, *_ in cut.state() if folder == "objects"}
    assert len(now) == len(files)
    assert len(files - now) == 1  # the one in which it was heard
    receipt = cut.json("excerpt", "show", "X1")["receipt"]
    assert receipt["muted"] == [{"start_us": 2_900_000, "end_us": 3_100_000}]
    assert "00:00:02.900-00:00:03.100" in cut("excerpt", "show", "X1").stdout
    cut("bundle", "make", "L1", "--to", tmp_path / "out", "--recipient", "Kari")
    assert cut.json("name", "mute", "N1")["remade"] == []
    cut("check")


def test_an_excerpt_cut_after_the_muting_is_silent_from_the_start(cut, tmp_path):
    mark(cut, "9.9s", "10.1s")
    cut("name", "mute", "N1")
    cut("excerpt", "cut", "R1", "--from", "9.04s", "--to", "11.5s", "--title", "x")
    assert cut.json("excerpt", "show", "X3")["receipt"]["muted"] == [
        {"start_us": 9_900_000, "end_us": 10_100_000}
    ]
    silent = export(cut, tmp_path / "silent.mp4", "X3")
    assert [round(onset, -4) for onset in beep_onsets(silent)] == [1_960_000]


def test_a_muted_name_that_the_excerpt_still_says_is_refused_until_it_is_made_again(
    cut, tmp_path, monkeypatch
):
    mark(cut)
    with monkeypatch.context() as broken:
        # Muting is broken off before any excerpt is made again.
        broken.setattr("mbtg_video.cli.name.remake_excerpt", _broken_off)
        assert "N1 is muted; give the same command again" in cut.refused(1, "name", "mute", "N1")
    assert cut.json("name", "list")[0]["state"] == "muted"
    words = ("excerpt", "export", "X1", "--to", tmp_path / "x.mp4", *TO)
    assert "mbtg excerpt remake X1" in cut.refused(3, *words)
    handing = ("bundle", "make", "L1", "--to", tmp_path / "out", "--recipient", "Kari")
    assert "mbtg excerpt remake X1" in cut.refused(3, *handing)
    assert "Made X1 again" in cut("excerpt", "remake", "X1").stdout
    cut(*words)
    cut(*handing)


def _broken_off(*_, **__):
    raise OSError(28, "No space left on device")


def test_muting_given_again_finishes_what_was_broken_off(cut, tmp_path, monkeypatch):
    mark(cut)
    with monkeypatch.context() as broken:
        broken.setattr("mbtg_video.cli.name.remake_excerpt", _broken_off)
        cut.refused(1, "name", "mute", "N1")
    assert cut.json("name", "mute", "N1")["remade"] == ["X1"]
    export(cut, tmp_path / "x.mp4")


def test_a_muted_name_that_is_moved_is_open_and_needs_a_new_excerpt(cut, tmp_path):
    mark(cut)
    cut("name", "mute", "N1")
    cut("name", "move", "N1", "--from", "2.9s", "--to", "3.2s")
    words = ("excerpt", "export", "X1", "--to", tmp_path / "x.mp4", *TO)
    assert "N1 (00:00:02.900-00:00:03.200) is open" in cut.refused(3, *words)
    assert cut.json("name", "mute", "N1")["remade"] == ["X1"]
    cut(*words)


def test_what_is_cleared_after_muting_can_be_heard_again(cut, tmp_path):
    mark(cut)
    cut("name", "mute", "N1")
    assert "mbtg excerpt remake X1" in cut("name", "clear", "N1", "--reason", "a street").stdout
    cut("excerpt", "remake", "X1")
    assert len(beep_onsets(export(cut, tmp_path / "x.mp4"))) == 3
    assert cut.json("excerpt", "show", "X1")["receipt"]["muted"] == []


def test_a_name_that_ends_where_copied_sound_begins_keeps_the_excerpt_in(cut, tmp_path):
    # Packets overlap: at 48 kHz a copied one reaches over an edge by 43 ms at most.
    cut("name", "mark", "R1", "--from", "0.5s", "--to", "1s")
    words = ("excerpt", "export", "X1", "--to", tmp_path / "x.mp4", *TO)
    assert "N1" in cut.refused(3, *words)
    cut("name", "move", "N1", "--from", "0.5s", "--to", "0.957s")
    cut(*words)


def test_remaking_needs_the_consent_that_cutting_needs(cut):
    cut("consent", "withdraw", "P2", "--use", "own_review", "--yes")
    before = cut.state()
    assert "P2 has withdrawn" in cut.refused(3, "excerpt", "remake", "X1")
    assert "no excerpt X9" in cut.refused(4, "excerpt", "remake", "X9")
    assert cut.state() == before


def test_a_remade_excerpt_keeps_the_codec_that_it_had(clinic, recording_file, tmp_path):
    clinic("recording", "add", recording_file("hevc_closed"), *ADD, *ALL)
    for keep in ((), ("--keep-codec",)):
        clinic("excerpt", "cut", "R1", "--from", "2s", "--to", "4s", "--title", "x", *keep)
    mark(clinic)
    assert clinic.json("name", "mute", "N1")["remade"] == ["X1", "X2"]
    for number, codec in ((1, "h264"), (2, "hevc")):
        path = export(clinic, tmp_path / f"{number}.mp4", f"X{number}")
        with av.open(str(path)) as made:
            assert made.streams.video[0].codec_context.codec.canonical_name == codec


def test_an_excerpt_made_again_while_it_is_handed_out_is_not_handed_out(cut, tmp_path, monkeypatch):
    real = exporting.copy_durably

    def remade_meanwhile(target, blocks):
        real(target, blocks)
        cut("excerpt", "remake", "X1")

    monkeypatch.setattr(exporting, "copy_durably", remade_meanwhile)
    words = ("excerpt", "export", "X1", "--to", tmp_path / "x.mp4", *TO)
    assert "made again while it was being handed out" in cut.refused(1, *words)
    assert not (tmp_path / "x.mp4").exists()


@pytest.mark.parametrize("muted", [False, True])
def test_a_name_found_while_a_bundle_is_written_keeps_it_in(cut, tmp_path, monkeypatch, muted):
    real = bundle.write_package

    def found_meanwhile(*words, **keywords):
        mark(cut)
        if muted:
            cut("name", "mute", "N1")
        return real(*words, **keywords)

    monkeypatch.setattr(bundle, "write_package", found_meanwhile)
    words = ("bundle", "make", "L1", "--to", tmp_path / "out", "--recipient", "Kari")
    said = cut.refused(1 if muted else 3, *words)
    assert ("made again while it was being handed out" if muted else "N1") in said
    assert not list(tmp_path.glob("out*"))
    assert cut.json("bundle", "list") == []


def test_a_withdrawal_takes_the_marks_along(cut):
    mark(cut)
    cut("consent", "withdraw", "P1", "--yes")
    assert cut.json("name", "list") == []


def test_a_supervisor_marks_but_does_not_make_excerpts_again(cut, tmp_path):
    cut("key", "add", "per", "--role", "supervisor",
        environment={"MBTG_NEW_PASSPHRASE": "five other random words here"})  # fmt: skip
    per = {"MBTG_PASSPHRASE": "five other random words here"}
    cut("name", "mark", "R1", "--from", "2.9s", "--to", "3.1s", environment=per)
    cut("name", "mark", "R1", "--from", "10s", "--to", "11s", environment=per)
    assert "may not cut" in cut("name", "mute", "N1", environment=per, code=3).stderr
    assert cut.json("name", "list")[0]["state"] == "open"
    cut("name", "mute", "N2", environment=per)  # nothing has to be cut for it
    assert "may not cut" in cut("excerpt", "remake", "X1", environment=per, code=3).stderr


def test_progress_of_a_share_adds_up(monkeypatch):
    told = []
    monkeypatch.setattr(output, "progress", lambda *_: _Told(told))
    with output.share("Cutting") as progress:
        for part in (0.1, 0.25, 0.999, 1.0):
            progress(part)
    assert sum(told) == 1000


class _Told:
    def __init__(self, told):
        self.told = told

    def __enter__(self):
        return self.told.append

    def __exit__(self, *_):
        pass
