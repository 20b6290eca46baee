"""Through which channel a customer paid, in words for people. Pure.

Banks send a number, a name of their own, or both. A number means what the partner says; what it does not
say is read by the list that most banks share.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LONGEST_CHANNEL = 32
ANY_CHANNEL = "Bank"

_SHARED: Mapping[str, str] = {
    "6010": "Teller bank",
    "6011": "ATM",
    "6012": "EDC",
    "6014": "Internet banking",
    "6015": "Mesin kios bank",
    "6016": "Phone banking",
    "6017": "Mobile banking",
}


def channel_words(fields: Mapping[str, Any], own: Mapping[str, str] | None = None) -> str:
    """The channel of a call: by the bank's own words, else by its number; `own` is the partner's list."""
    more = fields.get("additionalInfo")
    named = _text(more.get("channel")) if isinstance(more, dict) else None
    if named is not None and not named.isdigit():
        return (own or {}).get(named) or named.replace("_", " ")
    number = named or _text(fields.get("channelCode"))
    if number is None:
        return ANY_CHANNEL
    words = (own or {}).get(number) or _SHARED.get(number)
    return words or (f"Kanal {number}" if number.isdigit() else number.replace("_", " "))


def _text(value: object) -> str | None:
    """A short printable text or a whole number as text; None for whatever else a bank may send there."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if 0 <= value < 10**9 else ""
    if not isinstance(value, str) or not value.isprintable() or not value.strip():
        return None
    return value.strip()[:LONGEST_CHANNEL]
