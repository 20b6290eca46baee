"""A desk that was left alone asks for the code, and nothing typed is lost; grave acts want a fresh one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from mpaspor.applications.rules import CaseState
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.people.models import SignIn
from mpaspor.people.rules import Role
from mpaspor.people.second_factor import apps
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.let_in import let_in
from mpaspor.web.sessions import TOKEN
from tests.stage.desk import House, Officer
from tests.stage.officers_in import Telephone

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PHONE = Telephone(SECRET)
NOTES = "Pemohon menjawab lancar; tujuan ke Penang menjenguk kakak, tiket pulang sudah ada."


@contextmanager
def after(now: datetime, **span: int) -> Iterator[datetime]:
    with clock.at(now + timedelta(**span)):
        yield clock.now()


def with_a_telephone(officer: Officer, now: datetime) -> Officer:
    operation(lambda: apps.put(officer.id, SECRET, last_step=0, now=now))()
    return officer


@pytest.fixture
def at_the_interview(house: House, now: datetime) -> tuple[Officer, str]:
    """The interviewer with an open case, whose notes are half typed."""
    code = house.walk(house.guest(), CaseState.BIOMETRICS_TAKEN)
    return with_a_telephone(house[Role.INTERVIEWER], now), f"/petugas/kasus/{code}"


def sends(officer: Officer, page: str) -> Officer:
    """Send the interview, as its form says it."""
    fields = {"interview-notes": NOTES, "interview-verdict": "recommend"}
    return officer.presses(f"{page}/wawancara", **fields)


def test_notes_sent_after_half_an_hour_wait_for_the_code_and_go_on(at_the_interview, house, now, scalar):
    officer, page = at_the_interview
    officer.opens(page)
    with after(now, minutes=31) as late:
        sends(officer, page)
        assert officer.page.status_code == 403 and officer.heading == "Layar terkunci"
        assert NOTES in officer.text  # carried, and nothing is shown of the case
        assert "TAMU" not in officer.text
        officer.presses(f"{page}/wawancara", bukti=PHONE.wrong(late))
        assert officer.page.status_code == 422 and "salah" in officer.text
        officer.presses(f"{page}/wawancara", bukti=PHONE.shows(late)).then()
    assert officer.path == page
    assert scalar("SELECT count(*) FROM interview") == 1


def test_a_double_tap_on_the_code_sends_the_notes_once(at_the_interview, now, scalar):
    officer, page = at_the_interview
    officer.opens(page)
    with after(now, minutes=31) as late:
        sends(officer, page)
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', officer.text))
        fields["bukti"] = PHONE.shows(late)
        first = officer.client.post(f"{page}/wawancara", data=fields)
        again = officer.client.post(f"{page}/wawancara", data=fields)
    assert first.status_code == again.status_code == 303
    assert scalar("SELECT count(*) FROM interview") == 1


def test_a_page_that_is_asked_for_comes_after_the_code(at_the_interview, now):
    officer, page = at_the_interview
    with after(now, minutes=31) as late:
        officer.opens(page)
        assert officer.path == "/petugas/buka" and "TAMU" not in officer.text
        officer.presses("/petugas/buka", bukti=PHONE.shows(late)).then()
        assert officer.path == page
        officer.opens("/petugas/buka")
        assert officer.path == "/petugas"


def test_parts_of_a_page_say_that_it_is_locked_and_are_no_sign_of_anybody(at_the_interview, now):
    officer, page = at_the_interview
    part = {"HX-Request": "true", "X-Poll": "1"}
    with after(now, minutes=20):
        assert officer.client.get("/petugas", headers=part).status_code == 200
    with after(now, minutes=31) as late:
        answer = officer.client.get("/petugas", headers=part)
        assert answer.status_code == 401 and answer.headers["HX-Trigger"] == "terkunci"
        over = officer.client.get("/petugas/buka", headers=part)
        assert over.status_code == 200 and 'id="kunci-bukti"' in over.text and "<h1" not in over.text
        wrong = officer.post("/petugas/buka", headers=part, bukti=PHONE.wrong(late))
        assert wrong.status_code == 422 and 'id="kunci-isi"' in wrong.text
        opened = officer.post("/petugas/buka", headers=part, bukti=PHONE.shows(late))
        assert opened.status_code == 204 and opened.headers["HX-Trigger"] == "terbuka"
        assert officer.client.get(page).status_code == 200
        assert officer.client.get("/petugas/buka", headers=part).status_code == 204


def test_somebody_who_types_is_not_locked_out(at_the_interview, now):
    officer, page = at_the_interview
    for minutes in (20, 40, 60):
        with after(now, minutes=minutes):
            answer = officer.client.get("/petugas/buka/ada", headers={"HX-Request": "true"})
            assert answer.status_code == 204
    with after(now, minutes=85):
        assert officer.client.get(page).status_code == 200


def test_abuse_08_a_locked_screen_shows_and_does_nothing(at_the_interview, house, now, scalar):
    officer, page = at_the_interview
    officer.opens(page)
    with after(now, minutes=31):
        for path in ("/petugas", page, f"{page}/foto/gambar", "/petugas/akun", "/petugas/cari"):
            assert officer.client.get(path).status_code == 303, path
        answer = officer.post("/petugas/cari", code="K7M4-Q2XD")
        assert answer.status_code == 403
    assert scalar("SELECT count(*) FROM event WHERE kind = 'looked_up'") == 0


def test_abuse_42_a_locked_screen_carries_no_form_of_another_site(at_the_interview, now):
    officer, page = at_the_interview
    officer.opens(page)
    with after(now, minutes=31) as late:
        fields = {"interview-notes": NOTES, "csrf_token": "falsch", "bukti": PHONE.shows(late)}
        answer = officer.client.post(f"{page}/wawancara", data=fields)
    assert answer.status_code == 403 and "Layar terkunci" not in answer.text


def test_signing_out_works_on_a_locked_screen(at_the_interview, now):
    officer, _page = at_the_interview
    officer.opens("/petugas")
    with after(now, minutes=31):
        officer.opens("/petugas").presses("/petugas/keluar").then()
        assert officer.path == "/petugas/masuk"
    assert officer.client.get("/petugas").status_code == 303


# The sign-in itself is over.


def signs_in_again(officer: Officer, now: datetime, who: Officer | None = None) -> None:
    """A fresh sign-in in the same browser, written as the door does."""
    staff_id = (who or officer).id
    entered = operation(lambda: let_in(Browser(), staff_id=staff_id, now=now))()
    with officer.client.session_transaction("/petugas/") as session:
        session[TOKEN] = entered.sign_in_token
        session.pop("csrf_token", None)


def test_notes_sent_after_twelve_hours_come_back_after_signing_in(at_the_interview, now, scalar):
    officer, page = at_the_interview
    officer.opens(page)
    with after(now, hours=13) as late:
        sends(officer, page).then()
        assert officer.path == "/petugas/masuk"
        token = re.search(r"kembali=([\w-]+)", officer.address)[1]
        signs_in_again(officer, late)
        officer.opens(f"/petugas/isian?isian={token}").reads(NOTES)
        officer.presses(f"{page}/wawancara").then()
    assert scalar("SELECT count(*) FROM interview") == 1


def test_abuse_46_a_colleague_at_the_same_computer_finds_nothing_of_it(at_the_interview, house, now):
    officer, page = at_the_interview
    officer.opens(page)
    with after(now, hours=13) as late:
        sends(officer, page).then()
        token = re.search(r"kembali=([\w-]+)", officer.address)[1]
        signs_in_again(officer, late, house[Role.ADJUDICATOR])
        officer.opens(f"/petugas/isian?isian={token}")
        assert officer.path == "/petugas" and NOTES not in officer.text


def test_a_page_of_before_signing_in_again_loses_nothing_either(at_the_interview, now, scalar):
    officer, page = at_the_interview
    officer.opens(page)
    signs_in_again(officer, now)
    sends(officer, page)
    assert officer.page.status_code == 403
    way = re.search(r'href="(/petugas/isian\?isian=[\w-]+)"', officer.text)
    officer.opens(way[1]).reads(NOTES).presses(f"{page}/wawancara").then()
    assert scalar("SELECT count(*) FROM interview") == 1


# Grave acts.


@pytest.mark.parametrize(
    ("role", "state", "act", "fields"),
    [
        (Role.SUPERVISOR, CaseState.ARRIVED, "tutup", {"close-reason": "Pemohon pulang"}),
        (Role.VERIFIER, CaseState.ARRIVED, "betulkan", {"correction-reason": "Nama di e-KTP"}),
        (Role.SUPERVISOR, CaseState.ARRIVED, "kembali", {"back-state": "arrived", "back-reason": "Salah"}),
    ],
)
def test_abuse_38_a_grave_act_wants_a_code_of_the_last_ten_minutes(
    house: House, now: datetime, scalar, role, state, act, fields
):
    code = house.walk(house.guest(), state)
    officer = with_a_telephone(house[role], now)
    page = f"/petugas/kasus/{code}"
    before = scalar("SELECT count(*) FROM event WHERE kind <> 'opened'")
    with after(now, minutes=11) as late:
        officer.opens(page).presses(f"{page}/{act}", **fields)
        assert officer.page.status_code == 403 and officer.heading == "Ketik kode sekali lagi"
        assert scalar("SELECT count(*) FROM event WHERE kind <> 'opened'") == before
        officer.presses(f"{page}/{act}", bukti=PHONE.shows(late))
        assert officer.page.status_code in (303, 409, 422)  # the act itself answers
        assert db.session.query(SignIn.proved_at).filter_by(staff_id=officer.id).scalar() == late


def test_a_second_chance_wants_a_fresh_code(house: House, now: datetime, scalar):
    code = house.guest(state=CaseState.MISSED)
    officer = with_a_telephone(house[Role.SUPERVISOR], now)
    page = f"/petugas/kasus/{code}"
    with after(now, minutes=11) as late:
        officer.opens(page).presses(f"{page}/kesempatan", **{"chance-reason": "Sakit"})
        assert officer.page.status_code == 403
        officer.presses(f"{page}/kesempatan", bukti=PHONE.shows(late)).then()
    assert house.state_of(code) == CaseState.AWAITING_PLACE


def test_the_maker_of_a_step_takes_it_back_without_a_code(house: House, now: datetime):
    code = house.walk(house.guest(), CaseState.ARRIVED)
    page = f"/petugas/kasus/{code}"
    officer = house[Role.RECEPTION]
    with after(now, minutes=11):
        officer.opens(page)
        officer.presses(f"{page}/kembali", **{"back-state": "arrived", "back-reason": "Salah orang"}).then()
    assert house.state_of(code) == CaseState.SCHEDULED
