"""A date as people write it: the month as a word, or all of it in one box. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from babel.dates import get_month_names

from mpaspor.foundation.typed_text import joined
from mpaspor.web.language import LANGUAGES

PARTS = ("day", "month", "year")
# Spellings that are on cards and in mouths, beside the names in both languages and their beginnings.
_ALSO = {"agt": 8, "ags": 8, "peb": 2, "pebruari": 2, "nop": 11, "nopember": 11, "mrt": 3, "sept": 9}
_SHORTEST = 3
_LONGEST = 40
_SEPARATORS = re.compile(r"[\s./,–-]+")
_IN_A_ROW = re.compile(r"([0-9]{2})([0-9]{2})((?:19|20)[0-9]{2})")


def read_month(text: str) -> int | None:
    """1 to 12, from a number or a name in Indonesian or English, whole or shortened; None if neither."""
    word = joined(text).casefold()
    if word.isascii() and word.isdigit():
        return int(word) if len(word) <= 2 and 1 <= int(word) <= 12 else None
    if word in _ALSO:
        return _ALSO[word]
    found = {month for name, month in _names() if len(word) >= _SHORTEST and name.startswith(word)}
    return found.pop() if len(found) == 1 else None


@cache
def _names() -> tuple[tuple[str, int], ...]:
    return tuple(
        (name.casefold(), month)
        for language in LANGUAGES
        for month, name in get_month_names("wide", locale=language).items()
    )


def split_date(typed: Mapping[str, str]) -> dict[str, str] | None:
    """The three parts of a date that stands whole in one of the boxes, or None.

    The day comes first, as everywhere here, except where the year has four digits or the month is a word.
    """
    filled = [text for text in typed.values() if text]
    if len(filled) != 1 or len(filled[0]) > _LONGEST:
        return None
    row = _IN_A_ROW.fullmatch(filled[0])
    parts = list(row.groups()) if row else [part for part in _SEPARATORS.split(filled[0]) if part]
    if len(parts) != len(PARTS):
        return None
    if parts[0].isdigit() and len(parts[0]) == 4:
        parts.reverse()
    elif not parts[0].isdigit() and read_month(parts[0]):
        parts[:2] = reversed(parts[:2])
    return dict(zip(PARTS, parts, strict=True))
