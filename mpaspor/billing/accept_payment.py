"""A bank's payment call: our reply is the decision, stored with the money in one transaction (CORE §9)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.billing import seat_paid, snap_exchanges
from mpaspor.billing.models import Bill, Payment, PaymentAttempt
from mpaspor.billing.rules import BillState, PaymentState
from mpaspor.billing.snap_exchanges import Exchange
from mpaspor.billing.snap_replies import Reply, payment_reply
from mpaspor.billing.snap_rules import Case, Identity, Service, judge_payment, masked_name
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.deeds import deed

_LONGEST_OFFER = 120


class Unsure(Exception):
    """We cannot say whether the money is ours: 5xx, so that the bank keeps it in suspense and asks again."""


@dataclass(frozen=True)
class _Call:
    """What the bank says it took: for whom, how much, under which numbers."""

    partner_id: uuid.UUID
    identity: Identity
    request_id: str
    amount_rp: int | None
    offered: str
    ntb: str
    channel: str
    paid_at: datetime
    now: datetime


@deed
def accept_payment(
    partner_id: uuid.UUID,
    *,
    external_id: str,
    body_hash: bytes,
    payment_request_id: str,
    billing_code: str,
    amount_rp: int | None,
    ntb: str,
    channel: str,
    paid_at: datetime,
    now: datetime,
    partner_service_id: str = "       0",
    offered: str = "",
) -> Reply:
    """Decide on a payment and apply it; the same call again gets the same bytes.

    `amount_rp` is None when what was offered is not whole rupiah; `offered` then says what it was.
    Applied: payment, bill, booking, case and the letters change together. Refused: an attempt is logged,
    no payment row, and the bank gives the money back. Raises `snap_rules.Refused` (409) when the
    external id was used today with another body, and `Unsure`.
    """
    exchange = Exchange(partner_id, external_id, Service.PAYMENT, body_hash, now)
    stored = snap_exchanges.begin(exchange)
    if stored is not None:
        return stored
    identity = Identity(partner_service_id, billing_code, partner_service_id + billing_code)
    call = _Call(
        partner_id, identity, payment_request_id, amount_rp, offered, ntb, channel, min(paid_at, now), now
    )
    return snap_exchanges.finish(exchange, _decide(call))


def _decide(call: _Call) -> Reply:
    found = _lock_case_and_bill(call.identity.customer_no)
    if found is None:
        return _refuse(call, Case.INVALID_BILL)
    case, bill = found
    known = _known_money(call)
    if known is not None:
        return _answer_again(call, known, bill)
    verdict = judge_payment(BillState(bill.state), bill.amount_rp, call.amount_rp)
    if verdict is not Case.SUCCESSFUL:
        return _refuse(call, verdict)
    if bill.state != BillState.PAYABLE and not seat_paid.may_apply_late(case, bill):
        return _refuse(call, Case.EXPIRED_BILL)
    return _apply(call, case, bill)


def _lock_case_and_bill(billing_code: str) -> tuple[Application, Bill] | None:
    """Application first, then bill: the lock order of CORE §4. Both are read as they are under the lock."""
    case_id = db.session.execute(
        select(Bill.application_id).where(Bill.billing_code == billing_code)
    ).scalar_one_or_none()
    if case_id is None:
        return None
    case = db.session.execute(
        select(Application).where(Application.id == case_id).with_for_update(key_share=True)
    ).scalar_one()
    bill = db.session.execute(
        select(Bill).where(Bill.billing_code == billing_code).with_for_update(key_share=True)
    ).scalar_one()
    return case, bill


def _known_money(call: _Call) -> Payment | None:
    """Money that we already hold: the same request, or the same code and NTB whichever rail brought it."""
    by_request = db.session.execute(
        select(Payment).where(
            Payment.partner_id == call.partner_id, Payment.payment_request_id == call.request_id
        )
    ).scalar_one_or_none()
    if by_request is not None:
        return by_request
    return db.session.execute(
        select(Payment).where(Payment.billing_code == call.identity.customer_no, Payment.ntb == call.ntb)
    ).scalar_one_or_none()


def _answer_again(call: _Call, known: Payment, bill: Bill) -> Reply:
    """A repeat under a new external id. Refusing it would send back money that we have applied."""
    if known.billing_code != call.identity.customer_no:
        return _refuse(call, Case.DUPLICATE_REFERENCE)
    if known.amount_rp != call.amount_rp:
        return _refuse(call, Case.INVALID_AMOUNT)
    if known.state == PaymentState.SUSPENSE:
        raise Unsure(f"payment {known.id} waits for a person's decision")
    if known.state != PaymentState.ACCEPTED:
        return _refuse(call, Case.EXPIRED_BILL)
    if known.payment_request_id == call.request_id and known.reply is not None:
        return Reply(Case.SUCCESSFUL.http_status, known.reply)
    return _accepted(call, bill)


def _apply(call: _Call, case: Application, bill: Bill) -> Reply:
    reply = _accepted(call, bill)
    db.session.add(
        Payment(
            id=uuid7(),
            partner_id=call.partner_id,
            payment_request_id=call.request_id,
            billing_code=call.identity.customer_no,
            ntb=call.ntb,
            amount_rp=bill.amount_rp,
            channel=call.channel,
            state=PaymentState.ACCEPTED.value,
            bill_id=bill.id,
            paid_at=call.paid_at,
            received_at=call.now,
            reply=reply.body,
        )
    )
    db.session.flush()
    if not seat_paid.seat_paid(case, bill, partner_id=call.partner_id, paid_at=call.paid_at, now=call.now):
        raise Unsure(f"bill {bill.id} is {bill.state} while its case is {case.state}")
    return reply


def _accepted(call: _Call, bill: Bill) -> Reply:
    return payment_reply(
        Case.SUCCESSFUL,
        call.identity,
        request_id=call.request_id,
        amount_rp=bill.amount_rp,
        ntb=call.ntb,
        shown_name=masked_name(bill.payer_name),
    )


def _refuse(call: _Call, case: Case) -> Reply:
    """Say no and remember that we were asked: the bank gives the money back, nothing here moves."""
    offered = call.offered or ("" if call.amount_rp is None else f"{call.amount_rp}.00 IDR")
    code = case.code(Service.PAYMENT)
    db.session.add(
        PaymentAttempt(
            partner_id=call.partner_id,
            billing_code=call.identity.customer_no,
            payment_request_id=call.request_id,
            offered=offered[:_LONGEST_OFFER],
            response_code=code,
            at=call.now,
        )
    )
    return payment_reply(case, call.identity, request_id=call.request_id)
