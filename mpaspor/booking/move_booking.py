"""Change the date of a paid visit: once, until the day before (DOMAIN §8.2, STATES §7.3)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import exists, select

from mpaspor.applications import transitions as cases
from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState, LetterKind
from mpaspor.booking import returns
from mpaspor.booking import transitions as places
from mpaspor.booking.bookable import can_be_had
from mpaspor.booking.models import Booking, BookingMove, Slot
from mpaspor.booking.queries import Visit
from mpaspor.booking.rules import BookingState, may_move_on
from mpaspor.booking.transitions import SlotFull
from mpaspor.foundation import events, outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import answer_early, operation
from mpaspor.foundation.refusals import Refusal, StateChanged
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date


class TooLateToMove(Refusal):
    """The visit is today or past: the last day to change it was the day before."""


class AlreadyMoved(Refusal):
    """The visit has been changed once, which is all the rule allows."""


class SameDay(Refusal):
    """The new hour lies on the day that the visit already has."""


@operation
def move_booking(account_id: uuid.UUID, code: str, slot_id: uuid.UUID, *, now: datetime) -> str:
    """Move the visit to another hour of the same office: both counters or none. Returns the code.

    Raises `TooLateToMove`, `AlreadyMoved`, `SameDay`, `SlotFull`, `NotFound`, `StateChanged` (also where the
    hour was closed: another one is on its way).
    """
    case = cases.take_mine(account_id, code, {CaseState.SCHEDULED})
    booking, old, office = db.session.execute(
        select(Booking, Slot, Office)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(Office, Office.id == Slot.office_id)
        .where(Booking.application_id == case.id, Booking.state == BookingState.CONFIRMED)
        .with_for_update(key_share=True, of=Booking)
    ).one()
    if old.closed_at is not None:
        raise StateChanged()
    _refuse_when_late(booking.id, old, office, slot_id, now)
    db.session.add(BookingMove(booking_id=booking.id, from_slot_id=old.id, to_slot_id=slot_id, moved_at=now))
    booking.slot_id = slot_id
    events.record(
        "moved",
        actor=events.applicant(account_id),
        now=now,
        application_id=case.id,
        office_id=office.id,
        details={"from": str(old.id), "to": str(slot_id)},
    )
    cases.register_letter(case.id, LetterKind.VISIT, slot_id, now=now)
    outbox.about_case("moved", case.id, ref=booking.id, dedupe_key=f"moved:{booking.id}", now=now)
    answer_early(code)
    db.session.flush()
    returns.promise(old.id, now=now)
    if not places.exchange(case, old.id, slot_id, office, now=now):
        raise SlotFull(slot_id=slot_id)
    return code


def propose_move(case: Application, visit: Visit, slot_id: uuid.UUID, *, now: datetime) -> Slot:
    """The hour that a visit would move to, before anything is claimed; what speaks against it is raised.

    Raises `TooLateToMove`, `AlreadyMoved`, `SameDay`, `SlotFull`.
    """
    old, new = db.session.get_one(Slot, visit.slot_id), db.session.get(Slot, slot_id)
    office = db.session.get_one(Office, old.office_id)
    _refuse_when_late(visit.booking_id, old, office, slot_id, now)
    if new is None or not can_be_had(new.id, office=office, programme_id=case.programme_id, now=now):
        raise SlotFull(slot_id=slot_id)
    return new


def _refuse_when_late(
    booking_id: uuid.UUID, old: Slot, office: Office, slot_id: uuid.UUID, now: datetime
) -> None:
    moves = int(db.session.execute(select(exists().where(BookingMove.booking_id == booking_id))).scalar_one())
    if moves:
        raise AlreadyMoved()
    visit_on = local_date(old.starts_at, office.time_zone)
    if not may_move_on(local_date(now, office.time_zone), visit_on, moves):
        raise TooLateToMove()
    new = db.session.get(Slot, slot_id)
    if new is not None and local_date(new.starts_at, office.time_zone) == visit_on:
        raise SameDay()
