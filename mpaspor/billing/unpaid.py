"""Hours held without paying: one open bill at a time, and two in a day that came to nothing, then a wait.

An account is locked while its bills are counted, so that check-outs sent at once are counted one by one.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from mpaspor.applications.models import Application
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import (
    OPEN,
    OPEN_BILLS_AT_ONCE,
    PAID,
    UNPAID_ALLOWED,
    UNPAID_ALLOWED_PER_PHONE,
    UNPAID_WINDOW,
    BillState,
)
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation
from mpaspor.foundation.refusals import Refusal


class BillStillOpen(Refusal):
    """Another application of this account has a bill that waits to be paid. Facts: code."""


class TooManyUnpaid(Refusal):
    """Too many hours were held by this account and not paid. Facts: until, count."""

    status = 429


class PhoneHeldTooOften(Refusal):
    """Too many hours were held and not paid with this telephone number, by anyone. Facts: until, count."""

    status = 429


@dataclass(frozen=True)
class Wait:
    """What was counted, and when the next hour may be held."""

    count: int
    until: datetime


@in_operation
def one_at_a_time(account_id: uuid.UUID, wanted: Collection[Application], *, now: datetime) -> None:
    """Let the account, which the caller has locked, hold hours for these applications too.

    Hoarders who make an account for each hour are held up by the telephone number. It is not proved: anybody
    may write anybody's, so it counts for much less than the account. One statement.
    Raises `BillStillOpen`, `TooManyUnpaid`, `PhoneHeldTooOften`.
    """
    phones = {case.phone for case in wanted if case.phone}
    given = {"account_id": account_id, "phones": list(phones), "since": now - UNPAID_WINDOW}
    bills = db.session.execute(_BILLS, given).all()
    waiting = [code for code, _phone, mine, still_open, _at in bills if mine and still_open]
    if waiting and len(waiting) + len(wanted) > OPEN_BILLS_AT_ONCE:
        raise BillStillOpen(code=waiting[0])
    lost = [(phone, mine, at) for _code, phone, mine, still_open, at in bills if not still_open]
    if wait := _wait([at for _phone, mine, at in lost if mine], UNPAID_ALLOWED):
        raise TooManyUnpaid(until=wait.until, count=wait.count)
    for number in phones:
        if wait := _wait([at for phone, _mine, at in lost if phone == number], UNPAID_ALLOWED_PER_PHONE):
            raise PhoneHeldTooOften(until=wait.until, count=wait.count)


def wait_after_giving_up(account_id: uuid.UUID, bill: Bill, *, now: datetime) -> Wait | None:
    """The wait that would follow if this open bill ended unpaid too; None when there would be none."""
    given = {"account_id": account_id, "bill_id": bill.id, "since": now - UNPAID_WINDOW}
    return _wait(db.session.scalars(_BEGUN, given).all(), UNPAID_ALLOWED)


def _wait(begun: Sequence[datetime], allowed: int) -> Wait | None:
    """The wait after these bills, the oldest first, or None while there are fewer than allowed."""
    return Wait(len(begun), begun[-allowed] + UNPAID_WINDOW) if len(begun) >= allowed else None


def _came_to_nothing() -> ColumnElement[bool]:
    """Given up by the applicant, or lapsed though its code was there, and made after `since`.

    A bill that never got its code lapsed through us; one that made room for money came to something.
    """
    sibling = aliased(Bill)
    was_paid = (
        select(sibling.id)
        .where(
            sibling.application_id == Bill.application_id,
            sibling.state.in_(PAID),
        )
        .exists()
    )
    lapsed = and_(Bill.state == BillState.LAPSED, Bill.issued_at.is_not(None))
    given_up = Bill.state == BillState.CANCELLED
    return and_(or_(given_up, lapsed), ~was_paid, Bill.created_at > bindparam("since"))


# Built once, since this is the rush.
_IS_OPEN = Bill.state.in_(OPEN)
_IS_MINE = Application.account_id == bindparam("account_id")
_OF_THESE = Application.phone.in_(bindparam("phones", expanding=True))
_BILLS = (
    select(Application.code, Application.phone, _IS_MINE, _IS_OPEN, Bill.created_at)
    .join(Bill, Bill.application_id == Application.id)
    .where(or_(and_(_IS_MINE, _IS_OPEN), and_(or_(_IS_MINE, _OF_THESE), _came_to_nothing())))
    .order_by(Bill.created_at)
)
_BEGUN = (
    select(Bill.created_at)
    .join(Application, Application.id == Bill.application_id)
    .where(_IS_MINE, or_(Bill.id == bindparam("bill_id"), _came_to_nothing()))
    .order_by(Bill.created_at)
)
