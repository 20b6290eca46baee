"""One submission, one effect: the key of a rendered form is claimed first in the operation's transaction.

The twin of a double tap waits on the unique key until the first commits, then reads its answer. A
refusal rolls the claim back, so it consumes nothing (STATES §8).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.models import OneTimeKeyRow
from mpaspor.foundation.refusals import KeyReused

_KEPT = timedelta(days=7)


@dataclass(frozen=True)
class OneTimeKey:
    """Whose form, which address, which rendering, what was typed into it, and when it came."""

    owner: str | None
    endpoint: str
    key: str
    body_hash: bytes
    at: datetime


@dataclass(frozen=True)
class Repeated:
    """The key was used before; `answer` is what the first use returned."""

    answer: Any


def body_hash(
    fields: Iterable[tuple[str, str]], without: frozenset[str] = frozenset({"csrf_token"})
) -> bytes:
    """A digest of what was submitted, in any order of fields, without the token that changes."""
    digest = hashlib.sha256()
    for name, value in sorted((n, v) for n, v in fields if n not in without):
        digest.update(f"{len(name)}:{name}={len(value)}:{value};".encode())
    return digest.digest()


def claim(key: OneTimeKey) -> Repeated | None:
    """Claim the key in the running transaction, or return the first answer.

    Raises `KeyReused` when the same key comes with another body.
    """
    claimed = db.session.execute(
        insert(OneTimeKeyRow)
        .values(
            id=uuid7(),
            owner=key.owner,
            endpoint=key.endpoint,
            key=key.key,
            body_hash=key.body_hash,
            at=key.at,
        )
        .on_conflict_do_nothing()
        .returning(OneTimeKeyRow.id)
    ).scalar()
    if claimed is not None:
        return None
    row = db.session.execute(select(OneTimeKeyRow).where(*_same(key))).scalar_one()
    if row.body_hash != key.body_hash:
        raise KeyReused(answer=row.answer)
    return Repeated(row.answer)


def answer(key: OneTimeKey, value: Any) -> None:
    """Write down what the first use of the key returned."""
    db.session.execute(update(OneTimeKeyRow).where(*_same(key)).values(answer=value))


def was_used(key: OneTimeKey) -> ColumnElement[bool]:
    """Whether the key has an answer already, for a read that asks more at once."""
    return exists().where(*_same(key))


def release(key: OneTimeKey) -> None:
    """Give a claimed key back: the submission was refused and may be sent again."""
    db.session.execute(delete(OneTimeKeyRow).where(*_same(key)))


def _same(key: OneTimeKey) -> tuple[Any, ...]:
    return (
        OneTimeKeyRow.owner.is_not_distinct_from(key.owner),
        OneTimeKeyRow.endpoint == key.endpoint,
        OneTimeKeyRow.key == key.key,
    )


def delete_old(now: datetime) -> None:
    """Forget keys after a week: no form that old is still open in a browser. Inside an operation."""
    db.session.execute(delete(OneTimeKeyRow).where(OneTimeKeyRow.at < now - _KEPT))
