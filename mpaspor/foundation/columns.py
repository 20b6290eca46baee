"""Columns that mean something: a moment in UTC, identifiers, codes people read aloud, sealed text."""

from __future__ import annotations

import os
import secrets
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, Interval, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from mpaspor.foundation import encryption

# Crockford's base32: no I, L, O, U, so that nothing can be misread over the telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


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


def uuid7() -> uuid.UUID:
    """A UUID whose leading bits are the time (RFC 9562), so that new rows lie together in an index."""
    stamp = time.time_ns() // 1_000_000
    bits = int.from_bytes(stamp.to_bytes(6, "big") + os.urandom(10), "big")
    bits = bits & ~(0xF << 76) | (0x7 << 76)
    bits = bits & ~(0x3 << 62) | (0x2 << 62)
    return uuid.UUID(int=bits)


def public_code(length: int = 8) -> str:
    """A random code of `length` signs that people can read, type and say."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def read_code(text: str) -> str:
    """What somebody meant when typing a public code: any case, dashes, spaces, look-alikes."""
    return text.strip().upper().translate(_MISREAD)
