"""Text from people on its way into mails, letters and logs: only what can be seen, in one line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Literal

# Signs beside the invisible categories that draw nothing: joiners of marks, fillers, choosers of a variant.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code)
    for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for code in range(first, last + 1)
}
# Cf invisible formatting (zero width, direction, soft hyphen), Cs surrogates, Co private use, Cn unassigned.
_NOTHING = frozenset(("Cf", "Cs", "Co", "Cn"))
# Control characters and line ends: words stood on both sides of them.
_BREAKS = frozenset(("Cc", "Zl", "Zp"))

# Unicode's own bound of a "stream-safe" text (UAX 15): no language puts more marks on one letter.
_MOST_MARKS = 30
_JOINER = "\u034f"  # invisible; no mark is sorted past it
_MARKS_BY_NFKC = frozenset("\uff9e\uff9f")  # letters, until normalising turns them into marks


def composed(text: str, form: Literal["NFC", "NFKC", "NFD"] = "NFC") -> str:
    """`text` in a Unicode normal form, in a time that grows with its length and not with its square.

    Normalising sorts the marks that follow a letter; thirty thousand of them took a processor ten seconds.
    A longer run than any language has is broken up first. Nothing is cut. Every other module comes here.
    """
    if text.isascii():
        return text
    return unicodedata.normalize(form, "".join(_broken_up(text)))


def _broken_up(text: str) -> Iterator[str]:
    run = 0
    for character in text:
        is_mark = unicodedata.category(character).startswith("M") or character in _MARKS_BY_NFKC
        run = run + 1 if is_mark else 0
        if run > _MOST_MARKS:
            yield _JOINER
            run = 1
        yield character


def visible(text: str) -> str:
    """`text` without the characters that nobody sees; blanks, tabs and line ends stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(character for character in text if not _is_nothing(character))


def _is_nothing(character: str) -> bool:
    return character in _BLANK or unicodedata.category(character) in _NOTHING


def one_line(text: str, limit: int = 300) -> str:
    """`text` without control and direction characters, spaces collapsed, cut at `limit` characters."""
    whole = composed(visible(text))
    seen = "".join(" " if unicodedata.category(character) in _BREAKS else character for character in whole)
    line = " ".join(seen.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
