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

from sqlalchemy import bindparam, delete, exists, select, update
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
    fresh = {**named(key), "id": uuid7(), "body_hash": key.body_hash, "at": key.at}
    if db.session.execute(_CLAIM, fresh).scalar() is not None:
        return None
    row = db.session.execute(_FIRST, named(key)).one()
    if row.body_hash != key.body_hash:
        raise KeyReused(answer=row.answer)
    return Repeated(row.answer)


def answer(key: OneTimeKey, value: Any) -> None:
    """Write down what the first use of the key returned."""
    db.session.execute(_ANSWER, {**named(key), "value": value})


def release(key: OneTimeKey) -> None:
    """Give a claimed key back: the submission was refused and may be sent again."""
    db.session.execute(delete(_KEYS).where(*_SAME), named(key))


def named(key: OneTimeKey) -> dict[str, Any]:
    """The values of a statement that asks for this key."""
    return {"key_owner": key.owner, "key_endpoint": key.endpoint, "key_itself": key.key}


# Built once: every form that is sent asks two of these.
_KEYS = OneTimeKeyRow.__table__
_SAME = (
    _KEYS.c.owner.is_not_distinct_from(bindparam("key_owner", type_=_KEYS.c.owner.type)),
    _KEYS.c.endpoint == bindparam("key_endpoint"),
    _KEYS.c.key == bindparam("key_itself"),
)
WAS_USED = exists().where(*_SAME)  # for a read that asks more at once
_FIRST = select(_KEYS.c.body_hash, _KEYS.c.answer).where(*_SAME)
_ANSWER = update(_KEYS).where(*_SAME).values(answer=bindparam("value", type_=_KEYS.c.answer.type))
_CLAIM = (
    insert(_KEYS)
    .values(
        id=bindparam("id"),
        owner=bindparam("key_owner", type_=_KEYS.c.owner.type),
        endpoint=bindparam("key_endpoint"),
        key=bindparam("key_itself"),
        body_hash=bindparam("body_hash"),
        at=bindparam("at"),
    )
    .on_conflict_do_nothing()
    .returning(_KEYS.c.id)
)


def delete_old(now: datetime) -> None:
    """Forget keys after a week: no form that old is still open in a browser. Inside an operation."""
    db.session.execute(delete(OneTimeKeyRow).where(OneTimeKeyRow.at < now - _KEPT))
