"""Named reads about bills and payments."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import joinedload

from mpaspor.applications.models import Application
from mpaspor.applications.queries import AT_A_GLANCE, IS_MINE, with_office
from mpaspor.applications.rules import CaseState
from mpaspor.billing.models import Bill, BillLine, Payment
from mpaspor.billing.rules import PAID, BillState, PaymentState
from mpaspor.booking.queries import Visit, visit_in, with_visit
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.models import Event
from mpaspor.foundation.refusals import NotFound

# The bill of a case that counts now: the paid one, else the newest. Late money pays an older bill and cancels
# the younger one: the younger is then none to be shown.
_COUNTS_FIRST = (Bill.state.in_(PAID).desc(), Bill.created_at.desc())
_BILL_THAT_COUNTS = (
    select(Bill.id)
    .where(Bill.application_id == Application.id)
    .order_by(*_COUNTS_FIRST)
    .limit(1)
    .correlate(Application)
    .scalar_subquery()
)


def newest_bill(application_id: uuid.UUID) -> Bill | None:
    """The bill of a case that counts now; None while it has no bill."""
    return db.session.scalar(
        select(Bill).where(Bill.application_id == application_id).order_by(*_COUNTS_FIRST).limit(1)
    )


_IN_A_QUEUE = (CaseState.ARRIVED, CaseState.DOCUMENTS_CHECKED, CaseState.BIOMETRICS_TAKEN)


@dataclass(frozen=True)
class Standing:
    """What every page of a case begins with: the case, the bill that counts now, its hour, its events."""

    case: Application
    bill: Bill | None
    visit: Visit | None
    moments: Sequence[tuple[CaseState, datetime]]  # (state entered, when), oldest first
    last_event: int | None

    def version(self, now: datetime) -> str:
        """What a page of the case was drawn from: as long as it is the same, nothing has changed."""
        bill = self.bill.state if self.bill is not None else None
        return _version(self.case.state, self.case.changed_at, bill, self.last_event, now)


def _version(
    case: CaseState, changed_at: datetime, bill: BillState | None, last_event: int | None, now: datetime
) -> str:
    """Everything that happens to a case is an event of it; five minutes stand for what only time changes,
    one for a queue in which others move."""
    step = 60 if case in _IN_A_QUEUE else 300
    facts = (case, changed_at, bill, last_event, now.timestamp() // step)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:12]


_IS_MOMENT = Event.kind == "case"
_EVENTS = (
    select(
        func.max(Event.seq).label("last"),
        func.array_agg(aggregate_order_by(Event.to_state, *events.in_order()))
        .filter(_IS_MOMENT)
        .label("states"),
        func.array_agg(aggregate_order_by(Event.at, *events.in_order())).filter(_IS_MOMENT).label("moments"),
    )
    .where(Event.application_id == Application.id)
    .correlate(Application)
    .lateral()
)


# Built once: what every page of a case asks first.
_STANDINGS = with_visit(
    select(Application, Bill, _EVENTS.c.last, _EVENTS.c.states, _EVENTS.c.moments)
    .outerjoin(Bill, Bill.id == _BILL_THAT_COUNTS)
    .join(_EVENTS, true())
)
_MY_STANDING = _STANDINGS.where(*IS_MINE)
_MY_VERSION = (
    select(
        Application.state,
        Application.changed_at,
        Bill.state,
        select(func.max(Event.seq))
        .where(Event.application_id == Application.id)
        .correlate(Application)
        .scalar_subquery(),
    )
    .outerjoin(Bill, Bill.id == _BILL_THAT_COUNTS)
    .where(*IS_MINE)
)
_PUBLIC_STANDING = _STANDINGS.where(
    Application.code == bindparam("code"), Application.state.not_in((CaseState.DRAFT, CaseState.DISCARDED))
)
_MY_CASES = (
    with_visit(select(Application, Bill).outerjoin(Bill, Bill.id == _BILL_THAT_COUNTS))
    .options(AT_A_GLANCE)
    .where(Application.account_id == bindparam("account_id"), Application.state != CaseState.DISCARDED)
    .order_by(Application.created_at.desc())
)


def my_standing(account_id: uuid.UUID, code: str) -> Standing:
    """The applicant's own case; one statement. Raises `NotFound` as `applications.mine`."""
    return _standing(_MY_STANDING, code=code, account_id=account_id)


def my_version(account_id: uuid.UUID, code: str, now: datetime) -> str | None:
    """The version of the applicant's own case, for a page that asks whether anything is new; None for a case
    that is not theirs. One small statement."""
    found = db.session.execute(_MY_VERSION, {"account_id": account_id, "code": code}).one_or_none()
    if found is None:
        return None
    state, changed_at, bill, last_event = found
    return _version(state, changed_at, bill, last_event, now)


def public_standing(code: str) -> Standing:
    """The case that a code names, for the masked status. Raises `NotFound` for an unknown code, and for a
    draft, which is its owner's business alone."""
    return _standing(_PUBLIC_STANDING, code=code)


def _standing(asked: Select[*tuple[Any, ...]], **named: object) -> Standing:
    found = db.session.execute(asked, named).one_or_none()
    if found is None:
        raise NotFound(application=named["code"])
    case, bill, last, states, moments = found[:5]
    entered = zip(map(CaseState, states or ()), moments or (), strict=True)
    return Standing(with_office(case), bill, visit_in(found), list(entered), last)


def my_cases(account_id: uuid.UUID) -> list[tuple[Application, Bill | None, Visit | None]]:
    """The applicant's cases, each with the bill that counts and its visit; newest first, without what they
    discarded. One statement."""
    found = db.session.execute(_MY_CASES, {"account_id": account_id})
    return [(with_office(row[0]), row[1], visit_in(row)) for row in found]


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
