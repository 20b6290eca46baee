"""The lines that machines read, held against the standard's own sample (ICAO Doc 9303-4 appendix B)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpaspor.desk import mrz
from mpaspor.desk.mrz import Holder, MrzFault

ANNA = Holder("L898902C3", "Anna Maria Eriksson", date(1974, 8, 12), "F", date(2012, 4, 15), "UTO")
SAMPLE = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
RATNA = Holder("X1234567", "Ratna Dewi Kusuma", date(1992, 8, 7), "F", date(2031, 11, 23))


def test_the_standards_own_passport_comes_out_sign_by_sign() -> None:
    assert mrz.lines(ANNA, "ZE184226B") == SAMPLE
    assert mrz.faults("\n".join(SAMPLE), ANNA) == []


@pytest.mark.parametrize(
    ("field", "digit"),
    [("L898902C3", "6"), ("740812", "2"), ("120415", "9"), ("ZE184226B<<<<<", "1"), ("D23145890", "7"),
     ("520727", "3"), ("AB2134<<<", "5"), ("HA672242<", "6")],
)  # fmt: skip
def test_check_digits_of_the_standard(field: str, digit: str) -> None:
    assert mrz.check_digit(field) == digit


@pytest.mark.parametrize(
    ("name", "signs"),
    [
        ("Anna Maria", "ANNA<MARIA"),
        ("D'Artagnan O’Connor", "DARTAGNAN<OCONNOR"),
        ("Nur-Aini", "NUR<AINI"),
        ("Müller Søren Ångström", "MUELLER<SOEREN<AANGSTROEM"),
        ("Strauß Ñandú Žižka Łódź", "STRAUSS<NANDU<ZIZKA<LODZ"),
        ("Ali/Lie (Tan)", "ALI<LIE<TAN"),
        ("H. M. Yusuf", "H<M<YUSUF"),
    ],
)
def test_names_in_the_signs_of_the_lines(name: str, signs: str) -> None:
    assert mrz.transliterated(name) == signs


def test_a_person_of_one_name_has_no_second_part() -> None:
    first, _second = mrz.lines(replace(RATNA, name="Sutrisno"))
    assert first == "P<IDNSUTRISNO".ljust(44, "<")


def test_an_empty_optional_field_may_leave_its_check_digit_out() -> None:
    first, second = mrz.lines(RATNA)
    assert second[42] == "0" and mrz.faults(first + second, RATNA) == []
    assert mrz.faults(first + second[:42] + "<" + second[43], RATNA) == []


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        (replace(RATNA, number="X1234568"), MrzFault.NUMBER),
        (replace(RATNA, name="Ratna Dewi Kusumo"), MrzFault.NAME),
        (replace(RATNA, name="Ratna Kusuma"), MrzFault.NAME),
        (replace(RATNA, birth_on=date(1992, 7, 8)), MrzFault.BIRTH),
        (replace(RATNA, sex="M"), MrzFault.SEX),
        (replace(RATNA, expires_on=date(2036, 11, 23)), MrzFault.EXPIRY),
        (replace(RATNA, state="UTO"), MrzFault.STATE),
    ],
)
def test_whatever_differs_is_named(other: Holder, fault: MrzFault) -> None:
    assert mrz.faults("\n".join(mrz.lines(other)), RATNA) == [fault]


def test_a_booklet_that_was_dated_a_day_before_it_was_recorded_is_right() -> None:
    dated = replace(RATNA, expires_on=date(2031, 11, 22))
    assert mrz.faults("".join(mrz.lines(dated)), RATNA) == []


def test_a_name_that_is_cut_is_the_same_name() -> None:
    long = replace(RATNA, name="Raden Mas Bambang Suryohadikusumo Pangeran Diponegoroningrat")
    read = "".join(mrz.lines(long))
    assert mrz.faults(read, long) == []
    assert mrz.faults(read, replace(long, name=long.name.replace("Bambang", "Bambung"))) != []


@pytest.mark.parametrize("read", ["", "P<IDN", "x" * 90, "P<IDNRATNA?".ljust(88, "<")])
def test_what_is_no_pair_of_lines_is_unreadable(read: str) -> None:
    assert mrz.faults(read, RATNA) == [MrzFault.UNREADABLE]


# What is in the optional field is nobody's affair here; some of its signs have the same value.
@given(place=st.sampled_from([*range(28), 43]), sign=st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"))
def test_one_wrong_sign_in_the_second_line_never_passes(place: int, sign: str) -> None:
    first, second = mrz.lines(RATNA)
    read = second[:place] + sign + second[place + 1 :]
    assert (mrz.faults(first + read, RATNA) == []) == (read == second)


@given(st.text(max_size=120))
def test_any_text_is_answered(read: str) -> None:
    assert isinstance(mrz.faults(read, RATNA), list)
