"""Everybody whose hour was closed is seated again, each in a transaction of their own (STATES §7.4).

The place that they had is given up for them, another one is held in its stead, and they are told. Paid cases
wait for a place meanwhile; unpaid ones keep their bill and its clock (STATES §1.1).
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications import transitions as cases
from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.billing.models import Bill
from mpaspor.billing.transitions import lock_open_bill
from mpaspor.booking import closures, reseatings
from mpaspor.booking import transitions as places
from mpaspor.booking.models import Booking, Reseating, Slot
from mpaspor.booking.reseatings import HOUR_LOST, WAITING
from mpaspor.booking.rules import BookingState, ReseatingEnd
from mpaspor.foundation import events, outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.offices.models import Office

_BATCH = 50  # people at a time, so that the worker's other rounds do not wait


class _Meanwhile(Exception):
    """Somebody else was first: this transaction is undone."""


def seat_again(*, now: datetime) -> int:
    """The next people whose hour was closed; returns how many got or lost something."""
    moved = sum(reseat(booking_id, now=now) for booking_id in reseatings.lost(now, _BATCH))
    moved += sum(propose(booking_id, now=now) for booking_id in reseatings.waiting(now, _BATCH))
    return moved + sum(let_go(booking_id, now=now) for booking_id in reseatings.over(_BATCH))


def seat_after_outages(*, now: datetime) -> int:
    """Whoever was to come on a day on which we were down; returns how many."""
    return sum(reseat(booking_id, now=now) for booking_id in reseatings.of_days_down(now, _BATCH))


def reseat(booking_id: uuid.UUID, *, now: datetime) -> bool:
    """Let somebody have another hour proposed in place of one that was closed; False if they need none."""
    try:
        return _reseat(booking_id, now=now)
    except _Meanwhile:
        return False


@operation
def _reseat(booking_id: uuid.UUID, *, now: datetime) -> bool:
    case = _case_of(booking_id, {CaseState.SCHEDULED, *WAITING})
    bill = lock_open_bill(case.id)
    lost = reseatings.lock_lost(booking_id, now=now)
    if lost is None:
        raise _Meanwhile()
    was_paid = case.state is not CaseState.AWAITING_PAYMENT
    reseatings.end(case.id, ReseatingEnd.MOOT, now=now)  # a proposal that was closed in its turn
    places.move(
        case.id,
        {lost.booking.state},
        BookingState.CANCELLED,
        actor=events.SYSTEM,
        now=now,
        reason="closed",
        booking_id=booking_id,
        gives_back=False,
    )
    if case.state is CaseState.SCHEDULED:
        cases.must_move(
            case.id, {CaseState.SCHEDULED}, CaseState.AWAITING_PLACE, actor=events.SYSTEM, now=now
        )
    if not closures.take_out(lost.slot.id, lost.closure):
        raise _Meanwhile()  # a colleague has just made room
    _note_lost_hour(case, lost, now)
    found = Reseating(
        booking_id=booking_id,
        application_id=case.id,
        closure_id=lost.closure.id if lost.closure is not None else None,
        was_paid=was_paid,
        has_priority=lost.has_priority,
        lost_at=now,
    )
    db.session.add(found)
    _tell(found, "hour_closed", booking_id, now)
    _propose(case, found, lost.slot.starts_at, bill, now)
    return True


def propose(booking_id: uuid.UUID, *, now: datetime) -> bool:
    """Hold a place for somebody for whom there was none before; False if there is none still."""
    try:
        return _propose_now(booking_id, now=now)
    except _Meanwhile:
        return False


@operation
def _propose_now(booking_id: uuid.UUID, *, now: datetime) -> bool:
    case = _case_of(booking_id, set(WAITING))
    bill = lock_open_bill(case.id)
    found = _open_reseating(booking_id)
    if found is None or found.offered_id is not None or _has_own_place(case.id):
        raise _Meanwhile()
    lost_at = db.session.scalars(
        select(Slot.starts_at).join(Booking, Booking.slot_id == Slot.id).where(Booking.id == booking_id)
    ).one()
    if not _propose(case, found, lost_at, bill, now):
        return False
    _tell(found, "place_offered", found.offered_id, now)
    return True


@operation
def let_go(booking_id: uuid.UUID, *, now: datetime) -> bool:
    """Whoever was to be seated again withdrew, lapsed, or has an hour by another way."""
    found = _open_reseating(booking_id)
    if found is None:
        return False
    found.ended_at, found.ended_as = now, ReseatingEnd.MOOT
    return True


@in_operation
def _note_lost_hour(case: Application, lost: reseatings.Lost, now: datetime) -> None:
    """Which closure took which hour; no closure of a day on which we were down."""
    closure = lost.closure
    details = {"hour": lost.slot.starts_at.isoformat()}
    if closure is not None:
        details |= {"closure": str(closure.id), "cause": str(closure.cause)}
    events.record(
        HOUR_LOST,
        actor=events.SYSTEM,
        now=now,
        application_id=case.id,
        office_id=case.office_id,
        reason=closure.note if closure is not None else None,
        details=details,
    )


@in_operation
def _propose(
    case: Application, found: Reseating, lost_at: datetime, bill: Bill | None, now: datetime
) -> bool:
    """Hold the next free hour for the case. An unpaid one has the clock of its bill, no other."""
    until = bill.lapse_at if bill is not None else now + reseatings.term()
    office = db.session.get_one(Office, case.office_id)
    db.session.flush()
    for slot_id, _left in reseatings.candidates(office, case.programme_id, lost_at, now=now):
        held = places.claim(case, slot_id, office, held_until=until, now=now, is_offer=True)
        if held is not None:
            found.offered_id, found.offered_slot_id, found.offered_at = held, slot_id, now
            db.session.flush()
            return True
    return False


@in_operation
def _tell(found: Reseating, kind: str, ref: uuid.UUID | None, now: datetime) -> None:
    outbox.about_case(kind, found.application_id, ref=ref, dedupe_key=f"{kind}:{ref}", now=now)


@in_operation
def _case_of(booking_id: uuid.UUID, states: set[CaseState]) -> Application:
    """The case of a booking, locked. Raises `_Meanwhile` where it is in none of these states."""
    case_id = db.session.scalar(select(Booking.application_id).where(Booking.id == booking_id))
    if case_id is None:
        raise _Meanwhile()
    found = db.session.scalars(
        select(Application)
        .where(Application.id == case_id, Application.state.in_(states))
        .with_for_update(key_share=True)
    ).one_or_none()
    if found is None:
        raise _Meanwhile()
    return found


@in_operation
def _open_reseating(booking_id: uuid.UUID) -> Reseating | None:
    return db.session.scalars(
        select(Reseating)
        .where(Reseating.booking_id == booking_id, Reseating.ended_at.is_(None))
        .with_for_update(key_share=True)
    ).one_or_none()


def _has_own_place(application_id: uuid.UUID) -> bool:
    own = select(Booking.id).where(
        Booking.application_id == application_id,
        Booking.state.in_((BookingState.HELD, BookingState.CONFIRMED)),
    )
    return db.session.scalar(own.limit(1)) is not None
