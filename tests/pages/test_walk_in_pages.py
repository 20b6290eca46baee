"""The door registers somebody: a form as typed, a slip that watches, one key lets in; and the claim."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mpaspor.applications.models import Application, WalkIn
from mpaspor.applications.rules import CaseState
from mpaspor.billing.due import lapse_due
from mpaspor.foundation.database import db
from mpaspor.people.rules import Role
from tests.counted import counted
from tests.stage.cast import Person
from tests.stage.visitor import Visitor
from tests.stage.walk_ins import Door, a_newcomer

TYPED = {
    "nik": "1671 0107 0859 0001",
    "full_name": "Hasan Basri Lubis",
    "birth_on-day": "7",
    "birth_on-month": "8",
    "birth_on-year": "1959",
    "sex": "male",
    "phone": "0812 7123 4567",
    "ground": "elderly-id_card",
    "before": "belum",
    "kind": "electronic_laminated-5",
    "card_held": "y",
}


def the_code() -> str:
    found = db.session.scalars(select(Application.code)).one()
    db.session.remove()
    return found


def test_the_door_leads_to_the_form_and_the_form_to_a_slip(door: Door) -> None:
    officer = door.house[Role.RECEPTION]
    assert 'href="/petugas/daftar" data-key="d"' in officer.get("/petugas/hadir").text
    page = officer.get("/petugas/daftar").text
    assert "Lansia, 60 tahun ke atas: tanggal lahir di KTP" in page and "<b>20</b>" in page
    answer = officer.post("/petugas/daftar", **TYPED)
    code = the_code()
    assert answer.location == f"/petugas/daftar/{code}"
    slip = officer.get(answer.location).text
    assert "Kode billing sedang diminta" in slip and "every 3s" in slip
    billing_code = door.gets_code(code)
    slip = officer.get(answer.location).text
    assert billing_code in re.sub(r"[^<>\w]", "", slip) and "Rp650.000" in slip and "<svg" in slip
    assert "<b>19</b>" in officer.get("/petugas/daftar").text


def test_the_slip_watches_for_the_money_and_one_act_gives_the_number(door: Door) -> None:
    officer, code = door.house[Role.RECEPTION], door.registers()
    door.gets_code(code)
    address = f"/petugas/daftar/{code}"
    slip = officer.get(address).text
    watched = re.search(r'hx-get="([^"]+versi=[^"]+)"', slip)
    assert watched is not None
    part = {"HX-Request": "true", "HX-Target": "isi", "X-Poll": "1"}
    assert officer.client.get(watched[1], headers=part).status_code == 204
    door.is_paid(code)
    fresh = officer.client.get(watched[1], headers=part)
    assert fresh.status_code == 200 and "Sudah dibayar" in fresh.text and "<html" not in fresh.text
    let_in = officer.opens(address).presses("/petugas/hadir")
    assert let_in.page.location == f"/petugas/hadir?baru={code}"
    assert "B001" in officer.get(let_in.page.location).text
    assert officer.get(address).location == f"/petugas/hadir?baru={code}"


def test_paid_people_stand_in_the_doors_list_too(door: Door) -> None:
    code = door.is_paid(door.registers())
    page = door.house[Role.RECEPTION].get("/petugas/hadir").text
    assert f"kode={code[:4]}-{code[4:]}" in page.split("Belum datang")[1]


def test_nothing_typed_is_lost_and_each_fault_has_its_link(door: Door) -> None:
    officer = door.house[Role.RECEPTION]
    answer = officer.post("/petugas/daftar", **{**TYPED, "nik": "1671", "card_held": "", "kind": ""})
    assert answer.status_code == 422 and 'value="Hasan Basri Lubis"' in answer.text
    answer = officer.post("/petugas/daftar", full_name="Hasan Basri Lubis")
    for link in ("#nik", "#birth_on-day", "#sex-0", "#ground", "#before", "#kind-0", "#card_held"):
        assert f'href="{link}"' in answer.text, link


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"before": "hilang"}, "Paspor hilang atau rusak diperiksa dulu"),
        ({"ground": "child-id_card"}, "Permohonan anak belum bisa didaftarkan di sini"),
        ({"birth_on-year": "1999"}, "Umur atau buktinya tidak cocok"),
        ({"before": "habis", "old_year": "16"}, "Tahun diisi empat angka"),
        ({"ground": "admitted-word"}, "Pilih salah satu dari daftar"),
    ],
)
def test_what_cannot_be_registered_here_says_why(door: Door, changed: dict[str, str], words: str) -> None:
    nik = {"nik": "1671010708990001"} if "birth_on-year" in changed else {}
    answer = door.house[Role.RECEPTION].post("/petugas/daftar", **{**TYPED, **nik, **changed})
    assert answer.status_code == 422 and words in answer.text
    assert db.session.scalars(select(WalkIn)).all() == []


def test_abuse_24_a_supervisor_admits_with_a_reason_and_the_report_shows_it(door: Door) -> None:
    boss = door.house[Role.SUPERVISOR]
    admitted = {**TYPED, "ground": "admitted-word", "nik": "1671010708990001", "birth_on-year": "1999"}
    assert boss.post("/petugas/daftar", **admitted).status_code == 422
    assert boss.post("/petugas/daftar", **admitted, reason="Ibunya dirawat di Melaka").status_code == 303
    report = boss.get("/petugas/laporan").text
    table = report.split("Daftar di tempat per petugas", 2)[2].split("Janji siap")[0]
    assert "Petugas supervisor" in table and "Ibunya dirawat di Melaka" in table
    assert "Hasan" not in table, "it names officers and no applicant"


def test_a_nik_that_does_not_fit_the_birth_date_is_looked_at_again(door: Door) -> None:
    officer = door.house[Role.RECEPTION]
    odd = {**TYPED, "birth_on-day": "8"}
    answer = officer.post("/petugas/daftar", **odd)
    assert answer.status_code == 422 and "Periksa NIK dengan KTP aslinya" in answer.text
    assert officer.post("/petugas/daftar", **odd, as_on_card="y").status_code == 303


def test_a_nik_with_a_live_case_is_told_in_words_with_the_way_to_it(door: Door) -> None:
    officer, code = door.house[Role.RECEPTION], door.registers(a_newcomer(nik="1671010708590001"))
    answer = officer.post("/petugas/daftar", **TYPED)
    assert answer.status_code == 409 and "NIK ini sudah punya permohonan yang berjalan" in answer.text
    assert f'href="/petugas/kasus/{code}"' in answer.text and 'value="Hasan Basri Lubis"' in answer.text


def test_the_same_form_sent_twice_registers_once(door: Door) -> None:
    officer = door.house[Role.RECEPTION]
    drawn = officer.opens("/petugas/daftar").page
    first = officer.presses("/petugas/daftar", **TYPED).page
    officer.page = drawn
    twin = officer.presses("/petugas/daftar", **TYPED).page
    assert (first.status_code, twin.status_code) == (303, 303) and first.location == twin.location
    assert len(db.session.scalars(select(WalkIn)).all()) == 1


def test_a_lapsed_slip_says_so_and_the_day_list_too(door: Door, now: datetime) -> None:
    officer, code = door.house[Role.RECEPTION], door.registers()
    door.gets_code(code)
    lapse_due(now=now + timedelta(hours=3))
    assert "Batas bayar sudah lewat" in officer.get(f"/petugas/daftar/{code}").text
    assert "lewat batas bayar" in officer.get("/petugas/daftar").text


def test_who_has_paid_and_has_no_hour_is_given_one_of_today(door: Door, now: datetime) -> None:
    officer, code = door.house[Role.RECEPTION], door.registers()
    door.gets_code(code)
    lapse_due(now=now + timedelta(hours=3))
    door.is_paid(code, now + timedelta(hours=3))
    assert "perlu tempat" in officer.get("/petugas/daftar").text
    given = officer.opens(f"/petugas/daftar/{code}").presses(f"/petugas/daftar/{code}/tempat")
    assert given.page.location == f"/petugas/daftar/{code}"
    assert "Terima, beri nomor antrean" in officer.get(given.page.location).text


def test_the_papers_station_offers_the_original_alone(door: Door, now: datetime) -> None:
    code = door.is_paid(door.registers())
    door.house[Role.RECEPTION].post("/petugas/hadir", scan=code)
    verifier = door.house[Role.VERIFIER]
    for paper in ("ktp", "kk"):
        page = verifier.opens(f"/petugas/kasus/{code}?berkas={paper}")
        assert "cukup aslinya" in page.page.text
        page.presses(f"/petugas/kasus/{code}/berkas/{paper}/terima", asli="y")
    page = verifier.opens(f"/petugas/kasus/{code}?berkas=bukti")
    assert "Yang ditunjukkan" in page.page.text
    page.presses(f"/petugas/kasus/{code}/berkas/bukti/terima", asli="y", jenis="marriage_book")
    assert door.house.state_of(code) == CaseState.DOCUMENTS_CHECKED
    assert "Didaftarkan di tempat" in verifier.get(f"/petugas/kasus/{code}").text


def test_the_pages_of_the_door_cost_at_most_eight_statements(door: Door) -> None:
    codes = [door.registers() for _ in range(6)]
    door.gets_code(codes[0])
    officer = door.house[Role.RECEPTION]
    for path in ("/petugas/daftar", f"/petugas/daftar/{codes[0]}", "/petugas/hadir"):
        with counted() as statements:
            assert officer.get(path).status_code == 200
        assert len(statements) <= 8, (path, statements)


# The person claims the case.


def claims(person: Person, app: Flask, **typed: str) -> Visitor:
    visitor = Visitor(person.at(app))
    return visitor.opens("/klaim").presses("/klaim", **typed)


def test_the_person_connects_the_case_and_follows_it_like_any_other(
    app: Flask, door: Door, ratna: Person
) -> None:
    who = a_newcomer()
    code = door.is_paid(door.registers(who))
    right = {"code": code.lower(), "birth_on-day": "7", "birth_on-month": "8", "birth_on-year": "1959"}
    visitor = claims(ratna, app, **right, nik_end=who.nik[-4:])
    assert visitor.page.location == f"/permohonan/{code}"
    assert "Hasan" in visitor.opens(f"/permohonan/{code}").page.text
    visitor.opens(f"/permohonan/{code}/tagihan").opens(f"/permohonan/{code}/isi/periksa")
    assert code[:4] in visitor.opens("/permohonan").page.text


def test_abuse_11_a_stranger_learns_nothing_whatever_is_wrong(app: Flask, door: Door, budi: Person) -> None:
    who = a_newcomer()
    code = door.registers(who)
    birth = {"birth_on-day": "7", "birth_on-month": "8", "birth_on-year": "1959"}
    unknown = claims(budi, app, code="K7M2-9QPX", **birth, nik_end="0001").page
    wrong = claims(budi, app, code=code, **birth, nik_end="9999").page
    said = [re.findall(r'role="alert".*?</div>', page.text, re.S) for page in (unknown, wrong)]
    assert (unknown.status_code, wrong.status_code) == (422, 422) and said[0] == said[1] != []
    assert Visitor(budi.at(app)).get(f"/permohonan/{code}").status_code == 404


def test_abuse_11_who_tries_on_is_slowed_down(app: Flask, door: Door, budi: Person) -> None:
    birth = {"birth_on-day": "7", "birth_on-month": "8", "birth_on-year": "1959"}
    visitor = Visitor(budi.at(app))
    for _ in range(10):
        visitor.opens("/klaim").presses("/klaim", code="K7M2-9QPX", **birth, nik_end="0001")
    stopped = visitor.opens("/klaim").presses("/klaim", code="K7M2-9QPX", **birth, nik_end="0001").page
    assert stopped.status_code == 429 and int(stopped.headers["Retry-After"]) > 0


def test_the_address_of_the_slip_fills_in_the_code_and_leads_past_signing_in(
    app: Flask, door: Door, ratna: Person
) -> None:
    code = door.registers()
    assert f'value="{code}"' in Visitor(ratna.at(app)).get(f"/klaim?kode={code}").text
    stranger = app.test_client().get(f"/klaim?kode={code}")
    assert (
        stranger.status_code in (302, 303) and "/masuk" in stranger.location and "klaim" in stranger.location
    )


def test_the_door_unlocks_a_slip_with_the_card_in_its_hand(app: Flask, door: Door, budi: Person) -> None:
    officer, code = door.house[Role.RECEPTION], door.registers()
    birth = {"birth_on-day": "7", "birth_on-month": "8", "birth_on-year": "1959"}
    for number in range(5):
        claims(budi, app, code=code, **birth, nik_end=f"{9000 + number}")
    page = officer.opens(f"/petugas/daftar/{code}")
    assert "akun terkunci" in page.page.text
    page.presses(f"/petugas/daftar/{code}/kesempatan")
    assert "akun terkunci" not in officer.get(f"/petugas/daftar/{code}").text
