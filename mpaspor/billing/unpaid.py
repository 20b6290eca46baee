"""Hours held without paying: one open bill at a time, and two in a day that came to nothing, then a wait.

An account is locked while its bills are counted, so that check-outs sent at once are counted one by one.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
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
from mpaspor.foundation.deeds import step
from mpaspor.foundation.refusals import Refusal
from mpaspor.people.models import Account


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


@step
def one_at_a_time(account_id: uuid.UUID, wanted: Collection[str], *, now: datetime) -> None:
    """Lock the account and let it hold hours for these applications too.

    Raises `BillStillOpen`, `TooManyUnpaid`.
    """
    db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))
    open_codes = db.session.scalars(
        select(Application.code)
        .join(Bill, Bill.application_id == Application.id)
        .where(
            Application.account_id == account_id,
            Application.code.not_in(wanted),  # the same one again has a state of its own to be refused by
            Bill.state.in_([str(state) for state in OPEN]),
        )
        .order_by(Bill.created_at)
    ).all()
    if open_codes and len(open_codes) + len(wanted) > OPEN_BILLS_AT_ONCE:
        raise BillStillOpen(code=open_codes[0])
    if wait := _wait(Application.account_id == account_id, UNPAID_ALLOWED, now):
        raise TooManyUnpaid(until=wait.until, count=wait.count)


@step
def spare_the_phone(phone: str | None, *, now: datetime) -> None:
    """Hold hoarders up who make an account for each hour. Raises `PhoneHeldTooOften`.

    A number is not proved: anybody may write anybody's. So it counts for much less than the account.
    """
    if phone and (wait := _wait(Application.phone == phone, UNPAID_ALLOWED_PER_PHONE, now)):
        raise PhoneHeldTooOften(until=wait.until, count=wait.count)


def wait_after_giving_up(account_id: uuid.UUID, bill: Bill, *, now: datetime) -> Wait | None:
    """The wait that would follow if this open bill ended unpaid too; None when there would be none."""
    mine = or_(
        Bill.id == bill.id,
        and_(Application.account_id == account_id, _came_to_nothing()),
    )
    return _wait_where(mine, UNPAID_ALLOWED, now)


def _wait(whose: ColumnElement[bool], allowed: int, now: datetime) -> Wait | None:
    return _wait_where(and_(whose, _came_to_nothing()), allowed, now)


def _wait_where(which: ColumnElement[bool], allowed: int, now: datetime) -> Wait | None:
    begun = db.session.scalars(
        select(Bill.created_at)
        .join(Application, Application.id == Bill.application_id)
        .where(which, Bill.created_at > now - UNPAID_WINDOW)
        .order_by(Bill.created_at.desc())
    ).all()
    if len(begun) < allowed:
        return None
    return Wait(len(begun), begun[allowed - 1] + UNPAID_WINDOW)


def _came_to_nothing() -> ColumnElement[bool]:
    """Given up by the applicant, or lapsed though its code was there.

    A bill that never got its code lapsed through us; one that made room for money came to something.
    """
    sibling = aliased(Bill)
    was_paid = (
        select(sibling.id)
        .where(
            sibling.application_id == Bill.application_id,
            sibling.state.in_([str(state) for state in PAID]),
        )
        .exists()
    )
    lapsed = and_(Bill.state == BillState.LAPSED.value, Bill.issued_at.is_not(None))
    return and_(or_(Bill.state == BillState.CANCELLED.value, lapsed), ~was_paid)
