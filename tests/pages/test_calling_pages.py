"""The queue on the officers' pages: the counter, the next one, what a turn may become, a colleague's case."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask

from mpaspor.applications.rules import CaseState
from mpaspor.desk.check_in import check_in
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.stage.desk import House, Officer, officer

S = CaseState


@pytest.fixture
def house(app: Flask, palembang: Office, now: datetime) -> House:
    return House(app, palembang, now)


def arrived(house: House) -> str:
    return house.walk(house.guest(), S.ARRIVED)


def at_counter(who: Officer, number: int = 3) -> Officer:
    assert who.post("/petugas/loket", loket=str(number)).status_code == 303
    return who


def test_whoever_has_not_said_where_they_sit_is_asked_before_anybody_is_called(house: House) -> None:
    code = arrived(house)
    who = house[Role.VERIFIER]
    answer = who.post("/petugas/berikutnya")
    assert answer.location.endswith("?loket=pilih")
    assert "Pilih nomor loket Anda dulu" in who.get(answer.location).text
    assert at_counter(who).post("/petugas/berikutnya").location.endswith(f"/petugas/kasus/{code}")
    page = who.get(f"/petugas/kasus/{code}").text
    assert "Dipanggil ke loket 3" in page and "A001" in page
    for nonsense in ("0", "99", "x", ""):
        who.post("/petugas/loket", loket=nonsense)
        assert "selected" not in who.get("/petugas").text


def test_the_board_shows_whom_each_counter_has_and_the_own_turn_with_its_keys(house: House) -> None:
    arrived(house)
    who = at_counter(house[Role.VERIFIER])
    who.post("/petugas/berikutnya")
    page = who.get("/petugas").text
    assert "Giliran Anda" in page and re.search(r"A001 · TAMU KE \d+", page)
    assert {"panggil-lagi", "lewati", "tunda"} <= set(re.findall(r"/kasus/\w+/([a-z-]+)\"", page))
    other = house[Role.INTERVIEWER].get("/petugas").text
    assert "Petugas verifier" in other and "panggil-lagi" not in other
    part = who.get("/petugas", headers={"HX-Request": "true"}).text
    assert 'id="samping" hx-swap-oob="true"' in part


def test_nobody_waits_is_said_in_place(house: House) -> None:
    who = at_counter(house[Role.VERIFIER])
    answer = who.post("/petugas/berikutnya")
    assert "Tidak ada yang menunggu di tahap Anda" in who.get(answer.location).text


def test_a_colleagues_case_says_so_and_is_taken_over_by_a_confirmed_act(house: House, app: Flask) -> None:
    code = arrived(house)
    at_counter(house[Role.VERIFIER]).post("/petugas/berikutnya")
    colleague = officer(app, house.office, Role.VERIFIER, now=house.now, name="Sari Dewi")
    at = f"/petugas/kasus/{code}"
    page = colleague.get(at).text
    assert "Sedang dilayani Petugas verifier, loket 3." in page and "/terima" not in page
    refused = colleague.post(f"{at}/berkas")
    assert refused.status_code == 409 and "Ambil alih dulu" in refused.text
    [seen] = re.findall(r'name="dilihat" value="([0-9a-f-]{36})"', page)
    assert colleague.post(f"{at}/ambil-alih", dilihat=seen).status_code == 303
    assert "Dipanggil ke loket 3" in colleague.get(at).text
    assert "Mengambil alih dari rekan" in colleague.get(at).text
    assert "Sedang dilayani Sari Dewi" in house[Role.VERIFIER].get(at).text


def test_called_again_skipped_parked_and_handed_on_through_the_pages(house: House, app: Flask) -> None:
    code = arrived(house)
    colleague = officer(app, house.office, Role.VERIFIER, now=house.now, name="Sari Dewi")
    who = at_counter(house[Role.VERIFIER])
    at = f"/petugas/kasus/{code}"
    who.post("/petugas/berikutnya")
    who.post(f"{at}/panggil-lagi")
    assert "2 kali" in who.get(at).text
    assert who.post(f"{at}/lewati").location.endswith("/petugas")
    assert "tidak datang" in who.get("/petugas").text
    assert "Tidak datang waktu dipanggil" in who.get(at).text
    who.post(f"{at}/panggil")
    who.post(f"{at}/tunda")
    assert "ditunda" in who.get("/petugas").text
    assert who.post(f"{at}/tunda").status_code == 409
    who.post(f"{at}/panggil")
    page = who.get(f"{at}/alihkan").text
    assert "Hanya untuk Sari Dewi" in page and "Hanya untuk Petugas verifier" not in page
    assert who.post(f"{at}/alihkan", ke="bukan-id").status_code == 404
    who.post(f"{at}/alihkan", ke=str(colleague.id))
    assert who.post("/petugas/berikutnya").location.endswith("?kosong=1")
    assert at_counter(colleague, 4).post("/petugas/berikutnya").location.endswith(at)
    assert who.get(f"{at}/alihkan").status_code == 303


def test_next_never_opens_somebody_finished_and_works_after_a_paper_was_asked_for(house: House) -> None:
    first, second = arrived(house), arrived(house)
    who = at_counter(house[Role.VERIFIER])
    at = f"/petugas/kasus/{first}"
    assert who.post("/petugas/berikutnya").location.endswith(at)
    for paper in ("ktp", "kk", "bukti"):
        who.post(f"{at}/berkas/{paper}/minta", **{"want-why": "blurry", "want-message": ""})
    who.post(f"{at}/berkas")
    assert house.state_of(first) == "documents_wanted"
    assert "/petugas/berikutnya" in who.get(at).text
    assert who.post("/petugas/berikutnya").location.endswith(second)


def test_next_works_on_a_full_board_whatever_page_or_filter_is_open(house: House) -> None:
    for number in range(65):
        house.guest(hours=1 + number % 7)
    code = arrived(house)
    who = at_counter(house[Role.VERIFIER])
    for path in ("/petugas?halaman=2", "/petugas?tahap=print", "/petugas?q=xyz"):
        assert 'action="/petugas/berikutnya"' in who.get(path).text
    assert who.post("/petugas/berikutnya").location.endswith(code)


def test_a_supervisor_puts_somebody_first_with_a_reason(house: House) -> None:
    waiting, ill = arrived(house), house.guest(hours=1)
    check_in(house[Role.RECEPTION].id, ill, reason=None, now=house.now)
    db.session.remove()
    boss, at = house[Role.SUPERVISOR], f"/petugas/kasus/{ill}"
    assert boss.post(f"{at}/darurat", **{"emergency-reason": ""}).status_code == 422
    assert boss.post(f"{at}/darurat", **{"emergency-reason": "Pingsan di ruang tunggu"}).status_code == 303
    assert "Didahulukan, darurat" in boss.get(at).text
    who = at_counter(house[Role.VERIFIER])
    assert who.post("/petugas/berikutnya").location.endswith(ill)
    assert waiting != ill


def test_an_abandoned_call_form_sent_twice_calls_one_person(house: House) -> None:
    arrived(house), arrived(house)
    who = at_counter(house[Role.VERIFIER])
    answers = {who.post("/petugas/berikutnya", kunci="sama-sama-2").location for _ in range(3)}
    assert len(answers) == 1


def test_leftovers_of_another_day_lead_nobodys_queue(house: House) -> None:
    arrived(house)
    tomorrow = House(house.app, house.office, house.now + timedelta(days=1))
    with clock.at(tomorrow.now):
        who = at_counter(tomorrow[Role.VERIFIER])
        assert who.post("/petugas/berikutnya").location.endswith("?kosong=1")
        assert "Perlu datang lagi" in who.get("/petugas").text
