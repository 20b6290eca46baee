"""After the day is over, those who did not come are `missed`; never on a day that the office was shut."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select

from mpaspor.applications import transitions as cases
from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.booking import transitions
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.outages import day_has_ended, was_down
from mpaspor.booking.rules import BookingState
from mpaspor.foundation import events, outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.offices.models import Office

_BATCH = 500


def mark_missed(*, now: datetime) -> int:
    """Mark every visit whose day has ended at its office; returns how many. Idempotent."""
    return sum(_mark(case_id, now=now) for case_id in _ended(now))


def _ended(now: datetime) -> list[uuid.UUID]:
    """The oldest visits that nobody came to. Nobody is blamed for a day on which, or on the day after which,
    we recovered from an outage, nor for an hour that was closed: they get another (`closures.lost`)."""
    found = db.session.scalars(
        select(Booking.application_id)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(Office, Office.id == Slot.office_id)
        .join(Application, Application.id == Booking.application_id)
        .where(
            Booking.state == BookingState.CONFIRMED,
            Application.state == CaseState.SCHEDULED,
            Slot.starts_at < now - timedelta(hours=8),
            Slot.closed_at.is_(None),
            day_has_ended(now),
            ~was_down(),
        )
        .order_by(Slot.starts_at)
        .limit(_BATCH)
    ).all()
    db.session.remove()
    return list(found)


@operation
def _mark(case_id: uuid.UUID, *, now: datetime) -> bool:
    if not cases.move(case_id, {CaseState.SCHEDULED}, CaseState.MISSED, actor=events.SYSTEM, now=now):
        return False
    transitions.move(case_id, {BookingState.CONFIRMED}, BookingState.MISSED, actor=events.SYSTEM, now=now)
    outbox.about_case("missed", case_id, dedupe_key=f"missed:{case_id}:{now:%Y%m%d}", now=now)
    return True
