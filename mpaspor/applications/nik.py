"""The NIK: read, checked, and compared with what was typed beside it. Pure.

`PP KK CC DDMMYY SSSS`: place of first registration, birth date (day + 40 for women), serial. There is no
check digit, and Dukcapil does not re-issue a number that disagrees with a birth date, so only what can
be no NIK at all is refused; everything else is a warning that names the digits (DOMAIN §6.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mpaspor.applications.regions import PROVINCES

LENGTH = 16
_WOMEN = 40


class NikFault(StrEnum):
    """Why a text can be no NIK."""

    NOT_DIGITS = "not_digits"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_SERIAL = "no_serial"


class NikDoubt(StrEnum):
    """What in a NIK does not go with the rest: to be looked at, never a refusal."""

    PROVINCE = "province"
    DAY_AND_SEX = "day_and_sex"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class NikWarning:
    """A doubt with the digits it rests on: `first` and `last` count from 1 as people do.

    `day` and `sex` say what digits 7 and 8 mean; `sex` is None where they mean no day at all.
    """

    doubt: NikDoubt
    first: int
    last: int
    digits: str
    day: int | None = None
    sex: str | None = None


def fault(nik: str) -> NikFault | None:
    """Why a joined text can be no NIK, or None."""
    if not (nik.isascii() and nik.isdigit()):
        return NikFault.NOT_DIGITS
    if len(nik) != LENGTH:
        return NikFault.TOO_SHORT if len(nik) < LENGTH else NikFault.TOO_LONG
    return NikFault.NO_SERIAL if nik[12:] == "0000" else None


def warnings(nik: str, birth_on: date, sex: str) -> list[NikWarning]:
    """What in a faultless NIK disagrees with the typed birth date and sex (`male` or `female`).

    The year has two digits and no century, so only these two are compared.
    """
    found = []
    if nik[:2] not in PROVINCES:
        found.append(NikWarning(NikDoubt.PROVINCE, 1, 2, nik[:2]))
    day, nik_sex = _day_and_sex(nik)
    if (day, nik_sex) != (birth_on.day, sex):
        found.append(NikWarning(NikDoubt.DAY_AND_SEX, 7, 8, nik[6:8], day, nik_sex))
    if int(nik[8:10]) != birth_on.month:
        found.append(NikWarning(NikDoubt.MONTH, 9, 10, nik[8:10]))
    if int(nik[10:12]) != birth_on.year % 100:
        found.append(NikWarning(NikDoubt.YEAR, 11, 12, nik[10:12]))
    return found


def _day_and_sex(nik: str) -> tuple[int | None, str | None]:
    """The day and sex that digits 7 and 8 mean, or two None where no calendar has such a day."""
    value = int(nik[6:8])
    day, sex = (value - _WOMEN, "female") if value > _WOMEN else (value, "male")
    return (day, sex) if 1 <= day <= 31 else (None, None)


def masked(nik: str) -> str:
    """Enough to recognise one's own number, not to learn one: `1671••••••••0001`."""
    return f"{nik[:4]}{'•' * (len(nik) - 8)}{nik[-4:]}"
