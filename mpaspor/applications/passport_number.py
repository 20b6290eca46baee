"""The number of an Indonesian passport: one or two letters and six to eight digits. Pure."""

from __future__ import annotations

import re

from mpaspor.foundation.typed_text import joined

_NUMBER = re.compile(r"[A-Z]{1,2}[0-9]{6,8}")
_MISREAD = re.compile(r"([A-Z]{1,2}?)([0-9OIL]{6,8})")
_DIGITS = str.maketrans("OIL", "011")


def read_passport_number(text: str) -> str | None:
    """The number that was meant, or None: any case, in groups or not, an O or I among the digits."""
    bare = joined(text).upper()
    if _NUMBER.fullmatch(bare):
        return bare
    found = _MISREAD.fullmatch(bare)
    return found[1] + found[2].translate(_DIGITS) if found else None
