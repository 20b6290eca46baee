"""The days of an office's calendar: what is left on each, or why there is nothing; two statements."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import and_, func, select, true

from mpaspor.booking.bookable import first_day, places_left
from mpaspor.booking.models import Closure, Slot
from mpaspor.booking.release_queries import Opening, openings_beside, openings_in
from mpaspor.booking.rules import ClosureCause, is_few
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.queries import Calendar, calendar_of
from mpaspor.offices.rules import last_open_day, local_date, moment_of


class DayState(StrEnum):
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    NOT_OFFERED = "not_offered"  # the office is open, for other programmes
    NOT_OPENED = "not_opened"
    TOO_SOON = "too_soon"
    PAST = "past"


@dataclass(frozen=True)
class Day:
    """One day of an office's calendar: what is left, or why there is nothing.

    A day that is not opened has `opens_at`, in the office's own time, where a release says when, else
    `opens_on`, and neither where nobody has said yet. A full one has `opens_at` where more is to open, one
    that the office closed a `cause`, one that is too soon the first that is not as `opens_on`.
    """

    on: date
    state: DayState
    left: int = 0
    holiday: str | None = None
    opens_on: date | None = None
    opens_at: datetime | None = None
    cause: ClosureCause | None = None
    is_decreed: bool = True  # the holidays of its year are known

    @property
    def is_few(self) -> bool:
        return is_few(self.left)


@dataclass(frozen=True)
class _Count:
    """The hours of one day: of the programme that is asked for, and of the others."""

    hours: int
    left: int
    released: int
    closed: int
    cause: str | None
    others: int


def calendar(office: Office, programme_id: uuid.UUID, first: date, last: date, *, now: datetime) -> list[Day]:
    """Every day from `first` to `last` at the office, for one programme."""
    return days_and_openings(office, programme_id, first, last, now=now)[0]


def days_and_openings(
    office: Office, programme_id: uuid.UUID, first: date, last: date, *, now: datetime
) -> tuple[list[Day], list[Opening]]:
    """The same, and what opens when at the office (`openings`), which those days tell."""
    counts, openings = _counts(office, programme_id, first, last, now)
    known = calendar_of(first, last, office.id)
    to_open = [one for one in openings if not one.is_open]
    today, first_bookable = local_date(now, office.time_zone), first_day(office, now)
    horizon = last_open_day(today, office.opens_weeks_ahead)
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day < today:
            found.append(Day(day, DayState.PAST))
            continue
        found.append(_day(day, counts.get(day), known, horizon, office, to_open))
        if day < first_bookable and found[-1].state in (DayState.OPEN, DayState.FULL, DayState.NOT_OPENED):
            found[-1] = Day(day, DayState.TOO_SOON, opens_on=first_bookable)
    return found, openings


def free_days(office: Office, programme_id: uuid.UUID, now: datetime, most: int = 60) -> list[Day]:
    """The days from tomorrow to the office's horizon on which something is left."""
    today = local_date(now, office.time_zone)
    found = calendar(office, programme_id, today, last_open_day(today, office.opens_weeks_ahead), now=now)
    return [day for day in found if day.state is DayState.OPEN][:most]


def _counts(
    office: Office, programme_id: uuid.UUID, first: date, last: date, now: datetime
) -> tuple[dict[date, _Count], list[Opening]]:
    """What there is on each day that has hours, and what opens when: one statement, of a row at least."""
    zone = office.time_zone
    hours = (
        select(
            func.date(func.timezone(zone, Slot.starts_at)).label("on_day"),
            (Slot.programme_id == programme_id).label("mine"),
            places_left(office, now).label("left"),
            Slot.released,
            Slot.closed_at,
            Closure.cause,
        )
        .outerjoin(Closure, and_(Closure.id == Slot.closure_id, Slot.closed_at.is_not(None)))
        .where(
            Slot.office_id == office.id,
            Slot.starts_at >= moment_of(first, time.min, zone),
            Slot.starts_at < moment_of(last + timedelta(days=1), time.min, zone),
        )
        .subquery()
    ).c
    is_open = hours.closed_at.is_(None)
    of_days = (
        select(
            hours.on_day,
            func.count().filter(hours.mine).label("hours"),
            func.coalesce(func.sum(hours.left).filter(hours.mine), 0).label("left"),
            func.coalesce(func.sum(hours.released).filter(hours.mine), 0).label("released"),
            func.count().filter(hours.mine, ~is_open).label("closed"),
            func.max(hours.cause).filter(hours.mine).label("cause"),
            func.count().filter(~hours.mine, is_open).label("others"),
        )
        .group_by(hours.on_day)
        .subquery()
    )
    opens = select(openings_beside(office, programme_id, now=now).label("opens")).subquery()
    rows = db.session.execute(select(opens.c.opens, of_days).join(of_days, true(), isouter=True)).all()
    counts = {on: _Count(*rest) for _opens, on, *rest in rows if on is not None}
    return counts, openings_in(rows[0].opens, office)


def _day(
    day: date,
    count: _Count | None,
    known: Calendar,
    horizon: date,
    office: Office,
    openings: Sequence[Opening],
) -> Day:
    if day in known.days_off:
        return Day(day, DayState.HOLIDAY, holiday=known.days_off[day].name)
    if count is not None and count.hours:
        return _of_hours(day, count, openings)
    if count is not None and count.others:
        return Day(day, DayState.NOT_OFFERED)
    if day.weekday() >= 5:
        return Day(day, DayState.WEEKEND)
    if day.year not in known.known_years:
        return Day(day, DayState.NOT_OPENED, is_decreed=False)
    opens_at = _opens_at(day, openings)
    if opens_at is not None:
        return Day(day, DayState.NOT_OPENED, opens_at=opens_at)
    if day > horizon:
        return Day(day, DayState.NOT_OPENED, opens_on=day - timedelta(weeks=office.opens_weeks_ahead))
    return Day(day, DayState.CLOSED)


def _of_hours(day: date, count: _Count, openings: Sequence[Opening]) -> Day:
    if count.closed == count.hours:
        return Day(day, DayState.CLOSED, cause=ClosureCause(count.cause) if count.cause else None)
    opens_at = _opens_at(day, openings)
    if count.left > 0:
        return Day(day, DayState.OPEN, left=count.left, opens_at=opens_at)
    state = DayState.FULL if count.released else DayState.NOT_OPENED
    return Day(day, state, opens_at=opens_at)


def _opens_at(day: date, openings: Sequence[Opening]) -> datetime | None:
    return next((one.opens_at for one in openings if one.names(day)), None)
