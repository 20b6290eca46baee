"""When money came: what the books say of it beside what the bank says, and in which order things happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from mpaspor.billing.cancel_check_out import cancel_check_out
from mpaspor.cli.check import breaches
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from tests.services.test_accept_payment import code_of, lapse, pay, state_of
from tests.stage.banks import TestBank
from tests.stage.bills import Owing

Scalar = Callable[..., Any]


def test_a_payment_that_waited_behind_a_cancellation_is_written_after_it(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar
) -> None:
    """Its request began first, the cancellation had the lock first: the books follow the lock."""
    cancel_check_out(owed.account_id, owed.application_code, now=now + timedelta(seconds=2))
    assert code_of(pay(bank, owed, now)) == "2002500"
    assert state_of(scalar, owed) == ("paid", "scheduled", 1)
    assert [str(breach) for breach in breaches(now) if breach.name[:2] in ("3.", "4.", "5.", "6.")] == []


def test_events_of_money_and_places_say_what_was_true_and_at_which_office(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar, palembang: Office
) -> None:
    pay(bank, owed, lapse(owed, now))
    steps = db.session.execute(
        text("SELECT kind, from_state, to_state, office_id FROM event WHERE actor_kind = 'bank' ORDER BY seq")
    ).all()
    assert [tuple(step) for step in steps] == [
        ("bill", "lapsed", "paid", palembang.id),
        ("case", "draft", "scheduled", palembang.id),
    ]
    assert scalar("SELECT count(*) FROM event WHERE kind = 'booking' AND from_state = 'held'") == 1


@pytest.mark.parametrize(
    ("said", "booked"),
    [
        (timedelta(minutes=4), timedelta(0)),
        (timedelta(minutes=-3), timedelta(minutes=-3)),
        (timedelta(minutes=-90), timedelta(minutes=-30)),
        (timedelta(days=-365 * 2000), timedelta(minutes=-30)),
    ],
)
def test_a_payment_is_dated_by_the_bank_between_the_codes_issue_and_now(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar, said: timedelta, booked: timedelta
) -> None:
    """A zero time would stand on the receipt as 1 January of the year 1, and in that day's books."""
    at = now + timedelta(minutes=30)
    pay(bank, owed, at, paid_at=at + said, paid_said="what the bank wrote")
    for table in ("bill", "payment"):
        assert scalar(f"SELECT paid_at FROM {table}") == at + booked
    assert scalar("SELECT paid_said FROM payment") == "what the bank wrote"
