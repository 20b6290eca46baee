"""Text from people on its way into mails, letters and logs: only what can be seen, in one line."""

from __future__ import annotations

import unicodedata

# Cc control, Cf invisible formatting (bidi overrides, zero width), Cs surrogates, Co private use, line ends.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def one_line(text: str, limit: int = 300) -> str:
    """`text` without control and direction characters, spaces collapsed, cut at `limit` signs."""
    composed = unicodedata.normalize("NFC", text)
    seen = "".join(" " if unicodedata.category(sign) in _UNSEEN else sign for sign in composed)
    line = " ".join(seen.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
