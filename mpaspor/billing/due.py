"""Deadlines that have passed: found by cheap reads, acted on one case at a time."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from mpaspor.billing.lapse_bill import lapse_bill
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import OPEN
from mpaspor.booking.models import Booking
from mpaspor.booking.rules import BookingState
from mpaspor.foundation import events, sweep_heartbeat
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation

_BATCH = 200


def lapse_due(*, now: datetime) -> int:
    """Lapse every bill that is due; returns how many this call lapsed. Any number of workers may run it."""
    return sum(lapse_bill(bill_id, now=now) for bill_id in _due(now))


def _due(now: datetime) -> Sequence[uuid.UUID]:
    found = db.session.scalars(
        select(Bill.id)
        .where(Bill.state.in_(OPEN), Bill.lapse_at <= now)
        .order_by(Bill.lapse_at)
        .limit(_BATCH)
    ).all()
    db.session.remove()
    return found


@operation
def beat(*, now: datetime) -> timedelta | None:
    """The sweep's heartbeat. After an outage the gap is added to every open deadline, once (STATES §6.2).

    Returns the gap that was added, or None. Nothing is done by a clock that ran backwards.
    """
    gap = sweep_heartbeat.beat(now=now)
    if gap is None:
        return None
    db.session.execute(
        update(Bill)
        .where(Bill.state.in_(OPEN))
        .values(lapse_at=Bill.lapse_at + gap, pay_until=Bill.pay_until + gap)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Booking)
        .where(Booking.state == BookingState.HELD)
        .values(held_until=Booking.held_until + gap)
        .execution_options(synchronize_session=False)
    )
    events.record("outage", actor=events.SYSTEM, now=now, details={"gap_seconds": int(gap.total_seconds())})
    return gap
