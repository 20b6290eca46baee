"""A bill that nobody paid lapses: bill, place and case together, one case per transaction (STATES §6.1)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications import transitions as cases
from mpaspor.applications import walk_ins
from mpaspor.applications.rules import CaseState
from mpaspor.billing import transitions
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import OPEN, BillState
from mpaspor.booking import transitions as places
from mpaspor.booking.rules import BookingState
from mpaspor.foundation import events, outbox, sweep_heartbeat
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation


@operation
def lapse_bill(bill_id: uuid.UUID, *, now: datetime) -> bool:
    """Lapse the bill if it is open and due; True if this call did it.

    Nothing lapses while an outage has not yet been added to the open deadlines: then it answers False.
    """
    if sweep_heartbeat.is_stale(now=now):
        return False
    case_id = transitions.lock_case(bill_id)
    due = select(Bill.id, Bill.billing_code).where(
        Bill.id == bill_id, Bill.state.in_(OPEN), Bill.lapse_at <= now
    )
    found = db.session.execute(due.with_for_update(key_share=True)).one_or_none()
    if found is None:
        return False
    transitions.move(bill_id, set(OPEN), BillState.LAPSED, actor=events.SYSTEM, now=now)
    places.move(case_id, {BookingState.HELD}, BookingState.LAPSED, actor=events.SYSTEM, now=now)
    also = walk_ins.once_lapsed(case_id)
    cases.move(case_id, {CaseState.AWAITING_PAYMENT}, CaseState.DRAFT, actor=events.SYSTEM, now=now, **also)
    outbox.about_case("bill_lapsed", case_id, ref=bill_id, dedupe_key=f"bill_lapsed:{bill_id}", now=now)
    if found.billing_code is not None:
        transitions.ask_to_cancel(case_id, bill_id, now=now)
    return True
