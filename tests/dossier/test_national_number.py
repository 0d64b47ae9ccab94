"""Identity numbers against another's check of them."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.no import fodselsnummer

from mbtg_video.dossier.national_number import (
    carries_a_day,
    is_national_number,
    is_number_from_2032,
)

BORN = st.dates(date(1855, 1, 1), date(2026, 1, 1))


def with_checks(nine):
    """Eleven digits with valid checks, or None where the nine can have none."""
    first = fodselsnummer.calc_check_digit1(nine)
    second = fodselsnummer.calc_check_digit2(nine + first)
    return None if len(first + second) > 2 else nine + first + second


def nine(born, individual, *, day=0, month=0):
    return f"{born.day + day:02}{born.month + month:02}{born.year % 100:02}{individual:03}"


def unborn(number):
    """Whether the other check refuses a number only because its day is still to come."""
    try:
        fodselsnummer.validate(number)
    except fodselsnummer.ValidationError as error:
        return "not been born" in str(error)
    return False


NUMBERS = st.builds(
    lambda born, individual, day, month: with_checks(nine(born, individual, day=day, month=month)),
    BORN,
    st.integers(0, 999),
    st.sampled_from([0, 0, 40]),
    st.sampled_from([0, 0, 40]),
).filter(bool)


@given(number=NUMBERS)
@settings(max_examples=300)
def test_numbers_of_every_kind_are_told_as_another_check_tells_them(number):
    assert is_national_number(number) is (fodselsnummer.is_valid(number) or unborn(number))


@pytest.mark.long
@given(number=NUMBERS)
@settings(max_examples=10_000)
def test_thousands_of_numbers_are_told_as_another_check_tells_them(number):
    assert is_national_number(number) is (fodselsnummer.is_valid(number) or unborn(number))


@given(number=NUMBERS, place=st.integers(0, 10), digit=st.sampled_from("0123456789"))
@settings(max_examples=300)
def test_a_slip_in_one_digit_is_never_taken_for_another_number(number, place, digit):
    slipped = number[:place] + digit + number[place + 1 :]
    assert is_national_number(slipped) is (slipped == number and is_national_number(number))


@given(number=st.from_regex(r"[0-9]{11}", fullmatch=True).filter(lambda n: int(n[:2]) < 80))
@settings(max_examples=300)
def test_digits_drawn_by_chance_are_told_as_another_check_tells_them(number):
    if int(number[2:4]) > 80:  # synthetic persons, whom the other check does not know
        return
    assert is_national_number(number) is (fodselsnummer.is_valid(number) or unborn(number))


@given(born=BORN, individual=st.integers(0, 999), day=st.sampled_from([0, 40]))
@settings(max_examples=200)
def test_a_synthetic_person_is_found_where_a_real_one_would_be(born, individual, day):
    real = nine(born, individual, day=day) + "00"
    synthetic = nine(born, individual, day=day, month=80) + "00"
    assert carries_a_day(synthetic) is carries_a_day(real)


@pytest.mark.parametrize("number", ["81010112345", "95123456789"])
def test_a_number_of_somebody_unknown_counts_by_its_checks_alone(number):
    assert is_national_number(with_checks(number[:9]))
    assert not is_national_number(number)


@pytest.mark.parametrize("rest", range(11))
def test_a_number_from_2032_leaves_up_to_three_in_its_first_check(rest):
    born = nine(date(1982, 3, 15), 103)
    first = (int(fodselsnummer.calc_check_digit1(born)) + rest) % 11
    second = fodselsnummer.calc_check_digit2(f"{born}{first}")
    if len(f"{first}{second}") == 2:
        number = f"{born}{first}{second}"
        assert is_number_from_2032(number) is (rest <= 3)
        assert is_national_number(number) is (rest == 0)
        assert not is_number_from_2032(number[:-1] + str((int(second) + 1) % 10))


def test_what_has_not_eleven_digits_is_no_number():
    assert not is_national_number("0101901234")
    assert not is_national_number("")
    assert not is_number_from_2032("")
