"""Columns that mean something: a moment in UTC, identifiers, codes people read aloud, sealed text."""

from __future__ import annotations

import itertools
import os
import secrets
import threading
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Enum,
    Interval,
    LargeBinary,
    SQLColumnExpression,
    literal_column,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from mpaspor.foundation import clock, encryption
from mpaspor.foundation.typed_text import joined

# Crockford's base32: no I, L, O, U, so that nothing can be misread over the telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored as timestamptz and read back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def coerce_compared_value(self, op: object, value: object) -> TypeEngine[Any]:
        """Let SQL add a span of time to a moment."""
        return Interval() if isinstance(value, timedelta) else self


def one_of(words: type[StrEnum], check: str | None = None) -> Enum:
    """A word of an enum, stored as text. `check` names the CHECK constraint that holds the column to them.

    `Mapped[SomeEnum]` alone is such a column without a constraint (`foundation/database.py`).
    """
    return Enum(words, create_constraint=check is not None, name=check, **AS_TEXT)


def listed(words: Iterable[StrEnum]) -> str:
    """The words as SQL lists them, for conditions that name a part of an enum: `'paid', 'settled'`."""
    return ", ".join(f"'{word}'" for word in words)


def is_one_of(column: SQLColumnExpression[Any], words: Iterable[StrEnum]) -> ColumnElement[bool]:
    """`column IN (…)` with our own words written out: a long statement of many such lists stays short enough
    for the driver to remember it."""
    written: list[ColumnElement[str]] = [literal_column(f"'{word}'") for word in sorted(words)]
    return column.in_(written) if len(written) > 1 else column == written[0]


def _values(words: type[StrEnum]) -> list[str]:
    return [word.value for word in words]


# No type of the database's own: a new word is then a new CHECK, and text is what reports and `psql` read.
AS_TEXT: dict[str, Any] = {"native_enum": False, "length": None, "values_callable": _values}


class EncryptedText(TypeDecorator[str]):
    """Text sealed with the installation's data keys; `purpose` ties it to its column."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else encryption.seal(value.encode(), self.purpose)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else encryption.unseal(bytes(value), self.purpose).decode()


class _Ids:
    """Makes UUIDv7 (RFC 9562): 48 bits of time in milliseconds, 42 of a counter, 32 of chance.

    The counter begins anywhere in its lower half and only rises, whatever the clock does, so that what one
    process writes is in order by id even while the clock stands still. A day cannot exhaust it.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._counter = itertools.count(secrets.randbits(41))
        self._latest = 0

    def next(self) -> uuid.UUID:
        with self._turn:
            stamp = int(clock.now().timestamp() * 1000)
            if 0 < self._latest - stamp <= _CORRECTION:
                stamp = self._latest
            self._latest = stamp
            count = next(self._counter)
        high, low = count >> 30, count & 0x3FFF_FFFF
        version_7, variant = 0x7 << 76, 0x2 << 62
        return uuid.UUID(
            int=stamp << 80 | version_7 | high << 64 | variant | low << 32 | secrets.randbits(32)
        )


# Milliseconds by which a clock may be set back without ids following it; a test that travels goes farther.
_CORRECTION = 1_000
_ids = _Ids()


def _begin_anew() -> None:
    global _ids
    _ids = _Ids()


# A child would count on from its parent's number, as its twin does.
os.register_at_fork(after_in_child=_begin_anew)


def uuid7() -> uuid.UUID:
    """A UUID whose leading bits are the moment of writing, so that new rows lie together in an index, and
    rows of one process lie in the order in which they were made."""
    return _ids.next()


def public_code(length: int) -> str:
    """A random code of `length` characters that people can read, type and say."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


_SIGNS = frozenset(ALPHABET)


def read_code(text: str) -> str:
    """What somebody meant when typing a public code: any case, in groups or not, look-alikes."""
    if _SIGNS.issuperset(text):
        return text
    return joined(text).upper().translate(_MISREAD)
