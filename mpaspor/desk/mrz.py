"""The two lines that machines read in a passport, by ICAO Doc 9303-3 and -4: made and compared. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mpaspor.applications.passport_number import read_passport_number
from mpaspor.foundation.plain_text import composed

LINE = 44
_NAME = LINE - 5
STATE = "IDN"
# Doc 9303-3 section 6: what is more than its base letter.
_LETTERS = str.maketrans(
    {"Ä": "AE", "Å": "AA", "Æ": "AE", "Ð": "D", "Đ": "D", "Ħ": "H", "Ĳ": "IJ", "Ł": "L", "Ŋ": "N", "Ø": "OE",
     "Ö": "OE", "Œ": "OE", "ẞ": "SS", "Þ": "TH", "Ŧ": "T", "Ü": "UE", "ĸ": "Q"}
)  # fmt: skip
# The device dates a booklet when it prints it; it is recorded here soon after.
RECORDED_WITHIN = timedelta(days=7)


class MrzFault(StrEnum):
    """In what the lines of a booklet differ from the case."""

    UNREADABLE = "unreadable"
    CHECK_DIGIT = "check_digit"
    STATE = "state"
    NUMBER = "number"
    NAME = "name"
    BIRTH = "birth"
    SEX = "sex"
    EXPIRY = "expiry"


@dataclass(frozen=True)
class Holder:
    """What the lines say of a passport and its person. `sex` is `M`, `F` or `<`."""

    number: str
    name: str
    birth_on: date
    sex: str
    expires_on: date
    state: str = STATE


def check_digit(field: str) -> str:
    """Weights 7, 3, 1 over digits, A = 10 … Z = 35 and `<` = 0, modulo 10."""
    return str(sum(_value(sign) * (7, 3, 1)[place % 3] for place, sign in enumerate(field)) % 10)


def _value(sign: str) -> int:
    return 0 if sign == "<" else int(sign, 36)


def transliterated(name: str) -> str:
    """A name in the signs of the lines: `Dewi D'Étoile-Nur` is `DEWI<DETOILE<NUR`."""
    upper = composed(name.upper(), "NFC").translate(_LETTERS)
    parts = re.split(r"[ ,/()-]+", composed(upper, "NFD"))
    return "<".join(filter(None, (re.sub(r"[^A-Z]", "", part) for part in parts)))


def lines(holder: Holder, optional: str = "") -> tuple[str, str]:
    """Both lines of a TD3 passport. The last word is the primary identifier, as offices here print it; a
    person of one name has no other."""
    *given, last = transliterated(holder.name).split("<")
    name = f"{last}<<{'<'.join(given)}" if given else last
    number, extra = holder.number.ljust(9, "<"), optional.ljust(14, "<")
    fields = [number, f"{holder.birth_on:%y%m%d}", f"{holder.expires_on:%y%m%d}", extra]
    one, two, three, four = (field + check_digit(field) for field in fields)
    second = one + holder.state + two + holder.sex + three + four
    return f"P<{holder.state}{name}"[:LINE].ljust(LINE, "<"), second + check_digit(one + two + three + four)


def number_in(scan: str) -> str | None:
    """The number of the booklet that was scanned: by its bar code, or by its two lines; None for neither."""
    text = re.sub(r"\s", "", scan).upper()
    return text[LINE : LINE + 9].rstrip("<") if len(text) == 2 * LINE else read_passport_number(scan)


def faults(read: str, expected: Holder) -> list[MrzFault]:
    """In what the lines, as a reader or a person typed them, differ from what they should say."""
    text = re.sub(r"\s", "", read).upper()
    if len(text) != 2 * LINE or not re.fullmatch(r"[A-Z0-9<]+", text):
        return [MrzFault.UNREADABLE]
    first, second = text[:LINE], text[LINE:]
    if not _holds(second):
        return [MrzFault.CHECK_DIGIT]
    earliest = expected.expires_on - RECORDED_WITHIN
    wrong = {
        MrzFault.STATE: first[0] != "P" or {first[2:5], second[10:13]} != {expected.state},
        MrzFault.NUMBER: second[:9].rstrip("<") != expected.number,
        MrzFault.NAME: not _same_name(first[5:], expected.name),
        MrzFault.BIRTH: second[13:19] != f"{expected.birth_on:%y%m%d}",
        MrzFault.SEX: second[20] != expected.sex,
        MrzFault.EXPIRY: not f"{earliest:%y%m%d}" <= second[21:27] <= f"{expected.expires_on:%y%m%d}",
    }
    return [fault for fault, is_wrong in wrong.items() if is_wrong]


def _holds(second: str) -> bool:
    """Whether every check digit is right; that of an empty optional field may be left out."""
    fields = (second[:10], second[13:20], second[21:28])
    is_right = all(check_digit(field[:-1]) == field[-1] for field in fields)
    optional, digit = second[28:42], second[42]
    is_optional_right = digit == check_digit(optional) or (digit == "<" and not optional.strip("<"))
    return is_right and is_optional_right and check_digit("".join(fields) + second[28:43]) == second[43]


def _same_name(field: str, name: str) -> bool:
    """The same words in any order, since states divide names differently; a full field may be cut."""
    found, meant = field.replace("<", " ").split(), transliterated(name).split("<")
    if field.endswith("<"):
        return Counter(found) == Counter(meant)
    rest = Counter(meant) - Counter(found[:-1])
    is_whole = not Counter(found[:-1]) - Counter(meant)
    return is_whole and any(word.startswith(found[-1]) for word in rest)
