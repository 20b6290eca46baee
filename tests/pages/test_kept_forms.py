"""Nothing typed is lost: a form sent without its sign-in, or with that of another time, comes back filled."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from flask import Flask

from mpaspor.applications import queries
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.people.models import SignIn
from mpaspor.web.sessions import TOKEN
from tests.stage.cast import Person
from tests.stage.drafts import TYPED, case_of, starts
from tests.stage.visitor import Visitor, visitor


def test_a_form_sent_after_the_sign_in_ended_comes_back(app: Flask, ratna: Person, now: datetime) -> None:
    code = starts(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/alamat?kembali=periksa")
    db.session.execute(db.update(SignIn).values(revoked_at=now))
    db.session.commit()
    with clock.at(now + timedelta(minutes=1)):
        typed = {**TYPED["alamat"], "address": "Jl. Panjang, No. 7", "domicile_same": "no"}
        page.sends(typed).reads("Masuk")
        token = re.search(r"kembali=([\w-]+)", page.address)
        assert token is not None
        back = Visitor(page.client)
        _is_signed_in_again()
        back.opens(f"/permohonan/{code}/isi/alamat?kembali=periksa&isian={token.group(1)}")
        back.reads("Isian Anda kembali")
        assert "Jl. Panjang, No. 7" in back.text and "alamat?kembali=periksa" in back.text
        back.sends(typed)
    assert queries.answers(case_of(code))["address"]["address"] == "Jl. Panjang, No. 7"


def _is_signed_in_again() -> None:
    db.session.execute(db.update(SignIn).values(revoked_at=None))
    db.session.commit()


def test_a_kept_form_is_gone_after_half_an_hour_and_fits_its_address_only(
    app: Flask, ratna: Person, now: datetime
) -> None:
    code = starts(ratna, now)
    stranger = Visitor(app.test_client())
    stranger.page = stranger.client.post(f"/permohonan/{code}/isi/alamat", data={"address": "Jl. Rahasia 1"})
    token = re.search(r"kembali=([\w-]+)", stranger.page.headers["Location"])
    assert token is not None
    page = visitor(app, ratna)
    page.opens(f"/permohonan/{code}/isi/alamat?isian={token.group(1)}")
    assert "Jl. Rahasia 1" not in page.text, "an address passed on by somebody else fills nothing in"
    _is_the_browser_of(page, stranger)
    page.opens(f"/permohonan/{code}/isi/domisili?isian={token.group(1)}", 404)
    page.opens(f"/permohonan/{code}/isi/alamat?isian={token.group(1)}").reads("Jl. Rahasia 1")
    with clock.at(now + timedelta(minutes=31)):
        page.opens(f"/permohonan/{code}/isi/alamat?isian={token.group(1)}")
        assert "Jl. Rahasia 1" not in page.text


def _is_the_browser_of(page: Visitor, sender: Visitor) -> None:
    """The browser of `page` is, from now on, the one that the other form was sent from."""
    with sender.client.session_transaction("/akun") as before:
        mark = before["browser"]
    with page.client.session_transaction("/akun") as session:
        session["browser"] = mark


def _signs_out_and_in(page: Visitor, app: Flask, who: Person) -> None:
    """In another tab of the same browser: its forms have new tokens from here on."""
    with who.at(app).session_transaction("/akun") as fresh:
        token = fresh[TOKEN]
    with page.client.session_transaction("/akun") as session:
        session.clear()
        session[TOKEN] = token


def test_a_page_left_open_over_a_new_sign_in_comes_back_filled(
    app: Flask, ratna: Person, now: datetime
) -> None:
    here = f"/permohonan/{starts(ratna, now)}/isi/kontak"
    page = visitor(app, ratna).opens(here)
    _signs_out_and_in(page, app, ratna)
    page.sends({"phone": "0812 9999 0001"}, 403).reads("Kirim sekali lagi").reads("Isian Anda masih ada")
    again = re.search(r'href="([^"]*isian=[^"]*)"', page.text)
    assert again is not None
    page.opens(again.group(1)).reads("Isian Anda kembali")
    assert "0812 9999 0001" in page.text
    page.sends({"phone": "0812 9999 0001"})


def test_a_page_left_open_tells_so_in_place_too(app: Flask, ratna: Person, now: datetime) -> None:
    here = f"/permohonan/{starts(ratna, now)}/isi/kontak"
    page = visitor(app, ratna).opens(here)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token is not None
    _signs_out_and_in(page, app, ratna)
    answer = page.client.post(
        here, data={"csrf_token": token.group(1), "phone": "0812 9999 0001"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 403
    assert "Buka halaman dengan isian saya" in answer.text and "isian=" in answer.text


def test_a_page_of_another_account_is_named_so_and_not_kept(
    app: Flask, ratna: Person, budi: Person, now: datetime, scalar
) -> None:  # type: ignore[no-untyped-def]
    page = visitor(app, ratna).opens("/permohonan/baru?usia=dewasa&paspor=belum&prioritas=tidak")
    _signs_out_and_in(page, app, budi)
    page.sends({"kind": "electronic_laminated-5"}, 403).reads("Halaman ini milik akun lain")
    assert scalar("SELECT count(*) FROM kept_form") == 0


def test_a_form_of_another_site_is_told_that_it_is_old_and_keeps_nothing(
    app: Flask, ratna: Person, scalar
) -> None:  # type: ignore[no-untyped-def]
    page = visitor(app, ratna)
    answer = page.client.post("/permohonan/baru", data={"usia": "dewasa", "csrf_token": "ditanam"})
    assert answer.status_code == 403 and "sudah lama terbuka" in answer.text
    assert scalar("SELECT count(*) FROM kept_form") == 0


def test_passwords_and_codes_are_never_kept(app: Flask, now: datetime, scalar) -> None:  # type: ignore[no-untyped-def]
    client = app.test_client()
    client.post("/akun/sandi", data={"old_password": "rahasia sekali", "new_password": "lebih rahasia"})
    client.post(
        "/permohonan/baru", data={"code": "123456", "kata_sandi": "x", "csrf_token": "y", "kunci": "z"}
    )
    assert scalar("SELECT count(*) FROM kept_form") == 0
