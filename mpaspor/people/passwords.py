"""Passwords: Argon2id at a stated cost, verified exactly as typed, and a list of what nobody may use.

No composition rules and no periodic change; long ones and pasted ones are welcome (DOMAIN §11.2).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mpaspor import offices
from mpaspor.foundation.plain_text import composed
from mpaspor.offices.rules import sort_key
from mpaspor.people.rules import PASSWORD_LENGTH, PASSWORD_MOST, Weakness

# 19 MiB, two passes, one lane: the smaller of OWASP's recommended settings, so that eight people signing
# in at once need 152 MiB and not half a gigabyte. About 30 ms on a small machine.
PASSES, MEMORY_KIB, LANES = 2, 19 * 1024, 1
_HASHER = PasswordHasher(PASSES, MEMORY_KIB, LANES)

_LIST = Path(__file__).parent / "data" / "common_passwords.txt"
_OUR_WORDS = ("paspor", "passport", "mpaspor", "imigrasi", "immigration", "kanim", "kantorimigrasi")
_LOOKALIKES = str.maketrans("013457@$!", "oieastasi")
_ROWS_OF_KEYS = ("0123456789", "9876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def hash_password(password: str) -> str:
    """What is stored instead of the password."""
    return _HASHER.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed.

    Without a hash (nobody has that address) the same work is done and the answer is no.
    """
    try:
        return _HASHER.verify(password_hash or _nobodys(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def weakness(password: str, own: Iterable[str] = ()) -> Weakness | None:
    """Why this password is too easy, or None. `own`: the person's name, address, number.

    A word is recognised with digits and punctuation around it and with look-alikes inside.
    """
    if len(password) < PASSWORD_LENGTH:
        return Weakness.SHORT
    if len(password) > PASSWORD_MOST:
        return Weakness.LONG
    folded = _fold(password)
    if _is_pattern(folded):
        return Weakness.PATTERN
    core = _core(folded)
    bare = {folded, _letters(folded), _letters(core.translate(_LOOKALIKES)), re.sub(r"\D", "", folded)}
    if bare & _own_words(own):
        return Weakness.OWN
    if re.fullmatch(r"\d{16}", folded):
        return Weakness.OWN  # the shape of an identity number, which too many people know
    return Weakness.COMMON if bare & _listed() else None


@cache
def _nobodys() -> str:
    return _HASHER.hash("the password of nobody")


@cache
def _listed() -> frozenset[str]:
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    words = {_fold(line) for line in lines if line and not line.startswith("#")}
    words |= {_letters(word) for word in words if len(_letters(word)) >= 4}
    with (Path(offices.__file__).parent / "data" / "offices.csv").open(encoding="utf-8") as file:
        places = {_letters(sort_key(row["name"])) for row in csv.DictReader(file)}
    named = {word + place for word in ("imigrasi", "kanim", "paspor") for place in places}
    return frozenset(words | places | named | set(_OUR_WORDS))


def _own_words(own: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for text in own:
        folded = _fold(text)
        parts = [folded, folded.partition("@")[0], *re.split(r"[\s@.]+", folded)]
        digits = re.sub(r"\D", "", folded)
        found |= {word for part in parts for word in (part, _letters(part)) if len(word) >= 4}
        if len(digits) >= 8:
            found |= {digits, re.sub(r"^62", "0", digits)}
    return found


def _is_pattern(folded: str) -> bool:
    """One character or a short piece over and over, or a run along the keyboard."""
    if re.fullmatch(r"(.{1,4}?)\1+.{0,3}", folded):
        return True
    return any(folded in row + row for row in _ROWS_OF_KEYS)


def _fold(text: str) -> str:
    return composed(text, "NFKC").casefold().strip()


def _core(text: str) -> str:
    """The text from its first letter to its last."""
    letters = [place for place, character in enumerate(text) if _letters(character)]
    return text[letters[0] : letters[-1] + 1] if letters else ""


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text)
