"""The office in figures: what a supervisor reads of some days, by the product's own operations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from mpaspor.applications.rules import CaseState
from mpaspor.desk.models import Turn
from mpaspor.desk.queue_rules import TurnState
from mpaspor.desk.report import report
from mpaspor.desk.stages import Stage
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date
from tests.stage.desk import House

S = CaseState


def test_places_of_a_day_are_told_with_who_came_and_who_did_not(
    house: House, palembang: Office, now: datetime, scalar: Callable[..., Any]
) -> None:
    house.walk(house.guest(), S.ARRIVED)
    house.guest(hours=1)
    house.guest(hours=1, state=S.MISSED)
    today = local_date(now, palembang.time_zone)
    found = report(palembang, today, today)
    [day] = found.days
    assert (day.on, day.taken, day.came) == (today, 3, 1)
    places = "SELECT sum(released) FROM slot WHERE (starts_at AT TIME ZONE 'Asia/Jakarta')::date = :day"
    assert day.places == scalar(places, day=today)
    assert report(palembang, today - timedelta(days=9), today - timedelta(days=3)).taken == 0


def test_a_station_is_told_by_the_middle_and_by_nine_in_ten(
    house: House, palembang: Office, now: datetime
) -> None:
    """Eleven turns, waited 0 to 10 minutes and served 5: half within 5, nine in ten within 9."""
    house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    one = db.session.scalars(select(Turn).where(Turn.station == Stage.PAPERS)).one()
    for minutes in range(11):
        began = now + timedelta(minutes=minutes)
        like = {
            name: getattr(one, name) for name in ("application_id", "presence_id", "office_id", "officer_id")
        }
        ended = began + timedelta(minutes=5)
        db.session.add(
            Turn(
                station=Stage.PAPERS, state=TurnState.DONE, since=now, began_at=began, ended_at=ended, **like
            )
        )
    db.session.delete(one)
    db.session.commit()
    today = local_date(now, palembang.time_zone)
    [papers] = [row for row in report(palembang, today, today).stations if row.station is Stage.PAPERS]
    assert papers.turns == 11
    assert (papers.waited_median, papers.waited_p90, papers.served_median) == (5, 9, 5)


def test_a_passport_that_is_ready_in_time_keeps_the_promise(
    house: House, palembang: Office, now: datetime
) -> None:
    in_time = house.walk(house.guest(), S.READY)
    late = house.walk(house.guest(hours=1), S.PRINTED)
    weeks_later = now + timedelta(days=21)
    with clock.at(weeks_later):
        house.walk_on(late, S.READY, weeks_later)
    first, last = local_date(now, palembang.time_zone), local_date(weeks_later, palembang.time_zone)
    found = report(palembang, first, last)
    assert (found.ready_in_time, found.ready_late, found.kept_promises) == (1, 1, 50), in_time
    assert sum(count for _name, _station, count in found.work) >= 8


def test_another_office_has_figures_of_its_own(house: House, palembang: Office, now: datetime) -> None:
    house.walk(house.guest(), S.READY)
    other = db.session.scalars(select(Office).where(Office.code != palembang.code).limit(1)).one()
    today = local_date(now, palembang.time_zone)
    found = report(other, today, today)
    assert (found.taken, list(found.stations), list(found.work), found.ready_in_time) == (0, [], [], 0)
