"""Kill -9 while a booklet is written down as printed: nothing is lost, nothing doubled, and the officer's
repeat is answered as if nothing had happened.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask

from mpaspor.applications.rules import CaseState
from mpaspor.booking.generate_slots import top_up
from mpaspor.cli.check import breaches
from mpaspor.demo.cookies import cookie_for
from mpaspor.foundation import clock
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests import live_web
from tests.broken_by_hand import sweep_files
from tests.postgres import Urls
from tests.stage import cast
from tests.stage.desk import House, booklet
from tests.stage.forms import Form, forms_of

Scalar = Callable[..., Any]


@dataclass
class Printer:
    """An officer's browser over a real port: it keeps its cookies, and its form when nobody answers."""

    cookies: dict[str, str]

    def asks(self, url: str, form: Mapping[str, Any] | None = None) -> tuple[int, str]:
        """Status and page of an address; raises `ConnectionError` where the server dies meanwhile."""
        place = urlsplit(url)
        connection = http.client.HTTPConnection(place.netloc, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers["Referer"] = url
        method, body = "GET", None
        if form is not None:
            method, body = "POST", urlencode(form, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, f"{place.path}?{place.query}".rstrip("?"), body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _, rest = line.partition("=")
                self.cookies[name] = rest.partition(";")[0]
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@pytest.fixture
def today(app: Flask, palembang: Office) -> datetime:
    """The machine's own moment: a process beside the test has no other clock."""
    sweep_files()
    now = clock.now()
    top_up(palembang.id, now=now)
    return now


@pytest.mark.parametrize("order", ["die-printing", "die-printed"])
def test_a_server_killed_while_a_booklet_is_written_down_prints_it_once(
    order: str, app: Flask, palembang: Office, today: datetime, database: Urls, tmp_path: Path, scalar: Scalar
) -> None:
    house = House(app, palembang, today)
    code = house.walk(house.guest(), CaseState.GRANTED)
    number, other = booklet(house, "X1000001"), booklet(house, "X1000002")
    who = printer(palembang, today)
    port = live_web.free_port()
    sheet = f"http://127.0.0.1:{port}/petugas/cetak/lembar?pilih={code}"

    with live_web.web(database, tmp_path, port=port, orders=(order,)) as web:
        status, page = who.asks(sheet)
        assert status == 200
        [form] = [form for form in forms_of(page) if form.action.endswith(f"/lembar/{code}")]
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            presses(who, web.url, form, number)
        assert web.process.wait(timeout=60) == -9
    kept = ("printed", "used") if order == "die-printed" else ("granted", "in_stock")
    assert (house.state_of(code), stock_of(scalar, number)) == kept

    with live_web.web(database, tmp_path, port=port) as web:
        for _ in range(2):
            assert presses(who, web.url, form, number)[0] == 303
        status, page = who.asks(sheet)
    assert status == 200 and "Semua di lembar ini sudah dicetak" in page and number in page
    assert house.state_of(code) == "printed"
    assert scalar("SELECT string_agg(number, ',') FROM booklet") == number
    assert (stock_of(scalar, number), stock_of(scalar, other)) == ("used", "in_stock")
    assert scalar("SELECT count(*) FROM event WHERE kind = 'case' AND to_state = 'printed'") == 1
    assert [str(breach) for breach in breaches(clock.now()) if "ooklet" in str(breach)] == []


def stock_of(scalar: Scalar, number: str) -> str:
    return str(scalar("SELECT state FROM blank_booklet WHERE number = :number", number=number))


def printer(office: Office, now: datetime) -> Printer:
    who = cast.officer(office, Role.PRINTER, now=now)
    return Printer(dict([cookie_for(who.token, "officer")]))


def presses(who: Printer, url: str, form: Form, number: str) -> tuple[int, str]:
    """Scan the booklet into its row, with the form as the page gave it."""
    return who.asks(f"{url}{form.action}", {**form.fields, "number": number})
