"""Money that a partner brings: whether we have it already, and the one statement that books it."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select, text

from mpaspor.billing.models import Payment
from mpaspor.billing.rules import PaymentState
from mpaspor.billing.snap import requests
from mpaspor.billing.snap.exchanges import Exchange
from mpaspor.billing.snap.replies import Reply
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation

# The money that this partner, or the treasury for it, has booked under this reference for the code. Another
# partner's NTB says nothing: each bank numbers for itself. What the treasury reported belongs to the one
# partner that named it first.
_SAME = """
    payment.billing_code = :billing_code AND payment.ntb = :ntb
    AND (payment.partner_id = :partner_id
         OR payment.partner_id IS NULL AND NOT EXISTS (
             SELECT FROM payment_request AS named
             WHERE named.payment_id = payment.id AND named.partner_id <> :partner_id))
"""
_SAME_MONEY = select(Payment).where(text(_SAME)).order_by(Payment.partner_id.asc().nulls_last()).limit(1)

# Payment, decision and reply are written together or not at all, and not while the same money is here.
_BOOK = text(
    f"""
    WITH booked AS (
        INSERT INTO payment (id, partner_id, payment_request_id, billing_code, ntb, amount_rp, channel, state,
                             bill_id, paid_at, paid_said, received_at, reply)
        SELECT :id, :partner_id, CAST(:request_id AS varchar), CAST(:billing_code AS varchar),
               CAST(:ntb AS varchar), :amount_rp, :channel, :state, :bill_id, :paid_at, :paid_said,
               :received_at, :reply
        WHERE NOT EXISTS (SELECT FROM payment WHERE {_SAME})
        RETURNING id
    ), decided AS (
        UPDATE payment_request SET response_code = :accepted, payment_id = booked.id FROM booked
        WHERE partner_id = :partner_id AND request_id = :request_id AND response_code = :undecided
    ), stored AS (
        UPDATE snap_exchange SET http_status = :http_status, reply = :reply FROM booked
        WHERE partner_id = :partner_id AND external_on = :external_on AND external_id = :external_id
    )
    SELECT id FROM booked
    """
)


@in_operation
def same_money(partner_id: uuid.UUID, billing_code: str, ntb: str) -> Payment | None:
    """This money, if it is here already. Case and bill must be locked."""
    found = {"partner_id": partner_id, "billing_code": billing_code, "ntb": ntb}
    return db.session.execute(_SAME_MONEY, found).scalar_one_or_none()


@in_operation
def book(payment: dict[str, Any], exchange: Exchange, reply: Reply) -> bool:
    """Book an accepted payment of the exchange's partner (its columns by name, the request's id as
    `request_id`), decide its request and store the reply, in one round trip.

    False, and nothing is written, when the same money is here already. Case and bill must be locked, and
    external id and request claimed by this transaction.
    """
    row = {
        **payment,
        "partner_id": exchange.partner_id,
        "state": str(PaymentState.ACCEPTED),
        "received_at": exchange.at,
        "external_on": exchange.external_on,
        "external_id": exchange.external_id,
        "http_status": reply.http_status,
        "reply": reply.body,
        "accepted": requests.ACCEPTED,
        "undecided": requests.UNDECIDED,
    }
    return db.session.execute(_BOOK, row).scalar_one_or_none() is not None
