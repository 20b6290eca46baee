"""A bank asks before its customer pays (inquiry) and afterwards what became of it (status)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.billing import snap_exchanges
from mpaspor.billing.models import Bill, Payment
from mpaspor.billing.rules import BillState, PaymentState
from mpaspor.billing.snap_exchanges import Exchange
from mpaspor.billing.snap_replies import Reply, inquiry_reply, payment_reply
from mpaspor.billing.snap_rules import Case, Identity, Service, judge_inquiry, masked_name
from mpaspor.foundation.database import db
from mpaspor.foundation.deeds import deed


@deed
def answer_inquiry(
    partner_id: uuid.UUID,
    *,
    external_id: str,
    body_hash: bytes,
    identity: Identity,
    request_id: str,
    now: datetime,
) -> Reply:
    """What is owed under this code, if it may be paid now; the payer's name is masked.

    Raises `snap_rules.Refused` (409) when the external id was used today with another body.
    """
    exchange = Exchange(partner_id, external_id, Service.INQUIRY, body_hash, now)
    stored = snap_exchanges.begin(exchange)
    if stored is not None:
        return stored
    bill = db.session.execute(
        select(Bill).where(Bill.billing_code == identity.customer_no)
    ).scalar_one_or_none()
    verdict = Case.INVALID_BILL if bill is None else judge_inquiry(BillState(bill.state), bill.pay_until, now)
    if bill is None or verdict is not Case.SUCCESSFUL:
        return snap_exchanges.finish(exchange, inquiry_reply(verdict, identity, request_id=request_id))
    reply = inquiry_reply(
        verdict,
        identity,
        request_id=request_id,
        amount_rp=bill.amount_rp,
        shown_name=masked_name(bill.payer_name),
    )
    return snap_exchanges.finish(exchange, reply)


@deed
def answer_status(
    partner_id: uuid.UUID,
    *,
    external_id: str,
    body_hash: bytes,
    identity: Identity,
    request_id: str,
    now: datetime,
) -> Reply:
    """What became of this partner's payment `request_id`: accepted here, or unknown to us.

    Unknown means that we hold nothing of it. Raises `snap_rules.Refused` (409) as `answer_inquiry`.
    """
    exchange = Exchange(partner_id, external_id, Service.STATUS, body_hash, now)
    stored = snap_exchanges.begin(exchange)
    if stored is not None:
        return stored
    payment = db.session.execute(
        select(Payment).where(
            Payment.partner_id == partner_id,
            Payment.payment_request_id == request_id,
            Payment.billing_code == identity.customer_no,
            Payment.state == PaymentState.ACCEPTED.value,
        )
    ).scalar_one_or_none()
    if payment is None:
        reply = payment_reply(Case.NOT_FOUND, identity, request_id=request_id, service=Service.STATUS)
    else:
        reply = payment_reply(
            Case.SUCCESSFUL,
            identity,
            request_id=request_id,
            amount_rp=payment.amount_rp,
            ntb=payment.ntb,
            service=Service.STATUS,
        )
    return snap_exchanges.finish(exchange, reply)
