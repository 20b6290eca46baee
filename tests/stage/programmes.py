"""Programmes beside the regular one, at the office where a test plays."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from mpaspor.booking.generate_slots import top_up
from mpaspor.booking.models import Slot
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office, OpeningHour, Programme, ProgrammeTerms, ServicePoint, SingleHour
from mpaspor.offices.queries import programme_by_code
from mpaspor.offices.rules import local_date

SINCE = date(2026, 1, 1)


def programme(code: str) -> Programme:
    found = programme_by_code(code)
    assert found is not None, code
    return found


def point(office: Office, code: str = "utama", name: str | None = None) -> ServicePoint:
    """The office's service point of this code, made where it is not there yet."""
    found = db.session.scalar(
        select(ServicePoint).where(ServicePoint.office_id == office.id, ServicePoint.code == code)
    )
    if found is None:
        found = ServicePoint(id=uuid7(), office_id=office.id, code=code, name=name or code)
        db.session.add(found)
        db.session.flush()
    return found


def opens(
    office: Office,
    code: str,
    *,
    now: datetime,
    weekdays: Iterable[int] = range(5),
    hours: Iterable[int] = (8, 9),
    capacity: int = 5,
    at: ServicePoint | None = None,
) -> Programme:
    """The office offers a programme from now on, and its hours are made."""
    found, where = programme(code), at or point(office)
    for weekday in weekdays:
        for hour in hours:
            db.session.add(
                OpeningHour(
                    id=uuid7(),
                    office_id=office.id,
                    service_point_id=where.id,
                    programme_id=found.id,
                    weekday=weekday,
                    starts_at=time(hour),
                    ends_at=time(hour + 1),
                    capacity=capacity,
                    valid_from=SINCE,
                )
            )
    return _made(office, found, now)


def opens_on(office: Office, code: str, day: date, *, now: datetime, capacity: int = 5) -> Programme:
    """The office offers a programme on one day, from eight to nine."""
    found = programme(code)
    single = {"on_date": day, "starts_at": time(8), "ends_at": time(9), "capacity": capacity}
    db.session.add(
        SingleHour(
            id=uuid7(),
            office_id=office.id,
            service_point_id=point(office).id,
            programme_id=found.id,
            **single,
        )
    )
    return _made(office, found, now)


def terms_of(code: str) -> ProgrammeTerms:
    """The newest terms of a programme."""
    return db.session.scalars(
        select(ProgrammeTerms)
        .where(ProgrammeTerms.programme_id == programme(code).id)
        .order_by(ProgrammeTerms.valid_from.desc())
        .limit(1)
    ).one()


def changes(code: str, valid_from: date, **changed: Any) -> None:
    """From a day on a programme has other terms."""
    newest = terms_of(code)
    columns = {column.key for column in ProgrammeTerms.__table__.columns}
    values = {name: getattr(newest, name) for name in columns}
    db.session.add(ProgrammeTerms(**{**values, "id": uuid7(), "valid_from": valid_from, **changed}))
    db.session.commit()
    db.session.remove()


def slot_of(office: Office, code: str, *, after: datetime) -> uuid.UUID:
    """The first hour of a programme that begins after a moment."""
    found = db.session.scalars(
        select(Slot.id)
        .where(
            Slot.office_id == office.id,
            Slot.programme_id == programme(code).id,
            Slot.starts_at > after,
        )
        .order_by(Slot.starts_at)
        .limit(1)
    ).one()
    db.session.remove()
    return found


def days_of(office: Office, code: str) -> list[date]:
    """The days on which a programme has hours."""
    starts = db.session.scalars(
        select(Slot.starts_at).where(Slot.office_id == office.id, Slot.programme_id == programme(code).id)
    )
    return sorted({local_date(moment, office.time_zone) for moment in starts})


def _made(office: Office, found: Programme, now: datetime) -> Programme:
    db.session.commit()
    db.session.remove()
    top_up(office.id, now=now)
    return found
