"""Role, office and station beyond the address: who may open a form may still not be the one to send it.

`test_routes.py` sends every role to every address. Here stands what the addresses do not say: an address that
several roles share, in each state of a case; ids of another office; methods that no address names.
"""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mpaspor.applications.rules import STEPS_BACK, CaseState
from mpaspor.desk.rules import PAPERS_DECIDED_BY, PAPERS_DECIDED_IN, WHO_BACK
from mpaspor.desk.stages import HOME, PERSON_WAITS, station_of
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.house.audiences import AUDIENCES
from tests.house.test_routes import Address, addresses, ask, is_officers, no_tokens
from tests.stage import cast
from tests.stage.desk import House

__all__ = ["no_tokens"]
S = CaseState
AT_THE_DESK = (
    S.ARRIVED,
    S.DOCUMENTS_CHECKED,
    S.BIOMETRICS_TAKEN,
    S.INTERVIEWED,
    S.GRANTED,
    S.PRINTED,
    S.READY,
)


def browsers(app: Flask, office: Office, now: datetime) -> dict[Role, FlaskClient]:
    """One officer of each role with a browser."""
    return {role: cast.officer(office, role, now=now).at(app) for role in Role}


@pytest.mark.parametrize("state", AT_THE_DESK)
def test_abuse_15_a_step_back_is_for_those_who_made_the_step(
    app: Flask, house: House, palembang: Office, now: datetime, no_tokens: None, state: CaseState
) -> None:
    for role, client in browsers(app, palembang, now).items():
        code = house.walk(house.guest(), state)
        form = {"kunci": f"back-{role}-{state}", "back-state": state, "back-reason": "Salah tekan"}
        answer = client.post(f"/petugas/kasus/{code}/kembali", data=form)
        may = role in WHO_BACK[state]
        assert house.state_of(code) == (STEPS_BACK[state] if may else state), (role, answer.status_code)
        assert (answer.status_code == 303) == may, role


@pytest.mark.parametrize("state", AT_THE_DESK)
def test_abuse_15_a_paper_is_decided_by_its_roles_in_its_states(
    app: Flask, house: House, palembang: Office, now: datetime, no_tokens: None, state: CaseState
) -> None:
    for role, client in browsers(app, palembang, now).items():
        code = house.walk(house.guest(), state)
        form = {"kunci": f"want-{role}-{state}", "want-why": "blurry", "want-message": ""}
        answer = client.post(f"/petugas/kasus/{code}/berkas/ktp/minta", data=form)
        may = role in PAPERS_DECIDED_BY and state in PAPERS_DECIDED_IN
        assert (answer.status_code == 303) == may, (role, answer.status_code)
        assert house.state_of(code) == state


@pytest.mark.parametrize("state", AT_THE_DESK)
def test_abuse_15_whoever_waits_is_called_by_their_own_station_alone(
    app: Flask, house: House, palembang: Office, now: datetime, no_tokens: None, state: CaseState
) -> None:
    station = station_of(state, is_here=state not in (S.GRANTED, S.PRINTED, S.READY))
    for role, client in browsers(app, palembang, now).items():
        code = house.walk(house.guest(), state)
        client.post("/petugas/loket", data={"loket": "7"})
        answer = client.post(f"/petugas/kasus/{code}/panggil", data={"kunci": f"call-{role}-{state}"})
        may = station is not None and HOME.get(role) is station
        assert (answer.status_code == 303) == may, (role, station, answer.status_code)
        if may and station in PERSON_WAITS:
            assert "Dipanggil ke loket 7" in client.get(f"/petugas/kasus/{code}").text


def test_abuse_15_no_id_of_another_office_is_known(
    app: Flask, palembang: Office, padang: Office, now: datetime, no_tokens: None
) -> None:
    """Whatever stands in an address beside a code: an officer, a question of the door."""
    theirs = cast.officer(palembang, Role.VERIFIER, now=now).id
    stranger = cast.officer(padang, *Role, now=now).at(app)
    walked = 0
    for address in addresses(app, staff_id=theirs):
        if not is_officers(address) or str(theirs) not in address.path:
            continue
        assert ask(stranger, address).status_code in (404, 422), address
        walked += 1
    assert walked >= 5


def test_abuse_15_no_method_that_an_address_does_not_name_does_anything(
    app: Flask, house: House, palembang: Office, now: datetime, no_tokens: None
) -> None:
    code = house.walk(house.guest(), S.INTERVIEWED)
    everybody = cast.officer(palembang, *Role, now=now).at(app)
    named: dict[str, set[str]] = {}
    for address in addresses(app, code=code):
        named.setdefault(address.path, set()).add(address.method)
    for path, methods in named.items():
        for method in {"POST", "PUT", "PATCH", "DELETE"} - methods:
            answer = ask(everybody, Address("-", method, path, False))
            assert answer.status_code in (303, 404, 405), (method, path, answer.status_code)
    assert house.state_of(code) == "interviewed"


def test_what_is_shared_is_what_is_asked_here() -> None:
    """An address that several roles may send to stands above, or moves no case by a station."""
    shared = {name for name, who in AUDIENCES.items() if name.startswith("officers.") and len(who) > 1}
    assert {name.partition(".")[2] for name in shared} - KNOWN_SHARED == set()


# Steps that several roles may make are asked above state by state; the rest reads, looks up, or is a
# supervisor's or an administrator's affair with tests of its own.
KNOWN_SHARED = {
    "accept_paper", "want_paper", "draft_difference", "finish_documents", "step_back",
    "choose_counter", "call_next", "call_this_one", "call_again", "park", "skip", "pause",
    "ask_whom_to_hand_on_to", "hand_on", "take_over",
    "case", "show_paper", "show_letter", "show_photo", "show_search", "search",
    "look_at_scan", "look_at_nothing",
    "show_check_in", "let_in", "prioritise", "ask_for_supervisor", "show_asking",
    "show_stock", "write_off_booklet",
    "propose_nik", "confirm_nik", "decline_nik", "correct",
    "list_officers", "show_officer", "note_absence", "end_absence", "show_failed_messages", "retry_message",
    "show_offline_door", "show_sign_of_life", "take_list", "tell_arrival",
    "ask_to_open_kiosk", "make_kiosk",
    "show_walk_ins", "register", "show_slip", "renew_slip", "seat_here",
}  # fmt: skip
