"""Audit, keys, other users, withdrawal, retention, backup: as typed at the command line."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from mbtg_video.errors import WrongPassphrase
from mbtg_video.library import open_library
from mbtg_video.users import MATRIX, Power, UserRole
from tests.cli.conftest import ADD, ALL, Mbtg, everything_in
from tests.cli.test_terminal import run

TODAY = datetime.now(UTC).astimezone().date()


# ---------- audit


def test_every_deed_has_its_line(busy):
    acts = [line["act"] for line in busy.json("audit", "list")]
    for act in (
        "init", "unlock", "consent", "take-in", "cut", "tag", "bundle", "export", "disclosure",
    ):  # fmt: skip
        assert act in acts
    assert busy.json("audit", "verify")["lines"] == len(acts) + 1


def test_a_failed_unlock_is_noted_at_the_next_good_one(mbtg, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text("not the passphrase\n")
    for _ in range(2):
        mbtg.refused(6, "group", "list", "--passphrase-file", wrong)
    (line,) = mbtg.json("audit", "list", "--act", "failed unlock")
    assert line["detail"]["times"] == 2
    assert len(mbtg.json("audit", "list", "--act", "failed unlock")) == 1


def test_the_lines_of_a_person_tell_who_saw_them(busy):
    lines = busy.json("audit", "list", "--person", "P3")
    named = {subject for line in lines for subject in line["subjects"]}
    assert {"P3", "R1", "X1", "B1"} <= named
    assert not any(line["subjects"] == ["R2", "P1", "P2", "T1"] for line in lines)
    assert all(line["act"] != "cut" or "R1" in line["subjects"] for line in lines)
    tomorrow = (TODAY + timedelta(days=2)).isoformat()
    assert busy.json("audit", "list", "--since", tomorrow) == []


def test_an_anchor_noted_outside_shows_a_tail_cut_off(busy, tmp_path):
    busy("audit", "anchor", "--to", tmp_path / "anchor.txt")
    busy("audit", "verify", "--anchor", tmp_path / "anchor.txt")
    assert "no anchor" in busy.refused(2, "audit", "verify", "--anchor", "12")
    standing = busy.json("audit", "anchor")["anchor"]
    number, code = standing.split("-")
    other = f"{number}-{'0' * len(code)}"
    assert "not part of the chain" in busy.refused(1, "audit", "verify", "--anchor", other)


# ---------- keys and users


def test_a_changed_passphrase_opens_and_the_old_one_does_not(mbtg, monkeypatch):
    monkeypatch.setenv("MBTG_NEW_PASSPHRASE", "quite another sentence")
    mbtg("key", "change")
    with pytest.raises(WrongPassphrase):
        open_library(mbtg.root, mbtg.passphrase)
    with open_library(mbtg.root, "quite another sentence") as library:
        assert library.user.role is UserRole.OWNER
    monkeypatch.setenv("MBTG_NEW_PASSPHRASE", "short")
    renewed = Mbtg(mbtg.root, "quite another sentence")
    assert "at least 8" in renewed.refused(2, "key", "change")
    open_library(mbtg.root, "quite another sentence").__exit__()


def test_the_recovery_code_sets_a_new_passphrase_and_is_replaced(tmp_path, monkeypatch):
    first = Mbtg(tmp_path / "library", "a forgotten passphrase")
    code = first.json("init")["recovery_code"]
    monkeypatch.setenv("MBTG_NEW_PASSPHRASE", "a remembered passphrase")
    fresh = Mbtg(first.root, code).json("key", "recover")["recovery_code"]
    assert fresh != code
    for dead in (code, "a forgotten passphrase"):
        with pytest.raises(WrongPassphrase):
            open_library(first.root, dead)
    for alive in (fresh, "a remembered passphrase"):
        open_library(first.root, alive).__exit__()
    assert "not the recovery code" in Mbtg(first.root, "a remembered passphrase").refused(
        6, "key", "recover"
    )


MISSING = {"R9", "B9", "X9", "S9", "D9"}
COMMANDS = {
    Power.LOOK: ("recording", "list"),
    Power.WATCH: ("dossier", "show", "D9"),
    Power.RECORD: ("group", "add", "G9", "--name", "x"),
    Power.CUT: ("excerpt", "cut", "R9", "--from", "1s", "--to", "2s", "--title", "x"),
    Power.TAG: ("tag", "add", "R9", "--at", "1s", "--item", "1"),
    Power.RATE: ("rate", "open", "X9"),
    Power.REVEAL: ("rate", "reveal", "S9", "--yes"),
    Power.SIGN: ("rate", "sign", "S9", "--by", "T1"),
    Power.PLAN: ("playlist", "new", "x"),
    Power.HAND_OUT: ("bundle", "returned", "B9", "--how", "returned"),
    Power.END: ("purge", "--dry-run"),
    Power.AUDIT: ("audit", "list"),
    Power.GUARD: ("check",),
    Power.KEYS: ("key", "rotate"),
}


@pytest.mark.parametrize("role", [role for role in UserRole if role is not UserRole.OWNER])
def test_each_role_may_do_what_the_matrix_says_and_nothing_else(clinic, monkeypatch, role):
    monkeypatch.setenv("MBTG_NEW_PASSPHRASE", f"words of the {role}")
    clinic("key", "add", "somebody", "--role", role)
    theirs = Mbtg(clinic.root, f"words of the {role}")
    assert set(COMMANDS) == set(Power)
    for power, words in COMMANDS.items():
        if power in MATRIX[role]:
            theirs(*words, code=4 if MISSING & set(words) else 0)
        else:
            assert f"may not {power}" in theirs.refused(3, *words)
    refused = clinic.json("audit", "list", "--act", "refusal")
    assert len(refused) == len(set(Power) - MATRIX[role])
    assert all(line["subjects"] == ["somebody"] for line in refused)


def test_a_slot_cannot_be_given_another_role_by_editing_it(clinic, monkeypatch):
    monkeypatch.setenv("MBTG_NEW_PASSPHRASE", "words of the auditor")
    clinic("key", "add", "liv", "--role", "auditor")
    path = clinic.root / "keys" / "liv.slot.json"
    slot = json.loads(path.read_text())
    path.write_text(json.dumps(slot | {"role": "owner"}))
    with pytest.raises(WrongPassphrase):
        open_library(clinic.root, "words of the auditor")
    assert "slot already" in clinic.refused(2, "key", "add", "liv", "--role", "auditor")
    clinic("key", "remove", "liv", "--yes")
    assert {row["slot"] for row in clinic.json("key", "list")} == {"passphrase", "recovery"}
    assert "no slot liv" in clinic.refused(4, "key", "remove", "liv", "--yes")
    assert "opens the library" in clinic.refused(2, "key", "remove", "recovery", "--yes")


def test_everything_opens_after_the_library_key_was_replaced(busy, tmp_path):
    titles = [row["title"] for row in busy.json("excerpt", "list")]
    assert busy.json("key", "rotate")["epoch"] == 2
    assert [row["title"] for row in busy.json("excerpt", "list")] == titles
    busy("excerpt", "cut", "R1", "--from", "3s", "--to", "4s", "--title", "later")
    busy("check")


# ---------- withdrawal


def test_a_dry_run_tells_all_that_a_withdrawal_reaches_and_changes_nothing(busy):
    before = busy.state()
    found = busy.json("consent", "withdraw", "P3", "--dry-run")
    assert (found["recordings"], found["shredded"]) == (["R1"], ["R1"])
    assert (found["excerpts"], found["tags"], found["playlists"]) == (["X1"], ["T1"], ["L1"])
    assert [(one["id"], one["recipients"]) for one in found["left"]] == [
        ("B1", ["Kari Nordmann"]),
        ("E1", ["Ola Hansen"]),
    ]
    assert busy.state() == before
    shown = busy("consent", "withdraw", "P3", "--dry-run").stdout
    assert "Kari Nordmann" in shown
    assert "Nothing was changed" in shown


def _wrapped_keys(root):
    import sqlite3

    with sqlite3.connect(root / "mbtg.db") as connection:
        rows = connection.execute("SELECT id, wrapped_key FROM sealed_object").fetchall()
    connection.close()
    return dict(rows)


def test_a_withdrawal_leaves_no_key_file_or_note_behind(busy, tmp_path):
    before = _wrapped_keys(busy.root)
    letters = tmp_path / "letters"
    done = busy.json("consent", "withdraw", "P3", "--yes", "--letters", letters)
    assert done["shredded"] == ["R1"]
    after = _wrapped_keys(busy.root)
    gone = set(before) - set(after)
    assert len(gone) == 2  # the recording and its excerpt
    content = everything_in(busy.root)
    for object_id in gone:
        assert not (busy.root / "objects" / object_id).exists()
    for wrapped in before.values():
        assert wrapped not in content  # the library key was replaced for all that stays
    assert [row["id"] for row in busy.json("recording", "list")] == ["R2"]
    assert busy.json("tag", "list") == []
    assert [entry["entry"] for entry in busy.json("playlist", "show", "L1")["entries"]] == ["X2"]
    pages = sorted(path.name for path in letters.iterdir())
    assert pages == ["recall-1-Kari-Nordmann.html", "recall-2-Ola-Hansen.html"]
    page = (letters / pages[0]).read_text(encoding="utf-8")
    assert "B1" in page
    assert "P3" not in page
    busy("check")
    busy("audit", "verify")


def test_a_purge_leaves_no_key_file_or_note_behind_either(busy):
    before = _wrapped_keys(busy.root)
    sealed = {row for row in busy.state() if row[0] in ("tag", "excerpt", "recording")}
    busy("recording", "keep", "R1", "--until", TODAY, "--reason", "the course is over")
    assert busy.json("purge", "--yes")["shredded"] == ["R1"]
    after = _wrapped_keys(busy.root)
    assert len(set(before) - set(after)) == 2
    content = everything_in(busy.root)
    for object_id in set(before) - set(after):
        assert not (busy.root / "objects" / object_id).exists()
    for wrapped in before.values():
        assert wrapped not in content
    assert not sealed & set(busy.state())  # what stays was sealed anew
    busy("check")


def test_a_withdrawal_given_twice_writes_the_letters_again_and_ends_nothing(busy, tmp_path):
    busy("consent", "withdraw", "P3", "--yes", "--letters", tmp_path / "a")
    again = busy.json("consent", "withdraw", "P3", "--yes", "--letters", tmp_path / "b")
    assert (again["ended"], again["shredded"]) == ([], [])
    assert len(again["letters"]) == 2
    busy("bundle", "returned", "B1", "--how", "destroyed")
    third = busy.json("consent", "withdraw", "P3", "--yes", "--letters", tmp_path / "c")
    assert len(third["letters"]) == 1
    assert "destroyed" in busy.refused(2, "bundle", "returned", "B1", "--how", "returned")


def test_one_use_withdrawn_leaves_the_others(busy, tmp_path):
    words = ("consent", "withdraw", "P3", "--use", "supervision", "--yes")
    done = busy.json(*words, "--letters", tmp_path / "letters")
    assert (done["ended"], done["shredded"]) == (["supervision"], [])
    assert [row["id"] for row in busy.json("recording", "list")] == ["R1", "R2"]
    assert [entry["entry"] for entry in busy.json("playlist", "show", "L1")["entries"]] == ["X2"]
    assert "P3 has withdrawn" in busy.refused(3, "playlist", "add", "L1", "X1")
    busy("excerpt", "cut", "R1", "--from", "3s", "--to", "4s", "--title", "own review")


# ---------- retention


def _on(day, monkeypatch):
    for module in ("due", "purge", "recording"):
        monkeypatch.setattr(f"mbtg_video.cli.{module}.today", lambda: day)


@pytest.mark.parametrize(("offset", "purged"), [(-1, []), (0, ["R1"]), (1, ["R1"])])
def test_a_recording_is_purged_when_its_day_has_come(busy, monkeypatch, offset, purged):
    from mbtg_video.cli import due, purge  # noqa: F401  loaded late by the command line

    last = TODAY + timedelta(days=100)
    busy("recording", "keep", "R1", "--until", last, "--reason", "a study")
    _on(last + timedelta(days=offset), monkeypatch)
    assert busy.json("purge", "--dry-run")["due"] == purged
    assert busy.json("purge", "--yes")["shredded"] == purged
    left = [row["id"] for row in busy.json("recording", "list")]
    assert left == [name for name in ("R1", "R2") if name not in purged]
    busy("check")


def test_what_is_part_of_the_journal_is_purged_only_when_asked_for(busy, monkeypatch):
    from mbtg_video.cli import due, purge  # noqa: F401  loaded late by the command line

    busy("recording", "journal", "R1")
    _on(TODAY + timedelta(days=500), monkeypatch)
    assert busy.json("purge", "--yes")["shredded"] == ["R2"]
    assert busy.json("purge", "--yes", "--journal-too")["shredded"] == ["R1"]
    assert busy.json("purge", "--yes", "--journal-too")["shredded"] == []


def test_due_lists_what_ends_soonest_first(busy, monkeypatch):
    from mbtg_video.cli import due, purge  # noqa: F401  loaded late by the command line

    assert [one["id"] for one in busy.json("due")] == ["B1"]
    listed = busy.json("due", "--days", "400")
    assert [(one["what"], one["id"]) for one in listed] == [
        ("bundle", "B1"),
        ("recording", "R1"),
        ("recording", "R2"),
    ]
    assert date.fromisoformat(listed[1]["on"]) > TODAY + timedelta(days=360)
    busy("bundle", "returned", "B1", "--how", "returned")
    assert busy.json("due") == []
    busy("consent", "record", "P1", "--use", "research", "--form", "identifiable",
         "--signed-on", "2026-01-01", "--until", TODAY + timedelta(days=5))  # fmt: skip
    assert busy.json("due") == []  # another consent of theirs holds for longer


def test_keeping_longer_needs_a_reason_and_a_day_to_come(busy):
    words = ("recording", "keep", "R1", "--until")
    assert "reason" in busy.refused(2, *words, "2099-01-01", "--reason", " ")
    assert "past" in busy.refused(2, *words, "2020-01-01", "--reason", "x")
    assert "no recording R9" in busy.refused(
        4, "recording", "keep", "R9", "--until", "2099-01-01", "--reason", "x"
    )


# ---------- part of the journal, keyring


def test_what_is_part_of_the_journal_outlives_a_withdrawal_without_what_was_made_of_it(
    busy, tmp_path
):
    busy("recording", "journal", "R1")
    done = busy.json("consent", "withdraw", "P3", "--yes", "--letters", tmp_path / "letters")
    assert (done["shredded"], done["kept_in_journal"]) == ([], ["R1"])
    assert [row["id"] for row in busy.json("recording", "list")] == ["R1", "R2"]
    assert [row["id"] for row in busy.json("excerpt", "list")] == ["X2"]
    assert busy.json("tag", "list") == []
    assert "P3 has withdrawn" in busy.refused(
        3, "excerpt", "cut", "R1", "--from", "1s", "--to", "2s", "--title", "x"
    )
    busy("check")


def test_what_was_shredded_says_since_when(busy, tmp_path):
    busy("consent", "withdraw", "P3", "--yes", "--letters", tmp_path / "letters")
    said = busy.refused(4, "recording", "show", "R1")
    assert said == f"Error: R1 was shredded on {utc_today()}. Why: mbtg audit list --act shred\n"
    assert f"X1 was shredded on {utc_today()}" in busy.refused(4, "excerpt", "show", "X1")
    assert "no excerpt X9" in busy.refused(4, "excerpt", "show", "X9")


def utc_today():
    return datetime.now(UTC).date()


def test_another_persons_lapsed_consent_is_no_reason_to_shred(clinic, recording_file):
    clinic("person", "add", "P3", "--group", "G1", "--role", "patient")
    soon = ("--form", "identifiable", "--signed-on", "2026-01-01", "--until", TODAY)
    clinic("consent", "record", "P3", "--use", "own_review", "supervision", *soon)
    clinic("recording", "add", recording_file("no_audio"), *ADD, *ALL, "P3")
    with pytest.MonkeyPatch.context() as later:
        later.setattr("mbtg_video.cli.consent.today", lambda: TODAY + timedelta(days=1))
        words = ("consent", "withdraw", "P1", "--use", "course", "--yes")
        assert clinic.json(*words)["shredded"] == []
        assert clinic.json("consent", "withdraw", "P1", "--yes")["shredded"] == ["R1"]


def _keyring(tmp_path):
    """A keyring of the system's kind that keeps its secrets in a file below `tmp_path`."""
    return {
        "PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring",
        "XDG_DATA_HOME": str(tmp_path / "keyring"),
        "MBTG_PASSPHRASE": "",
    }


def test_the_systems_keyring_opens_the_library_until_it_is_told_to_forget(mbtg, tmp_path):
    kept = _keyring(tmp_path)
    assert run(mbtg, "group", "list", **kept).returncode == 6  # nothing is kept yet
    remembered = run(mbtg, "key", "remember", **(kept | {"MBTG_PASSPHRASE": mbtg.passphrase}))
    assert remembered.returncode == 0, remembered.stderr
    assert run(mbtg, "group", "list", **kept).returncode == 0
    other = kept | {"XDG_DATA_HOME": str(tmp_path / "another computer")}
    assert run(mbtg, "group", "list", **other).returncode == 6
    assert {row["slot"] for row in mbtg.json("key", "list")} == {
        "keyring",
        "passphrase",
        "recovery",
    }
    unlocks = mbtg.json("audit", "list", "--act", "unlock")
    assert "keyring" in {line["detail"]["slot"] for line in unlocks}
    assert run(mbtg, "key", "remove", "keyring", "--yes", **kept).returncode == 0
    assert run(mbtg, "group", "list", **kept).returncode == 6
    assert mbtg("group", "list").exit_code == 0


def test_a_library_may_be_made_with_the_keyring_or_not_at_all(tmp_path, passphrase):
    kept = _keyring(tmp_path)
    mbtg = Mbtg(tmp_path / "library", passphrase)
    made = run(mbtg, "init", "--keyring", **(kept | {"MBTG_PASSPHRASE": passphrase}))
    assert made.returncode == 0, made.stderr
    assert run(mbtg, "group", "list", **kept).returncode == 0
    none = kept | {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    other = Mbtg(tmp_path / "other", passphrase)
    refused = run(other, "init", "--keyring", **(none | {"MBTG_PASSPHRASE": passphrase}))
    assert refused.returncode == 6
    assert b"keeps no secrets" in refused.stderr
    assert not list(other.root.iterdir())


def test_a_slot_is_as_hard_to_guess_as_was_promised(mbtg, tmp_path):
    other = Mbtg(tmp_path / "other", "a passphrase of its own")
    assert run(other, "init").returncode == 0  # a process of its own, with nothing made quick
    for path in (other.root / "keys").glob("*.slot.json"):
        slot = json.loads(path.read_text())
        assert (slot["passes"], slot["memory_kib"], slot["lanes"]) == (3, 64 * 1024, 4)
