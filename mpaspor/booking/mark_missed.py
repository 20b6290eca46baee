"""After the day is over, those who did not come are `missed`; never on a day that the office was shut."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta

from sqlalchemy import select

from mpaspor.applications import transitions as cases
from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.booking import transitions
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.rules import BookingState
from mpaspor.foundation import events, outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.models import Event
from mpaspor.foundation.operations import operation
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date, moment_of

_BATCH = 500


def mark_missed(*, now: datetime) -> int:
    """Mark every visit whose day has ended at its office; returns how many. Idempotent."""
    return sum(_mark(case_id, now=now) for case_id in _ended(now))


def _ended(now: datetime) -> list[uuid.UUID]:
    rows = db.session.execute(
        select(Booking.application_id, Slot.starts_at, Slot.closed_at, Office.time_zone)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(Office, Office.id == Slot.office_id)
        .join(Application, Application.id == Booking.application_id)
        .where(
            Booking.state == BookingState.CONFIRMED,
            Application.state == CaseState.SCHEDULED,
            Slot.starts_at < now - timedelta(hours=8),
        )
        .order_by(Slot.starts_at)
        .limit(_BATCH)
    ).all()
    outages = set(
        db.session.scalars(select(Event.at).where(Event.kind == "outage", Event.at > now - timedelta(14)))
    )
    db.session.remove()
    return [
        row.application_id
        for row in rows
        if row.closed_at is None
        and local_date(row.starts_at, row.time_zone) < local_date(now, row.time_zone)
        and not _was_down(row.starts_at, row.time_zone, outages)
    ]


def _was_down(starts_at: datetime, time_zone: str, outages: set[datetime]) -> bool:
    """Whether we recovered from an outage on that day or the day after: nobody is blamed for such a day."""
    day = moment_of(local_date(starts_at, time_zone), time.min, time_zone)
    return any(day <= at < day + timedelta(days=2) for at in outages)


@operation
def _mark(case_id: uuid.UUID, *, now: datetime) -> bool:
    if not cases.move(case_id, {CaseState.SCHEDULED}, CaseState.MISSED, actor=events.SYSTEM, now=now):
        return False
    transitions.move(case_id, {BookingState.CONFIRMED}, BookingState.MISSED, actor=events.SYSTEM, now=now)
    outbox.about_case("missed", case_id, dedupe_key=f"missed:{case_id}:{now:%Y%m%d}", now=now)
    return True
