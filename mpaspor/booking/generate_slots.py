"""Make the hours of the coming weeks out of opening hours."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from mpaspor.booking import closures, shares
from mpaspor.booking.bookable import notice_of
from mpaspor.booking.models import Slot
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Office
from mpaspor.offices.rules import last_open_day, local_date
from mpaspor.offices.supply import supply_of
from mpaspor.offices.supply_rules import Key, Supply, WantedHour, wanted_hours

Row = dict[str, Any]


@operation
def top_up(office_id: uuid.UUID, *, now: datetime, released_percent: int = 100) -> int:
    """Add the hours that are missing from today until the office's horizon; returns how many.

    Days off get none unless their programme runs then, nor does a year whose holidays are not known yet.
    Hours that exist stay as they are, so it may run at any time and by anyone; what an officer changes is
    shown and carried out at once (`supply_plan.py`). `released_percent` of each new hour's places is opened
    at once, where no release says when. Raises `NotFound`.
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
    rows = [
        row
        for row in _slots(office, first, last, released_percent)
        if programme_id in (None, row["programme_id"])
    ]
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


def _slots(office: Office, first: date, last: date, released_percent: int) -> Iterator[Row]:
    for hour in wanted_by(supply_of(office, first, last), office, first, last):
        yield row_of(hour, office, released_percent)


def wanted_by(supply: Supply, office: Office, first: date, last: date) -> list[WantedHour]:
    """The hours that the office should have between two days, by what is planned."""
    return wanted_hours(supply, first, last, time_zone=office.time_zone, notice_of=notice_of)


def row_of(hour: WantedHour, office: Office, released_percent: int = 100) -> Row:
    """A new row of `slot`."""
    return {
        "id": uuid7(),
        "office_id": office.id,
        "service_point_id": hour.point_id,
        "programme_id": hour.programme_id,
        "starts_at": hour.starts_at,
        "ends_at": hour.ends_at,
        "capacity": hour.capacity,
        "released": hour.capacity * released_percent // 100,
        "taken": 0,
        "notice_days": hour.notice_days,
    }
