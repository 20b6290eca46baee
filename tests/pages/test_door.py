"""The door: one true sentence for each state, a number, and where to go."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk.check_documents import decide_paper, finish_documents
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.people.rules import Role
from mpaspor.web.labels.papers import document_name
from tests.stage.desk import House, accept_papers, hands_over

S = CaseState


def name_of(code: str) -> str:
    found = db.session.scalars(select(Application.full_name).where(Application.code == code)).one()
    db.session.remove()
    return str(found)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (S.INTERVIEWED, "Tidak perlu datang sekarang: paspornya dijanjikan siap Jumat, 27 November"),
        (S.GRANTED, "Tidak perlu datang sekarang: paspornya dijanjikan siap Jumat, 27 November"),
        (S.WITHDRAWN, "Pemohon sudah membatalkan permohonan ini."),
        (S.CLOSED, "Permohonan ini sudah ditutup."),
        (S.REFUSED, "Permohonan ini ditolak. Suratnya, dengan alasannya,"),
        (S.DEFERRED, "Permohonan ini ditangguhkan. Suratnya, dengan alasan dan lamanya"),
        (S.VOID, "Paspornya dibatalkan karena tidak diambil"),
        (S.AWAITING_PLACE, "Sudah dibayar, tetapi belum punya jadwal"),
    ],
)
def test_the_door_says_how_a_case_stands_that_nobody_comes_for(
    house: House, state: CaseState, words: str
) -> None:
    walked = state in (S.INTERVIEWED, S.GRANTED)
    code = house.walk(house.guest(), state) if walked else house.guest(state=state)
    with clock.at(house.now + timedelta(days=1)):
        who = House(house.app, house.office, house.now + timedelta(days=1))[Role.RECEPTION]
        page = who.post("/petugas/hadir", scan=code).text
    assert words in page and "Jadwalnya" not in page and name_of(code) in page


def test_the_door_says_who_took_a_passport_what_is_unpaid_and_which_number_somebody_has(house: House) -> None:
    who = house[Role.RECEPTION]
    collected = house.walk(house.guest(), S.READY)
    hands_over(house, collected)
    page = who.post("/petugas/hadir", scan=collected).text
    assert f"Paspornya sudah diambil {name_of(collected)} pada Senin, 23 November" in page
    assert "ditarik kembali oleh bank" in who.post("/petugas/hadir", scan=house.guest(paid=False)).text
    here = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    page = who.post("/petugas/hadir", scan=here).text
    assert "Sudah diterima, nomor A002. Ke loket foto." in page


def test_the_door_names_the_papers_that_were_wanted_and_the_hour_to_return_at(house: House) -> None:
    code = house.walk(house.guest(), S.ARRIVED)
    accept_papers(house, code)
    verifier = house[Role.VERIFIER].id
    decide_paper(verifier, code, "kk", accepted=False, reason="Buram", seen=None, now=house.now)
    finish_documents(verifier, code, now=house.now)
    who = house[Role.RECEPTION]
    page = who.get(who.post("/petugas/hadir", scan=code).location).text
    assert f"Berkas yang diminta: {document_name('family_card')}." in page
    early = house.guest(hours=3)
    assert "Persilakan kembali mulai pukul 10.00" in who.post("/petugas/hadir", scan=early).text


def test_the_ticket_shows_the_number_and_where_to_go_and_priority_is_given_at_the_door(house: House) -> None:
    code, who = house.guest(), house[Role.RECEPTION]
    page = who.get(who.post("/petugas/hadir", scan=code).location).text
    assert '<p class="bignum">A001</p>' in page and "Ke loket berkas" in page
    answer = who.post(f"/petugas/hadir/{code}/prioritas")
    page = who.get(answer.location).text
    assert '<p class="bignum">B001</p>' in page and "Beri nomor prioritas" not in page
    assert who.post(f"/petugas/hadir/{code}/prioritas").status_code == 409


def test_a_scan_lets_in_and_the_page_waits_for_the_next(house: House) -> None:
    code = house.guest()
    answer = house[Role.RECEPTION].post("/petugas/hadir", scan=code)
    assert answer.status_code == 303
    page = house[Role.RECEPTION].get(answer.location).text
    assert "Sudah diterima" in page and name_of(code) in page
    assert re.search(r"<input[^>]*autofocus[^>]*>", page)


@pytest.mark.parametrize(
    ("hours", "words"),
    [(3, "Terlalu awal"), (-3, "sudah lewat"), (48, "bukan hari ini")],
)
def test_each_refusal_at_the_door_says_when_the_visit_is(house: House, hours: int, words: str) -> None:
    code = house.guest(hours=hours)
    answer = house[Role.RECEPTION].post("/petugas/hadir", scan=code)
    assert answer.status_code == 409
    assert words in answer.text and "Jadwalnya" in answer.text and name_of(code) in answer.text
    assert ("Terima dengan alasan ini" in answer.text) == (hours != 48)


def test_a_supervisor_is_offered_to_admit_another_day_and_does(house: House) -> None:
    code = house.guest(hours=48)
    boss = house[Role.SUPERVISOR]
    assert "Terima dengan alasan ini" in boss.post("/petugas/hadir", scan=code).text
    assert boss.post("/petugas/hadir", scan=code, reason="Jauh").status_code == 303
    assert house.state_of(code) == "arrived"


def test_unknown_unpaid_and_here_already_are_explained(house: House) -> None:
    who = house[Role.RECEPTION]
    assert "Tidak ada permohonan dengan kode ini" in who.post("/petugas/hadir", scan="00000000").text
    assert who.post("/petugas/hadir", scan="").status_code == 422
    code = house.walk(house.guest(), S.ARRIVED)
    assert "Sudah diterima, nomor A001. Ke loket berkas" in who.post("/petugas/hadir", scan=code).text
