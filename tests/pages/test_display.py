"""The screen of the waiting room: numbers and counters, of one office, and nobody's data."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk import hand_on_turn
from mpaspor.desk.call_next import call_again, call_next
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.stage.desk import House

SCREEN = "/layar/palembang"
PART = {"HX-Request": "true", "HX-Target": "layar"}


def called(house: House, counter: int = 3) -> str:
    code = house.walk(house.guest(), CaseState.ARRIVED)
    assert call_next(house[Role.VERIFIER].id, counter=counter, now=house.now) == code
    return code


def name_of(code: str) -> str:
    name = db.session.scalars(select(Application.full_name).where(Application.code == code)).one()
    db.session.remove()
    return str(name)


def calls_on(page: str) -> list[tuple[str, str]]:
    return re.findall(r'data-call="([^"]+)" data-words="([^"]+)"', page)


def test_the_screen_shows_the_number_and_its_counter_and_nothing_of_the_person(
    house: House, client: FlaskClient
) -> None:
    assert "Belum ada nomor yang dipanggil" in client.get(SCREEN).text
    code = called(house)
    page = client.get(SCREEN).text
    assert calls_on(page) == [("A001-3-1", "Nomor A 0 0 1, ke loket 3")]
    assert name_of(code) not in page and code not in page
    hand_on_turn.skip(house[Role.VERIFIER].id, code, now=house.now)
    assert calls_on(client.get(SCREEN).text) == []


def test_a_number_called_again_is_another_call_to_be_spoken(house: House, client: FlaskClient) -> None:
    code = called(house)
    call_again(house[Role.VERIFIER].id, code, now=house.now)
    assert [mark for mark, _words in calls_on(client.get(SCREEN).text)] == ["A001-3-2"]


def test_the_screen_asks_by_itself_with_scripts_or_without_and_its_part_is_small(
    house: House, client: FlaskClient
) -> None:
    called(house)
    page = client.get(SCREEN).text
    assert f'hx-get="{SCREEN}"' in page and f"url={SCREEN}?otomatis=1" in page
    part = client.get(SCREEN, headers=PART)
    assert part.text.lstrip().startswith('<div id="layar"') and len(part.data) < 2_000


def test_a_screen_belongs_to_an_office_in_service(client: FlaskClient, house: House) -> None:
    closed = db.session.scalars(select(Office.code).where(~Office.in_service).limit(1)).one()
    db.session.remove()
    for path in ("/layar/tidak-ada", f"/layar/{closed}", "/kios/tidak-ada"):
        assert client.get(path).status_code == 404, path


def test_who_asks_too_often_is_told_to_wait(house: House, app: Flask) -> None:
    client = app.test_client()
    statuses = [client.get(SCREEN).status_code for _ in range(121)]
    assert statuses[-2:] == [200, 429]
