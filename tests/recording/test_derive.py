from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date

import cv2
import numpy as np
import pytest
from sqlalchemy import select

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.record import withdraw_uses
from mbtg_video.errors import ConsentRefused, Damaged, NotFound, RoleRefused
from mbtg_video.library import open_library
from mbtg_video.media import barcode
from mbtg_video.recording import derive as derive_module
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.derive import derive, find_derived, needs_proxy
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.recording.model import DerivedKind, DerivedMedium
from mbtg_video.shredding import shred, strip
from mbtg_video.users import UserRole
from mbtg_video.vault.model import SealedObject
from mbtg_video.vault.slots import add_user
from mbtg_video.withdrawal import withdraw
from tests import synthetic

DAY = date(2026, 2, 7)
SAID = Description("G1", date(2026, 2, 6), ("P1", "P2", "T1"))


class CancelledError(Exception):
    pass


@pytest.fixture
def taken(consenting, recording_file):
    """``taken(kind)``: a library whose R1 is a recording of that kind."""

    def provide(kind="gop25"):
        take_in(consenting, recording_file(kind), SAID, on=DAY)
        return consenting

    return provide


def content_of(library, made):
    with library.transaction() as session, library.store.open(session, made.object_id) as file:
        return file.read()


def objects_in(library):
    return {path.name for path in (library.root / "objects").iterdir()}


def is_untouched(library, objects):
    """Whether nothing is left of a derivation: no row, no file, no draft."""
    with library.transaction() as session:
        rows = session.scalars(select(DerivedMedium)).all()
    return (
        not rows and objects_in(library) == objects and not list((library.root / "tmp").iterdir())
    )


def number_of(picture):
    return barcode.read(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))


def decoded(jpeg):
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def test_a_poster_is_sealed_with_its_size_and_time(taken):
    library = taken()
    made = derive(library, 1, DerivedKind.POSTER, on=DAY)
    picture = decoded(content_of(library, made))
    assert picture.shape == (made.facts["height"], made.facts["width"], 3)
    assert number_of(picture) == made.facts["time_us"] // 40_000
    assert b"\xff\xd8\xff" not in (library.root / "objects" / made.object_id).read_bytes()


def test_thumbnails_are_sealed_sheet_behind_sheet(consenting, recording_file):
    take_in(consenting, recording_file("intra", 60), SAID, on=DAY)
    made = derive(consenting, 1, DerivedKind.SPRITES, on=DAY)
    content = content_of(consenting, made)
    facts = made.facts
    assert json.loads(json.dumps(facts)) == facts
    assert (facts["tile_width"], facts["tile_height"]) == (160, 90)
    assert (facts["columns"], facts["rows"]) == (10, 10)
    # Every half second the frame that is shown then: frames begin every 40 ms.
    assert facts["times_us"] == [half * 500_000 // 40_000 * 40_000 for half in range(120)]
    end = 0
    for offset, length in facts["sheets"]:
        assert offset == end
        assert decoded(content[offset : offset + length]).shape[1] == 1600
        end = offset + length
    assert end == len(content)
    assert len(facts["sheets"]) == 2


def test_a_waveform_is_two_signed_bytes_a_bucket(taken):
    library = taken()
    made = derive(library, 1, DerivedKind.WAVEFORM, on=DAY)
    assert made.facts == {"bucket_us": 20_000, "buckets": 600}
    peaks = np.frombuffer(content_of(library, made), np.int8).reshape(600, 2)
    beeps = [second * 50 + part for second in range(12) for part in (0, 1)]
    assert np.flatnonzero(peaks[:, 1] > 40).tolist() == beeps


def test_the_waveform_of_a_silent_film_is_empty(taken):
    library = taken("no_audio")
    made = derive(library, 1, DerivedKind.WAVEFORM, on=DAY)
    assert made.facts == {"bucket_us": 20_000, "buckets": 0}
    assert content_of(library, made) == b""


@pytest.mark.parametrize("kind", ["hevc_open", "edit_list", "late_start", "pcm_mov"])
def test_a_proxy_holds_every_shown_frame_and_no_other(taken, tmp_path, kind):
    library = taken(kind)
    assert needs_proxy(library, 1, on=DAY)
    made = derive(library, 1, DerivedKind.PROXY, on=DAY)
    path = tmp_path / "proxy.mp4"
    path.write_bytes(content_of(library, made))
    with library.transaction() as session:
        frames = find_recording(session, 1).frame_count
    assert made.facts == {"frames": frames}
    assert synthetic.frame_numbers(path) == list(range(frames))
    assert synthetic.packet_count_ignoring_edit_lists(path) == frames
    heard = np.array(synthetic.beep_onsets(path)[1:])
    assert np.abs(heard - np.arange(1, 12) * 1_000_000).max() <= 1000


def test_what_a_browser_plays_needs_no_proxy(taken):
    assert not needs_proxy(taken(), 1, on=DAY)


def test_what_was_made_before_is_returned_and_not_made_again(taken, monkeypatch):
    library = taken()
    made = derive(library, 1, DerivedKind.WAVEFORM, on=DAY)
    objects = objects_in(library)
    monkeypatch.setattr(derive_module, "_MAKERS", {})
    again = derive(library, 1, DerivedKind.WAVEFORM, on=DAY)
    assert (again.id, again.object_id) == (made.id, made.object_id)
    assert objects_in(library) == objects
    with library.transaction() as session:
        recording = find_recording(session, 1)
        assert find_derived(session, recording, DerivedKind.WAVEFORM).id == made.id
        assert find_derived(session, recording, DerivedKind.SPRITES) is None


def test_of_two_that_make_the_same_at_once_the_later_returns_what_the_first_made(taken):
    library = taken()
    before = objects_in(library)
    first = []

    def overtaken(_share):
        if not first:
            first.append(None)
            first[0] = derive(library, 1, DerivedKind.WAVEFORM, on=DAY)

    later = derive(library, 1, DerivedKind.WAVEFORM, on=DAY, progress=overtaken)
    assert later.id == first[0].id
    assert objects_in(library) == before | {later.object_id}
    assert not list((library.root / "tmp").iterdir())
    with library.transaction() as session:
        assert len(audit.list_lines(session, act=Act.VIEW)) == 1


TOGETHER = """
import sys
from datetime import date
from pathlib import Path
from mbtg_video.library import open_library
from mbtg_video.recording.derive import derive
from mbtg_video.recording.model import DerivedKind
with open_library(Path(sys.argv[1]), sys.argv[2]) as library:
    print("ready", flush=True)
    sys.stdin.readline()
    print(derive(library, 1, DerivedKind.SPRITES, on=date(2026, 2, 7)).object_id)
"""


def test_two_processes_that_make_the_same_at_once_agree(taken, passphrase):
    library = taken()
    before = objects_in(library)
    command = [sys.executable, "-c", TOGETHER, str(library.root), passphrase]
    pipe = subprocess.PIPE
    both = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=dict(os.environ))
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout.readline() == "ready\n"
    for process in both:
        process.stdin.write("\n")
        process.stdin.flush()
    answers = {process.communicate()[0].strip() for process in both}
    assert [process.returncode for process in both] == [0, 0]
    assert len(answers) == 1
    assert objects_in(library) == before | answers
    assert not list((library.root / "tmp").iterdir())


@pytest.mark.parametrize("kind", DerivedKind)
def test_a_cancelled_derivation_leaves_nothing_behind(taken, kind):
    library = taken()
    objects = objects_in(library)
    shares = []

    def cancel(share):
        shares.append(share)
        if len(shares) == 2 or share == 1:
            raise CancelledError

    with pytest.raises(CancelledError):
        derive(library, 1, kind, on=DAY, progress=cancel)
    assert is_untouched(library, objects)
    assert all(0 <= share <= 1 for share in shares)
    assert derive(library, 1, kind, on=DAY).kind is kind


def test_making_something_leaves_an_audit_line_that_says_what(taken):
    library = taken()
    derive(library, 1, DerivedKind.POSTER, on=DAY)
    with library.transaction() as session:
        (line,) = audit.list_lines(session, subject="R1", act=Act.VIEW)
        assert (line.subjects, line.detail) == ("R1", {"use": "own_review", "made": "poster"})
        assert audit.verify(session) == []


def _refusals(library):
    with library.transaction() as session:
        return [line.subjects.split()[0] for line in audit.list_lines(session, act=Act.REFUSAL)]


def test_without_consent_nothing_is_made_and_the_refusal_is_noted(taken):
    library = taken()
    objects = objects_in(library)
    late = date(2100, 1, 1)
    with pytest.raises(ConsentRefused):
        derive(library, 1, DerivedKind.POSTER, on=late)
    with pytest.raises(ConsentRefused):
        needs_proxy(library, 1, on=late)
    assert _refusals(library) == ["R1", "R1"]
    assert is_untouched(library, objects)


def test_what_was_made_is_not_returned_once_consent_has_ended(taken):
    library = taken()
    derive(library, 1, DerivedKind.POSTER, on=DAY)
    with pytest.raises(ConsentRefused):
        derive(library, 1, DerivedKind.POSTER, on=date(2100, 1, 1))


def test_a_consent_that_ends_meanwhile_is_obeyed(taken):
    library = taken()
    objects = objects_in(library)

    def withdrawn(_share):
        with library.transaction() as session:
            withdraw_uses(session, "P1", (), on=DAY)

    with pytest.raises(ConsentRefused):
        derive(library, 1, DerivedKind.POSTER, on=DAY, progress=withdrawn)
    assert _refusals(library) == ["R1"]
    assert is_untouched(library, objects)


def test_a_recording_that_is_shredded_meanwhile_gets_nothing(taken):
    library = taken()

    def shredded(_share):
        with library.transaction() as session:
            gone = shred(session, find_recording(session, 1))
        library.forget(gone)

    with pytest.raises(NotFound, match="was shredded"):
        derive(library, 1, DerivedKind.POSTER, on=DAY, progress=shredded)
    assert is_untouched(library, set())


def test_a_role_that_may_not_watch_makes_nothing(taken):
    library = taken()
    secret = "five other random words there"
    add_user(library.root / "keys", library.ring.master, "kontroll", UserRole.CONTROLLER, secret)
    with open_library(library.root, secret) as other, pytest.raises(RoleRefused):
        derive(other, 1, DerivedKind.POSTER, on=DAY)


def _all_made(library):
    return {derive(library, 1, kind, on=DAY).object_id for kind in DerivedKind}


@pytest.mark.parametrize("deed", [strip, shred])
def test_shredding_takes_what_was_made_along(taken, deed):
    library = taken()
    own = objects_in(library)
    made = _all_made(library)
    assert objects_in(library) == own | made
    with library.transaction() as session:
        gone = deed(session, find_recording(session, 1))
    library.forget(gone)
    assert is_untouched(library, own if deed is strip else set())
    with library.transaction() as session:
        assert not session.scalars(select(SealedObject).where(SealedObject.id.in_(made))).all()


def test_a_withdrawal_takes_what_was_made_along(taken):
    library = taken()
    _all_made(library)
    withdraw(library, "P1", (), on=DAY)
    assert is_untouched(library, set())


@pytest.mark.parametrize("kind", DerivedKind)
def test_a_damaged_recording_is_said_to_be_damaged(taken, kind):
    library = taken("closed250")
    objects = objects_in(library)
    (path,) = (library.root / "objects").iterdir()
    content = bytearray(path.read_bytes())
    middle = slice(len(content) // 3, len(content) * 2 // 3)
    content[middle] = bytes(byte ^ 1 for byte in content[middle])
    path.write_bytes(content)
    with pytest.raises(Damaged):
        derive(library, 1, kind, on=DAY)
    assert is_untouched(library, objects)


def test_a_number_that_no_recording_has_is_not_found(consenting):
    with pytest.raises(NotFound):
        derive(consenting, 7, DerivedKind.POSTER, on=DAY)
