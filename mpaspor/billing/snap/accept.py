"""A bank's payment call: our reply is the decision, stored with the money in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import load_only

from mpaspor.applications.models import Application
from mpaspor.billing import seat_paid
from mpaspor.billing.models import Bill, Payment, PaymentAttempt, PaymentRequest
from mpaspor.billing.rules import BillState, PaymentState, booked_at
from mpaspor.billing.snap import exchanges, money, requests
from mpaspor.billing.snap.exchanges import Exchange
from mpaspor.billing.snap.replies import Reply, payment_reply
from mpaspor.billing.snap.rules import Identity, Outcome, Service, judge_payment
from mpaspor.foundation import rows
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import continued_operation, in_operation
from mpaspor.people.names import masked

_LONGEST_OFFER = 120


class Unsure(Exception):
    """We cannot say whether the money is ours: 5xx, so that the bank keeps it in suspense and asks again."""


@dataclass(frozen=True)
class PaymentCall:
    """What a bank says that it took: for whom, how much, under which numbers.

    `amount_rp` is None when what was offered is not whole rupiah; `offered` then says what it was.
    `paid_said` is when the customer paid in the bank's own words, `echo` what the reply repeats of the call.
    """

    exchange: Exchange
    identity: Identity
    request_id: str
    amount_rp: int | None
    ntb: str
    channel: str
    paid_at: datetime
    offered: str = ""
    paid_said: str | None = None
    echo: Mapping[str, object] = field(default_factory=dict)

    @property
    def partner_id(self) -> uuid.UUID:
        return self.exchange.partner_id

    @property
    def now(self) -> datetime:
        return self.exchange.at


@continued_operation
def accept_payment(call: PaymentCall) -> Reply:
    """Decide on a payment and apply it; the same call again gets the same bytes.

    Applied: payment, bill, booking, case and the letters change together. Refused: an attempt is logged,
    no payment row, and the bank gives the money back. Raises `snap.rules.Refused` (409) when the
    external id was used today for another payment, and `Unsure`.
    """
    # Known requests first, whatever else the bank has changed in its retry: a 409 would send back money that
    # we hold.
    exchange = call.exchange
    earlier, known = requests.claim(
        exchange, call.request_id, call.identity.customer_no, born=requests.UNDECIDED
    )
    is_repeat = earlier is not None and exchanges.is_repeat(earlier, exchange)
    if known is None:
        exchanges.refuse_another(earlier, exchange)
        return _decide(call)
    if earlier is not None and is_repeat and known.payment_id is None:
        return exchanges.stored_reply(earlier)
    reply = _answer_again(call, known)
    return exchanges.finish(exchange, reply) if earlier is None else reply


def _decide(call: PaymentCall) -> Reply:
    found = lock_case_and_bill(call.identity.customer_no)
    if found is None:
        return exchanges.finish(call.exchange, _refuse(call, Outcome.INVALID_BILL))
    case, bill = found
    refusal = _why_not(call, case, bill)
    if refusal is None:
        applied = _apply(call, case, bill)
        if applied is not None:
            return applied
    same = money.same_money(call.partner_id, call.identity.customer_no, call.ntb)
    if same is not None:
        return exchanges.finish(call.exchange, _answer_for(call, same, bill))
    if refusal is None:
        raise Unsure(f"the money for bill {bill.id} was here and is gone")
    return exchanges.finish(call.exchange, _refuse(call, refusal))


def _why_not(call: PaymentCall, case: Application, bill: Bill) -> Outcome | None:
    """Why this cannot be applied as new money; None if it can."""
    verdict = judge_payment(bill.state, bill.amount_rp, call.amount_rp)
    if verdict is not Outcome.SUCCESSFUL:
        return verdict
    if bill.state != BillState.PAYABLE and not seat_paid.may_apply_late(case, bill):
        return Outcome.EXPIRED_BILL
    return None


# What applying money needs to know of a case: its answers stay sealed.
_NEEDED = load_only(
    Application.state,
    Application.number,
    Application.kind,
    Application.validity_years,
    Application.full_name,
    Application.nik_lookup,
    Application.office_id,
    Application.programme_id,
    raiseload=True,
)
_BOTH = (
    select(Application, Bill)
    .join(Bill, Bill.application_id == Application.id)
    .options(_NEEDED)
    .where(Bill.billing_code == bindparam("billing_code"))
    .with_for_update(key_share=True, of=(Application, Bill))
)


@in_operation
def lock_case_and_bill(billing_code: str) -> tuple[Application, Bill] | None:
    """Application first, then bill, as everywhere: PostgreSQL locks in the order in which `OF` names them,
    and gives both rows as they are under the locks."""
    found = db.session.execute(_BOTH, {"billing_code": billing_code}).one_or_none()
    return None if found is None else (found[0], found[1])


def _answer_again(call: PaymentCall, known: PaymentRequest) -> Reply:
    """A request that was decided before: accepted once, accepted always; refused once, refused for good."""
    if known.payment_id is None:
        return _refuse(call, Outcome.of(known.response_code, Service.PAYMENT) or Outcome.CLOSED_REQUEST)
    found = lock_case_and_bill(known.billing_code)
    if known.billing_code != call.identity.customer_no or found is None:
        return _refuse(call, Outcome.DUPLICATE_REFERENCE)
    payment = db.session.get_one(Payment, known.payment_id)
    return _answer_for(call, payment, found[1])


def _answer_for(call: PaymentCall, payment: Payment, bill: Bill) -> Reply:
    """What is said of money that is here already. Refusing a repeat would send back what we have applied."""
    if payment.amount_rp != call.amount_rp:
        return _refuse(call, Outcome.INVALID_AMOUNT)
    if payment.state == PaymentState.SUSPENSE:
        raise Unsure(f"payment {payment.id} waits for a person's decision")
    if payment.state != PaymentState.ACCEPTED:
        return _refuse(call, Outcome.EXPIRED_BILL)
    if payment.payment_request_id == call.request_id and payment.reply is not None:
        return Reply(Outcome.SUCCESSFUL.http_status, payment.reply)
    requests.decide(call.partner_id, call.request_id, requests.ACCEPTED, payment.id)
    return _accepted(call, bill)


def _apply(call: PaymentCall, case: Application, bill: Bill) -> Reply | None:
    """Book the money and what it buys; None, and nothing is done, when this very money is here already."""
    reply = _accepted(call, bill)
    paid_at = booked_at(call.paid_at, bill.issued_at, call.now)
    payment = {
        "id": uuid7(),
        "request_id": call.request_id,
        "billing_code": call.identity.customer_no,
        "ntb": call.ntb,
        "amount_rp": bill.amount_rp,
        "channel": call.channel,
        "bill_id": bill.id,
        "paid_at": paid_at,
        "paid_said": call.paid_said,
    }
    if not money.book(payment, call.exchange, reply):
        return None
    with rows.gathered():
        seated = seat_paid.seat_paid(case, bill, partner_id=call.partner_id, paid_at=paid_at, now=call.now)
    if not seated:
        raise Unsure(f"bill {bill.id} is {bill.state} while its case is {case.state}")
    return reply


def _accepted(call: PaymentCall, bill: Bill) -> Reply:
    return payment_reply(
        Outcome.SUCCESSFUL,
        call.identity,
        request_id=call.request_id,
        amount_rp=bill.amount_rp,
        ntb=call.ntb,
        shown_name=masked(bill.payer_name, "*"),
        echo=call.echo,
    )


def _refuse(call: PaymentCall, outcome: Outcome) -> Reply:
    """Say no and remember that we were asked: the bank gives the money back, nothing here moves."""
    offered = call.offered or ("" if call.amount_rp is None else f"{call.amount_rp}.00 IDR")
    code = outcome.code(Service.PAYMENT)
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
    requests.decide(call.partner_id, call.request_id, code)
    return payment_reply(outcome, call.identity, request_id=call.request_id, echo=call.echo)
