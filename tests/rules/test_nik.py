"""The NIK: what is none, and what merely disagrees."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.id import nik as stdnum_nik

from mpaspor.applications.nik import NikDoubt, NikFault, NikWarning, fault, masked, warnings
from mpaspor.applications.regions import PROVINCES
from mpaspor.foundation.typed_text import joined

# DOMAIN §6.1: number, birth date, sex.
VALID = [
    ("3171011708450001", date(1945, 8, 17), "male"),
    ("3171015708450001", date(1945, 8, 17), "female"),
    ("3171012902001234", date(2000, 2, 29), "male"),
    ("3201011508950001", date(1995, 8, 15), "male"),
    ("3204110609970001", date(1997, 9, 6), "male"),
]
INVALID = ["9971011708450001", "3171013002001234", "3201010000000000", "320101150895000"]


@pytest.mark.parametrize(("nik", "birth_on", "sex"), VALID)
def test_a_true_nik_raises_no_doubt_here_nor_in_stdnum(nik: str, birth_on: date, sex: str) -> None:
    assert stdnum_nik.validate(nik) == nik
    assert fault(nik) is None and warnings(nik, birth_on, sex) == []


@pytest.mark.parametrize("nik", INVALID)
def test_what_stdnum_refuses_is_a_fault_or_at_least_a_doubt_for_every_birth_date(nik: str) -> None:
    with pytest.raises(StdnumError):
        stdnum_nik.validate(nik)
    days = (date(1999, 12, 20) + timedelta(days=n) for n in range(120))
    assert fault(nik) or all(warnings(nik, day, sex) for day in days for sex in ("male", "female"))


def test_faults_say_why() -> None:
    assert fault("320101150895000") is NikFault.TOO_SHORT
    assert fault("32010115089500011") is NikFault.TOO_LONG
    assert fault("320101150895000A") is NikFault.NOT_DIGITS
    assert fault("３２０１０１１５０８９５０００１") is NikFault.NOT_DIGITS
    assert fault("3201011508950000") is NikFault.NO_SERIAL


def test_the_doubt_names_the_digits_and_what_they_mean() -> None:
    (found,) = warnings("3171015708450001", date(1945, 8, 17), "male")
    assert found == NikWarning(NikDoubt.DAY_AND_SEX, 7, 8, "57", 17, "female")
    (found,) = warnings("3171011708450001", date(1945, 9, 17), "male")
    assert (found.doubt, found.digits) == (NikDoubt.MONTH, "08")
    (found,) = warnings("3171011708450001", date(1954, 8, 17), "male")
    assert (found.doubt, found.digits) == (NikDoubt.YEAR, "45")


def test_an_unknown_province_is_a_doubt_never_a_refusal() -> None:
    assert fault("9971011708450001") is None
    (found,) = warnings("9971011708450001", date(1945, 8, 17), "male")
    assert (found.doubt, found.digits) == (NikDoubt.PROVINCE, "99")


def test_a_day_that_no_calendar_has_means_no_sex() -> None:
    (found, *_rest) = warnings("3171013908450001", date(1945, 8, 17), "male")
    assert (found.doubt, found.day, found.sex) == (NikDoubt.DAY_AND_SEX, None, None)


@given(
    st.sampled_from(sorted(PROVINCES)),
    st.dates(date(1920, 1, 1), date(2015, 12, 31)),
    st.sampled_from(["male", "female"]),
    st.integers(1, 9999),
)
def test_a_nik_made_from_its_owner_never_raises_a_doubt(
    province: str, birth_on: date, sex: str, serial: int
) -> None:
    day = birth_on.day + (40 if sex == "female" else 0)
    nik = f"{province}0101{day:02d}{birth_on:%m%y}{serial:04d}"
    assert fault(nik) is None and warnings(nik, birth_on, sex) == []


@pytest.mark.parametrize(
    "typed",
    [
        "3171 0117 0845 0001",
        " 3171.0117.0845.0001 ",
        "3171-0117-0845-0001",
        "３１７１０１１７０８４５０００１",
        "٣١٧١٠١١٧٠٨٤٥٠٠٠١",
        "3171\u00a00117\u20090845\t0001",
    ],
)
def test_abuse_17_every_way_of_typing_one_nik_is_the_same_nik(typed: str) -> None:
    assert joined(typed) == "3171011708450001"


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert joined(joined(text)) == joined(text)


def test_a_masked_nik_keeps_its_ends_only() -> None:
    assert masked("3171011708450001") == "3171••••••••0001"
