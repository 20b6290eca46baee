"""Officers who press N at once, over real web processes: each gets another person, nobody is called twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from mpaspor.booking.generate_slots import top_up
from mpaspor.cli.check import breaches
from mpaspor.demo.cookies import cookie_for
from mpaspor.desk.check_in import check_in
from mpaspor.foundation import clock
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests import live_web
from tests.postgres import Urls
from tests.races.crowd import Browser, together
from tests.stage import cast, desk

OFFICERS, PEOPLE = 8, 6


@pytest.fixture
def office(app: Flask, palembang: Office) -> Office:
    top_up(palembang.id, now=clock.now())
    return palembang


class OfficersBrowser(Browser):
    """An officer's browser, whose form is the key N of the board."""

    @property
    def path(self) -> str:
        return "/petugas/berikutnya"

    def sit_down(self, counter: int) -> None:
        board = self.read("/petugas")
        [form] = re.findall(r'action="/petugas/berikutnya">(.*?)</form>', board)
        self.form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
        token = self.form["csrf_token"]
        assert self._ask("POST", "/petugas/loket", f"csrf_token={token}&loket={counter}").status == 303


def verifier(url: str, office: Office, number: int) -> OfficersBrowser:
    """An officer's browser with the board open."""
    who = cast.officer(office, Role.VERIFIER, now=clock.now(), name=f"Petugas {number}")
    _name, value = cookie_for(who.token)
    return OfficersBrowser(url, f"10.2.0.{number + 1}", "", {"mp_petugas": value})


def test_officers_who_press_at_once_get_different_people(
    office: Office, database: Urls, tmp_path: Path, scalar: Callable[..., Any]
) -> None:
    now = clock.now()
    door = cast.officer(office, Role.RECEPTION, now=now)
    codes = {desk.guest(office, now) for _ in range(PEOPLE)}
    for code in sorted(codes):
        check_in(door.id, code, reason="Serentak", now=now)
    with live_web.web(database, tmp_path, module="tests.races.guarded") as web:
        officers = [verifier(web.url, office, number) for number in range(OFFICERS)]
        for number, one in enumerate(officers):
            one.sit_down(number + 1)
        answers = together([one.press for one in officers for _ in range(2)])

    opened = [re.sub(r".*/kasus/", "", answer.location) for answer in answers if "/kasus/" in answer.location]
    assert set(opened) == codes and len(opened) == 2 * PEOPLE, "each press of one officer is the same person"
    assert {answer.status for answer in answers} == {303}
    assert scalar("SELECT count(DISTINCT officer_id) FROM turn WHERE state = 'called'") == PEOPLE
    assert scalar("SELECT count(*) FROM event WHERE kind = 'turn'") == PEOPLE
    assert not [found for found in breaches(now) if found.name.startswith(("5. Nobody", "6. Whoever"))]
