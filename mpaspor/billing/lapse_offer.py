"""A proposed hour that nobody answered for goes back to others; the paid case keeps waiting (STATES §7.4)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.booking import reseatings
from mpaspor.booking import transitions as places
from mpaspor.booking.models import Booking
from mpaspor.booking.rules import BookingState, ReseatingEnd
from mpaspor.foundation import events, outbox, sweep_heartbeat
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation

_BATCH = 200


def lapse_offers(*, now: datetime) -> int:
    """End every proposal whose term is over; returns how many. An unpaid one ends with its bill."""
    found = db.session.scalars(
        select(Booking.id)
        .join(Application, Application.id == Booking.application_id)
        .where(
            Booking.state == BookingState.HELD,
            Booking.is_offer,
            Booking.held_until <= now,
            Application.state == CaseState.AWAITING_PLACE,
        )
        .order_by(Booking.held_until)
        .limit(_BATCH)
    ).all()
    db.session.remove()
    return sum(lapse_offer(booking_id, now=now) for booking_id in found)


@operation
def lapse_offer(booking_id: uuid.UUID, *, now: datetime) -> bool:
    """End one proposal if it is due; True if this call did it.

    Nothing ends while an outage has not been added to the terms (STATES §6.2).
    """
    if sweep_heartbeat.is_stale(now=now):
        return False
    whose = select(Booking.application_id).where(Booking.id == booking_id).scalar_subquery()
    case_id = db.session.scalar(
        select(Application.id)
        .where(Application.id == whose, Application.state == CaseState.AWAITING_PLACE)
        .with_for_update(key_share=True)
    )
    if case_id is None:
        return False
    offer = places.proposed(case_id)
    if offer is None or offer.id != booking_id or offer.held_until is None or offer.held_until > now:
        return False
    reseatings.end(case_id, ReseatingEnd.SILENT, now=now)
    outbox.about_case(
        "offer_lapsed", case_id, ref=booking_id, dedupe_key=f"offer_lapsed:{booking_id}", now=now
    )
    places.move(
        case_id, {BookingState.HELD}, BookingState.LAPSED, actor=events.SYSTEM, now=now, is_offer=True
    )
    return True
