"""The check digit of numbers that people copy by hand (Luhn, ISO/IEC 7812-1 annex B)."""

from __future__ import annotations


def luhn(digits: str) -> str:
    """The digit to append to `digits` so that one wrong digit or a swap of neighbours is noticed."""
    total = 0
    for place, character in enumerate(reversed(digits)):
        value = int(character) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def luhn_holds(number: str) -> bool:
    """Whether the last digit of `number` is its check digit."""
    return number.isdigit() and luhn(number[:-1]) == number[-1]
