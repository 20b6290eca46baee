"""Two doors that tell of the same people at once, over real web processes: each is let in once."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from mpaspor.booking.generate_slots import top_up
from mpaspor.cli.check import breaches
from mpaspor.demo.cookies import cookie_for
from mpaspor.foundation import clock
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests import live_web
from tests.postgres import Urls
from tests.races.crowd import Answer, Browser, together
from tests.stage import cast, desk

PEOPLE, DOORS = 4, 3


class DoorsComputer(Browser):
    """The computer at a door that tells what it wrote down; its form is one arrival."""

    @property
    def path(self) -> str:
        return "/petugas/hadir/luring/kirim"

    def takes_the_list(self) -> dict[str, Any]:
        [token] = re.findall(r'"token":"([^"]+)"', self.read("/petugas/hadir/luring/tanda"))
        self.form = {"csrf_token": token}
        found: dict[str, Any] = json.loads(
            self._ask("POST", "/petugas/hadir/luring/daftar", urlencode(self.form)).body
        )
        return found

    def wrote(self, code: str, found: dict[str, Any]) -> DoorsComputer:
        """One arrival, in a form of its own."""
        told = {"key": str(uuid.uuid4()), "list": found["id"], "code": code, "at": str(found["made"])}
        return replace(self, form={**self.form, **told, "reason": "Serentak"})


def test_doors_that_tell_at_once_let_everybody_in_once(
    app: Flask, palembang: Office, database: Urls, tmp_path: Path, scalar: Callable[..., Any]
) -> None:
    now = clock.now()
    top_up(palembang.id, now=now)
    codes = [desk.guest(palembang, now) for _ in range(PEOPLE)]
    with live_web.web(database, tmp_path, module="tests.races.guarded") as web:
        told = []
        for number in range(DOORS):
            who = cast.officer(palembang, Role.RECEPTION, now=now, name=f"Pintu {number}")
            _name, value = cookie_for(who.token)
            door = DoorsComputer(web.url, f"10.3.0.{number + 1}", "", {"mp_petugas": value})
            found = door.takes_the_list()
            told += [door.wrote(code, found) for code in codes]
        answers: list[Answer] = together([one.press for one in told for _ in range(2)])

    became = [json.loads(answer.body) for answer in answers]
    assert became[::2] == became[1::2], "the same key has one answer"
    let_in = [one for one in became[::2] if one["became"] == "let_in"]
    assert len(let_in) == PEOPLE and {one["became"] for one in became} == {"let_in", "here"}
    assert scalar("SELECT count(*) FROM presence") == scalar("SELECT sum(last) FROM queue_counter") == PEOPLE
    assert scalar("SELECT count(*) FROM event WHERE kind = 'case' AND to_state = 'arrived'") == PEOPLE
    assert not [found for found in breaches(clock.now()) if found.name.startswith(("5. Nobody", "6. Who"))]
