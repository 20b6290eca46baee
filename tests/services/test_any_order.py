"""Check out, pay, cancel, lapse, move, withdraw, close, cut, reopen, accept, choose, expire, open places.

A simple model knows whose hour is whose by their own act; the product must agree after each step, and every
promise of `check` must hold.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, text, update

from mpaspor.applications.models import Application
from mpaspor.billing.accept_offer import accept_offer, choose_again
from mpaspor.billing.cancel_check_out import cancel_check_out
from mpaspor.billing.check_out import check_out
from mpaspor.billing.due import lapse_due
from mpaspor.billing.lapse_offer import lapse_offers
from mpaspor.billing.models import Bill
from mpaspor.billing.record_code import record_billing_code
from mpaspor.billing.reseat import seat_again
from mpaspor.billing.restore_hours import restore_hours
from mpaspor.billing.snap.accept import accept_payment
from mpaspor.billing.take_place import take_place
from mpaspor.billing.withdraw import withdraw
from mpaspor.booking.closures import Scope
from mpaspor.booking.models import Booking, Closure, Release, Slot
from mpaspor.booking.move_booking import move_booking
from mpaspor.booking.releases import Plan, open_due
from mpaspor.booking.returns import return_due
from mpaspor.booking.rules import LIVE, ClosureCause
from mpaspor.cli.check import breaches
from mpaspor.desk.close_hours import close_hours, reopen_hours
from mpaspor.desk.plan_release import cancel_release, plan_release
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import Refusal
from mpaspor.offices.models import Office
from mpaspor.offices.queries import programme_by_code
from mpaspor.offices.rules import local_date
from tests import clean_tables
from tests.conftest import MONDAY
from tests.postgres import Urls
from tests.stage import banks, bills

PEOPLE, HOURS, PLACES = 4, 4, 2
WHO, WHICH = st.integers(0, PEOPLE - 1), st.integers(0, HOURS - 1)


@dataclass
class Person:
    """What the model knows of somebody: the hour that is theirs by their own act, and whether it is paid."""

    account_id: uuid.UUID
    code: str
    own: int | None = None
    is_paid: bool = False
    offered: int | None = None
    has_bill: bool = False


@dataclass
class Hour:
    slot_id: uuid.UUID
    starts_at: datetime
    is_open: int  # places, those on their way included, while nobody closes or cuts it
    planned: list[tuple[datetime, int]] = field(default_factory=list)  # what is to open, as places


class AnyOrder(RuleBasedStateMachine):
    """Four people and four hours of two places each, on four days."""

    app: Flask
    database: Urls
    office: Office
    partner: uuid.UUID

    @initialize()
    def begins(self) -> None:
        eraser = clean_tables.eraser(self.database.superuser)
        db.session.remove()
        eraser.empty()
        eraser.bring_back("slot")
        self.now = MONDAY
        programme = programme_by_code()
        assert programme is not None
        self.programme_id = programme.id
        db.session.remove()
        with clock.at(self.now):
            self.partner = banks.TestBank(self.app.test_client(), MONDAY).register().partner_id
            self.hours = self._four_hours()
            self.people = [
                Person(found[0], found[2])
                for found in (bills.draft(self.office, MONDAY) for _ in range(PEOPLE))
            ]

    def _four_hours(self) -> list[Hour]:
        """The first hour of Thursday, Friday, Monday and Tuesday, the last two half open; nothing else."""
        days = [self.now + timedelta(days=n) for n in (3, 4, 7, 8)]
        slots = list(
            db.session.scalars(select(Slot).where(Slot.starts_at.in_(days)).order_by(Slot.starts_at))
        )
        assert len(slots) == HOURS
        ids = [slot.id for slot in slots]
        half = [PLACES, PLACES, PLACES // 2, PLACES // 2]
        db.session.execute(update(Slot).where(Slot.id.not_in(ids)).values(released=0, capacity=0))
        for slot_id, is_open in zip(ids, half, strict=True):
            db.session.execute(
                update(Slot).where(Slot.id == slot_id).values(released=is_open, capacity=PLACES)
            )
        db.session.commit()
        found = [Hour(slot.id, slot.starts_at, is_open) for slot, is_open in zip(slots, half, strict=True)]
        db.session.remove()
        return found

    def _does(self, act: Any, *args: Any, **facts: Any) -> bool:
        """The act, unless it is refused, which changes nothing."""
        with clock.at(self.now):
            try:
                act(*args, now=self.now, **facts)
            except Refusal:
                return False
            finally:
                db.session.remove()
        return True

    # What people do.

    @rule(who=WHO, which=WHICH)
    def checks_out(self, who: int, which: int) -> None:
        person = self.people[who]
        if self._does(check_out, person.account_id, [(person.code, self.hours[which].slot_id)]):
            person.own, person.has_bill = which, True
            bill = db.session.scalars(self._bill(person, "requested")).one()
            code = f"820261123{secrets.randbelow(10**6):06d}"
            self._does(record_billing_code, bill.id, code, self.now)

    @rule(who=WHO)
    def pays(self, who: int) -> None:
        person = self.people[who]
        bill = db.session.scalars(self._bill(person, "payable")).one_or_none()
        if bill is None:
            return
        call = banks.payment_call(self.partner, str(bill.billing_code), bill.amount_rp, self.now)
        with clock.at(self.now):
            accept_payment(call)
        db.session.remove()
        person.is_paid, person.has_bill = True, False

    @rule(who=WHO)
    def gives_the_hour_back(self, who: int) -> None:
        person = self.people[who]
        if self._does(cancel_check_out, person.account_id, person.code):
            person.own, person.has_bill, person.offered = None, False, None

    @rule(who=WHO, which=WHICH)
    def moves(self, who: int, which: int) -> None:
        person = self.people[who]
        if self._does(move_booking, person.account_id, person.code, self.hours[which].slot_id):
            person.own = which

    @rule(who=WHO)
    def withdraws(self, who: int) -> None:
        person = self.people[who]
        if self._does(withdraw, person.account_id, person.code):
            person.own = person.offered = None

    @rule(who=WHO)
    def says_yes(self, who: int) -> None:
        person = self.people[who]
        which = person.offered if person.offered is not None else 0
        if self._does(accept_offer, person.account_id, person.code, self.hours[which].slot_id):
            assert person.offered is not None, "yes to nothing"
            person.own, person.offered = person.offered, None

    @rule(who=WHO, which=WHICH)
    def chooses(self, who: int, which: int) -> None:
        person = self.people[who]
        act = choose_again if person.has_bill else take_place
        if self._does(act, person.account_id, person.code, self.hours[which].slot_id):
            person.own, person.offered = which, None

    # What the office and the worker do.

    @rule(which=WHICH, left=st.sampled_from([0, 0, 1]))
    def closes(self, which: int, left: int) -> None:
        hour = self.hours[which]
        day = local_date(hour.starts_at, self.office.time_zone)
        self._does(
            close_hours, None, Scope(self.office, day, day, places_left=left), ClosureCause.POWER, note="x"
        )

    @rule(which=st.integers(0, 5))
    def reopens(self, which: int) -> None:
        ids = list(db.session.scalars(select(Closure.id).order_by(Closure.made_at, Closure.id)))
        db.session.remove()
        if ids:
            self._does(reopen_hours, None, ids[which % len(ids)])

    @rule(which=WHICH, percent=st.sampled_from([50, 100]), hours=st.sampled_from([1, 4]))
    def plans_to_open_more(self, which: int, percent: int, hours: int) -> None:
        hour, opens_at = self.hours[which], self.now + timedelta(hours=hours)
        day = local_date(hour.starts_at, self.office.time_zone)
        if self._does(plan_release, None, Plan(self.office, self.programme_id, opens_at, day, day, percent)):
            hour.planned.append((opens_at, PLACES * percent // 100))

    @rule(which=st.integers(0, 5))
    def cancels_an_opening(self, which: int) -> None:
        ids = list(db.session.scalars(select(Release.id).order_by(Release.made_at, Release.id)))
        db.session.remove()
        if not ids:
            return
        release = db.session.get_one(Release, ids[which % len(ids)])
        day, opens_at = release.first_on, release.opens_at
        db.session.remove()
        if self._does(cancel_release, None, ids[which % len(ids)]):
            [hour] = [one for one in self.hours if local_date(one.starts_at, self.office.time_zone) == day]
            hour.planned.remove(next(one for one in hour.planned if one[0] == opens_at))

    @rule()
    def the_worker_comes_by(self) -> None:
        self._works()

    @rule(hours=st.sampled_from([1, 3, 25]))
    def time_passes(self, hours: int) -> None:
        """Never without the sweep; at most two days in all, so that every hour is still to come."""
        if self.now + timedelta(hours=hours) > MONDAY + timedelta(hours=50):
            return
        self._works()
        self.now += timedelta(hours=hours)
        self._does(lambda *, now: (return_due(now=now), lapse_due(now=now), lapse_offers(now=now)))
        for person in self.people:
            case = self._case(person)
            if case.state == "draft":
                person.own, person.has_bill, person.offered = None, False, None
            offer = self._live(person)
            person.offered = self._which(offer.slot_id) if offer is not None and offer.is_offer else None
        self._works()

    def _works(self) -> None:
        """The worker's rounds. It alone takes an hour from somebody, and only one that is closed or cut."""
        with clock.at(self.now):
            open_due(now=self.now)
            while restore_hours(now=self.now) + seat_again(now=self.now):
                pass
        db.session.remove()
        for person in self.people:
            live = self._live(person)
            if live is not None and live.is_offer:
                assert not self._is_shut(live.slot_id), "proposed in a closed hour"
                person.own, person.offered = None, self._which(live.slot_id)
            elif live is not None:
                if person.own != self._which(live.slot_id):
                    assert person.own is None and self._was_restored(person), "moved without a yes"
                person.own, person.offered = self._which(live.slot_id), None
            elif person.own is not None:
                assert self._lost_one(person), "lost a place that was not closed"
                person.own = person.offered = None

        for hour in self.hours:
            due = [places for opens_at, places in hour.planned if opens_at <= self.now]
            hour.planned = [one for one in hour.planned if one[0] > self.now]
            hour.is_open = max([hour.is_open, *due])

    # What must be true.

    @invariant()
    def everybody_has_the_hour_that_the_model_says(self) -> None:
        if not hasattr(self, "people"):
            return
        for person in self.people:
            live = self._live(person)
            own = self._which(live.slot_id) if live is not None and not live.is_offer else None
            assert own == person.own, (person, live)
            expected = {True: "scheduled", False: "awaiting_payment"}[person.is_paid]
            if own is not None:
                assert self._case(person).state == expected

    @invariant()
    def an_hour_is_as_open_as_was_said_unless_it_was_closed_or_cut(self) -> None:
        if not hasattr(self, "people"):
            return
        for hour in self.hours:
            if self._ask("SELECT NOT EXISTS (SELECT FROM closed_hour WHERE slot_id = :id)", id=hour.slot_id):
                is_open = (
                    "SELECT released + (SELECT count(*) FROM place_return WHERE slot_id = s.id) = :is_open"
                    " FROM slot s WHERE id = :id"
                )
                assert self._ask(is_open, id=hour.slot_id, is_open=hour.is_open), hour

    @invariant()
    def every_promise_holds(self) -> None:
        if hasattr(self, "people"):
            spared = ("2. A NIK", "6.", "9.", "7. A bill has asked")  # drafts are put there by hand
            found = [str(one) for one in breaches(self.now) if not one.name.startswith(spared)]
            assert found == []

    def _case(self, person: Person) -> Any:
        found = db.session.scalars(select(Application).where(Application.code == person.code)).one()
        db.session.remove()
        return found

    def _live(self, person: Person) -> Booking | None:
        found = db.session.scalars(
            select(Booking)
            .join(Application, Application.id == Booking.application_id)
            .where(Application.code == person.code, Booking.state.in_(LIVE))
        ).one_or_none()
        db.session.remove()
        return found

    def _bill(self, person: Person, state: str) -> Any:
        mine = select(Application.id).where(Application.code == person.code).scalar_subquery()
        return select(Bill).where(Bill.application_id == mine, Bill.state == state)

    def _which(self, slot_id: uuid.UUID) -> int:
        return next(n for n, hour in enumerate(self.hours) if hour.slot_id == slot_id)

    def _is_shut(self, slot_id: uuid.UUID) -> bool:
        return self._ask("SELECT closed_at IS NOT NULL FROM slot WHERE id = :id", id=slot_id)

    def _lost_one(self, person: Person) -> bool:
        return self._ask(
            f"SELECT count(*) > 0 FROM reseating WHERE application_id = {_MINE}", code=person.code
        )

    def _was_restored(self, person: Person) -> bool:
        ended = "ended_as = 'restored'"
        return self._ask(
            f"SELECT count(*) > 0 FROM reseating WHERE {ended} AND application_id = {_MINE}", code=person.code
        )

    def _ask(self, sql: str, **values: object) -> bool:
        found = db.session.scalar(text(sql), values)
        db.session.rollback()
        return bool(found)


_MINE = "(SELECT id FROM application WHERE code = :code)"


@pytest.mark.long
def test_in_any_order_everybody_has_the_hour_that_they_took(
    app: Flask, palembang: Office, database: Urls, now: datetime
) -> None:
    """The table of hours is kept by `palembang`; each example begins with it."""
    AnyOrder.app, AnyOrder.database, AnyOrder.office = app, database, palembang
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
