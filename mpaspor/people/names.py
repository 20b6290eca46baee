"""A person's name as it is typed, in the one form that pages, letters and the passport can carry. Pure."""

from __future__ import annotations

from enum import StrEnum

from mpaspor.foundation.plain_text import composed, one_line, visible
from mpaspor.foundation.typed_text import APOSTROPHES, DASHES

LONGEST = 100
# A longer text is no name; it is refused as it came and never reaches the normaliser.
_LONGEST_TYPED = 4 * LONGEST
_SLASHES = "/⁄∕／"
_ALIKE = {
    **dict.fromkeys(map(ord, APOSTROPHES), "'"),
    **dict.fromkeys(map(ord, DASHES), "-"),
    **dict.fromkeys(map(ord, _SLASHES), "/"),
}
_LATIN = ((0x41, 0x17F), (0x218, 0x21B), (0x1E00, 0x1EFF))
LETTERS = frozenset(
    character
    for first, last in _LATIN
    for character in map(chr, range(first, last + 1))
    if character.isalpha() and composed(character, "NFKC") == character
)
# `Ali/Lie` and `Siti (Lie)` are how cards write a second name. No digits: no passport has them in a name.
MARKS = frozenset(" .,'-/()")


def read_name(text: str) -> str:
    """The name that was meant: look-alike apostrophes and dashes as ours, styled letters as plain ones."""
    if len(text) > _LONGEST_TYPED:
        return text
    # Before normalising, which would make a blank and an accent of some apostrophes; and after, since it
    # makes apostrophes too.
    plain = composed(visible(text).translate(_ALIKE), "NFKC")
    return one_line(plain.translate(_ALIKE))


class NameFault(StrEnum):
    """What keeps a read name off letters and passports."""

    LONG = "long"
    DIGIT = "digit"
    FOREIGN = "foreign"
    NO_LETTER = "no_letter"


def fault(name: str) -> NameFault | None:
    """What is wrong with a read name, or None. The rule of every form, command and counter."""
    if len(name) > LONGEST:
        return NameFault.LONG
    character = foreign_character(name)
    if character is not None:
        return NameFault.DIGIT if character.isdecimal() else NameFault.FOREIGN
    return None if has_letter(name) else NameFault.NO_LETTER


def masked(name: str, mark: str = "•") -> str:
    """`Ratna Dewi Kusuma` → `R•••• D••• K•••••`: enough to recognise oneself, not to learn a name."""
    return " ".join(word[0] + mark * (len(word) - 1) for word in name.split())


def foreign_character(name: str) -> str | None:
    """The first character of a read name that no letter and no passport of ours can carry, or None."""
    return next(
        (character for character in name if character not in LETTERS and character not in MARKS), None
    )


def has_letter(name: str) -> bool:
    return any(character in LETTERS for character in name)
