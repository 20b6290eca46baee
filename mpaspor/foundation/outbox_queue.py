"""The worker's side of the outbox: take what is due under a lease, say how it went, list what died."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, select, update

from mpaspor.foundation import encryption
from mpaspor.foundation.database import db
from mpaspor.foundation.models import OutboxRow
from mpaspor.foundation.operations import operation
from mpaspor.foundation.outbox import SECRET_PURPOSE

MAX_ATTEMPTS = 8
LEASE = timedelta(seconds=60)


class Fate(StrEnum):
    """What has become of a message, as far as whoever waits for it should know."""

    ON_ITS_WAY = "on_its_way"  # or sent: what the other side does with it then we do not learn
    LATE = "late"
    REFUSED = "refused"
    LOST = "lost"


class ComeBack(Exception):
    """A handler's word that the other side cannot answer now: try later, and do not count this try."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True)
class Claimed:
    """One row that this worker holds until its lease ends. `secret` is open here and nowhere else."""

    id: uuid.UUID
    kind: str
    ref: uuid.UUID
    application_id: uuid.UUID | None
    payload: dict[str, Any]
    secret: str | None
    attempts: int
    created_at: datetime


@operation
def claim(*, urgent: bool, limit: int, now: datetime) -> list[Claimed]:
    """Take up to `limit` due rows: the urgent lane holds one-time codes, the other everything else.

    Rows that another worker is taking are skipped, rows whose lease ran out are taken again.
    """
    due = (
        select(OutboxRow.id)
        .where(*_due(now), _lane(urgent))
        .order_by(OutboxRow.available_at)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    rows = db.session.scalars(
        update(OutboxRow)
        .where(OutboxRow.id.in_(due))
        .values(leased_until=now + LEASE, attempts=OutboxRow.attempts + 1)
        .returning(OutboxRow)
        .execution_options(synchronize_session=False)
    ).all()
    return [_open(row) for row in sorted(rows, key=lambda row: (row.available_at, row.id))]


@operation
def finish(row_id: uuid.UUID, *, now: datetime) -> None:
    """It left: mark the row sent and wipe its secret."""
    db.session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row_id, OutboxRow.sent_at.is_(None))
        .values(sent_at=now, leased_until=None, secret=None, last_error=None)
    )


@operation
def fail(row: Claimed, error: str, *, now: datetime, is_final: bool = False) -> None:
    """It did not leave: wait 2^n s (eightfold if not urgent) with jitter; after eight tries it is dead."""
    values: dict[str, object] = {"leased_until": None, "last_error": error[:200]}
    if is_final or row.attempts >= MAX_ATTEMPTS:
        values |= {"dead_at": now, "secret": None}
    else:
        unit = 1 if row.secret else 8
        seconds = unit * (2**row.attempts) * random.uniform(1.0, 1.25)
        values["available_at"] = now + timedelta(seconds=seconds)
    db.session.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(**values))


@operation
def postpone(row: Claimed, seconds: float, *, now: datetime) -> None:
    """The other side asked for patience: the try does not count."""
    db.session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row.id)
        .values(
            leased_until=None,
            attempts=OutboxRow.attempts - 1,
            available_at=now + timedelta(seconds=seconds),
        )
    )


@operation
def bury_lost(*, now: datetime) -> None:
    """Rows that took eight workers down with them are dead too."""
    db.session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.sent_at.is_(None),
            OutboxRow.dead_at.is_(None),
            OutboxRow.cancelled_at.is_(None),
            OutboxRow.attempts >= MAX_ATTEMPTS,
            OutboxRow.leased_until <= now,
        )
        .values(dead_at=now, leased_until=None, secret=None, last_error="the worker never came back")
    )


@operation
def retry(row_id: uuid.UUID, *, now: datetime) -> bool:
    """Give a dead row eight more tries; False if it is not dead."""
    revived = db.session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row_id, OutboxRow.dead_at.is_not(None), OutboxRow.cancelled_at.is_(None))
        .values(dead_at=None, attempts=0, available_at=now)
        .returning(OutboxRow.id)
    )
    return revived.scalar_one_or_none() is not None


def fate(dedupe_key: str) -> Fate | None:
    """What has become of the message with this key; None if there is none."""
    row = db.session.execute(
        select(OutboxRow.sent_at, OutboxRow.dead_at, OutboxRow.attempts, OutboxRow.last_error).where(
            OutboxRow.dedupe_key == dedupe_key
        )
    ).one_or_none()
    if row is None:
        return None
    if row.dead_at is not None:  # who gives up before all tries were used was told no for good
        return Fate.REFUSED if row.attempts < MAX_ATTEMPTS else Fate.LOST
    return Fate.LATE if row.sent_at is None and row.last_error else Fate.ON_ITS_WAY


def dead(limit: int = 100) -> Sequence[OutboxRow]:
    """What failed for good, newest first."""
    return db.session.scalars(
        select(OutboxRow)
        .where(OutboxRow.dead_at.is_not(None), OutboxRow.cancelled_at.is_(None))
        .order_by(OutboxRow.dead_at.desc())
        .limit(limit)
    ).all()


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OutboxRow.sent_at.is_(None),
        OutboxRow.dead_at.is_(None),
        OutboxRow.cancelled_at.is_(None),
        OutboxRow.available_at <= now,
        OutboxRow.attempts < MAX_ATTEMPTS,
        OutboxRow.leased_until.is_(None) | (OutboxRow.leased_until <= now),
    )


def _lane(urgent: bool) -> ColumnElement[bool]:
    return OutboxRow.secret.is_not(None) if urgent else OutboxRow.secret.is_(None)


def _open(row: OutboxRow) -> Claimed:
    secret = None if row.secret is None else encryption.unseal(bytes(row.secret), SECRET_PURPOSE).decode()
    return Claimed(
        id=row.id,
        kind=row.kind,
        ref=row.ref,
        application_id=row.application_id,
        payload=dict(row.payload),
        secret=secret,
        attempts=row.attempts,
        created_at=row.created_at,
    )
