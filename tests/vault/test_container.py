import io
import itertools
import os
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbtg_video.errors import Damaged
from mbtg_video.vault.container import KEY_BYTES, SealedReader, SealingWriter

KEY, FILE_ID = b"k" * 32, b"f" * 16
CHUNK_LOG2 = 12
CHUNK = 1 << CHUNK_LOG2
SLOT = CHUNK + 16
HEADER = 29


def sealed(content, writes=None, file_id=FILE_ID):
    raw = io.BytesIO()
    writer = SealingWriter(raw, KEY, file_id, chunk_log2=CHUNK_LOG2)
    for start, end in writes or [(0, len(content))]:
        writer.write(content[start:end])
    writer.finish()
    assert writer.size == len(content)
    return raw.getvalue()


def opened(data, key=KEY, file_id=FILE_ID):
    return SealedReader(io.BytesIO(data), key, file_id)


LENGTHS = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1, 5 * CHUNK]


@pytest.mark.parametrize("length", LENGTHS)
def test_every_length_comes_back_whole(length):
    content = os.urandom(length)
    reader = opened(sealed(content))
    assert reader.size == length
    assert reader.read() == content


@given(data=st.data())
def test_any_writes_and_any_reads_give_the_plain_bytes(data):
    content = os.urandom(data.draw(st.integers(0, 4 * CHUNK)))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=6)))
    edges = [0, *cuts, len(content)]
    reader = opened(sealed(content, list(itertools.pairwise(edges))))
    for _ in range(5):
        position = data.draw(st.integers(0, len(content) + 5))
        size = data.draw(st.integers(0, 2 * CHUNK))
        reader.seek(position)
        assert reader.read(size) == content[position : position + size]


@pytest.mark.parametrize("length", [10, CHUNK, 3 * CHUNK + 7])
def test_the_head_can_be_rewritten_until_the_end(length):
    raw = io.BytesIO()
    writer = SealingWriter(raw, KEY, FILE_ID, chunk_log2=CHUNK_LOG2)
    writer.write(b"x" * length)
    writer.seek(4)
    writer.write(b"HEAD")
    writer.seek(0, io.SEEK_END)
    writer.write(b"tail")
    writer.finish()
    assert opened(raw.getvalue()).read() == b"xxxxHEAD" + b"x" * (length - 8) + b"tail"


def test_only_the_head_can_be_rewritten():
    writer = SealingWriter(io.BytesIO(), KEY, FILE_ID, chunk_log2=CHUNK_LOG2)
    writer.write(b"x" * (3 * CHUNK))
    with pytest.raises(io.UnsupportedOperation):
        writer.seek(2 * CHUNK)


def test_nothing_of_the_plain_content_is_in_the_file():
    content = bytes(range(256)) * 200
    data = sealed(content)
    assert not any(content[i : i + 16] in data for i in range(0, 256))


@pytest.mark.parametrize("where", [0, 5, 6, 22, HEADER, HEADER + 100, HEADER + SLOT, -1, -20])
def test_a_flipped_bit_anywhere_is_found(where):
    data = bytearray(sealed(os.urandom(3 * CHUNK)))
    data[where] ^= 1
    with pytest.raises(Damaged):
        opened(bytes(data)).read()


@pytest.mark.parametrize("left", [0, 5, HEADER, HEADER + 3, HEADER + SLOT, -1, -SLOT])
def test_a_file_cut_short_is_found_on_opening(left):
    data = sealed(os.urandom(3 * CHUNK + 5))
    with pytest.raises(Damaged):
        opened(data[:left])


def test_chunks_in_another_order_are_found():
    data = sealed(os.urandom(4 * CHUNK))
    first, second = HEADER + SLOT, HEADER + 2 * SLOT
    swapped = (
        data[:first] + data[second : second + SLOT] + data[first:second] + data[second + SLOT :]
    )
    with pytest.raises(Damaged):
        opened(swapped).read()


def test_an_appended_chunk_is_found():
    data = sealed(os.urandom(2 * CHUNK))
    with pytest.raises(Damaged):
        opened(data + data[-SLOT:])


def test_another_key_or_another_files_place_is_refused():
    data = sealed(b"content")
    with pytest.raises(Damaged):
        opened(data, key=b"j" * 32)
    with pytest.raises(Damaged):
        opened(data, file_id=b"g" * 16)


PLAIN = bytes(range(256)) * (4 * CHUNK // 256) + b"the last chunk is short"
VALID = sealed(PLAIN)
SLOTS = -(-(len(VALID) - HEADER) // SLOT)
OTHER = sealed(PLAIN[::-1], file_id=b"o" * 16)

PLACES = st.integers(0, len(VALID) - 1)
NUMBERS = st.integers(0, SLOTS - 1)


def slots(data):
    return [data[start : start + SLOT] for start in range(HEADER, len(data), SLOT)]


def flipped(data, places):
    changed = bytearray(data)
    for place, bit in places:
        changed[place] ^= 1 << bit
    return bytes(changed)


def swapped(one, other):
    order = slots(VALID)
    order[one], order[other] = order[other], order[one]
    return VALID[:HEADER] + b"".join(order)


def borrowed(numbers, head):
    """Chunks, and perhaps the header, of another file under the same key."""
    held = [
        theirs if number in numbers else ours
        for number, (ours, theirs) in enumerate(zip(slots(VALID), slots(OTHER), strict=True))
    ]
    return (OTHER if head else VALID)[:HEADER] + b"".join(held)


def chunked(log2, rest):
    """A header that claims another size of chunk."""
    return VALID[:5] + bytes([log2]) + VALID[6 : len(VALID) - rest]


class Changed:
    """A changed file; without its thousands of bytes in what a failing test prints."""

    def __init__(self, data):
        self.data = data

    def __repr__(self):
        return f"{len(self.data)} bytes {sha256(self.data).hexdigest()}"


@st.composite
def changes(draw):
    place, number, other, put = (
        draw(PLACES),
        draw(NUMBERS),
        draw(NUMBERS),
        draw(st.binary(max_size=40)),
    )
    left = draw(st.sampled_from([place, HEADER + number * SLOT]))
    flips = st.lists(st.tuples(PLACES, st.integers(0, 7)), min_size=1, max_size=4)
    change = draw(
        st.sampled_from(
            ["cut", "flip", "swap", "borrow", "double", "behead", "claim", "replace", "insert"]
        )
    )
    if change == "cut":
        return Changed(VALID[:left])
    if change == "flip":
        return Changed(flipped(VALID, draw(flips)))
    if change == "swap":
        return Changed(swapped(number, other))
    if change == "borrow":
        return Changed(borrowed(draw(st.sets(NUMBERS)), draw(st.booleans())))
    if change == "double":
        return Changed(VALID + slots(VALID)[number])
    if change == "behead":
        return Changed(VALID[:HEADER] + b"".join(slots(VALID)[number:]))
    if change == "claim":
        return Changed(chunked(draw(st.integers(0, 255)), draw(st.integers(0, SLOT))))
    behind = place + len(put) if change == "replace" else place
    return Changed(VALID[:place] + put + VALID[behind:])


READS = st.tuples(st.integers(0, len(PLAIN) + 5), st.integers(0, 2 * CHUNK))


def read_or_damaged(data, reads):
    """Every read gives the very bytes, or the file is damaged; nothing else is raised."""
    try:
        reader = opened(data)
        assert reader.size == len(PLAIN)
    except Damaged:
        return
    for position, size in reads:
        reader.seek(position)
        try:
            found = reader.read(size)
        except Damaged:
            continue
        assert found == PLAIN[position : position + size]


@given(changed=changes(), reads=st.lists(READS, max_size=3))
@settings(max_examples=300)
def test_a_changed_file_gives_the_same_bytes_or_is_damaged(changed, reads):
    read_or_damaged(changed.data, [*reads, (0, len(PLAIN))])


@pytest.mark.long
@given(changed=changes(), reads=st.lists(READS, max_size=3))
@settings(max_examples=10_000)
def test_a_file_changed_in_thousands_of_ways_gives_the_same_bytes_or_is_damaged(changed, reads):
    read_or_damaged(changed.data, [*reads, (0, len(PLAIN))])


HEADS = st.one_of(
    st.just(b""),
    st.just(VALID[:HEADER]),
    st.just(VALID[:5]),
    st.integers(0, 255).map(lambda log2: VALID[:5] + bytes([log2]) + FILE_ID + bytes(7)),
)


@given(head=HEADS, rest=st.binary(max_size=2 * SLOT))
@settings(max_examples=300)
def test_arbitrary_bytes_are_damaged(head, rest):
    with pytest.raises(Damaged):
        opened(head + rest)


@given(key=st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES), file_id=st.binary(max_size=40))
def test_another_key_or_name_opens_nothing(key, file_id):
    if (key, file_id) == (KEY, FILE_ID):
        return
    with pytest.raises(Damaged):
        opened(VALID, key, file_id)
