"""Give an unpaid hour back: bill and place are cancelled, the application is a draft again."""

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
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation


@operation
def cancel_check_out(account_id: uuid.UUID, code: str, *, now: datetime) -> str:
    """Cancel an unpaid check-out; nothing was paid, so nothing is lost. Raises `NotFound`, `StateChanged`."""
    case = cases.take_mine(account_id, code, {CaseState.AWAITING_PAYMENT})
    actor = events.applicant(account_id)
    bill_id = db.session.execute(
        select(Bill.id).where(Bill.application_id == case.id, Bill.state.in_(OPEN))
    ).scalar_one_or_none()
    if bill_id is not None:
        transitions.move(bill_id, set(OPEN), BillState.CANCELLED, actor=actor, now=now, reason="applicant")
        transitions.ask_to_cancel(case.id, bill_id, now=now)
    also = walk_ins.once_lapsed(case.id)
    cases.must_move(case.id, {CaseState.AWAITING_PAYMENT}, CaseState.DRAFT, actor=actor, now=now, **also)
    places.move(case.id, {BookingState.HELD}, BookingState.CANCELLED, actor=actor, now=now)
    return code
