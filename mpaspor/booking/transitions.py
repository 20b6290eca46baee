"""What operations on places share. Lock order: application → bill → booking → slot (STATES §7.1)."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, text, update

from mpaspor.applications.models import Application
from mpaspor.booking import returns
from mpaspor.booking.bookable import TAKE_PLACE, placing
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.rules import COUNTED, MOVES, BookingState
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation
from mpaspor.foundation.refusals import Refusal
from mpaspor.foundation.transitions import Machine, transition
from mpaspor.offices.models import Office

_OFFICE = select(Application.office_id).where(Application.id == Booking.application_id).scalar_subquery()
_BOOKING = Machine("booking", Booking, MOVES, Booking.application_id, _OFFICE, detail="booking")


class SlotFull(Refusal):
    """The hour has no place left, was closed, or may no longer be taken. Facts: slot_id."""


# One statement, so that the hot row is locked for one round trip: the count and the claim are one act.
_CLAIM = text(
    f"""
    WITH won AS ({TAKE_PLACE})
    INSERT INTO booking (id, application_id, slot_id, state, held_until, confirmed_at, created_at)
    SELECT :id, :application, won.id, :state,
           CAST(:held_until AS timestamptz), CAST(:confirmed_at AS timestamptz), :now FROM won
    RETURNING id
    """
)


@in_operation
def claim(
    case: Application, slot_id: uuid.UUID, office: Office, *, held_until: datetime | None, now: datetime
) -> uuid.UUID | None:
    """Claim one place for the case at its `office`: held until `held_until`, or confirmed at once when that
    is None (already paid).

    The last statement of its operation. Returns the booking's id, or None when the hour could not be had.
    """
    state = BookingState.CONFIRMED if held_until is None else BookingState.HELD
    claimed: uuid.UUID | None = db.session.execute(
        _CLAIM,
        {
            **placing(slot_id, office=office, programme_id=case.programme_id, now=now),
            "id": uuid7(),
            "application": case.id,
            "state": str(state),
            "held_until": held_until,
            "confirmed_at": now if held_until is None else None,
            "now": now,
        },
    ).scalar_one_or_none()
    return claimed


@in_operation
def move(
    application_id: uuid.UUID,
    expected: Collection[BookingState],
    new: BookingState,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    booking_id: uuid.UUID | None = None,
) -> uuid.UUID | None:
    """Move the case's one booking in `expected`; the only writer of `booking.state`.

    `booking_id` says which one where there may be several: a visit can be missed twice. Gives the place
    back, to come free later, where the new state is not counted. Returns the slot's id, or None if it lost.
    """
    which = {"application_id": application_id}
    if booking_id is not None:
        which["id"] = booking_id
    values = {"confirmed_at": now} if new is BookingState.CONFIRMED else {}
    moved = transition(
        _BOOKING,
        which,
        expected,
        new,
        actor=actor,
        now=now,
        reason=reason,
        values=values,
        returning=["slot_id"],
    )
    if moved is None:
        return None
    slot_id: uuid.UUID = moved.also["slot_id"]
    if new not in COUNTED:
        returns.promise(slot_id, now=now)
        db.session.execute(
            update(Slot)
            .where(Slot.id == slot_id)
            .values(**returns.GIVEN_BACK)
            .execution_options(synchronize_session=False)
        )
    return slot_id


@in_operation
def confirm_hold(application_id: uuid.UUID, *, actor: Actor, now: datetime) -> bool:
    """Make the case's held place its own: it has been paid. False when nothing is held any more."""
    return move(application_id, {BookingState.HELD}, BookingState.CONFIRMED, actor=actor, now=now) is not None
