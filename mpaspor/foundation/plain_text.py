"""Text from people on its way into mails, letters and logs: only what can be seen, in one line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Literal

# Cc control, Cf invisible formatting (bidi overrides, zero width), Cs surrogates, Co private use, line ends.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))

# Unicode's own bound of a "stream-safe" text (UAX 15): no language puts more marks on one letter.
_MOST_MARKS = 30
_JOINER = "\u034f"  # invisible; no mark is sorted past it
_MARKS_BY_NFKC = frozenset("\uff9e\uff9f")  # letters, until normalising turns them into marks


def composed(text: str, form: Literal["NFC", "NFKC"] = "NFC") -> str:
    """`text` in a Unicode normal form, in a time that grows with its length and not with its square.

    Normalising sorts the marks that follow a letter; thirty thousand of them took a processor ten seconds.
    A longer run than any language has is broken up first. Nothing is cut. Every other module comes here.
    """
    if text.isascii():
        return text
    return unicodedata.normalize(form, "".join(_broken_up(text)))


def _broken_up(text: str) -> Iterator[str]:
    run = 0
    for sign in text:
        is_mark = unicodedata.category(sign).startswith("M") or sign in _MARKS_BY_NFKC
        run = run + 1 if is_mark else 0
        if run > _MOST_MARKS:
            yield _JOINER
            run = 1
        yield sign


def one_line(text: str, limit: int = 300) -> str:
    """`text` without control and direction characters, spaces collapsed, cut at `limit` signs."""
    seen = "".join(" " if unicodedata.category(sign) in _UNSEEN else sign for sign in composed(text))
    line = " ".join(seen.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
