"""The administrator's pages: the list, an invitation, and what happens to one officer."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from mpaspor.foundation import clock
from mpaspor.people import staff_queries
from mpaspor.people.rules import Role
from tests.stage import cast
from tests.stage.desk import Officer, officer
from tests.stage.officers_in import serves


@pytest.fixture
def admin(app, palembang, now) -> Officer:
    return officer(app, palembang, Role.ADMIN, now=now, name="Intan Permata")


def test_the_list_names_the_own_offices_officers_and_nobody_elses(admin, palembang, padang, now):
    cast.officer(palembang, Role.PRINTER, now=now, name="Yusuf Bahri")
    cast.officer(padang, Role.PRINTER, now=now, name="Orang Padang")
    admin.opens("/petugas/tim").reads("Yusuf Bahri").reads("petugas cetak").reads("Intan Permata")
    assert "Orang Padang" not in admin.text
    admin.opens("/petugas/tim?q=bahri").reads("Yusuf Bahri")
    assert "/petugas/tim/" in admin.text and "Intan Permata</a>" not in admin.text
    admin.opens("/petugas/tim?q=tiada").reads("Tidak ada petugas dengan nama itu")


def test_a_long_list_has_pages(admin, palembang, now):
    for number in range(staff_queries.PAGE):
        cast.officer(palembang, Role.PRINTER, now=now, name=f"Petugas {number:02d}")
    first = admin.opens("/petugas/tim").text
    assert "Petugas 28" in first and "Petugas 29" not in first
    admin.opens("/petugas/tim?halaman=2").reads("Petugas 29")


def test_an_invitation_lacks_something_and_then_goes_out(admin, scalar):
    admin.opens("/petugas/tim/undang").presses("/petugas/tim/undang", full_name="Rina 2", email="rina")
    assert admin.page.status_code == 422 and 'value="Rina 2"' in admin.text
    typed = {"full_name": "Rina Kusuma", "email": "rina@kantor.example"}
    admin.presses("/petugas/tim/undang", **typed)
    assert admin.page.status_code == 422 and "paling sedikit satu peran" in admin.text
    admin.presses("/petugas/tim/undang", **typed, roles=["reception", "printer"]).then()
    admin.reads("Tersimpan").reads("Belum menyiapkan akses")
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'staff_link'") == 1
    admin.opens("/petugas/tim/undang").presses("/petugas/tim/undang", **typed, roles=["printer"])
    assert "sudah dipakai petugas lain" in admin.text


def test_roles_access_and_the_end(admin, now, scalar):
    serves(now)
    rina = scalar("SELECT id FROM staff WHERE full_name = 'Rina Kusuma'")
    page = f"/petugas/tim/{rina}"
    admin.opens(page).presses(f"{page}/peran", **{"peran-roles": ["verifier"]}).then().reads("Tersimpan")
    assert re.search(r'value="verifier"[^>]*checked|checked[^>]*value="verifier"', admin.text)
    admin.presses(f"{page}/akses", **{"akses-purpose": "factor", "akses-reason": ""})
    assert admin.page.status_code == 422 and "Tulis alasannya" in admin.text
    admin.presses(f"{page}/akses", **{"akses-purpose": "factor", "akses-reason": "HP hilang"}).then()
    admin.reads("Belum menyiapkan akses")
    admin.presses(f"{page}/berhenti", **{"berhenti-reason": "Pindah tugas"}).then()
    assert admin.path == "/petugas/tim" and "Rina Kusuma" not in admin.text
    assert admin.client.get(page).status_code == 404


def test_ones_own_page_offers_nothing(admin):
    admin.opens(f"/petugas/tim/{admin.id}").reads("oleh administrator lain")
    assert "/peran" not in admin.text
    answer = admin.post(f"/petugas/tim/{admin.id}/peran", **{"peran-roles": "supervisor"})
    assert answer.status_code == 409


def test_abuse_39_giving_roles_asks_for_a_fresh_code_and_the_form_goes_on(app, palembang, now, scalar):
    admin = officer(app, palembang, Role.ADMIN, now=now)
    rina = cast.officer(palembang, Role.RECEPTION, now=now).id
    page = f"/petugas/tim/{rina}"
    with clock.at(now + timedelta(minutes=11)):
        admin.opens(page).presses(f"{page}/peran", **{"peran-roles": ["verifier", "printer"]})
    assert admin.page.status_code == 403 and admin.heading == "Ketik kode sekali lagi"
    assert admin.text.count('name="peran-roles"') == 2
    assert scalar("SELECT role FROM staff_role WHERE staff_id = :of", of=rina) == "reception"


@pytest.fixture
def head(app, palembang, now) -> Officer:
    return officer(app, palembang, Role.SUPERVISOR, now=now, name="Darmawan")


def test_a_supervisor_gives_a_role_for_a_while_and_takes_it_back(head, palembang, now):
    rina = cast.officer(palembang, Role.RECEPTION, now=now, name="Rina Kusuma")
    page = f"/petugas/tim/{rina.id}"
    typed = {"titip-role": "verifier", "titip-until_on-day": "25", "titip-until_on-month": "11"}
    head.opens(page).presses(f"{page}/titip", **typed)
    assert head.page.status_code == 422
    head.presses(f"{page}/titip", **typed, **{"titip-until_on-year": "2030"})
    assert head.page.status_code == 422 and "paling lama 31 hari" in head.text
    head.presses(f"{page}/titip", **typed, **{"titip-until_on-year": "2026"}).then()
    head.reads("verifikator berkas sampai Rab 25 Nov")
    assert "/peran" not in head.text and "/berhenti" not in head.text
    head.presses(f"{page}/titip/selesai").then()
    assert "sampai Rab 25 Nov" not in head.text


def test_an_absence_stands_in_the_list_and_on_ones_own_page(app, head, palembang, now):
    rina = officer(app, palembang, Role.RECEPTION, now=now, name="Rina Kusuma")
    page = f"/petugas/tim/{rina.id}"
    days = {"absen-until_on-day": "24", "absen-until_on-month": "11", "absen-until_on-year": "2026"}
    first = {"absen-from_on-day": "23", "absen-from_on-month": "11", "absen-from_on-year": "2026"}
    head.opens(page).presses(f"{page}/absen", **first, **days).then().reads(
        "Tidak hadir sampai Selasa, 24 November"
    )
    head.opens("/petugas/tim").reads("Tidak hadir sampai Sel 24 Nov")
    rina.opens("/petugas/akun").reads("Anda ditandai tidak hadir sampai Selasa, 24 November 2026")
    head.opens(page).presses(f"{page}/absen/selesai").then()
    assert "Tidak hadir sampai" not in head.text


def test_abuse_15_a_supervisor_does_nothing_that_is_the_administrators(head, palembang, now, scalar):
    rina = cast.officer(palembang, Role.RECEPTION, now=now).id
    for act, fields in (
        ("peran", {"peran-roles": "supervisor"}),
        ("akses", {"akses-purpose": "join", "akses-reason": "x"}),
        ("berhenti", {"berhenti-reason": "x"}),
    ):
        assert head.post(f"/petugas/tim/{rina}/{act}", **fields).status_code == 403
    assert head.client.get("/petugas/tim/undang").status_code == 403
    assert scalar("SELECT count(*) FROM event WHERE kind LIKE 'officer%'") == 0
