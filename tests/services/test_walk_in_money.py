"""The money of walk-ins: in the very second in which their bills lapse, or never."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from mpaspor.applications.models import Application
from mpaspor.applications.walk_in_rules import Ground, Proof
from mpaspor.billing.due import lapse_due
from mpaspor.billing.snap.accept import accept_payment
from mpaspor.booking.models import Booking
from mpaspor.desk import refusals
from mpaspor.foundation.database import db
from mpaspor.people.rules import Role
from tests.stage.banks import payment_call
from tests.stage.walk_ins import Door, a_newcomer

PEOPLE = 8


def test_paid_or_lapsed_first_nobody_loses_the_money_and_no_place_is_given_twice(
    holds: None, app: Flask, door: Door, now: datetime
) -> None:
    codes = [door.registers() for _ in range(PEOPLE)]
    bills = [(door.gets_code(code), door.bill_of(code).amount_rp) for code in codes]
    due = now + timedelta(hours=2, minutes=15)

    def pays(bill: tuple[str, int]) -> None:
        with app.app_context():
            accept_payment(payment_call(door.bank.partner_id, *bill, due))

    def lapses() -> None:
        with app.app_context():
            lapse_due(now=due)

    with ThreadPoolExecutor(PEOPLE + 2) as crowd:
        acts = [crowd.submit(pays, bill) for bill in bills[: PEOPLE // 2]]
        acts += [crowd.submit(lapses) for _ in range(2)]
        acts += [crowd.submit(pays, bill) for bill in bills[PEOPLE // 2 :]]
    assert [act.result() for act in acts] == [None] * len(acts)
    found = dict(
        db.session.execute(select(Application.state, func.count()).group_by(Application.state)).all()
    )
    paid = {str(state): count for state, count in found.items()}
    assert sum(paid.values()) == PEOPLE and set(paid) <= {"scheduled", "awaiting_place"}, paid
    confirmed = db.session.scalars(select(func.count()).where(Booking.state == "confirmed")).one()
    assert confirmed == paid.get("scheduled", 0)


def test_abuse_18_who_never_pays_keeps_no_place_free_again_and_again(door: Door, now: datetime) -> None:
    who = a_newcomer()
    for hours in (0, 3):
        door.gets_code(door.registers(who, now=now + timedelta(hours=hours)), now + timedelta(hours=hours))
        lapse_due(now=now + timedelta(hours=hours, minutes=140))
    with pytest.raises(refusals.UnpaidTooOften):
        door.registers(who, now=now + timedelta(hours=6))
    admitted = replace(who, ground=Ground.ADMITTED, proof=Proof.WORD, reason="Antrean ATM rusak")
    assert door.registers(admitted, by=Role.SUPERVISOR, now=now + timedelta(hours=6))
