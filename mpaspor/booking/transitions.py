"""What operations on places share. Lock order: application → bill → booking → slot (STATES §7.1)."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, text, update

from mpaspor.applications.models import Application
from mpaspor.booking import returns
from mpaspor.booking.bookable import TAKE_PLACE, left_today, placing
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
    INSERT INTO booking (id, application_id, slot_id, state, held_until, confirmed_at, created_at, is_offer)
    SELECT :id, :application, won.id, :state,
           CAST(:held_until AS timestamptz), CAST(:confirmed_at AS timestamptz), :now, :is_offer FROM won
    RETURNING id
    """
)


@in_operation
def claim(
    case: Application,
    slot_id: uuid.UUID,
    office: Office,
    *,
    held_until: datetime | None,
    now: datetime,
    is_offer: bool = False,
    is_here: bool = False,
) -> uuid.UUID | None:
    """Claim one place for the case at its `office`: held until `held_until`, or confirmed at once when that
    is None (already paid). An offer is held for somebody who has not said yes; who `is_here` may have
    one of today.

    The last statement of its operation. Returns the booking's id, or None when the hour could not be had.
    """
    state = BookingState.CONFIRMED if held_until is None else BookingState.HELD
    claimed: uuid.UUID | None = db.session.execute(
        _CLAIM,
        {
            **placing(slot_id, office=office, programme_id=case.programme_id, now=now, is_here=is_here),
            "id": uuid7(),
            "application": case.id,
            "state": str(state),
            "held_until": held_until,
            "confirmed_at": now if held_until is None else None,
            "now": now,
            "is_offer": is_offer,
        },
    ).scalar_one_or_none()
    return claimed


@in_operation
def claim_today(
    case: Application, office: Office, *, held_until: datetime | None, now: datetime
) -> uuid.UUID | None:
    """Hold the first place of today that is left in the case's programme, for somebody at the door; the hour.

    Confirmed where `held_until` is None. An hour that went to another door meanwhile is passed over. None
    where nothing is left today.
    """
    for hour in left_today(office, case.programme_id, now):
        if claim(case, hour.id, office, held_until=held_until, now=now, is_here=True) is not None:
            return hour.id
    return None


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
    is_offer: bool | None = None,
    gives_back: bool = True,
    **also: object,
) -> uuid.UUID | None:
    """Move the case's one booking in `expected`, setting the columns `also` with it; the only writer of
    `booking.state`.

    `booking_id` says which one where there may be several: a visit can be missed twice. `is_offer` asks for
    one that is proposed only, or is not. Gives the place back, to come free later, where the new state is not
    counted (unless the caller `gives_back` it in another way). Returns the slot's id as it was asked for, or
    None if it lost.
    """
    which: dict[str, object] = {"application_id": application_id}
    if booking_id is not None:
        which["id"] = booking_id
    if is_offer is not None:
        which["is_offer"] = is_offer
    values = {"confirmed_at": now, "is_offer": False} if new is BookingState.CONFIRMED else {}
    moved = transition(
        _BOOKING,
        which,
        expected,
        new,
        actor=actor,
        now=now,
        reason=reason,
        values={**values, **also},
        returning=["slot_id"],
    )
    if moved is None:
        return None
    slot_id: uuid.UUID = moved.also["slot_id"]
    if new not in COUNTED and gives_back:
        returns.promise(slot_id, now=now)
        db.session.execute(
            update(Slot)
            .where(Slot.id == slot_id)
            .values(**returns.GIVEN_BACK)
            .execution_options(synchronize_session=False)
        )
    return slot_id


@in_operation
def take_instead(
    case: Application,
    slot_id: uuid.UUID,
    office: Office,
    *,
    held_until: datetime | None,
    actor: Actor,
    now: datetime,
) -> bool:
    """Let the case have this hour for its own, in place of one that was proposed to it, if any.

    The last of its operation. Confirmed when `held_until` is None, else held. False where the hour could not
    be had, and then the caller must undo its transaction.
    """
    offer = proposed(case.id)
    if offer is None:
        return claim(case, slot_id, office, held_until=held_until, now=now) is not None
    proposed_hour = offer.slot_id
    if held_until is None:
        move(
            case.id,
            {BookingState.HELD},
            BookingState.CONFIRMED,
            actor=actor,
            now=now,
            is_offer=True,
            slot_id=slot_id,
        )
    else:
        keep_held(offer.id, until=held_until, slot_id=slot_id)
    if slot_id == proposed_hour:
        return True
    returns.promise(proposed_hour, now=now)
    return exchange(case, proposed_hour, slot_id, office, now=now)


@in_operation
def proposed(application_id: uuid.UUID) -> Booking | None:
    """The place that is held for the case and that nobody has said yes to, locked; None without one."""
    return db.session.scalars(
        select(Booking)
        .where(
            Booking.application_id == application_id,
            Booking.state == BookingState.HELD,
            Booking.is_offer,
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


@in_operation
def keep_held(booking_id: uuid.UUID, *, until: datetime, slot_id: uuid.UUID) -> None:
    """Its owner said yes to a place that is still to be paid: it stays held, and waits for the money."""
    db.session.execute(
        update(Booking)
        .where(Booking.id == booking_id)
        .values(is_offer=False, held_until=until, slot_id=slot_id)
        .execution_options(synchronize_session=False)
    )


@in_operation
def exchange(
    case: Application, old_id: uuid.UUID, new_id: uuid.UUID, office: Office, *, now: datetime
) -> bool:
    """Give one place back and take another, in ascending slot id, the hot rows last.

    False if it could not be had.
    """
    give = update(Slot).where(Slot.id == old_id).values(**returns.GIVEN_BACK)
    place = placing(new_id, office=office, programme_id=case.programme_id, now=now)
    for slot_id in sorted((old_id, new_id)):
        if slot_id == old_id:
            db.session.execute(give.execution_options(synchronize_session=False))
        elif db.session.execute(text(TAKE_PLACE), place).scalar_one_or_none() is None:
            return False
    return True
