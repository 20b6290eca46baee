"""What the server gives the door for when it is away, and what it takes back."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mpaspor.people.rules import Role
from mpaspor.web.assets import build
from tests.stage.cast import Person
from tests.stage.desk import House, Officer
from tests.stage.visitor import Visitor

LIST = "/petugas/hadir/luring/daftar"
TELL = "/petugas/hadir/luring/kirim"


def tells(who: Officer, list_id: str, which: str, made: int, **changed: Any) -> Any:
    fields = {"key": str(uuid.uuid4()), "list": list_id, "code": which, "at": made, **changed}
    return who.post(TELL, **fields)


def test_the_page_that_a_browser_keeps_is_about_nobody(house: House) -> None:
    page = house[Role.RECEPTION].get("/petugas/hadir/luring").text
    assert "Pintu luring" in page and 'id="pindai"' in page
    for word in ("Petugas reception", "csrf_token", "X-CSRFToken", 'name="kunci"', 'data-list=""'):
        assert word not in page


def test_the_list_is_the_least_that_the_door_needs(house: House) -> None:
    code = house.guest()
    found = house[Role.RECEPTION].post(LIST).json
    (row,) = found["rows"]
    assert set(row) == {"code", "number", "name", "year", "from", "until", "here", "says"}
    assert row["code"] == code and row["from"] == int(house.now.timestamp() * 1000) and row["says"] is None
    assert found["office"] == "palembang" and found["day"] == "2026-11-23"
    assert found["until"] - found["made"] <= 12 * 3600 * 1000


def test_what_was_written_down_is_told_and_answered_in_words(house: House) -> None:
    who, code = house[Role.RECEPTION], house.guest()
    found = who.post(LIST).json
    key = str(uuid.uuid4())
    first = tells(who, found["id"], code, found["made"], key=key)
    again = tells(who, found["id"], code, found["made"], key=key)
    assert first.json == again.json == {"became": "let_in", "words": "Tercatat, nomor A001."}
    another = tells(who, found["id"], house.guest(), found["made"], key=key)
    assert another.json["became"] == "refused"
    assert tells(who, str(uuid.uuid4()), code, found["made"]).json["became"] == "refused"


@pytest.mark.parametrize(
    "changed", [{"key": "x"}, {"list": ""}, {"at": "now"}, {"at": -1}, {"at": 10**20}, {"code": "7H3"}]
)
def test_nonsense_is_nothing_that_a_door_tells(house: House, changed: dict[str, Any]) -> None:
    who, code = house[Role.RECEPTION], house.guest()
    found = who.post(LIST).json
    assert tells(who, found["id"], code, found["made"], **changed).status_code == 400
    assert house.state_of(code) == "scheduled"


def test_abuse_15_no_other_role_is_given_the_list_or_tells(house: House) -> None:
    code = house.guest()
    found = house[Role.RECEPTION].post(LIST).json
    verifier = house[Role.VERIFIER]
    assert verifier.post(LIST).status_code == 403
    assert tells(verifier, found["id"], code, found["made"]).status_code == 403
    assert house.state_of(code) == "scheduled"


def test_abuse_46_signing_out_leaves_nothing_but_what_was_not_told_yet(house: House) -> None:
    left = house[Role.RECEPTION].post("/petugas/keluar")
    assert left.headers["Clear-Site-Data"] == '"storage"'
    supervisor = house[Role.SUPERVISOR]
    supervisor.client.set_cookie("mp_antre", "2")
    assert "Clear-Site-Data" not in supervisor.post("/petugas/keluar").headers


def test_abuse_46_an_applicant_who_signs_out_there_takes_no_arrival_along(app: Flask, ratna: Person) -> None:
    at = Visitor(ratna.at(app))
    at.client.set_cookie("mp_antre", "1")
    left = at.post("/keluar")
    assert left.status_code == 303 and "Clear-Site-Data" not in left.headers
    at.client.set_cookie("mp_antre", "0")
    assert at.post("/keluar").headers["Clear-Site-Data"] == '"storage"'


def whose_list(page: str) -> list[str]:
    return re.findall(r'data-list="([^"]*)"', page)


def test_abuse_46_each_page_says_whose_list_may_stay_and_an_error_page_says_nothing(
    house: House, client: FlaskClient
) -> None:
    door = house[Role.RECEPTION]
    assert whose_list(door.get("/petugas").text) == [str(door.id)]
    assert whose_list(house[Role.VERIFIER].get("/petugas").text) == [""]
    assert whose_list(client.get("/petugas/masuk").text) == [""]
    assert whose_list(door.get("/petugas/tidak-ada").text) == []


def test_a_worker_stands_in_front_of_the_door_and_of_nothing_else(client: FlaskClient, app: Flask) -> None:
    answer = client.get(f"/static/{build('offline-worker.js').digest}/offline-worker.js")
    assert answer.headers["Service-Worker-Allowed"] == "/petugas/hadir"
    others = client.get(f"/static/{build('offline-door.js').digest}/offline-door.js")
    assert "Service-Worker-Allowed" not in others.headers
