from hypothesis import given
from hypothesis import strategies as st

from mbtg_video.media import nal
from mbtg_video.media.nal import ParameterSets

# A unit never ends in a zero byte, and holds no start code.
UNITS = st.lists(st.binary(min_size=1, max_size=40).map(lambda b: b.replace(b"\0", b"\1")))

SPS = bytes.fromhex("6764000cacd941419f9e1000000300100000030320f14299 60".replace(" ", ""))
PPS = bytes.fromhex("68ebecb22c")


@given(UNITS)
def test_units_survive_being_joined_and_split(units):
    assert nal.split_prefixed(nal.join_prefixed(units), 4) == units
    assert nal.split_annexb(b"".join(nal.START_CODE + unit for unit in units)) == units


@given(st.binary(max_size=200))
def test_any_bytes_are_split_without_an_error(data):
    nal.split_annexb(data)
    nal.split_prefixed(data, 4)


def test_parameter_sets_are_read_from_start_codes_and_from_a_record():
    sets = ParameterSets.read(nal.START_CODE + SPS + nal.START_CODE + PPS)
    assert (sets.prefix, sets.sequence, sets.picture) == (0, (SPS,), (PPS,))
    again = ParameterSets.read(sets.record())
    assert (again.prefix, again.sequence, again.picture) == (4, (SPS,), (PPS,))


def test_a_free_number_is_none_of_those_in_use():
    sets = ParameterSets(4, (SPS,), (PPS,))
    assert nal.sps_id(SPS) == nal.pps_id(PPS) == 0
    assert sets.free_id() == 1


def test_sets_beside_others_keep_both_and_none_twice():
    sets = ParameterSets(4, (SPS,), (PPS,))
    other = ParameterSets(4, (SPS, SPS + b"\1"), (PPS,))
    both = ParameterSets.read(sets.with_others(other).record())
    assert both.sequence == (SPS, SPS + b"\1")
    assert both.picture == (PPS,)


def _sei(*messages: tuple[int, bytes]) -> bytes:
    body = b"".join(
        b"\xff" * (kind // 255)
        + bytes([kind % 255])
        + b"\xff" * (len(data) // 255)
        + bytes([len(data) % 255])
        + data
        for kind, data in messages
    )
    return body + b"\x80"


def test_a_recovery_point_is_found_among_other_messages():
    # Exp-Golomb: 1 is 0, 00101 is 4.
    assert nal.recovery_frames(b"\x06" + _sei((5, b"u" * 300), (6, b"\x80"))) == 0
    assert nal.recovery_frames(b"\x06" + _sei((1, b"timing"), (6, b"\x28\x40"))) == 4
    assert nal.recovery_frames(b"\x06" + _sei((260, b"far beyond"))) is None


@given(st.binary(min_size=2, max_size=60))
def test_broken_messages_are_read_without_an_error(data):
    found = nal.recovery_frames(b"\x06" + data)
    assert found is None or found >= 0


@given(UNITS)
def test_the_head_of_every_unit_is_seen(units):
    heads = [bytes(head[:1]) for head in nal.heads(memoryview(nal.join_prefixed(units)))]
    assert heads == [unit[:1] for unit in units]
