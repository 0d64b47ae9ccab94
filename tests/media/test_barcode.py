from __future__ import annotations

import numpy as np
import pytest

from mbtg_video.media import barcode

SIZES = [(256, 144), (272, 480), (320, 180), (426, 240), (1280, 720), (1920, 1080)]


def noise(width: int, height: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(16, 235, (height, width), dtype=np.uint8)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_bit_of_a_number_is_read_back(width, height):
    for number in (0, 0xFFFF, 0x5555, 0xAAAA, *(1 << bit for bit in range(16))):
        picture = noise(width, height)
        barcode.draw(picture, number)
        assert barcode.read(picture) == number


def test_numbers_start_again_after_the_last():
    picture = noise(320, 180)
    barcode.draw(picture, barcode.NUMBERS + 7)
    assert barcode.read(picture) == 7


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_only_the_top_rows_are_painted(width, height):
    picture = noise(width, height)
    barcode.draw(picture, 4711)
    rows = barcode.height_of(height)
    assert rows == max(16, height // 16)
    assert (picture[rows:] == noise(width, height)[rows:]).all()


def test_a_picture_without_a_barcode_reads_as_none():
    assert barcode.read(np.full((180, 320), 128, np.uint8)) is None
    assert not any(barcode.read(noise(320, 180, seed)) is not None for seed in range(50))


def test_two_frames_mixed_do_not_read():
    one, other = noise(320, 180), noise(320, 180)
    barcode.draw(one, 100)
    barcode.draw(other, 101)
    assert barcode.read(one // 2 + other // 2) is None


def test_a_flipped_bit_does_not_read():
    picture = noise(480, 270)
    barcode.draw(picture, 0)
    picture[: barcode.height_of(270), 480 * 5 // 24 : 480 * 6 // 24] = 210
    assert barcode.read(picture) is None


def test_a_darkened_and_blurred_copy_still_reads():
    picture = noise(320, 180)
    barcode.draw(picture, 31_337)
    blurred = (np.roll(picture, 1, axis=1) // 2 + np.roll(picture, -1, axis=1) // 2) * 0.6
    assert barcode.read(blurred.astype(np.uint8)) == 31_337


def test_a_picture_too_narrow_reads_as_none():
    picture = noise(barcode.SMALLEST_WIDTH - 1, 144)
    barcode.draw(picture, 5)
    assert barcode.read(picture) is None
