"""What operations on bills share: the only writer of `bill.state`."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import MOVES, OPEN, BillState
from mpaspor.foundation import outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation
from mpaspor.foundation.transitions import Machine, transition

_OFFICE = select(Application.office_id).where(Application.id == Bill.application_id).scalar_subquery()
_BILL = Machine("bill", Bill, MOVES, Bill.application_id, _OFFICE, detail="bill")


@in_operation
def move(
    bill_id: uuid.UUID,
    expected: Collection[BillState],
    new: BillState,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    **values: Any,
) -> bool:
    """Move the bill if it is in one of `expected`, setting `values` with it; True if this call won."""
    moved = transition(
        _BILL, {"id": bill_id}, expected, new, actor=actor, now=now, reason=reason, values=values
    )
    return moved is not None


@in_operation
def lock_case(bill_id: uuid.UUID) -> uuid.UUID:
    """Lock the case of a bill, as every operation does before it touches the bill; the case's id."""
    return db.session.execute(
        select(Application.id)
        .join(Bill, Bill.application_id == Application.id)
        .where(Bill.id == bill_id)
        .with_for_update(key_share=True, of=Application)
    ).scalar_one()


@in_operation
def lock_open_bill(application_id: uuid.UUID) -> Bill | None:
    """The bill that a case waits to have paid, locked; None without one. The case is locked before."""
    return db.session.scalars(
        select(Bill)
        .where(Bill.application_id == application_id, Bill.state.in_(OPEN))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


@in_operation
def the_open_bill(application_id: uuid.UUID) -> Bill:
    """The same of a case that awaits its payment, which always has one (STATES §9.5)."""
    bill = lock_open_bill(application_id)
    assert bill is not None
    return bill


@in_operation
def ask_to_cancel(application_id: uuid.UUID, bill_id: uuid.UUID, *, now: datetime) -> None:
    """Let the treasury withdraw the billing code of a bill that is to be paid no longer."""
    dedupe = f"cancel_billing_code:{bill_id}"
    outbox.about_case("cancel_billing_code", application_id, ref=bill_id, dedupe_key=dedupe, now=now)
