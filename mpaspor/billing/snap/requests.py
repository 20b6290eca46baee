"""One `paymentRequestId`, one decision: what a bank was told about a payment is what it will be told again.

The row is claimed before anything is looked at, by payment and by status alike: whoever comes second waits
there for the first. So status never says "nothing here" of a payment that is just being accepted, and a
payment that was called unknown is never accepted afterwards, however late it runs in.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from mpaspor.billing.models import Payment, PaymentRequest
from mpaspor.billing.snap.rules import Outcome, Service
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation

UNDECIDED = Outcome.GENERAL_ERROR.code(Service.PAYMENT)  # while its transaction runs; never committed
ACCEPTED = Outcome.SUCCESSFUL.code(Service.PAYMENT)
UNKNOWN = Outcome.NOT_FOUND.code(Service.STATUS)


@in_operation
def claim(
    partner_id: uuid.UUID, request_id: str, billing_code: str, *, born: str, now: datetime
) -> PaymentRequest | None:
    """Claim the request with the response code `born`, or return what was decided on it before."""
    claimed = db.session.execute(
        insert(PaymentRequest)
        .values(
            partner_id=partner_id,
            request_id=request_id,
            billing_code=billing_code,
            response_code=born,
            at=now,
        )
        .on_conflict_do_nothing()
        .returning(PaymentRequest.request_id)
    ).scalar_one_or_none()
    if claimed is not None:
        return None
    return db.session.execute(
        select(PaymentRequest).where(
            PaymentRequest.partner_id == partner_id, PaymentRequest.request_id == request_id
        )
    ).scalar_one()


@in_operation
def decide(
    partner_id: uuid.UUID, request_id: str, response_code: str, payment_id: uuid.UUID | None = None
) -> None:
    """Write the decision on a request that this transaction has claimed. One that stands is left alone."""
    db.session.execute(
        update(PaymentRequest)
        .where(
            PaymentRequest.partner_id == partner_id,
            PaymentRequest.request_id == request_id,
            PaymentRequest.response_code == UNDECIDED,
        )
        .values(response_code=response_code, payment_id=payment_id)
        .execution_options(synchronize_session=False)
    )


@in_operation
def same_money(partner_id: uuid.UUID, billing_code: str, ntb: str) -> Payment | None:
    """The money that this partner, or the treasury for it, has already booked as `ntb` for the code.

    Another partner's NTB says nothing: each bank numbers for itself. What the treasury reported belongs to
    the one partner that named it first.
    """
    found = db.session.scalars(
        select(Payment).where(
            Payment.billing_code == billing_code,
            Payment.ntb == ntb,
            (Payment.partner_id == partner_id) | Payment.partner_id.is_(None),
        )
    ).all()
    own = [payment for payment in found if payment.partner_id is not None]
    if own or not found:
        return own[0] if own else None
    another = select(PaymentRequest.partner_id).where(
        PaymentRequest.payment_id == found[0].id, PaymentRequest.partner_id != partner_id
    )
    return None if db.session.execute(another.limit(1)).first() else found[0]
