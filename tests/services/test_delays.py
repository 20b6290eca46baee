"""The office is late today: who is still to come is told, the page says so, and the door knows."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask

from mpaspor.applications.rules import CaseState
from mpaspor.cli.check import breaches
from mpaspor.cli.quota import quota
from mpaspor.demo import messages
from mpaspor.desk import check_in
from mpaspor.desk.announce_delay import announce_delay
from mpaspor.desk.refusals import NothingToDelay, NotYourStep, TooLate
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from mpaspor.worker.loop import make_worker
from tests.stage import cast
from tests.stage.desk import House
from tests.stage.visitor import Visitor


def announce(house: House, minutes: int = 40, begins: time | None = None, at: datetime | None = None) -> int:
    who = house[Role.SUPERVISOR].id
    return announce_delay(who, house.office.id, minutes=minutes, begins=begins, now=at or house.now)


def test_those_who_are_still_to_come_are_told_and_nobody_else(house: House, app: Flask, scalar: Any) -> None:
    soon, later = house.guest(hours=1), house.guest(hours=5)
    here = house.walk(house.guest(hours=0), CaseState.ARRIVED)
    tomorrow = house.guest(hours=24)
    assert announce(house) == 2
    told = (
        "SELECT count(*) FROM outbox o JOIN application a ON a.id = o.application_id "
        "WHERE o.kind = 'delayed' AND a.code = :code"
    )
    assert [scalar(told, code=code) for code in (soon, later, here, tomorrow)] == [1, 1, 0, 0]
    make_worker(app).once()
    mail = next(one for one in messages.newest() if one.kind == "delayed" and soon[:4] in one.body)
    assert "terlambat 40 menit" in mail.subject and "09.40" in mail.subject
    found = [str(one) for one in breaches(house.now) if one.name.startswith("7. An announced")]
    assert found == []


def test_only_from_an_hour_on(house: House) -> None:
    house.guest(hours=1), house.guest(hours=5)
    assert announce(house, begins=time(11)) == 1


def test_the_same_once_more_tells_nobody_and_another_number_tells_all(house: House, now: datetime) -> None:
    house.guest(hours=1)
    assert announce(house) == 1
    with pytest.raises(NothingToDelay):
        announce(house)
    assert announce(house, 20, at=now + timedelta(minutes=1)) == 1
    assert announce(house, 0, at=now + timedelta(minutes=2)) == 1


def test_a_supervisor_of_the_office_announces(house: House, padang: Office, now: datetime) -> None:
    for who in (house[Role.RECEPTION].id, House(house.app, padang, now)[Role.SUPERVISOR].id):
        with pytest.raises(NotYourStep):
            announce_delay(who, house.office.id, minutes=40, begins=None, now=now)


def test_the_door_lets_in_as_much_later(house: House, now: datetime) -> None:
    told, not_told = house.guest(hours=0), house.guest(hours=0)
    late = now + timedelta(minutes=90)
    with pytest.raises(TooLate):
        check_in.check_in(house[Role.RECEPTION].id, not_told, reason=None, now=late)
    announce(house)
    check_in.check_in(house[Role.RECEPTION].id, told, reason=None, now=late)
    assert house.state_of(told) == "arrived"


def test_the_page_says_by_when(house: House, app: Flask, now: datetime) -> None:
    code = house.guest(hours=1)
    announce(house)
    page = Visitor(cast.owner_of(code, now).at(app)).opens(f"/permohonan/{code}").page.text
    assert "Kami terlambat 40 menit: datang pukul 09.40" in page and "Tiba pukul 09.40" in page


def test_a_supervisor_announces_on_the_page(house: House) -> None:
    house.guest(hours=1)
    boss = house[Role.SUPERVISOR].opens("/petugas/jam-tutup")
    wrong = boss.presses("/petugas/jam-tutup/terlambat", **{"telat-minutes": "banyak"}).page
    assert wrong.status_code == 422 and "Isi dengan angka, misalnya 40" in wrong.text
    boss.opens("/petugas/jam-tutup").presses("/petugas/jam-tutup/terlambat", **{"telat-minutes": "40"})
    assert boss.page.status_code == 303
    assert "diumumkan kepada 1 pemohon" in boss.then().page.text
    boss.opens("/petugas/jam-tutup").presses("/petugas/jam-tutup/terlambat", **{"telat-minutes": "40"})
    again = boss.page
    assert again.status_code == 409 and "sudah diumumkan" in again.text


def test_the_command_announces_too(house: House, app: Flask, now: datetime) -> None:
    house.guest(hours=1)
    run = app.test_cli_runner().invoke
    told = run(quota, ["delay", "--office", "palembang", "--minutes", "30"])
    assert told.output == "1 people are told.\n", told.output
    assert run(quota, ["delay", "--office", "palembang", "--minutes", "30"]).exit_code == 1
