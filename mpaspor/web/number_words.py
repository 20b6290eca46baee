"""Whole numbers in words, as bank slips and receipts write them (terbilang), in both languages."""

from __future__ import annotations

LIMIT = 10**15

_UNITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))

_EN_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = [".", ".", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_EN_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"))


def indonesian(value: int) -> str:
    """`350000` → `tiga ratus lima puluh ribu`. Raises ValueError from 10^15 on."""
    _check(value)
    if value < 0:
        return f"minus {indonesian(-value)}"
    words = []
    for size, name in _SCALES:
        count, value = divmod(value, size)
        if count == 1 and name == "ribu":
            words.append("seribu")
        elif count:
            words.append(f"{_below_thousand(count)} {name}")
    if value or not words:
        words.append(_below_thousand(value))
    return " ".join(words)


def english(value: int) -> str:
    """`350000` → `three hundred fifty thousand`. Raises ValueError from 10^15 on."""
    _check(value)
    if value < 0:
        return f"minus {english(-value)}"
    words = []
    for size, name in _EN_SCALES:
        count, value = divmod(value, size)
        if count:
            words.append(f"{_english_below_thousand(count)} {name}")
    if value or not words:
        words.append(_english_below_thousand(value))
    return " ".join(words)


def _check(value: int) -> None:
    if abs(value) >= LIMIT:
        raise ValueError("number too large to be said")


def _below_thousand(value: int) -> str:
    if value < 10:
        return _UNITS[value]
    if value < 20:
        return {10: "sepuluh", 11: "sebelas"}.get(value) or f"{_UNITS[value - 10]} belas"
    if value < 100:
        head, rest = f"{_UNITS[value // 10]} puluh", value % 10
    else:
        hundreds = value // 100
        head, rest = ("seratus" if hundreds == 1 else f"{_UNITS[hundreds]} ratus"), value % 100
    return f"{head} {_below_thousand(rest)}" if rest else head


def _english_below_thousand(value: int) -> str:
    if value < 20:
        return _EN_UNITS[value]
    if value < 100:
        tens, unit = divmod(value, 10)
        return _EN_TENS[tens] + (f"-{_EN_UNITS[unit]}" if unit else "")
    hundreds, rest = divmod(value, 100)
    head = f"{_EN_UNITS[hundreds]} hundred"
    return f"{head} {_english_below_thousand(rest)}" if rest else head
