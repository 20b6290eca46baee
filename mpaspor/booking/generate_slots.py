"""Make the hours of the coming weeks out of opening hours."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from mpaspor.booking import closures, shares
from mpaspor.booking.models import Slot
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation, operation
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
    places is opened at once, where no release says when. Raises `NotFound`.
    """
    office = db.session.get(Office, office_id)
    if office is None:
        raise NotFound(office=office_id)
    first = local_date(now, office.time_zone)
    last = last_open_day(first, office.opens_weeks_ahead)
    return make_hours(office, first, last, now=now, released_percent=released_percent)


@in_operation
def make_hours(
    office: Office,
    first: date,
    last: date,
    *,
    now: datetime,
    released_percent: int = 100,
    programme_id: uuid.UUID | None = None,
) -> int:
    """Add the hours that are missing from `first` to `last`, of one programme or all; returns how many.

    On days that a release names they are as open as those say that have opened (STATES §7.5).
    """
    rows = list(hours_of(office, first, last, programme_id=programme_id, released_percent=released_percent))
    there = _there(office.id, rows) if rows else set()
    missing = [row for row in rows if _key(row) not in there]
    if not missing:  # as ever but for one run a day
        return 0
    shares.of_new_hours(office, missing)
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


def years_awaited(office: Office, *, now: datetime) -> list[int]:
    """The years within the office's horizon that stay shut until their holidays are known."""
    first = local_date(now, office.time_zone)
    last = last_open_day(first, office.opens_weeks_ahead)
    known = offices.calendar_of(first, last, office.id).known_years
    return [year for year in range(first.year, last.year + 1) if year not in known]


def hours_of(
    office: Office, first: date, last: date, *, programme_id: uuid.UUID | None, released_percent: int
) -> Iterator[Row]:
    """The hours that the office's opening hours make of these days, of one programme or all, as rows of
    `Slot`; so much of each is released."""
    opening = offices.opening_hours(office.id, first, last)
    calendar = offices.calendar_of(first, last, office.id)
    for day in working_days(first, last, calendar.days_off):
        for hour in opening:
            if programme_id not in (None, hour.programme_id):
                continue
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
