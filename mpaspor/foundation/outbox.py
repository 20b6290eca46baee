"""What must leave the house is written here, in the operation's own transaction; workers send it later."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from mpaspor.foundation import encryption
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.models import OutboxRow

SECRET_PURPOSE = "outbox.secret"


def add(
    kind: str,
    ref: uuid.UUID,
    *,
    dedupe_key: str,
    now: datetime,
    payload: dict[str, Any] | None = None,
    secret: str | None = None,
    available_at: datetime | None = None,
) -> None:
    """Queue one thing. The same `dedupe_key` twice is one row: a repeat changes nothing.

    `secret` (a one-time code) is sealed and wiped as soon as it was sent.
    """
    db.session.execute(
        insert(OutboxRow)
        .values(
            id=uuid7(),
            kind=kind,
            ref=ref,
            dedupe_key=dedupe_key,
            payload=payload or {},
            secret=encryption.seal(secret.encode(), SECRET_PURPOSE) if secret is not None else None,
            created_at=now,
            available_at=available_at or now,
            attempts=0,
        )
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
    )


def cancel(kind: str, ref: uuid.UUID, *, now: datetime) -> bool:
    """Stop what waits of this kind about `ref`; True if nobody can have received the newest of it.

    What a worker holds at this moment is left to it, and counts as received.
    """
    stopped = db.session.scalars(
        update(OutboxRow)
        .where(
            OutboxRow.kind == kind,
            OutboxRow.ref == ref,
            OutboxRow.sent_at.is_(None),
            OutboxRow.cancelled_at.is_(None),
            OutboxRow.leased_until.is_(None) | (OutboxRow.leased_until <= now),
        )
        .values(cancelled_at=now, secret=None)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    ).all()
    newest = db.session.execute(
        select(OutboxRow.id, OutboxRow.attempts)
        .where(OutboxRow.kind == kind, OutboxRow.ref == ref)
        .order_by(OutboxRow.created_at.desc(), OutboxRow.id.desc())
        .limit(1)
    ).one_or_none()
    return newest is not None and newest.id in stopped and newest.attempts == 0
