import io
import itertools
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbtg_video.errors import Damaged
from mbtg_video.vault.container import SealedReader, SealingWriter

KEY, FILE_ID = b"k" * 32, b"f" * 16
CHUNK_LOG2 = 12
CHUNK = 1 << CHUNK_LOG2
SLOT = CHUNK + 16
HEADER = 29


def sealed(content, writes=None):
    raw = io.BytesIO()
    writer = SealingWriter(raw, KEY, FILE_ID, chunk_log2=CHUNK_LOG2)
    for start, end in writes or [(0, len(content))]:
        writer.write(content[start:end])
    writer.finish()
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


@settings(deadline=None)
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
