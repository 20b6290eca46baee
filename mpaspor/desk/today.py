"""The office at this moment: who was booked and came, who is in the house, for how long, what is at risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, ScalarSelect, and_, cast, func, select

from mpaspor.applications.models import Application
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.rules import BookingState
from mpaspor.desk.attention import Attention, first_unbroken, needs_look
from mpaspor.desk.board_queries import DELAY, TODAYS, Day, day_of
from mpaspor.desk.models import Presence, Turn
from mpaspor.desk.presence import is_todays
from mpaspor.desk.queue_rules import HELD, Leaving, TurnState
from mpaspor.desk.rules import MAY_COME_LATE
from mpaspor.desk.stages import STATIONS, Stage
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office


@dataclass(frozen=True)
class InTheHouse:
    """The people who are in the house at one station: waiting, called or served, set aside.

    `longest` is how many minutes whoever waits longest has waited, None where nobody does.
    """

    station: Stage
    waiting: int
    served: int
    aside: int
    longest: int | None


@dataclass(frozen=True)
class Today:
    """The day so far. `absent` are those whose hour is over and who are not in time any more; `at_risk` are
    passports that are promised for today or were earlier, and are not ready."""

    at: datetime
    booked: int
    came: int
    absent: int
    done: int
    at_risk: int
    stations: Sequence[InTheHouse]

    @property
    def here(self) -> int:
        return sum(one.waiting + one.served + one.aside for one in self.stations)

    @property
    def longest(self) -> int | None:
        return max((one.longest for one in self.stations if one.longest is not None), default=None)


def today_at(office: Office, *, now: datetime) -> Today:
    """The office's day as it stands; two statements and the calendar."""
    day = day_of(office, now)
    row = db.session.execute(
        select(*_bookings(office, day, now), _done(office, day.on), _at_risk(office, day.on))
        .select_from(Slot)
        .outerjoin(Booking, and_(Booking.slot_id == Slot.id, Booking.state.in_(TODAYS), ~Booking.is_offer))
        .where(Slot.office_id == office.id, Slot.starts_at >= day.starts, Slot.starts_at < day.ends)
    ).one()
    booked, came, absent, done, at_risk = tuple(row)
    stations = _stations(office, day.on, now)
    return Today(now, booked, came, absent, done, at_risk, stations)


def _bookings(office: Office, day: Day, now: datetime) -> Sequence[Any]:
    is_over = Slot.ends_at + DELAY < now - MAY_COME_LATE
    has_come = Booking.state == BookingState.ATTENDED
    return (
        func.count(Booking.id),
        func.count(Booking.id).filter(has_come),
        func.count(Booking.id).filter(~has_come, is_over),
    )


def _done(office: Office, today: date) -> ScalarSelect[int]:
    """Whose errand of today is done."""
    return (
        select(func.count())
        .select_from(Presence)
        .where(Presence.office_id == office.id, Presence.day == today, Presence.why_left == Leaving.DONE)
        .scalar_subquery()
    )


def _at_risk(office: Office, today: date) -> ScalarSelect[int]:
    """Promised by today, and not made: begun before what may be promised for tomorrow."""
    first = first_unbroken(office, today + timedelta(days=1))
    return (
        select(func.count())
        .select_from(Application)
        .where(Application.office_id == office.id, needs_look(Attention.PROMISE, today, first))
        .scalar_subquery()
    )


def _stations(office: Office, today: date, now: datetime) -> list[InTheHouse]:
    waits = Turn.state == TurnState.WAITING
    longest = func.floor(func.extract("epoch", now - func.min(Turn.since).filter(waits)) / 60)
    rows = db.session.execute(
        select(
            Turn.station,
            func.count().filter(waits),
            func.count().filter(Turn.state.in_(HELD)),
            func.count().filter(Turn.state.in_((TurnState.PARKED, TurnState.MISSED))),
            cast(longest, Integer),
        )
        .join(Presence, Presence.id == Turn.presence_id)
        .where(Turn.office_id == office.id, Turn.ended_at.is_(None), is_todays(today))
        .group_by(Turn.station)
    )
    found = {row[0]: InTheHouse(*row) for row in rows}
    return [found[station] for station in STATIONS if station in found]
