"""Which part of an address stands for whoever hands out mailboxes there. Pure."""

from __future__ import annotations

# Whoever wants a mailbox has one there; `yahoo` and the like exist under many countries.
_EVERYBODYS = frozenset(
    {"gmail", "googlemail", "yahoo", "ymail", "rocketmail", "outlook", "hotmail", "live", "msn", "icloud",
     "me", "mac", "aol", "proton", "protonmail", "gmx", "zoho", "yandex"}
)  # fmt: skip
_EVERYBODYS_TOP = frozenset({"com", "me", "net", "ru", "de"})
# Names below these are given to proved institutions only, so nobody has one to throw away.
_PROVED = (".go.id", ".ac.id", ".sch.id", ".mil.id")
_SECOND_LEVEL = frozenset(
    {"ac", "biz", "co", "com", "desa", "edu", "go", "gov", "mil", "my", "net", "or", "org", "ponpes",
     "sch", "web"}
)  # fmt: skip


def giver_of(address: str) -> str | None:
    """The name under which the mailbox was given out; None where its many owners have nothing in common."""
    domain = address.rpartition("@")[2]
    name = _registered(domain)
    if domain.endswith(_PROVED) or _is_everybodys(name):
        return None
    return name


def _registered(domain: str) -> str:
    """Without what its owner put in front: a thousand names below one cost nothing."""
    parts = domain.split(".")
    under_country = len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in _SECOND_LEVEL
    return ".".join(parts[-3:] if under_country else parts[-2:])


def _is_everybodys(name: str) -> bool:
    first, *rest = name.split(".")
    is_top = rest[-1] in _EVERYBODYS_TOP if len(rest) == 1 else rest[0] in _SECOND_LEVEL
    return first in _EVERYBODYS and (is_top or len(rest[-1]) == 2)
