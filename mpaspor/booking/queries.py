"""What is free: days with their reasons, hours with their places. The hour list takes two statements."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from mpaspor.applications.models import Application
from mpaspor.booking.bookable import first_day, places_left
from mpaspor.booking.models import Booking, BookingMove, Closure, Slot
from mpaspor.booking.rules import COUNTED, BookingState, ClosureCause, is_few, may_move_on
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
    NOT_OPENED = "not_opened"
    PAST = "past"


@dataclass(frozen=True)
class Day:
    """One day of an office's calendar: what is left, or why there is nothing.

    A day that is not opened has no `opens_on` while the holidays of its year are not known; one that the
    office closed has a `cause`.
    """

    on: date
    state: DayState
    left: int = 0
    holiday: str | None = None
    opens_on: date | None = None
    cause: ClosureCause | None = None

    @property
    def is_few(self) -> bool:
        return is_few(self.left)


@dataclass(frozen=True)
class Hour:
    """One hour with its places. `left` is 0 when it cannot be had."""

    slot_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    left: int
    is_closed: bool

    @property
    def is_few(self) -> bool:
        return is_few(self.left)


def calendar(office: Office, programme_id: uuid.UUID, first: date, last: date, *, now: datetime) -> list[Day]:
    """Every day from `first` to `last` at the office; two statements."""
    zone = office.time_zone
    local_day = func.date(func.timezone(zone, Slot.starts_at))
    left = places_left(office, now).label("left")
    hours = (
        select(local_day.label("on_day"), left, Slot.closed_at, Closure.cause)
        .outerjoin(Closure, and_(Closure.id == Slot.closure_id, Slot.closed_at.is_not(None)))
        .where(
            Slot.office_id == office.id,
            Slot.programme_id == programme_id,
            Slot.starts_at >= moment_of(first, time.min, zone),
            Slot.starts_at < moment_of(last + timedelta(days=1), time.min, zone),
        )
        .subquery()
    )
    rows = db.session.execute(
        select(
            hours.c.on_day,
            func.sum(hours.c.left),
            func.count(hours.c.closed_at),
            func.count(),
            func.max(hours.c.cause),
        ).group_by(hours.c.on_day)
    ).all()
    counts = {row[0]: (int(row[1]), int(row[2]), int(row[3]), row[4]) for row in rows}
    known = calendar_of(first, last, office.id)
    today = local_date(now, zone)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    first_bookable = first_day(office, now)
    return [
        Day(day, DayState.PAST) if day < first_bookable else _day(day, counts.get(day), known, today, office)
        for day in days
    ]


_Counts = tuple[int, int, int, str | None]


def _day(day: date, counts: _Counts | None, known: Calendar, today: date, office: Office) -> Day:
    if day in known.days_off:
        return Day(day, DayState.HOLIDAY, holiday=known.days_off[day].name)
    if counts is not None:
        left, closed, all_hours, cause = counts
        if closed == all_hours:
            return Day(day, DayState.CLOSED, cause=ClosureCause(cause) if cause else None)
        return Day(day, DayState.OPEN if left > 0 else DayState.FULL, left=left)
    if day.weekday() >= 5:
        return Day(day, DayState.WEEKEND)
    if day.year not in known.known_years:
        return Day(day, DayState.NOT_OPENED)
    if day > last_open_day(today, office.opens_weeks_ahead):
        return Day(day, DayState.NOT_OPENED, opens_on=day - timedelta(weeks=office.opens_weeks_ahead))
    return Day(day, DayState.CLOSED)


def hours(office: Office, programme_id: uuid.UUID, on: date, *, now: datetime) -> list[Hour]:
    """The hours of one day, full ones included; one statement."""
    begin = moment_of(on, time.min, office.time_zone)
    return _hours(office, programme_id, begin, begin + timedelta(days=1), now)


def starts_at(slot_id: uuid.UUID) -> datetime | None:
    """When an hour begins; None for an unknown one."""
    return db.session.scalar(select(Slot.starts_at).where(Slot.id == slot_id))


def nearest_free(
    office: Office, programme_id: uuid.UUID, wanted: datetime, *, now: datetime, most: int = 3
) -> list[Hour]:
    """The free hours nearest to a wish that could not be had."""
    around = _hours(office, programme_id, wanted - timedelta(days=7), wanted + timedelta(days=14), now)
    free = [hour for hour in around if hour.left > 0 and hour.starts_at != wanted]
    nearest = sorted(free, key=lambda hour: abs(hour.starts_at - wanted))[:most]
    return sorted(nearest, key=lambda hour: hour.starts_at)


def _hours(
    office: Office, programme_id: uuid.UUID, begin: datetime, end: datetime, now: datetime
) -> list[Hour]:
    rows = db.session.execute(
        select(Slot.id, Slot.starts_at, Slot.ends_at, places_left(office, now), Slot.closed_at.is_not(None))
        .where(
            Slot.office_id == office.id,
            Slot.programme_id == programme_id,
            Slot.starts_at >= begin,
            Slot.starts_at < end,
        )
        .order_by(Slot.starts_at)
    )
    return [Hour(*row) for row in rows]


def free_days(office: Office, programme_id: uuid.UUID, now: datetime, most: int = 60) -> list[Day]:
    """The days from tomorrow to the office's horizon on which something is left."""
    today = local_date(now, office.time_zone)
    found = calendar(office, programme_id, today, last_open_day(today, office.opens_weeks_ahead), now=now)
    return [day for day in found if day.state is DayState.OPEN][:most]


@dataclass(frozen=True)
class Move:
    """A change of date: when it was made, and the hour before it."""

    moved_at: datetime
    old_starts_at: datetime
    old_ends_at: datetime


@dataclass(frozen=True)
class Visit:
    """A case's current claim on an hour."""

    booking_id: uuid.UUID
    state: BookingState
    slot_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    held_until: datetime | None
    move: Move | None
    is_offer: bool = False  # proposed in place of an hour that was closed, and not agreed to
    is_closed: bool = False  # another hour is being looked for
    delay_minutes: int = 0

    @property
    def stands(self) -> bool:
        """Whether it is the person's own hour, to which they may come."""
        return not (self.is_offer or self.is_closed)

    @property
    def come_at(self) -> datetime:
        """From when on to be there, with the delay that was announced."""
        return self.starts_at + timedelta(minutes=self.delay_minutes)

    @property
    def was_moved(self) -> bool:
        return self.move is not None


_OLD = aliased(Slot)
_CLAIM = (
    select(Booking.id)
    .where(Booking.application_id == Application.id, Booking.state.in_(COUNTED))
    .order_by(Booking.created_at.desc())
    .limit(1)
    .correlate(Application)
    .scalar_subquery()
)


def with_visit(cases: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A read of cases with the visit of each in its last columns, for `visit_in`: their newest booking;
    lapsed and cancelled ones do not count."""
    return (
        cases.add_columns(
            Booking,
            Slot.starts_at,
            Slot.ends_at,
            Slot.closed_at,
            Slot.delay_minutes,
            BookingMove.moved_at,
            _OLD.starts_at,
            _OLD.ends_at,
        )
        .outerjoin(Booking, Booking.id == _CLAIM)
        .outerjoin(Slot, Slot.id == Booking.slot_id)
        .outerjoin(BookingMove, BookingMove.booking_id == Booking.id)
        .outerjoin(_OLD, _OLD.id == BookingMove.from_slot_id)
    )


def visit_in(row: Sequence[Any]) -> Visit | None:
    """The visit in a row of `with_visit`; None for a case without one."""
    booked, starts_at, ends_at, closed_at, delay_minutes, moved_at, *before = row[-8:]
    if booked is None:
        return None
    return Visit(
        booking_id=booked.id,
        state=booked.state,
        slot_id=booked.slot_id,
        starts_at=starts_at,
        ends_at=ends_at,
        held_until=booked.held_until,
        move=Move(moved_at, *before) if moved_at else None,
        is_offer=booked.is_offer,
        is_closed=closed_at is not None,
        delay_minutes=delay_minutes,
    )


def visit(application_id: uuid.UUID) -> Visit | None:
    """The case's current claim on an hour."""
    return visit_in(
        db.session.execute(with_visit(select(Application.id)).where(Application.id == application_id)).one()
    )


def newest_hour(application_id: uuid.UUID) -> Slot | None:
    """The hour that the case took last, whatever has become of it."""
    return db.session.scalars(
        select(Slot)
        .join(Booking, Booking.slot_id == Slot.id)
        .where(Booking.application_id == application_id)
        .order_by(Booking.created_at.desc())
        .limit(1)
    ).one_or_none()


def was_moved_to(application_id: uuid.UUID, slot_id: uuid.UUID) -> bool:
    """Whether the case came to this hour by its one change of date."""
    moves = (
        select(BookingMove.booking_id)
        .join(Booking, Booking.id == BookingMove.booking_id)
        .where(Booking.application_id == application_id, BookingMove.to_slot_id == slot_id)
    )
    return bool(db.session.scalar(select(moves.exists())))


def may_move(visit: Visit | None, office: Office, *, now: datetime) -> bool:
    """Whether a visit may still be moved to another day, in its office's own days."""
    if visit is None or visit.state is not BookingState.CONFIRMED or visit.is_closed:
        return False
    zone = office.time_zone
    return may_move_on(local_date(now, zone), local_date(visit.starts_at, zone), int(visit.was_moved))
