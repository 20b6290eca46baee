"""Places open in the middle of a rush; workers open one release at once; two hours are exchanged crosswise;
a bill lapses while the bank brings its money.

The twin takes away what lets a release open once: then it opens twice, and the record says so.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, select, true, update

from mpaspor.billing.due import beat
from mpaspor.billing.lapse_bill import lapse_bill
from mpaspor.billing.models import Bill
from mpaspor.booking import releases
from mpaspor.booking.models import Slot
from mpaspor.booking.releases import Plan, open_due, open_release
from mpaspor.cli.check import breaches
from mpaspor.desk.plan_release import plan_release
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.queries import programme_by_code
from mpaspor.offices.rules import local_date
from mpaspor.simulators.bank_client import SnapClient
from tests import live_web
from tests.postgres import Urls
from tests.races.crowd import crowd, open_forms, statuses, together
from tests.races.test_check_out_races import counted, hour_with, office
from tests.races.test_closure_races import checks_out_and_pays, in_a_thread
from tests.races.test_money_races import bill_of, payment
from tests.stage.banks import known_bank

__all__ = ["office"]  # a fixture
Scalar = Callable[..., Any]
OPENINGS = "SELECT count(*) FROM event WHERE kind = 'released'"
SECOND = timedelta(seconds=1)


def day_of(hour: uuid.UUID, office: Office) -> date:
    starts_at = db.session.scalars(select(Slot.starts_at).where(Slot.id == hour)).one()
    db.session.remove()
    return local_date(starts_at, office.time_zone)


def release_of(hour: uuid.UUID, office: Office) -> tuple[uuid.UUID, datetime]:
    """The whole day of an hour is to open in a moment, and when it may be opened."""
    programme = programme_by_code()
    assert programme is not None
    day, opens_at = day_of(hour, office), clock.now() + SECOND
    made = plan_release(None, Plan(office, programme.id, opens_at, day, day), now=clock.now())
    return uuid.UUID(made), opens_at


def half_open(places: int) -> uuid.UUID:
    """An hour of which half is open."""
    hour = hour_with(places)
    db.session.execute(update(Slot).where(Slot.id == hour).values(released=places // 2))
    db.session.commit()
    db.session.remove()
    return hour


@pytest.mark.long
def test_places_that_open_in_the_rush_are_sold_and_nobody_is_seated_twice(
    app: Flask, office: Office, database: Urls, tmp_path: Path, scalar: Scalar
) -> None:
    hour = half_open(40)
    _release, opens_at = release_of(hour, office)
    with live_web.web(database, tmp_path, module="tests.races.guarded") as web:
        people = crowd(web.url, office, 60, clock.now())
        open_forms(people, hour)
        workers = [in_a_thread(app, lambda: open_due(now=opens_at)) for _ in range(2)]
        pressed = [person.press for person in people]
        answers = together([*pressed[:30], *workers, *pressed[30:]])
        refused = [
            person
            for person, answer in zip(people, answers[:30] + answers[32:], strict=True)
            if answer.status == 409
        ]
        again = [person.press() for person in refused]
    seated = statuses(answers).get(303, 0)
    assert set(statuses(answers)) <= {200, 303, 409} and 20 <= seated <= 40
    assert statuses(again).get(303, 0) == 40 - seated, "who presses again gets what has opened"
    assert counted(scalar, hour) == (40, 40)
    assert scalar("SELECT count(DISTINCT application_id) FROM booking WHERE slot_id = :id", id=hour) == 40
    assert scalar(OPENINGS) == 1
    assert [str(breach) for breach in breaches(clock.now())] == []


@pytest.mark.long
def test_workers_who_look_at_once_open_a_release_once(app: Flask, office: Office, scalar: Scalar) -> None:
    hour = half_open(40)
    release, opens_at = release_of(hour, office)
    together([in_a_thread(app, lambda: open_release(release, now=opens_at)) for _ in range(6)])
    assert scalar(OPENINGS) == 1
    assert scalar("SELECT places FROM release") == 20
    assert scalar("SELECT released FROM slot WHERE id = :id", id=hour) == 40
    assert [str(breach) for breach in breaches(clock.now())] == []


@pytest.mark.long
def test_twin_without_the_look_whether_it_has_opened_opens_it_again_and_the_record_says_so(
    app: Flask, office: Office, scalar: Scalar, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_always_due(now: datetime) -> ColumnElement[bool]:
        return true()

    hour = half_open(40)
    release, opens_at = release_of(hour, office)
    monkeypatch.setattr(releases, "is_due", is_always_due)
    together([in_a_thread(app, lambda: open_release(release, now=opens_at)) for _ in range(6)])
    assert scalar(OPENINGS) == 6
    assert scalar("SELECT places FROM release") == 0, "the last one opened nothing any more"
    assert scalar("SELECT released FROM slot WHERE id = :id", id=hour) == 40, "what is open has one target"


@pytest.mark.long
def test_moves_that_cross_take_what_is_free_and_nothing_of_each_other(
    app: Flask, office: Office, database: Urls, tmp_path: Path, scalar: Scalar
) -> None:
    """Ten of each of two hours want the other one, in which one place is left."""
    first, second = hour_with(11), hour_with(11, days=12)
    with live_web.web(database, tmp_path, module="tests.races.guarded") as web:
        people = crowd(web.url, office, 20, clock.now())
        for number, person in enumerate(people):
            mine, wished = (first, second) if number % 2 else (second, first)
            checks_out_and_pays(person, mine, number)
            person.page = f"ubah-jadwal/{wished}"
            person.open_form()
        answers = together([person.press for person in people])
    assert statuses(answers) == {303: 2, 409: 18}
    for hour in (first, second):
        assert (
            scalar("SELECT count(*) FROM booking WHERE slot_id = :id AND state = 'confirmed'", id=hour) == 10
        )
        assert scalar("SELECT (taken, released)::text FROM slot WHERE id = :id", id=hour) == "(10,10)"
    assert scalar("SELECT count(*) FROM booking_move") == scalar("SELECT count(*) FROM place_return") == 2
    assert [str(breach) for breach in breaches(clock.now())] == []


@pytest.mark.long
def test_a_bill_that_lapses_while_the_bank_pays_is_paid_and_has_its_hour_or_a_choice(
    app: Flask, office: Office, database: Urls, tmp_path: Path, scalar: Scalar
) -> None:
    count, hour = 20, hour_with(20)
    identity = known_bank(tmp_path / "bank", now=clock.now())
    with live_web.web(database, tmp_path, module="tests.races.guarded") as web:
        people = crowd(web.url, office, count, clock.now())
        bills = [bill_of(person, hour, number) for number, person in enumerate(people)]
        over = clock.now()
        db.session.execute(update(Bill).values(pay_until=over - SECOND, lapse_at=over - SECOND))
        db.session.commit()
        ids = list(db.session.scalars(select(Bill.id)))
        db.session.remove()
        beat(now=over)
        bank = SnapClient(web.url, identity, timeout=60)
        lapses = [in_a_thread(app, lambda i=found: lapse_bill(i, now=over)) for found in ids]  # type: ignore[misc]
        answers = together([*(payment(bank, bill) for bill in bills), *lapses])
    assert {answer.status for answer in answers[:count]} == {200}, "money is never refused here"
    seated = scalar("SELECT count(*) FROM application WHERE state = 'scheduled'")
    to_choose = scalar("SELECT count(*) FROM application WHERE state = 'awaiting_place'")
    assert seated + to_choose == count
    assert scalar("SELECT count(*) FROM bill WHERE state = 'paid'") == count
    assert scalar("SELECT count(*) FROM booking WHERE state = 'lapsed'") == to_choose
    assert scalar("SELECT count(*) FROM place_return") == to_choose
    assert [str(breach) for breach in breaches(clock.now())] == []
