"""How officers come in, page by page: the link, the door, the codes on paper, and the code once more."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from mpaspor.foundation import clock
from mpaspor.people.second_factor import links
from tests.stage.officers_in import EMAIL, PASSWORD, Telephone, invited, serves, telephone_of
from tests.stage.visitor import Visitor, visitor


def at_the_counter(client) -> Visitor:
    found = Visitor(client)
    found.home = "/petugas"
    return found


@pytest.fixture
def rina(client, now) -> Visitor:
    return at_the_counter(client)


def comes_in(rina: Visitor, phone: Telephone, now) -> Visitor:
    rina.opens("/petugas/masuk").presses("/petugas/masuk", email=EMAIL, password=PASSWORD).then()
    assert rina.heading == "Ketik kode dari aplikasi"
    return rina.presses("/petugas/masuk/kode", bukti=phone.shows(now))


def test_an_officer_comes_in_by_password_and_app_with_a_cookie_of_their_own(rina, now):
    phone = serves(now)
    comes_in(rina, phone, now)
    assert rina.page.headers["Location"] == "/petugas"
    assert rina.client.get_cookie("mp_petugas") is not None
    assert rina.client.get("/akun").status_code == 303  # nobody on the other side of the house
    assert rina.client.get("/petugas/masuk").status_code == 303


def test_a_real_installation_lets_officers_in_the_same_way(app, rina, now, monkeypatch):
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], demo=False))
    phone = serves(now)
    assert comes_in(rina, phone, now).page.headers["Location"] == "/petugas"


def test_abuse_05_an_officer_with_a_wrong_password_reads_what_anybody_reads(rina, now):
    serves(now)
    rina.opens("/petugas/masuk").presses("/petugas/masuk", email=EMAIL, password="bukan sandinya itu")
    assert rina.page.status_code == 422 and "tidak cocok" in rina.text


def test_abuse_10_a_code_that_was_used_reads_so_and_the_next_one_works(app, rina, now):
    phone = serves(now)
    comes_in(rina, phone, now)
    other = comes_in(visitor(app), phone, now)
    assert other.page.status_code == 422 and "sudah dipakai" in other.text
    assert other.presses("/petugas/masuk/kode", bukti=phone.shows(now, steps=1)).then().path == "/petugas"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abc", "../../../x"])
def test_what_is_no_code_at_all_is_said_in_words_and_counts_for_nothing(rina, now, scalar, typed):
    serves(now)
    rina.opens("/petugas/masuk").presses("/petugas/masuk", email=EMAIL, password=PASSWORD).then()
    rina.presses("/petugas/masuk/kode", bukti=typed)
    assert rina.page.status_code == 422 and ("Isi kode" in rina.text or "6 angka" in rina.text)
    assert scalar("SELECT wrong_tries FROM staff_totp") == 0


def test_a_challenge_that_ran_out_leads_back_to_the_password(rina, now):
    phone = serves(now)
    rina.opens("/petugas/masuk").presses("/petugas/masuk", email=EMAIL, password=PASSWORD).then()
    with clock.at(now + timedelta(minutes=11)):
        rina.presses("/petugas/masuk/kode", bukti=phone.shows(clock.now()))
        assert rina.then().path == "/petugas/masuk"


def test_abuse_43_an_officer_is_not_led_to_the_applicants_pages(rina, now):
    phone = serves(now)
    rina.page = rina.client.get("/petugas/masuk", query_string={"next": "/akun"})
    rina.presses("/petugas/masuk", email=EMAIL, password=PASSWORD).then()
    rina.presses("/petugas/masuk/kode", bukti=phone.shows(now))
    assert rina.page.headers["Location"] == "/petugas"


# The link.


def test_a_link_makes_password_and_app_and_shows_the_codes_once(rina, now):
    token = invited(now)
    rina.opens(f"/petugas/tautan?kunci={token}")
    assert rina.address == "/petugas/tautan" and "Rina Kusuma" in rina.text  # no token in the address
    phone = Telephone(links.secret_for(token))
    typed = re.search(r'class="secret">([^<]+)<', rina.text)
    assert typed is not None and typed[1].replace(" ", "") == phone.secret
    rina.presses("/petugas/tautan", password="imigrasi2026", code=phone.shows(now, steps=-1))
    assert rina.page.status_code == 422 and "dipakai banyak orang" in rina.text
    rina.presses("/petugas/tautan", password=PASSWORD, code=phone.wrong(now))
    assert rina.page.status_code == 422 and "bukan dari QR" in rina.text
    rina.presses("/petugas/tautan", password=PASSWORD, code=phone.shows(now, steps=-1))
    codes = re.findall(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", rina.text)
    assert rina.heading == "Kode cadangan Anda" and len(set(codes)) == 10
    assert rina.page.headers["Cache-Control"] == "private, no-store"
    gone = rina.client.get("/petugas/tautan")
    assert gone.status_code == 404 and phone.secret not in gone.text
    assert comes_in(rina, phone, now).then().path == "/petugas"


def test_the_twin_of_a_double_tap_on_a_link_shows_the_same_codes(rina, now):
    token = invited(now)
    rina.opens(f"/petugas/tautan?kunci={token}")
    typed = {"password": PASSWORD, "code": Telephone(links.secret_for(token)).shows(now), "kunci": "satu"}
    first = rina.post("/petugas/tautan", **typed)
    again = rina.post("/petugas/tautan", **typed)
    found = [re.findall(r"<code>([^<]+)</code>", page.text) for page in (first, again)]
    assert found[0] == found[1] and len(found[0]) == 10


@pytest.mark.parametrize("token", ["", "x" * 32, "../../etc", "a" * 300])
def test_a_link_that_is_none_reads_like_one_that_ran_out(rina, now, token):
    page = rina.client.get("/petugas/tautan", query_string={"kunci": token}, follow_redirects=True)
    assert page.status_code == 404 and "Tautan tidak berlaku" in page.text


# What an officer does to their own way in.


@pytest.fixture
def phone(now) -> Telephone:
    return serves(now)


@pytest.fixture
def inside(rina, phone, now) -> Visitor:
    return comes_in(rina, phone, now).then()


def test_new_codes_are_shown_once_and_void_the_old(inside, now):
    inside.opens("/petugas/akun").presses("/petugas/akun/kode-cadangan")
    assert len(re.findall(r"<code>[^<]+</code>", inside.text)) == 10
    assert "Masih ada 10 kode" in inside.opens("/petugas/akun").text


def test_a_code_of_ten_minutes_ago_is_asked_for_again_and_the_form_goes_on(inside, phone, now):
    later = now + timedelta(minutes=11)
    with clock.at(later):
        inside.opens("/petugas/akun/aplikasi")
        new = re.search(r'class="secret">([^<]+)<', inside.text)
        fresh = Telephone(new[1].replace(" ", ""))
        inside.presses("/petugas/akun/aplikasi", code=fresh.shows(later))
        assert inside.page.status_code == 403 and inside.heading == "Ketik kode sekali lagi"
        assert f'name="code" value="{fresh.shows(later)}"' in inside.text
        inside.presses("/petugas/akun/aplikasi", bukti=phone.wrong(later))
        assert inside.page.status_code == 422 and "salah" in inside.text
        assert telephone_of(EMAIL) == phone
        inside.presses("/petugas/akun/aplikasi", bukti=phone.shows(later)).then()
    assert telephone_of(EMAIL) == fresh


def test_abuse_42_another_sites_form_is_not_carried_by_the_page_that_asks(app: Flask, inside, now):
    with clock.at(now + timedelta(minutes=11)):
        page = inside.client.post("/petugas/akun/aplikasi", data={"code": "123456", "csrf_token": "falsch"})
    assert page.status_code == 403 and "Ketik kode sekali lagi" not in page.text and "123456" not in page.text


def test_abuse_40_what_is_carried_stays_text(inside, now):
    with clock.at(now + timedelta(minutes=11)):
        page = inside.post("/petugas/akun/aplikasi", code='"><script>alert(1)</script>')
    assert "<script>alert" not in page.text


def test_a_new_offer_stands_after_each_change_and_is_the_same_until_then(inside, now):
    def secret() -> str:
        return re.search(r'class="secret">([^<]+)<', inside.opens("/petugas/akun/aplikasi").text)[1]

    offered = secret()
    assert offered == secret()
    inside.presses("/petugas/akun/aplikasi", code=Telephone(offered.replace(" ", "")).shows(now))
    assert secret() != offered


def test_other_computers_are_shown_and_signed_out(app: Flask, inside, phone, now):
    assert "Masuk di komputer lain" not in inside.opens("/petugas/akun").text
    there = at_the_counter(app.test_client())
    with clock.at(now + timedelta(seconds=30)):
        comes_in(there, phone, clock.now())
    inside.opens("/petugas/akun").reads("Masuk di komputer lain").presses("/petugas/akun/keluar-lain").then()
    assert "Masuk di komputer lain" not in inside.text
    assert there.client.get("/petugas").status_code == 303
