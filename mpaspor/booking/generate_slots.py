"""Make the hours of the coming weeks out of opening hours, and open places in them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from mpaspor.booking import closures
from mpaspor.booking.models import PlaceReturn, Slot
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Office, OpeningHour
from mpaspor.offices.rules import (
    Hour,
    in_force,
    last_open_day,
    local_date,
    slot_starts,
    working_days,
)

Row = dict[str, Any]
Key = tuple[uuid.UUID, uuid.UUID, datetime]  # what makes an hour one of its kind


@operation
def top_up(office_id: uuid.UUID, *, now: datetime, released_percent: int = 100) -> int:
    """Add the hours that are missing from today until the office's horizon; returns how many.

    Weekends and holidays get none, nor does a year whose holidays are not known yet. Hours that exist
    stay as they are, so it may run at any time and by anyone. `released_percent` of each new hour's
    places is opened at once. Raises `NotFound`.
    """
    office = db.session.get(Office, office_id)
    if office is None:
        raise NotFound(office=office_id)
    rows = list(_slots(office, now, released_percent))
    there = _there(office_id, rows) if rows else set()
    missing = [row for row in rows if _key(row) not in there]
    if not missing:  # as ever but for one run a day
        return 0
    statement = (
        insert(Slot)
        .values(missing)
        .on_conflict_do_nothing(index_elements=["service_point_id", "programme_id", "starts_at"])
        .returning(Slot.id)
    )
    added = len(db.session.scalars(statement).all())
    if added:
        closures.stop_new_hours(office, now=now)
    return added


def _there(office_id: uuid.UUID, rows: Sequence[Row]) -> set[Key]:
    """Which hours the office has already of the days of these."""
    starts = [row["starts_at"] for row in rows]
    found = db.session.execute(
        select(Slot.service_point_id, Slot.programme_id, Slot.starts_at).where(
            Slot.office_id == office_id, Slot.starts_at.between(min(starts), max(starts))
        )
    )
    return {(point, programme, starts_at) for point, programme, starts_at in found}


def _key(row: Row) -> Key:
    return row["service_point_id"], row["programme_id"], row["starts_at"]


@operation
def release_places(office_id: uuid.UUID, *, first: date, last: date, percent: int, now: datetime) -> int:
    """Open `percent` of the places of every hour from `first` to `last`; returns how many hours changed.

    Never takes back what is open already. Raises `NotFound`, and `ValueError` outside 0–100.
    """
    if not 0 <= percent <= 100:
        raise ValueError("percent lies between 0 and 100")
    office = db.session.get(Office, office_id)
    if office is None:
        raise NotFound(office=office_id)
    on_their_way = (
        select(func.count()).where(PlaceReturn.slot_id == Slot.id).correlate(Slot).scalar_subquery()
    )
    wanted = func.floor(Slot.capacity * percent / 100) - on_their_way
    days = func.date(func.timezone(office.time_zone, Slot.starts_at))
    # Locked in the order of their ids, as every batch is (STATES §7.1), so that no two batches deadlock.
    due = (
        select(Slot.id)
        .where(
            Slot.office_id == office_id,
            Slot.starts_at > now,
            days.between(first, last),
            Slot.released < wanted,
        )
        .order_by(Slot.id)
        .with_for_update(key_share=True)
    )
    ids = db.session.scalars(due).all()
    db.session.execute(update(Slot).where(Slot.id.in_(ids)).values(released=wanted))
    return len(ids)


def years_awaited(office: Office, *, now: datetime) -> list[int]:
    """The years within the office's horizon that stay shut until their holidays are known."""
    first = local_date(now, office.time_zone)
    last = last_open_day(first, office.opens_weeks_ahead)
    known = offices.calendar_of(first, last, office.id).known_years
    return [year for year in range(first.year, last.year + 1) if year not in known]


def _slots(office: Office, now: datetime, released_percent: int) -> Iterator[Row]:
    first = local_date(now, office.time_zone)
    last = last_open_day(first, office.opens_weeks_ahead)
    opening = offices.opening_hours(office.id, first, last)
    calendar = offices.calendar_of(first, last, office.id)
    for day in working_days(first, last, calendar.days_off):
        for hour in opening:
            if day.year in calendar.known_years and in_force(hour.valid_from, hour.valid_until, day):
                yield from _slots_of(office, hour, day, released_percent)


def _slots_of(office: Office, hour: OpeningHour, day: date, released_percent: int) -> Iterator[Row]:
    plain = Hour(hour.weekday, hour.starts_at, hour.ends_at, hour.capacity)
    for slot in slot_starts(day, [plain], office.time_zone):
        yield {
            "id": uuid7(),
            "office_id": office.id,
            "service_point_id": hour.service_point_id,
            "programme_id": hour.programme_id,
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "capacity": slot.capacity,
            "released": slot.capacity * released_percent // 100,
            "taken": 0,
        }
