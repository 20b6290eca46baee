"""A bank asks before its customer pays (inquiry) and afterwards what became of it (status).

Both are answered afresh each time. A status that says "nothing here" is a decision: the bank gives the
money back on it, so that request is closed for good.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from mpaspor.billing.models import Bill, Payment
from mpaspor.billing.rules import PaymentState
from mpaspor.billing.snap import exchanges, requests
from mpaspor.billing.snap.accept import Unsure, lock_case_and_bill
from mpaspor.billing.snap.exchanges import Exchange
from mpaspor.billing.snap.replies import Reply, inquiry_reply, status_reply
from mpaspor.billing.snap.rules import Identity, Outcome, Refused, judge_inquiry
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.offices.rules import HOME_ZONE
from mpaspor.people.names import masked


@dataclass(frozen=True)
class StatusQuestion:
    """Which payment a bank asks about. Most banks give inquiry and payment one id, some give two."""

    identity: Identity
    payment_request_id: str | None
    inquiry_request_id: str | None

    @property
    def request_id(self) -> str:
        return self.payment_request_id or self.inquiry_request_id or ""


@operation
def answer_inquiry(exchange: Exchange, identity: Identity, request_id: str) -> Reply:
    """What is owed under this code, if it may be paid now; the payer's name is masked.

    Raises `snap.rules.Refused` (409) when the external id was used today with another body.
    """
    exchanges.claim_question(exchange)
    bill = db.session.execute(
        select(Bill).where(Bill.billing_code == identity.customer_no)
    ).scalar_one_or_none()
    verdict = Outcome.INVALID_BILL if bill is None else judge_inquiry(bill.state, bill.pay_until, exchange.at)
    if bill is None or verdict is not Outcome.SUCCESSFUL:
        return inquiry_reply(verdict, identity, request_id=request_id)
    return inquiry_reply(
        verdict,
        identity,
        request_id=request_id,
        amount_rp=bill.amount_rp,
        shown_name=masked(bill.payer_name, "*"),
    )


@operation
def answer_status(exchange: Exchange, question: StatusQuestion) -> Reply:
    """What became of this partner's payment: accepted here, or unknown to us.

    Waits for a payment that is just being decided. Unknown means that we hold nothing of it and never
    will: the request is closed. Raises `snap.rules.Refused` as `answer_inquiry`, and when the request is
    about another billing code; `Unsure` where neither answer would be true.
    """
    partner_id, code = exchange.partner_id, question.identity.customer_no
    earlier, known = requests.claim(exchange, question.request_id, code, born=requests.UNKNOWN)
    exchanges.refuse_another(earlier, exchange)
    lock_case_and_bill(code)
    if known is None or known.payment_id is None:
        if question.payment_request_id is None and _holds_money(partner_id, code):
            raise Unsure("the bank holds two ids for one payment and named the one that we do not know")
        return status_reply(Outcome.NOT_FOUND, question.identity, _ids(question))
    if known.billing_code != code:
        raise Refused(Outcome.INVALID_FORMAT, "customerNo")
    payment = db.session.get_one(Payment, known.payment_id)
    if payment.state == PaymentState.SUSPENSE:
        raise Unsure(f"payment {payment.id} waits for a person's decision")
    if payment.state != PaymentState.ACCEPTED:
        return status_reply(Outcome.NOT_FOUND, question.identity, _ids(question))
    return status_reply(
        Outcome.SUCCESSFUL,
        question.identity,
        _ids(question),
        amount_rp=payment.amount_rp,
        ntb=payment.ntb,
        paid_at=_in_jakarta(payment.paid_at),
        received_at=_in_jakarta(payment.received_at),
    )


def _holds_money(partner_id: uuid.UUID, billing_code: str) -> bool:
    """Whether any money of this partner stands behind the code."""
    found = select(Payment.id).where(
        Payment.partner_id == partner_id,
        Payment.billing_code == billing_code,
        Payment.state.in_([PaymentState.ACCEPTED, PaymentState.SUSPENSE]),
    )
    return db.session.execute(found.limit(1)).first() is not None


def _in_jakarta(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(HOME_ZONE)).isoformat(timespec="seconds")


def _ids(question: StatusQuestion) -> dict[str, str]:
    return {
        "inquiryRequestId": question.inquiry_request_id or question.request_id,
        "paymentRequestId": question.request_id,
    }
