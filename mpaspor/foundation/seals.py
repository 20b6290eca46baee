"""Events that were once written stay as they were: each day is sealed, per office, in a keyed hash chain.

The worker seals a day an hour after it ended (UTC), so that no transaction of that day is still open.
Which day an event belongs to is told by its id, which carries the moment of writing and not a claimed one.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select

from mpaspor.config import settings
from mpaspor.foundation import anchors, outbox
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.models import Event, EventSeal
from mpaspor.foundation.operations import operation

MAIL = "anchors"
_SETTLED = timedelta(hours=1)
_RUN_IS_OVER = timedelta(minutes=10)
_PURPOSE = "event_seal"
_BEGIN = b"\x00" * 32
_ONE_AT_A_TIME = 0x5345414C  # number of the advisory lock, "SEAL"


def seal_ended_days(*, now: datetime) -> int:
    """Seal every day that has ended and is not sealed yet, oldest first; returns how many."""
    last = (now - _SETTLED).astimezone(UTC).date() - timedelta(days=1)
    days = _open_days(last)
    db.session.remove()
    sealed = sum(_seal(office_id, day, now=now) for office_id, day in days)
    anchors.keep(all_seals())
    return sealed


def all_seals() -> list[EventSeal]:
    """Every seal, oldest first."""
    found = list(db.session.scalars(select(EventSeal).order_by(EventSeal.on_date)))
    db.session.remove()
    return found


def violations() -> list[str]:
    """Seals that no longer fit their events, named by office and day; empty when all of them verify."""
    broken: list[str] = []
    previous: dict[uuid.UUID | None, bytes] = {}
    for seal in db.session.scalars(select(EventSeal).order_by(EventSeal.on_date)):
        events = _events(seal.office_id, seal.on_date)
        if _digest(previous.get(seal.office_id, _BEGIN), events) != seal.digest:
            count = f"{len(events)} of {seal.event_count} events"
            broken.append(f"{seal.on_date} office {seal.office_id}: {count}")
        previous[seal.office_id] = seal.digest
    return broken


@operation
def _seal(office_id: uuid.UUID | None, day: date, *, now: datetime) -> bool:
    # Not a row lock: the app's role may not even lock a seal, and the first one has no row to lock.
    db.session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    before = db.session.scalars(
        select(EventSeal)
        .where(EventSeal.office_id.is_not_distinct_from(office_id))
        .order_by(EventSeal.on_date.desc())
        .limit(1)
    ).one_or_none()
    if before is not None and before.on_date >= day:
        return False  # another worker was first
    events = _events(office_id, day)
    digest = _digest(before.digest if before else _BEGIN, events)
    db.session.add(
        EventSeal(office_id=office_id, on_date=day, event_count=len(events), digest=digest, sealed_at=now)
    )
    if settings().anchor_mail:
        _announce(now)
    return True


def _announce(now: datetime) -> None:
    """One mail for all days of one run, once the run is over: its key is the moment of the run."""
    outbox.add(
        MAIL,
        uuid7(),
        dedupe_key=f"{MAIL}:{now.isoformat()}",
        payload={"sealed_at": now.isoformat()},
        now=now,
        available_at=now + _RUN_IS_OVER,
    )


def sealed_at(moment: datetime) -> list[EventSeal]:
    """The seals of one run, oldest day first."""
    return list(
        db.session.scalars(
            select(EventSeal)
            .where(EventSeal.sealed_at == moment)
            .order_by(EventSeal.on_date, EventSeal.office_id)
        )
    )


def _open_days(last: date) -> list[tuple[uuid.UUID | None, date]]:
    """(office, day) pairs that have events up to `last` and no seal."""
    seals = db.session.execute(select(EventSeal.office_id, EventSeal.on_date))
    sealed = {(row.office_id, row.on_date) for row in seals}
    newest = max((day for _office, day in sealed), default=None)
    begin = _first_id(newest) if newest else uuid.UUID(int=0)
    end = _first_id(last + timedelta(days=1))
    rows = db.session.execute(select(Event.office_id, Event.id).where(Event.id >= begin, Event.id < end))
    found = {(row.office_id, _day_of(row.id)) for row in rows} - sealed
    return sorted(found, key=lambda pair: (pair[1], str(pair[0])))


def _events(office_id: uuid.UUID | None, day: date) -> list[Event]:
    return list(
        db.session.scalars(
            select(Event)
            .where(
                Event.office_id.is_not_distinct_from(office_id),
                Event.id >= _first_id(day),
                Event.id < _first_id(day + timedelta(days=1)),
            )
            .order_by(Event.id)
        )
    )


def _digest(previous: bytes, events: Iterable[Event]) -> bytes:
    chain = hashlib.sha256(previous)
    for event in events:
        chain.update(_canonical(event).encode() + b"\n")
    return lookup_hash(chain.hexdigest(), _PURPOSE)


def _canonical(event: Event) -> str:
    values = {column.name: getattr(event, column.name) for column in Event.__table__.columns}
    if event.seq is None:
        del values["seq"]
    return json.dumps(values, sort_keys=True, default=str, ensure_ascii=True)


def _first_id(day: date) -> uuid.UUID:
    """The smallest UUIDv7 of a day in UTC."""
    stamp = int(datetime.combine(day, time.min, UTC).timestamp() * 1000)
    return uuid.UUID(int=stamp << 80)


def _day_of(event_id: uuid.UUID) -> date:
    return datetime.fromtimestamp((event_id.int >> 80) / 1000, UTC).date()
