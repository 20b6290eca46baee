"""A visit whose day is over without its person is missed, unless we were down on that day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from mpaspor.booking import mark_missed as marking
from mpaspor.booking.mark_missed import mark_missed
from mpaspor.foundation import clock, events
from mpaspor.foundation.database import db
from tests.stage.desk import House

DAY = 24


def down_at(moment: datetime) -> None:
    """The sweep came back after an outage."""
    with clock.at(moment):
        events.record("outage", actor=events.SYSTEM, now=moment, details={"gap_seconds": 7200})
        db.session.commit()


def test_yesterdays_visit_is_missed_and_todays_is_not(house: House, now: datetime) -> None:
    yesterday, today = house.guest(hours=-DAY), house.guest(hours=1)
    assert mark_missed(now=now) == 1
    assert (house.state_of(yesterday), house.state_of(today)) == ("missed", "scheduled")
    assert mark_missed(now=now) == 0


def test_the_day_ends_at_the_office_and_not_in_utc(house: House, now: datetime) -> None:
    """23 November, 23.30 in Palembang: the visit of that morning may still come."""
    code = house.guest(hours=0)
    assert mark_missed(now=now + timedelta(hours=15, minutes=30)) == 0
    assert mark_missed(now=now + timedelta(hours=16, minutes=1)) == 1
    assert house.state_of(code) == "missed"


def test_nobody_is_blamed_for_a_day_on_which_we_were_down_however_long_ago(
    house: House, now: datetime
) -> None:
    code = house.guest(hours=-DAY)
    down_at(now - timedelta(hours=20))
    for days in (0, 10, 15, 60):
        assert mark_missed(now=now + timedelta(days=days)) == 0
    assert house.state_of(code) == "scheduled"


def test_an_outage_on_the_day_after_counts_too_and_a_later_one_does_not(house: House, now: datetime) -> None:
    spared, missed = house.guest(hours=-3 * DAY), house.guest(hours=-4 * DAY)
    down_at(now - timedelta(hours=2 * DAY))
    assert mark_missed(now=now) == 1
    assert (house.state_of(spared), house.state_of(missed)) == ("scheduled", "missed")


def test_those_who_are_spared_keep_nobody_else_waiting(
    house: House, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "_BATCH", 1)
    spared, missed = house.guest(hours=-5 * DAY), house.guest(hours=-DAY)
    down_at(now - timedelta(hours=5 * DAY - 2))
    assert mark_missed(now=now) == 1
    assert (house.state_of(spared), house.state_of(missed)) == ("scheduled", "missed")
