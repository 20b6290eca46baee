"""Hours with their places, and the visit that a case has of them; days are in `days.py`."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from mpaspor.applications.models import Application
from mpaspor.booking.bookable import places_left
from mpaspor.booking.models import Booking, BookingMove, Slot
from mpaspor.booking.rules import COUNTED, BookingState, is_few, may_move_on
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office, ServicePoint
from mpaspor.offices.rules import local_date, moment_of


@dataclass(frozen=True)
class Hour:
    """One hour with its places. `left` is 0 when it cannot be had; `point` says where to come, at an office
    with several service points."""

    slot_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    left: int
    is_closed: bool
    point: str | None = None

    @property
    def is_few(self) -> bool:
        return is_few(self.left)


# Where an hour of a `Slot` joined with its `ServicePoint` is; nothing where the office has one place only.
_POINTS = aliased(ServicePoint)
WHERE = case(
    (
        select(func.count()).where(_POINTS.office_id == Slot.office_id).correlate(Slot).scalar_subquery() > 1,
        ServicePoint.name,
    ),
    else_=None,
)


def hours(office: Office, programme_id: uuid.UUID, on: date, *, now: datetime) -> list[Hour]:
    """The hours of one day, full ones included, at each service point a line of its own; one statement."""
    begin = moment_of(on, time.min, office.time_zone)
    rows = db.session.execute(
        select(
            Slot.id,
            Slot.starts_at,
            Slot.ends_at,
            places_left(office, now),
            Slot.closed_at.is_not(None),
            WHERE,
        )
        .join(ServicePoint, ServicePoint.id == Slot.service_point_id)
        .where(
            Slot.office_id == office.id,
            Slot.programme_id == programme_id,
            Slot.starts_at >= begin,
            Slot.starts_at < begin + timedelta(days=1),
        )
        .order_by(Slot.starts_at, ServicePoint.code)
    )
    return [Hour(*row) for row in rows]


def starts_at(slot_id: uuid.UUID) -> datetime | None:
    """When an hour begins; None for an unknown one."""
    return db.session.scalar(select(Slot.starts_at).where(Slot.id == slot_id))


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
