"""Events that were once written stay as they were: each day is sealed, per office, in a keyed hash chain.

The worker seals a day an hour after it ended (UTC), so that no transaction of that day is still open.
Which day an event belongs to is told by its id, which carries the moment of writing and not a claimed one.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, func, select

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
_EPOCH = date(1970, 1, 1)
_COLUMNS = dict(sorted(Event.__table__.columns.items()))
_ONE_AT_A_TIME = 0x5345414C  # number of the advisory lock, "SEAL"


def seal_ended_days(*, now: datetime, at_most: int | None = None) -> int:
    """Seal every day that has ended and is not sealed yet, oldest first; returns how many seals were made.

    With `at_most` it ends after the day with which so many are reached: what is left waits for another run.
    """
    sealed = 0
    for day in _open_days((now - _SETTLED).astimezone(UTC).date() - timedelta(days=1)):
        sealed += _seal_day(day, now=now)
        if at_most is not None and sealed >= at_most:
            break
    anchors.keep(_seals_since)
    return sealed


def _seals_since(day: date | None) -> list[EventSeal]:
    wanted = select(EventSeal).order_by(EventSeal.on_date)
    found = list(db.session.scalars(wanted if day is None else wanted.where(EventSeal.on_date >= day)))
    db.session.remove()
    return found


def all_seals() -> list[EventSeal]:
    """Every seal, oldest first."""
    return _seals_since(None)


def violations() -> list[str]:
    """Seals that no longer fit their events, named by office and day; empty when all of them verify."""
    broken: list[str] = []
    previous: dict[uuid.UUID | None, bytes] = {}
    seals = db.session.scalars(select(EventSeal).order_by(EventSeal.on_date).execution_options(yield_per=500))
    for day, of_day in groupby(seals, lambda seal: seal.on_date):
        found = _chained(day, lambda office_id: previous.get(office_id, _BEGIN))
        for seal in of_day:
            nothing = Chained(0, _digest(previous.get(seal.office_id, _BEGIN), ()))
            chained = found.get(seal.office_id, nothing)
            if chained.digest != seal.digest:
                count = f"{chained.count} of {seal.event_count} events"
                broken.append(f"{seal.on_date} office {seal.office_id}: {count}")
            previous[seal.office_id] = seal.digest
    return broken


@operation
def _seal_day(day: date, *, now: datetime) -> int:
    """Seal what is not sealed of one day, for all offices at once; returns how many seals were made."""
    # Not a row lock: the app's role may not even lock a seal, and the first one has no row to lock.
    db.session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    # Of this day, or, should the clock have gone back, of a later one.
    done = set(db.session.scalars(select(EventSeal.office_id).where(EventSeal.on_date >= day)))
    offices = set(db.session.scalars(select(Event.office_id).where(*_is_of(day)).distinct()))
    if offices <= done:  # as ever but for one run a day
        return 0
    fresh = [
        EventSeal(
            office_id=office_id, on_date=day, event_count=of_day.count, digest=of_day.digest, sealed_at=now
        )
        for office_id, of_day in _chained(day, _newest_digest).items()
        if office_id not in done
    ]
    db.session.add_all(fresh)
    if fresh and settings().anchor_mail:
        _announce(now)
    return len(fresh)


def _newest_digest(office_id: uuid.UUID | None) -> bytes:
    whose = EventSeal.office_id.is_(None) if office_id is None else EventSeal.office_id == office_id
    newest = select(EventSeal.digest).where(whose).order_by(EventSeal.on_date.desc()).limit(1)
    return db.session.scalar(newest) or _BEGIN


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


def _open_days(last: date) -> Iterator[date]:
    """The days with events up to `last`, from the newest one that was sealed: it may lack an office's."""
    newest = select(EventSeal.on_date).order_by(EventSeal.on_date.desc()).limit(1)
    begin = _first_id(db.session.scalar(newest) or _EPOCH)
    end = _first_id(last + timedelta(days=1))
    of_next = select(Event.id).where(Event.id < end).order_by(Event.id).limit(1)
    while (found := db.session.scalar(of_next.where(Event.id >= begin))) is not None:
        db.session.remove()
        day = _day_of(found)
        yield day
        begin = _first_id(day + timedelta(days=1))


@dataclass(frozen=True)
class Chained:
    """What a seal says of an office's day: how many events, and the digest of them and all before them."""

    count: int
    digest: bytes


def _chained(day: date, before: Callable[[uuid.UUID | None], bytes]) -> dict[uuid.UUID | None, Chained]:
    """Each office's events of a day, chained to what it was sealed with `before`; read once for all offices,
    and never more than a few of them held."""
    rows = db.session.execute(
        select(*_COLUMNS.values())
        .where(*_is_of(day))
        .order_by(Event.office_id, Event.id)
        .execution_options(yield_per=500)
    )
    found: dict[uuid.UUID | None, Chained] = {}
    for office_id, events in groupby(rows, lambda event: event.office_id):
        counted = _Counted(events)
        digest = _digest(before(office_id), counted)
        found[office_id] = Chained(counted.count, digest)
    return found


def _is_of(day: date) -> tuple[ColumnElement[bool], ...]:
    return Event.id >= _first_id(day), Event.id < _first_id(day + timedelta(days=1))


class _Counted:
    """Events as they come, and in the end how many there were."""

    def __init__(self, events: Iterable[Any]) -> None:
        self._events, self.count = events, 0

    def __iter__(self) -> Iterator[Any]:
        for event in self._events:
            self.count += 1
            yield event


def _digest(previous: bytes, events: Iterable[Any]) -> bytes:
    chain = hashlib.sha256(previous)
    for event in events:
        chain.update(_canonical(event).encode() + b"\n")
    return lookup_hash(chain.hexdigest(), _PURPOSE)


def _canonical(event: Iterable[Any]) -> str:
    values = dict(zip(_COLUMNS, event, strict=True))
    if values["seq"] is None:
        del values["seq"]
    return _json.encode(values)


_json = json.JSONEncoder(sort_keys=True, default=str, ensure_ascii=True)


def _first_id(day: date) -> uuid.UUID:
    """The smallest UUIDv7 of a day in UTC."""
    stamp = int(datetime.combine(day, time.min, UTC).timestamp() * 1000)
    return uuid.UUID(int=stamp << 80)


def _day_of(event_id: uuid.UUID) -> date:
    return datetime.fromtimestamp((event_id.int >> 80) / 1000, UTC).date()
