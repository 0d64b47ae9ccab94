"""Codes that people type, and how often they may be wrong."""

from __future__ import annotations

import pytest

from mbtg_video.studio.room.codes import CALM, LOCKED_SECONDS, MOST_WRONG, Gate, is_code, new_code


def test_a_code_is_read_however_it_is_typed():
    for typed in ("ABC234", "abc234", " abc 234 ", "ABC-234", "a b c 2 3 4"):
        assert is_code(typed, "ABC234")


@pytest.mark.parametrize("typed", ["", "ABC23", "ABC2345", "ABC235", "ÅBC234", "ABC234\u0662"[:5]])
def test_another_code_is_not(typed):
    assert not is_code(typed, "ABC234")


def test_a_forgotten_code_lets_nobody_in():
    assert not is_code("", "")


def test_codes_have_no_sign_that_is_taken_for_another():
    signs = set("".join(new_code(6) for _ in range(500)))
    assert len(new_code(6)) == 6
    assert not signs & set("ILO01")
    assert len(signs) == 31


def test_an_address_is_locked_after_some_wrong_codes_and_no_other(clock):
    gate = Gate(clock)
    for _ in range(MOST_WRONG):
        assert gate.wait("10.0.0.1") == 0
    assert gate.wait("10.0.0.1") is None
    assert gate.is_locked("10.0.0.1")
    assert gate.wait("10.0.0.2") == 0
    clock.now += LOCKED_SECONDS
    assert gate.wait("10.0.0.1") == 0


def test_tries_that_are_made_at_once_count_before_they_are_answered(clock):
    gate = Gate(clock)
    waits = [gate.wait("10.0.0.1") for _ in range(50)]
    assert waits.count(0) == MOST_WRONG


def test_a_right_code_wipes_the_slate(clock):
    gate = Gate(clock)
    for _ in range(3 * MOST_WRONG):
        assert gate.wait("10.0.0.1") == 0
        gate.passed("10.0.0.1")
    assert gate.wrong == 0


def test_when_many_are_wrong_everybody_has_to_queue(clock):
    gate = Gate(clock)
    for number in range(CALM):
        assert gate.wait(f"10.0.1.{number}") == 0
    assert [gate.wait(f"10.0.2.{number}") for number in range(3)] == [1, 2, 3]
    waits = [gate.wait(f"10.0.3.{number}") for number in range(100)]
    assert waits.count(None) == 100 - 17  # nobody waits longer than twenty seconds
    clock.now += 60
    assert gate.wait("10.0.4.1") == 1
