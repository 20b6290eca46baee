"""Named reads about bills and payments."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from mpaspor.billing.models import Bill, BillLine, Payment
from mpaspor.billing.rules import PAID, PaymentState
from mpaspor.foundation.database import db


def newest_bills(application_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Bill]:
    """The bill of each case that counts now: the paid one, else the newest.

    Late money pays an older bill and cancels the younger one: the younger is then none to be shown.
    """
    found = db.session.scalars(
        select(Bill)
        .where(Bill.application_id.in_(application_ids))
        .order_by(Bill.state.in_(PAID), Bill.created_at)
    )
    return {bill.application_id: bill for bill in found}


def newest_bill(application_id: uuid.UUID) -> Bill | None:
    """The same for one case; None while it has no bill."""
    return newest_bills([application_id]).get(application_id)


def named_or_newest(application_id: uuid.UUID, ref: uuid.UUID) -> Bill | None:
    """The bill of the case that `ref` names; where it names something else, the newest."""
    named = db.session.scalar(select(Bill).where(Bill.id == ref, Bill.application_id == application_id))
    return named or newest_bill(application_id)


def lines(bill_id: uuid.UUID) -> Sequence[BillLine]:
    """What the bill is made of, by item."""
    return db.session.scalars(
        select(BillLine).where(BillLine.bill_id == bill_id).order_by(BillLine.item)
    ).all()


def accepted_payment(bill_id: uuid.UUID) -> Payment | None:
    """The money that paid the bill, with the bank that brought it."""
    return db.session.scalars(
        select(Payment)
        .options(joinedload(Payment.partner))
        .where(Payment.bill_id == bill_id, Payment.state == PaymentState.ACCEPTED)
        .order_by(Payment.received_at)
        .limit(1)
    ).one_or_none()
