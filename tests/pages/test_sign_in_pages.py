"""Signing in and out in a browser: where it leads, and what it leaves behind."""

from __future__ import annotations

import re

import pytest

from mpaspor.demo.cookies import cookie_for
from mpaspor.web import signing_in
from mpaspor.web.sessions import TOKEN
from tests.limited import within_cpu
from tests.stage.accounts import EMAIL, PASSWORD, code_for, has_account
from tests.stage.visitor import Visitor, signs_up, visitor

NEW = "perahu kecil menuju pulau Kemaro"


@pytest.fixture
def siti(client, now) -> Visitor:
    return Visitor(client)


def test_abuse_05_a_wrong_password_and_an_unknown_address_read_the_same(app, siti, now):
    has_account(now)
    wrong = siti.opens("/masuk").presses("/masuk", email=EMAIL, password="bukan sandinya")
    nobody = visitor(app).opens("/masuk")
    nobody.presses("/masuk", email="tiada.rahma@warga.example", password="bukan sandinya")
    assert wrong.page.status_code == nobody.page.status_code == 422
    assert "tidak cocok" in wrong.text and "tidak cocok" in nobody.text


def test_a_known_phone_comes_in_with_the_password_alone_and_a_new_one_with_a_code(app, siti, now):
    signs_up(siti).opens("/keluar").presses("/keluar")
    assert siti.opens("/masuk").presses("/masuk", email=EMAIL, password=PASSWORD).then().path == "/permohonan"
    elsewhere = visitor(app).opens("/masuk").presses("/masuk", email=EMAIL, password=PASSWORD).then()
    assert elsewhere.path == "/masuk/kode"
    assert elsewhere.presses("/masuk/kode", code=code_for()).then().path == "/permohonan"


def test_a_shared_phone_gets_no_lasting_cookie(app, siti, now):
    has_account(now)
    siti.opens("/masuk").presses("/masuk", email=EMAIL, password=PASSWORD, shared="y").then()
    assert re.search(r'name="shared"[^>]*checked|checked[^>]*name="shared"', siti.text)
    siti.presses("/masuk/kode", code=code_for(), shared="y")
    cookies = siti.page.headers.getlist("Set-Cookie")
    assert not any(cookie.startswith("mp_perangkat") for cookie in cookies)
    assert not any("Expires" in cookie for cookie in cookies if cookie.startswith("mp_warga"))


def test_a_forgotten_password_is_replaced_by_code(siti, now):
    has_account(now)
    siti.opens("/lupa").presses("/lupa", email=EMAIL).then()
    assert siti.heading == "Buat kata sandi baru"
    siti.presses("/lupa/kode", code=code_for(), password="pendek")
    assert siti.page.status_code == 422 and "paling sedikit 10" in siti.text
    assert siti.presses("/lupa/kode", code=code_for(), password=NEW).then().path == "/permohonan"


def test_abuse_05_a_reset_for_nobody_looks_like_any_other(app, siti, now):
    has_account(now)
    known = siti.opens("/lupa").presses("/lupa", email=EMAIL).then()
    nobody = visitor(app).opens("/lupa").presses("/lupa", email="tiada.rahma@warga.example").then()

    def shape(guest: Visitor) -> str:
        without = re.sub(r'value="[^"]+"|ref=[0-9a-f-]{36}', "", guest.text)
        return without.replace("tiada.rahma@", "siti.rahma@")

    assert shape(known) == shape(nobody)


def test_abuse_07_a_forged_host_is_answered_400_where_hosts_are_set(app, siti, monkeypatch):
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["paspor.example"])
    forged = app.test_client().get("/lupa", headers={"Host": "jahat.example"})
    assert forged.status_code == 400
    assert app.test_client().get("/lupa", headers={"Host": "paspor.example"}).status_code == 200


def test_abuse_08_a_planted_session_is_worth_nothing_after_signing_in(app, siti):
    siti.opens("/daftar")
    planted = siti.client.get_cookie("mp_warga").value
    signs_up(siti)
    assert siti.client.get_cookie("mp_warga").value != planted
    thief = app.test_client()
    thief.set_cookie("mp_warga", planted)
    assert thief.get("/akun").status_code == 303


def test_abuse_08_nothing_of_the_session_before_outlives_signing_in(app, siti):
    signs_up(siti).opens("/keluar").presses("/keluar")
    with siti.client.session_transaction("/masuk") as session:
        session["planted"] = "by somebody else"
        browser = session["browser"] = "the one that asks"
    siti.opens("/masuk").presses("/masuk", email=EMAIL, password=PASSWORD)
    with siti.client.session_transaction("/akun") as session:
        assert session["browser"] == browser
        # Neither what Flask-Login would compare, nor anything that the cookie did not hold before.
        assert set(session) <= {TOKEN, "browser", "_permanent", "csrf_token"}
    siti.opens("/keluar").presses("/keluar")
    with siti.client.session_transaction("/akun") as session:
        assert set(session) <= {"language"}


def test_the_cookie_of_a_sign_in_is_the_one_that_crowds_are_given(app, siti):
    signs_up(siti)
    with siti.client.session_transaction("/akun") as session:
        token = session[TOKEN]
    with app.test_request_context("/akun"):
        name, value = cookie_for(token)
    fresh = app.test_client()
    fresh.set_cookie(name, value)
    assert fresh.get("/akun").status_code == 200
    assert len(value) <= len(siti.client.get_cookie(name).value) < 350


def test_abuse_08_a_cookie_is_dead_after_signing_out(app, siti):
    signs_up(siti)
    stolen = siti.client.get_cookie("mp_warga").value
    siti.opens("/keluar").presses("/keluar")
    assert siti.page.headers["Clear-Site-Data"] == '"storage"'
    assert siti.then().heading == "Anda sudah keluar"
    thief = app.test_client()
    thief.set_cookie("mp_warga", stolen)
    assert thief.get("/akun").status_code == 303


@pytest.mark.parametrize(
    "path",
    [
        "//jahat.example/akun",
        "/\\jahat.example",
        "%2f%2fjahat.example",
        "/%2f%2fjahat.example",
        "javascript:alert(1)",
        "https://jahat.example/akun",
        "https:akun",
        "/akun\r\nX: y",
        "/akun%0d%0aX:y",
        "/\t/jahat.example",
        "/.//jahat.example",
        "/keluar/selesai/../..//jahat.example",
        "/petugas",
        "/masuk",
        "/tidak/ada/di/sini",
        "akun",
        "",
    ],
)
def test_abuse_43_only_own_pages_are_followed_after_signing_in(app, siti, path):
    signs_up(siti).opens("/keluar").presses("/keluar")
    siti.page = siti.client.get("/masuk", query_string={"next": path})
    siti.presses("/masuk", email=EMAIL, password=PASSWORD)
    assert siti.page.headers["Location"] == "/permohonan"


def test_the_page_that_was_asked_for_opens_after_signing_in(siti):
    signs_up(siti).opens("/keluar").presses("/keluar")
    siti.opens("/akun")
    assert siti.path == "/masuk"
    assert siti.presses("/masuk", email=EMAIL, password=PASSWORD).then().path == "/akun"


def test_abuse_46_personal_pages_are_kept_by_nobody_and_are_gone_after_signing_out(siti):
    signs_up(siti)
    for path in ("/akun", "/akun/sandi", "/keluar", "/permohonan"):
        page = siti.client.get(path)
        assert page.headers["Cache-Control"] == "private, no-store", path
        assert "Cookie" in page.headers["Vary"], path
    siti.opens("/keluar").presses("/keluar")
    for path in ("/akun", "/akun/sandi", "/permohonan"):
        assert siti.client.get(path).status_code == 303, path


def test_abuse_46_no_page_of_the_account_keeps_history_in_the_browser(siti):
    assert '"historyCacheSize":0' in signs_up(siti).opens("/akun").text.replace("&#34;", '"').replace(" ", "")


@pytest.mark.parametrize(
    "way",
    [
        f"/{'a' * 60}!",
        f"/{'a/' * 200}!",
        f"/{'a.' * 200}%20",
        "//[",
        "http://[",
        "/\\[::1",
        "/" + "-" * 490 + "\\",
    ],
)
def test_abuse_26_a_way_on_that_is_none_is_let_go_at_once(app, client, now, way: str) -> None:
    """A repetition inside a repetition looked at sixty letters for longer than the sun burns."""
    status = within_cpu(5, lambda: client.get("/masuk", query_string={"next": way}).status_code)
    assert status == 200
    with app.test_request_context("/masuk"):
        assert signing_in.own_path(way) is None
