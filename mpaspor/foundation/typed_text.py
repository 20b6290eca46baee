"""What people type, paste or scan, read for what was meant. Pure, and quick whatever is sent."""

from __future__ import annotations

import unicodedata

from mpaspor.foundation.plain_text import composed, visible

APOSTROPHES = "'`´ʹʻʼʽʾʿˈˊˋ΄՚׳‘’‛′‵᾽᾿´῾ꞌ＇"
DASHES = "-˗‐‑‒–—―⁃−﹘﹣－"
_GROUPING = frozenset(" .,/_" + APOSTROPHES + DASHES)
# Longer than any number with everything that people write around it; what is longer is none and stays.
_LONGEST_NUMBER = 100


def joined(text: str) -> str:
    """A number or code without what only groups it: blanks, dots, dashes, a spreadsheet's apostrophe.

    Full-width letters and the digits of other scripts come back as ASCII.
    """
    if len(text) > _LONGEST_NUMBER:
        return text
    plain = composed(_ungrouped(visible(text)), "NFKC")
    return composed(_ungrouped(plain), "NFKC")


def _ungrouped(text: str) -> str:
    return "".join(_as_ascii(char) for char in text if not (char.isspace() or char in _GROUPING))


def _as_ascii(character: str) -> str:
    """A digit of any script as ours; every other character as it is."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
