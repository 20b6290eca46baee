"""A closure is undone: who chose no other hour gets the old one back, then all are open (STATES §7.4)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select, update

from mpaspor.applications import transitions as cases
from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState, LetterKind
from mpaspor.billing.transitions import the_open_bill
from mpaspor.booking import closures, reseatings
from mpaspor.booking import transitions as places
from mpaspor.booking.bookable import first_moment
from mpaspor.booking.models import Booking, Closure, Reseating
from mpaspor.booking.reseatings import WAITING
from mpaspor.booking.rules import LIVE, BookingState, ReseatingEnd
from mpaspor.foundation import events, outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.offices.models import Office


class _Meanwhile(Exception):
    """The person has chosen, or the hour cannot be had: this transaction is undone."""


def restore_hours(*, now: datetime) -> int:
    """Go on with every closure that is being undone; returns how many people and hours are back."""
    undone = db.session.execute(
        select(Closure.id, Office)
        .join(Office, Office.id == Closure.office_id)
        .where(Closure.reopened_at.is_not(None), Closure.ended_at.is_(None))
        .order_by(Closure.reopened_at)
    ).all()
    back = 0
    for closure_id, office in undone:
        people = list(reseatings.to_restore(closure_id, first_moment(office, now)))
        seated = sum(_give_back(booking_id, now=now) for booking_id in people)
        back += seated or open_hours(closure_id, now=now)
    db.session.remove()
    return back


@operation
def open_hours(closure_id: uuid.UUID, *, now: datetime) -> int:
    """Open the hours to everybody; returns how many."""
    return closures.open_hours(closure_id, now=now)


def _give_back(booking_id: uuid.UUID, *, now: datetime) -> bool:
    try:
        return give_back(booking_id, now=now)
    except _Meanwhile:
        return False


@operation
def give_back(booking_id: uuid.UUID, *, now: datetime) -> bool:
    """Let somebody have the very hour again that they lost, and tell them."""
    lost = db.session.execute(
        select(Reseating, Booking.slot_id)
        .join(Booking, Booking.id == Reseating.booking_id)
        .where(Reseating.booking_id == booking_id)
    ).one()
    found, slot_id = lost
    case = db.session.scalars(
        select(Application)
        .where(Application.id == found.application_id, Application.state.in_(WAITING))
        .with_for_update(key_share=True)
    ).one_or_none()
    if case is None or found.closure_id is None:
        raise _Meanwhile()
    held_until = _bill_clock(case, slot_id)
    _end_offer(case, now)
    if case.state is CaseState.AWAITING_PLACE:
        cases.must_move(
            case.id, {CaseState.AWAITING_PLACE}, CaseState.SCHEDULED, actor=events.SYSTEM, now=now
        )
        cases.register_letter(case.id, LetterKind.VISIT, slot_id, now=now)
    db.session.execute(
        update(Reseating)
        .where(Reseating.booking_id == booking_id)
        .values(ended_as=ReseatingEnd.RESTORED, ended_at=now)
    )
    outbox.about_case(
        "hour_restored", case.id, ref=booking_id, dedupe_key=f"hour_restored:{booking_id}", now=now
    )
    office = db.session.get_one(Office, case.office_id)
    if not closures.restore(case.id, slot_id, found.closure_id, office, held_until=held_until, now=now):
        raise _Meanwhile()
    return True


def _bill_clock(case: Application, slot_id: uuid.UUID) -> datetime | None:
    """Until when an unpaid case may hold the hour, which its bill is for again."""
    if case.state is not CaseState.AWAITING_PAYMENT:
        return None
    bill = the_open_bill(case.id)
    bill.slot_id = slot_id
    return bill.lapse_at


def _end_offer(case: Application, now: datetime) -> None:
    offer = places.proposed(case.id)
    if offer is not None:
        places.move(
            case.id, {BookingState.HELD}, BookingState.CANCELLED, actor=events.SYSTEM, now=now, is_offer=True
        )
    own = select(Booking.id).where(Booking.application_id == case.id, Booking.state.in_(LIVE))
    if db.session.scalar(own) is not None:
        raise _Meanwhile()
