"""Doors that register at once, over real web processes: no place twice, no NIK twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mpaspor.booking.models import Slot
from mpaspor.cli.check import breaches
from mpaspor.demo.cookies import cookie_for
from mpaspor.foundation import clock
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date, moment_of
from mpaspor.people.rules import Role
from tests import live_web
from tests.postgres import Urls
from tests.races.crowd import Answer, Browser, together
from tests.stage import cast

DOORS, PLACES, PEOPLE = 4, 5, 12
TYPED = {
    "full_name": "Hasan Basri Lubis",
    "birth_on-day": "7",
    "birth_on-month": "8",
    "birth_on-year": "1950",
    "sex": "male",
    "ground": "elderly-id_card",
    "before": "belum",
    "kind": "electronic_laminated-5",
    "card_held": "y",
}
Scalar = Callable[..., Any]


class DoorsComputer(Browser):
    """The computer of a door, whose form is one person."""

    @property
    def path(self) -> str:
        return "/petugas/daftar"

    def writes(self, nik: str) -> DoorsComputer:
        """A form of its own for this person, drawn afresh."""
        one = replace(self)
        page = one.read(one.path)
        [form] = re.findall(r'action="/petugas/daftar"(.*?)</form>', page, re.S)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        one.form = {**hidden, **TYPED, "nik": nik}
        return one


@pytest.fixture
def lane(app: Flask, palembang: Office) -> Office:
    """The office with one hour that lasts all of today, so that the test knows no time of day."""
    like = db.session.scalars(select(Slot).where(Slot.office_id == palembang.id).limit(1)).one()
    programme = offices.programme_by_code(offices.PRIORITY)
    assert programme is not None
    begins = moment_of(local_date(clock.now(), palembang.time_zone), time.min, palembang.time_zone)
    db.session.add(
        Slot(
            id=uuid7(),
            office_id=palembang.id,
            service_point_id=like.service_point_id,
            programme_id=programme.id,
            starts_at=begins,
            ends_at=begins + timedelta(days=2),
            capacity=PLACES,
            released=PLACES,
        )
    )
    db.session.commit()
    return palembang


def doors(url: str, office: Office) -> list[DoorsComputer]:
    found = []
    for number in range(DOORS):
        who = cast.officer(office, Role.RECEPTION, now=clock.now(), name=f"Pintu {number}")
        _name, value = cookie_for(who.token)
        found.append(DoorsComputer(url, f"10.4.0.{number + 1}", "", {"mp_petugas": value}))
    return found


def of(answers: list[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


def clean() -> bool:
    return [str(breach) for breach in breaches(clock.now())] == []


def test_doors_at_once_never_give_the_last_place_twice(
    lane: Office, database: Urls, tmp_path: Path, scalar: Scalar
) -> None:
    with live_web.web(database, tmp_path, module="tests.races.guarded") as web:
        computers = doors(web.url, lane)
        forms = [
            computers[number % DOORS].writes(f"167101070850{number + 1:04d}") for number in range(PEOPLE)
        ]
        answers: list[Answer] = together([one.press for one in forms])
    assert of(answers) == {303: PLACES, 409: PEOPLE - PLACES}
    assert scalar("SELECT count(*) FROM walk_in") == PLACES
    assert clean()


def test_one_nik_at_every_door_makes_one_case(
    lane: Office, database: Urls, tmp_path: Path, scalar: Scalar
) -> None:
    with live_web.web(database, tmp_path, module="tests.races.guarded") as web:
        forms = [computer.writes("1671010708500001") for computer in doors(web.url, lane)]
        answers: list[Answer] = together([one.press for one in forms])
    assert of(answers) == {303: 1, 409: DOORS - 1}
    refused = next(answer for answer in answers if answer.status == 409)
    code = scalar("SELECT code FROM application WHERE state = 'awaiting_payment'")
    assert f"/petugas/kasus/{code}" in refused.body, "the way to the case that was first"
    assert scalar("SELECT count(*) FROM application") == 1
    assert clean()
