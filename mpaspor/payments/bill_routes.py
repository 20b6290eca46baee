"""The bill: its code, its clock, how to pay; it watches itself until something has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.billing import queries, unpaid
from mpaspor.billing.cancel_check_out import cancel_check_out
from mpaspor.billing.models import Bill, Payment
from mpaspor.billing.queries import Standing
from mpaspor.billing.rules import OPEN, PAID, BillState
from mpaspor.booking.queries import Visit
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.payments import blueprint
from mpaspor.payments.how_to_pay import CHANNELS
from mpaspor.web.access import Audience, open_to
from mpaspor.web.formats import clock_words
from mpaspor.web.htmx import go_to, wants_part
from mpaspor.web.keys import one_time_key
from mpaspor.web.ticket import Ticket, ticket_of


@dataclass(frozen=True)
class BillPage:
    """Everything that `payments/bill.html` needs: its state owns the whole page."""

    case: Application
    bill: Bill
    office: Office
    visit: Visit | None
    payment: Payment | None
    ticket: Ticket | None
    now: datetime
    version: str  # what it was drawn from

    @property
    def is_open(self) -> bool:
        return self.bill.state in OPEN

    @property
    def is_paid(self) -> bool:
        return self.bill.state in PAID

    @property
    def may_be_paid(self) -> bool:
        return self.bill.state == BillState.PAYABLE and not self.in_grace

    @property
    def may_be_cancelled(self) -> bool:
        return self.is_open and not self.in_grace

    @property
    def may_choose_again(self) -> bool:
        return self.case.state in (CaseState.DRAFT, CaseState.AWAITING_PLACE)

    @property
    def hour_is_taken(self) -> bool:
        """The office closed the hour that the bill was for, and no other is the person's own yet."""
        return self.is_open and not (self.visit and self.visit.stands)

    @property
    def in_grace(self) -> bool:
        """Past the deadline that people see, while money on its way is still awaited (STATES §6.1)."""
        return bool(self.is_open and self.bill.pay_until and self.bill.pay_until <= self.now)

    @property
    def waits(self) -> bool:
        """Whether something will still change by itself."""
        return self.is_open or self.bill.state == BillState.PAID


@blueprint.get("/permohonan/<code:code>/tagihan")
@open_to(Audience.APPLICANT)
def show_bill(code: str) -> ResponseReturnValue:
    """The bill as it is now; a poll that finds nothing new is answered with 204 and no bytes."""
    standing, now = queries.my_standing(current_user.account_id, code), clock.now()
    if wants_part() and request.args.get("versi") == standing.version(now):
        return "", 204
    page = _bill_page(standing, now)
    return render_template("payments/bill.html", page=page, channels=CHANNELS)


@blueprint.get("/permohonan/<code:code>/tagihan/batal")
@open_to(Audience.APPLICANT)
def ask_to_cancel(code: str) -> ResponseReturnValue:
    """Before giving an unpaid hour back: what it costs (nothing) and what stays."""
    page = _bill_page(queries.my_standing(current_user.account_id, code), clock.now())
    if page.case.state != CaseState.AWAITING_PAYMENT:
        return go_to("applicants.show_case", code=code)
    wait = unpaid.wait_after_giving_up(current_user.account_id, page.bill, now=page.now)
    until = clock_words(wait.until, page.now, page.office.time_zone) if wait else None
    return render_template("payments/cancel.html", page=page, wait=wait, until=until)


@blueprint.post("/permohonan/<code:code>/tagihan/batal")
@open_to(Audience.APPLICANT)
def cancel(code: str) -> ResponseReturnValue:
    cancel_check_out.once(one_time_key(), current_user.account_id, code, now=clock.now())
    return go_to("applicants.show_tasks", code=code)


def _bill_page(standing: Standing, now: datetime) -> BillPage:
    case, bill = standing.case, standing.bill
    office = case.office
    if bill is None or office is None:
        raise NotFound()
    return BillPage(
        case=case,
        bill=bill,
        office=office,
        visit=standing.visit,
        payment=queries.accepted_payment(bill.id) if bill.state in PAID else None,
        ticket=ticket_of(case, office, standing.visit) if bill.state in PAID else None,
        now=now,
        version=standing.version(now),
    )
