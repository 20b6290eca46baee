"""Five hundred people, twenty places, real web processes: nobody is oversold, everybody is told.

The last two tests are twins of the first in which the guards are taken away one by one. They show that it
is the guards which hold the line, and that this race would notice if they did not.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mpaspor.booking.generate_slots import top_up
from mpaspor.booking.models import Slot
from mpaspor.cli.check import breaches
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Office
from tests import live_web
from tests.broken_by_hand import by_hand, sweep_files
from tests.postgres import Urls
from tests.races.crowd import crowd, open_forms, statuses, together

Scalar = Callable[..., Any]


@pytest.fixture
def office(app: Flask) -> Office:
    """Palembang with places from tomorrow on by the real clock: the web processes have no other."""
    found = offices.office_by_code("palembang")
    assert found is not None
    top_up(found.id, now=clock.now())
    sweep_files()
    db.session.remove()
    return found


def hour_with(places: int, *, days: int = 5) -> uuid.UUID:
    """The first hour more than so many days ahead, with so many places."""
    begin = clock.now() + timedelta(days=days)
    slot = db.session.scalars(
        select(Slot).where(Slot.starts_at > begin).order_by(Slot.starts_at).limit(1)
    ).one()
    slot.capacity = slot.released = places
    db.session.commit()
    db.session.remove()
    return slot.id


def counted(scalar: Scalar, slot_id: uuid.UUID) -> tuple[object, object]:
    """(what the hour says was taken, the bookings that there are)"""
    return (
        scalar("SELECT taken FROM slot WHERE id = :id", id=slot_id),
        scalar("SELECT count(*) FROM booking WHERE slot_id = :id", id=slot_id),
    )


@pytest.mark.long
def test_five_hundred_on_twenty_places(
    office: Office, database: Urls, tmp_path: Path, scalar: Scalar
) -> None:
    hour = hour_with(20)
    with live_web.web(database, tmp_path, module="tests.races.guarded") as web:
        people = crowd(web.url, office, 500, clock.now())
        open_forms(people, hour)
        answers = together([person.press for person in people])

    assert statuses(answers) == {303: 20, 409: 480}
    assert counted(scalar, hour) == (20, 20)
    assert scalar("SELECT count(*) FROM booking WHERE state = 'held'") == 20
    won = [person.code for person, answer in zip(people, answers, strict=True) if answer.status == 303]
    for person, answer in zip(people, answers, strict=True):
        if answer.status == 303:
            assert person.code in answer.location
        else:
            assert "Jam itu baru saja penuh" in answer.body
    held = set(db.session.scalars(db.text("SELECT code FROM application WHERE state = 'awaiting_payment'")))
    assert held == set(won)
    assert scalar("SELECT count(*) FROM application WHERE state = 'draft'") == 480
    assert scalar("SELECT count(*) FROM one_time_key") == 20, "a refusal uses up no key"
    assert [str(breach) for breach in breaches(clock.now())] == []


def test_many_taps_of_one_button_are_one_booking(
    office: Office, database: Urls, tmp_path: Path, scalar: Scalar
) -> None:
    hour = hour_with(12)
    with live_web.web(database, tmp_path, module="tests.races.guarded") as web:
        people = crowd(web.url, office, 12, clock.now())
        open_forms(people, hour)
        answers = together([person.press for person in people for _ in range(6)])
        again = [person.press() for person in people]

    assert statuses(answers) == {303: 72}
    for number, person in enumerate(people):
        taps = {answer.location for answer in (*answers[number * 6 : number * 6 + 6], again[number])}
        assert len(taps) == 1 and person.code in taps.pop()
    assert counted(scalar, hour) == (12, 12)
    assert scalar("SELECT count(*) FROM bill") == 12
    assert [str(breach) for breach in breaches(clock.now())] == []


@pytest.mark.long
def test_twin_without_the_where_the_check_still_holds_the_line(
    office: Office, database: Urls, tmp_path: Path, scalar: Scalar
) -> None:
    hour = hour_with(5)
    with live_web.web(database, tmp_path, module="tests.races.unguarded") as web:
        people = crowd(web.url, office, 40, clock.now())
        open_forms(people, hour)
        answers = together([person.press for person in people])

    assert statuses(answers) == {303: 5, 500: 35}
    assert counted(scalar, hour) == (5, 5)
    assert [str(breach) for breach in breaches(clock.now())] == []


@pytest.mark.long
def test_twin_without_where_and_check_oversells_and_check_says_so(
    office: Office, database: Urls, tmp_path: Path, scalar: Scalar
) -> None:
    hour = hour_with(5)
    with by_hand(database, ("ck_slot_never_oversold",)):
        with live_web.web(database, tmp_path, module="tests.races.unguarded") as web:
            people = crowd(web.url, office, 40, clock.now())
            open_forms(people, hour)
            answers = together([person.press for person in people])

        assert statuses(answers) == {303: 40}
        assert counted(scalar, hour) == (40, 40)
        found = [breach for breach in breaches(clock.now()) if breach.row == str(hour)]
        assert [breach.wrong for breach in found] == ["bookings 40, taken 40, released 5, capacity 5"]
