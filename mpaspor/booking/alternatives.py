"""Where a place is left when there is none at the wished hour: the nearest, in the order in which people
would take them: the same day, other days, another programme of the office, another office of the province."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from mpaspor.booking.bookable import is_free
from mpaspor.booking.models import Slot
from mpaspor.booking.queries import WHERE, Hour
from mpaspor.booking.rules import FAR_DAYS
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office, Programme, ServicePoint
from mpaspor.offices.queries import PRIORITY, offices_in_service

MOST = 3


@dataclass(frozen=True)
class Alternative:
    """One free hour, at which office and of which programme (their codes); the names are there where they are
    not the wished ones."""

    hour: Hour
    zone: str
    office: str | None = None
    programme: str | None = None
    office_name: str | None = None
    programme_name: str | None = None


def alternatives(
    office: Office,
    programme_id: uuid.UUID,
    wanted: datetime,
    *,
    now: datetime,
    not_this: uuid.UUID | None = None,
    not_on: date | None = None,
    elsewhere: bool = True,
) -> list[Alternative]:
    """The nearest free hours, three at most: one statement while the office has enough of its own.

    `elsewhere` looks at other programmes and offices too, for whoever may still choose them; `not_on` is the
    day of a visit that is being moved to another one.
    """
    found = _of_the_office(office, programme_id, wanted, now, not_this, not_on)
    if elsewhere and len(found) < MOST:
        found += _other_programmes(office, programme_id, wanted, now)[: MOST - len(found)]
    if elsewhere and len(found) < MOST:
        found += _other_offices(office, programme_id, wanted, now)[: MOST - len(found)]
    return found


def _of_the_office(
    office: Office,
    programme_id: uuid.UUID,
    wanted: datetime,
    now: datetime,
    not_this: uuid.UUID | None,
    not_on: date | None,
) -> list[Alternative]:
    day = func.date(func.timezone(office.time_zone, Slot.starts_at))
    same_day = day == func.date(func.timezone(office.time_zone, wanted))
    rows = db.session.execute(
        _hours(office, now=now)
        .where(
            Slot.programme_id == programme_id,
            Slot.id.is_distinct_from(not_this),
            day.is_distinct_from(not_on),
        )
        .order_by(same_day.desc(), _far(wanted), Slot.id)
        .limit(MOST)
    ).all()
    hours = sorted((Hour(*row) for row in rows), key=lambda hour: hour.starts_at)
    return [Alternative(hour, office.time_zone) for hour in hours]


def _other_programmes(
    office: Office, programme_id: uuid.UUID, wanted: datetime, now: datetime
) -> list[Alternative]:
    rows = db.session.execute(
        _hours(office, now=now)
        .add_columns(Programme.code, Programme.name)
        .join(Programme, Programme.id == Slot.programme_id)
        .where(Slot.programme_id != programme_id, Programme.code != PRIORITY)
        .distinct(Slot.programme_id)
        .order_by(Slot.programme_id, _far(wanted), Slot.id)
    ).all()
    return [
        Alternative(hour, office.time_zone, office.code, code, programme_name=name)
        for hour, code, name in _nearest_first(rows, wanted)
    ]


def _other_offices(
    office: Office, programme_id: uuid.UUID, wanted: datetime, now: datetime
) -> list[Alternative]:
    others = {
        other.id: other
        for other in offices_in_service()
        if other.province == office.province and other.id != office.id
    }
    if not others:
        return []
    rows = db.session.execute(
        _hours(*others.values(), now=now)
        .add_columns(Slot.office_id, Programme.code)
        .join(Programme, Programme.id == Slot.programme_id)
        .where(Slot.programme_id == programme_id)
        .distinct(Slot.office_id)
        .order_by(Slot.office_id, _far(wanted), Slot.id)
    ).all()
    return [
        Alternative(hour, others[other].time_zone, others[other].code, code, office_name=others[other].name)
        for hour, other, code in _nearest_first(rows, wanted)
    ]


def _hours(*offices: Office, now: datetime) -> Select[Any]:
    """The free hours of these offices, as rows of `Hour`."""
    return (
        select(
            Slot.id,
            Slot.starts_at,
            Slot.ends_at,
            Slot.released - Slot.taken,
            Slot.closed_at.is_not(None),
            WHERE,
        )
        .join(ServicePoint, ServicePoint.id == Slot.service_point_id)
        .where(
            or_(*(is_free(office, now) for office in offices)),
            Slot.starts_at < now + timedelta(days=FAR_DAYS),
        )
    )


def _far(wanted: datetime) -> ColumnElement[Any]:
    """How far an hour is from the wish, earlier or later."""
    return func.abs(func.extract("epoch", Slot.starts_at - wanted))


def _nearest_first(rows: Sequence[Any], wanted: datetime) -> list[Any]:
    """Rows of `_hours` with more behind them, the hour in one piece."""
    found = [(Hour(*row[:6]), *row[6:]) for row in rows]
    return sorted(found, key=lambda one: abs(one[0].starts_at - wanted))
