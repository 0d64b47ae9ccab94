"""Files of scores that are damaged, or made by somebody who means harm."""

from __future__ import annotations

import json
import os
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbtg_video.errors import BadInput, Damaged, MbtgError
from mbtg_video.rating.sheet import ItemScore, Moment, Sheet
from mbtg_video.supervision.scores import import_scores
from mbtg_video.supervision.scores_lock import LARGEST_SCORES
from tests.sequences import DAY
from tests.supervision.scoring import hand_out, refused, take


@pytest.fixture
def bundle(sequence, tmp_path):
    return hand_out(sequence, tmp_path / "out")


def test_a_file_that_is_too_large_or_no_file_of_scores_is_refused(bundle):
    refused(bundle, b" " * (LARGEST_SCORES + 1), BadInput, "at most 4194304")
    for data in (b"", b"{}", b"[]", b"PK\x03\x04", b"\xff\xfe", b'{"a":' * 9999):
        refused(bundle, data, Damaged, "holds no scores of a bundle")


def test_any_byte_that_is_changed_is_noticed(bundle):
    data = bundle.file()
    told = json.loads(data)
    for key in ("public", "wrapped"):
        for at in (0, 20, -3):
            kept = told["library"][key]
            digit = "A" if kept[at] != "A" else "B"
            place = at % len(kept)
            changed = told["library"] | {key: kept[:place] + digit + kept[place + 1 :]}
            refused(bundle, json.dumps(told | {"library": changed}).encode(), Damaged, "damaged")
    cut = told | {"sealed": told["sealed"][:-8]}
    refused(bundle, json.dumps(cut).encode(), Damaged, "was changed, or is damaged")
    refused(bundle, json.dumps(told | {"note": ""}).encode(), Damaged, "damaged")
    assert take(bundle, data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)


def never_more_than_an_error(bundle, data):
    with suppress(MbtgError), bundle.sequence.library.transaction() as session:
        import_scores(session, data, on=DAY)
        raise MbtgError  # undone, so that each try finds the library as it was


FUZZED = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@given(data=st.data())
@FUZZED
def test_no_outside_of_a_file_brings_the_import_down(bundle, data):
    told = json.loads(bundle.file(plain=b"{}"))
    inner = told["library"]
    for record in (told, inner):
        for key in data.draw(st.lists(st.sampled_from(sorted(record)), max_size=2)):
            record[key] = data.draw(JSON)
    written = json.dumps(told).encode()
    at = data.draw(st.integers(0, len(written)))
    cut = data.draw(st.sampled_from([written, written[:at], written[:at] + b"\xff" + written[at:]]))
    never_more_than_an_error(bundle, cut)


@given(data=st.data())
@FUZZED
def test_no_inside_of_a_file_brings_the_import_down(bundle, data):
    saved = bundle.saved(Sheet(items=(ItemScore(item=3, quality=4, evidence=(Moment(5),)),)))
    record = saved
    path = data.draw(st.sampled_from([[], ["sheets", 0], ["sheets", 0, "sheet"]]))
    for step in path:
        record = record[step]
    for key in data.draw(st.lists(st.sampled_from(sorted(record)), min_size=1, max_size=2)):
        record[key] = data.draw(JSON)
    never_more_than_an_error(bundle, bundle.file(saved))


def test_nothing_that_is_sealed_brings_the_import_down(bundle):
    unknown = b'{"state":"draft","rater":"K1","sheets":[{"scoring":"S1","x":1}]}'
    half = b'{"rater": "\\ud800x"}'
    for plain in (b"", b"\xff", half, b"[" * 99_999, unknown, os.urandom(99)):
        refused(bundle, bundle.file(plain=plain), BadInput, "scores of B1: .* no sheet has")


def test_an_emoji_cut_in_half_in_a_note_is_refused_or_kept(bundle):
    saved = bundle.saved()
    saved["sheets"][0]["sheet"]["note"] = "half \ud83d and more"
    never_more_than_an_error(bundle, bundle.file(saved))
