"""The office at this moment, as its supervisor reads it at a glance."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from mpaspor.applications.rules import CaseState
from mpaspor.desk.announce_delay import announce_delay
from mpaspor.desk.call_next import call_next
from mpaspor.desk.check_in import check_in
from mpaspor.desk.models import Interview
from mpaspor.desk.stages import Stage
from mpaspor.desk.today import InTheHouse, today_at
from mpaspor.foundation.database import db
from mpaspor.people.rules import Role
from tests.stage.desk import House

MINUTE = timedelta(minutes=1)


def test_who_was_booked_who_came_and_who_waits_how_long_at_which_station(house: House) -> None:
    first, second, third = (house.guest() for _ in range(3))
    house.guest(hours=3)
    for minutes, code in enumerate((first, second, third)):
        check_in(house[Role.RECEPTION].id, code, reason=None, now=house.now + minutes * MINUTE)
    call_next(house[Role.VERIFIER].id, counter=2, now=house.now + 3 * MINUTE)
    found = today_at(house.office, now=house.now + 31 * MINUTE)
    db.session.remove()
    assert (found.booked, found.came, found.here, found.absent, found.done) == (4, 3, 3, 0, 0)
    assert found.stations == [InTheHouse(Stage.PAPERS, waiting=2, served=1, aside=0, longest=30)]
    assert found.longest == 30


def test_whoever_can_no_longer_be_in_time_is_absent_so_far(house: House) -> None:
    """Until a quarter of an hour after the hour somebody is in time, and longer where the office is late."""
    house.guest()
    over = house.now + timedelta(minutes=75)
    assert today_at(house.office, now=over).absent == 0
    assert today_at(house.office, now=over + MINUTE).absent == 1
    db.session.remove()
    announce_delay(house[Role.SUPERVISOR].id, house.office.id, minutes=30, begins=None, now=house.now)
    assert today_at(house.office, now=over + MINUTE).absent == 0
    assert today_at(house.office, now=over + 31 * MINUTE).absent == 1
    db.session.remove()


def test_an_errand_that_is_done_leaves_the_house(house: House) -> None:
    house.walk(house.guest(), CaseState.GRANTED)
    found = today_at(house.office, now=house.now)
    db.session.remove()
    assert (found.came, found.here, found.done, found.longest) == (1, 0, 1, None)


def test_a_promise_is_at_risk_on_its_day_and_not_the_day_before(house: House) -> None:
    """Four working days from Tuesday end on Monday, which is today."""
    house.walk(house.guest(), CaseState.INTERVIEWED)
    for days, at_risk in ((5, 0), (6, 1), (20, 1)):
        db.session.execute(update(Interview).values(held_at=house.now - timedelta(days=days)))
        db.session.commit()
        assert today_at(house.office, now=house.now).at_risk == at_risk, days
        db.session.remove()
