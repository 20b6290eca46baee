"""What a hand scanner types is not always what the code says: prefixes, CapsLock, a foreign layout. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

LONGEST = 300
# Codes announce their kind (`]Q1`, `]C0` …) when the scanner is set to say so; a layout may turn the bracket.
_KIND = re.compile(r"\A.{0,6}?(?=MP[12])|\A\][A-Z][0-9]", re.ASCII | re.IGNORECASE)
# A scanner set to the American layout on a German one, and the other way round.
_LAYOUTS = (str.maketrans("yzYZß?", "zyZY-_"), str.maketrans("yzYZ/?", "zyZY-_"))
_MISREAD = str.maketrans("IO", "10")


def cleaned(text: str) -> str:
    """The text without control characters, blanks, kind of code, and the asterisks of Code 39."""
    visible = "".join(sign for sign in text[:LONGEST] if sign.isprintable() and not sign.isspace())
    return _KIND.sub("", visible.strip("*")).strip("*")


def readings(text: str) -> list[str]:
    """What a token may have been before the keyboard got hold of it; the plainest reading first."""
    bare = cleaned(text)
    plain = [bare, *(bare.translate(layout) for layout in _LAYOUTS)]
    capitals = bare.upper().translate(_MISREAD)
    return list(dict.fromkeys([capitals, *plain, *(reading.swapcase() for reading in plain)]))


def looks_like_token(text: str) -> bool:
    """Whether this was meant to be the code of a letter, rather than eight characters typed by hand."""
    return cleaned(text)[:3].upper() in ("MP1", "MP2") or len(cleaned(text)) > 40


def inside_address(text: str) -> str:
    """The code in one of our addresses (`…/v/CODE`, `…?kode=CODE`), or the text itself."""
    bare = cleaned(text)
    if "://" not in bare:
        return bare
    try:
        address = urlsplit(bare)
    except ValueError:
        return bare
    named = parse_qs(address.query).get("kode")
    return named[0] if named else address.path.rstrip("/").rpartition("/")[2]
