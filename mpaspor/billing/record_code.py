"""The treasury has issued the billing code: the payment clock starts (STATES §6.1)."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import aliased

from mpaspor.applications import transitions as cases
from mpaspor.applications import walk_ins
from mpaspor.applications.models import Application
from mpaspor.applications.rules import LetterKind
from mpaspor.billing import transitions
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import BillState, lapse_moment, payment_deadline
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.rules import BookingState
from mpaspor.config import settings
from mpaspor.foundation import events, outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.offices.models import Office


@operation
def record_billing_code(bill_id: uuid.UUID, code: str, issued_at: datetime, *, now: datetime) -> bool:
    """Make the bill payable under `code` and send its letter; True if the bill was still waiting for it.

    A code for a bill that was closed meanwhile is stored with it and cancelled at the treasury.
    """
    case_id = transitions.lock_case(bill_id)
    visit_at = _pay_before(bill_id)
    # The two hours count from when the person can see the code, not from the treasury's own stamp.
    pay_until = payment_deadline(now, visit_at, timedelta(seconds=settings().payment_window))
    lapse_at = lapse_moment(pay_until, timedelta(seconds=settings().payment_grace))
    won = transitions.move(
        bill_id,
        {BillState.REQUESTED},
        BillState.PAYABLE,
        actor=events.SYSTEM,
        now=now,
        billing_code=code,
        issued_at=issued_at,
        pay_until=pay_until,
        lapse_at=lapse_at,
    )
    if won:
        db.session.execute(
            update(Booking)
            .where(Booking.application_id == case_id, Booking.state == BookingState.HELD)
            .values(held_until=lapse_at)
            .execution_options(synchronize_session=False)
        )
        cases.register_letter(case_id, LetterKind.PAYMENT, bill_id, now=now)
        dedupe = f"billing_letter:{bill_id}"
        outbox.about_case("billing_letter", case_id, ref=bill_id, dedupe_key=dedupe, now=now)
    else:
        _keep_late_code(bill_id, code, issued_at, now)
    return won


def _pay_before(bill_id: uuid.UUID) -> datetime:
    """The visit; for whoever is at the door already, the end of their programme's last hour that day."""
    same_day = aliased(Slot)
    day = func.timezone(Office.time_zone, Slot.starts_at)
    ends_at = select(func.max(same_day.ends_at)).where(
        same_day.office_id == Slot.office_id,
        same_day.programme_id == Slot.programme_id,
        func.date(func.timezone(Office.time_zone, same_day.starts_at)) == func.date(day),
    )
    found: datetime = db.session.execute(
        select(case((walk_ins.is_walk_in(), ends_at.scalar_subquery()), else_=Slot.starts_at))
        .select_from(Bill)
        .join(Slot, Slot.id == Bill.slot_id)
        .join(Office, Office.id == Slot.office_id)
        .join(Application, Application.id == Bill.application_id)
        .where(Bill.id == bill_id)
    ).scalar_one()
    return found


def _keep_late_code(bill_id: uuid.UUID, code: str, issued_at: datetime, now: datetime) -> None:
    case_id = db.session.execute(
        update(Bill)
        .where(Bill.id == bill_id, Bill.billing_code.is_(None))
        .values(billing_code=code, issued_at=issued_at)
        .returning(Bill.application_id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if case_id is not None:
        transitions.ask_to_cancel(case_id, bill_id, now=now)


@operation
def wait_for_treasury(bill_id: uuid.UUID, *, now: datetime) -> None:
    """The treasury did not answer: the applicant's patience clock starts anew, the place stays held."""
    until = now + timedelta(seconds=settings().code_patience)
    case_id = db.session.execute(
        update(Bill)
        .where(Bill.id == bill_id, Bill.state == BillState.REQUESTED)
        .values(lapse_at=until)
        .returning(Bill.application_id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if case_id is not None:
        db.session.execute(
            update(Booking)
            .where(Booking.application_id == case_id, Booking.state == BookingState.HELD)
            .values(held_until=until)
            .execution_options(synchronize_session=False)
        )
