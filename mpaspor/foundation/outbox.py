"""What must leave the house is written here, in the operation's own transaction; workers send it later."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from mpaspor.foundation import encryption, rows
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.models import OutboxRow
from mpaspor.foundation.rows import Row

SECRET_PURPOSE = "outbox.secret"


def add(
    kind: str,
    ref: uuid.UUID,
    *,
    application_id: uuid.UUID | None = None,
    dedupe_key: str,
    now: datetime,
    payload: dict[str, Any] | None = None,
    secret: str | None = None,
    available_at: datetime | None = None,
) -> None:
    """Queue one thing. The same `dedupe_key` twice is one row: a repeat changes nothing. What is about a
    case is queued by `about_case`.

    `secret` (a one-time code) is sealed and wiped as soon as it was sent.
    """
    values = {
        "id": uuid7(),
        "kind": kind,
        "ref": ref,
        "application_id": application_id,
        "dedupe_key": dedupe_key,
        "payload": payload or {},
        "secret": encryption.seal(secret.encode(), SECRET_PURPOSE) if secret is not None else None,
        "created_at": now,
        "available_at": available_at or now,
        "attempts": 0,
    }
    rows.write(Row(OutboxRow, values, unless_same=("dedupe_key",)))


def about_case(
    kind: str,
    application_id: uuid.UUID,
    *,
    ref: uuid.UUID | None = None,
    dedupe_key: str,
    now: datetime,
    payload: dict[str, Any] | None = None,
    available_at: datetime | None = None,
) -> None:
    """Queue one thing about a case; `ref` names its bill or booking where the thing speaks of that one."""
    add(
        kind,
        ref or application_id,
        application_id=application_id,
        dedupe_key=dedupe_key,
        now=now,
        payload=payload,
        available_at=available_at,
    )


def cancel(kind: str, application_id: uuid.UUID, *, now: datetime) -> bool:
    """Stop what waits of this kind about a case; True if nobody can have received the newest of it.

    What a worker holds at this moment is left to it, and counts as received.
    """
    stopped = db.session.scalars(
        update(OutboxRow)
        .where(
            OutboxRow.kind == kind,
            OutboxRow.application_id == application_id,
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
        .where(OutboxRow.kind == kind, OutboxRow.application_id == application_id)
        .order_by(OutboxRow.created_at.desc(), OutboxRow.id.desc())
        .limit(1)
    ).one_or_none()
    return newest is not None and newest.id in stopped and newest.attempts == 0
