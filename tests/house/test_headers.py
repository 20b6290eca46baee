"""The headers of every kind of answer, name by name: nothing framed, guessed, leaked or kept on the way."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from mpaspor.billing.snap.rules import Service
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from mpaspor.web.assets import build
from tests.stage import cast, desk
from tests.stage.banks import TestBank, inquiry
from tests.stage.bills import owing
from tests.stage.papers import giver, picture

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=()",
}
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
# The start page holds the site's sheet itself; the policy names its hash, and no other text is a style there.
_SHEET = b64encode(sha256(build("site.css").plain).digest()).decode()
POLICY_OF_THE_START = POLICY.replace("style-src 'self'", f"style-src 'self' 'sha256-{_SHEET}'")
SANDBOX = "sandbox; default-src 'none'"
PRIVATE = {"private, no-store", "no-store"}
PUBLIC = "public, max-age=60, stale-while-revalidate=600"
A_YEAR = "public, max-age=31536000, immutable"


def wears(answer: Any, *, cache: str | None = None, policy: str = POLICY) -> None:
    """Complain unless the answer carries every header; with no `cache` named, it is kept nowhere."""
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert answer.headers["Content-Security-Policy"] == policy
    found = answer.headers["Cache-Control"]
    assert found == cache if cache else found in PRIVATE, found
    assert "Server" not in answer.headers and "X-Powered-By" not in answer.headers


def cookies(answer: Any) -> list[str]:
    return list(answer.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize(
    "path", ["/", "/?bahasa=en", "/jadwal?kantor=palembang", "/kantor", "/info/biaya", "/v/0000"]
)
def test_a_public_page_may_be_kept_by_everybody_and_carries_no_cookie(
    client: FlaskClient, palembang: Office, now: datetime, path: str
) -> None:
    answer = client.get(path)
    policy = POLICY_OF_THE_START if path in ("/", "/?bahasa=en") else POLICY
    wears(answer, cache=PUBLIC if answer.status_code == 200 else None, policy=policy)
    assert cookies(answer) == [] and "csrf" not in answer.text
    if answer.status_code == 200:
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304 and again.data == b""


def test_a_part_of_a_public_page_is_kept_apart_from_the_page(
    client: FlaskClient, palembang: Office, now: datetime
) -> None:
    answer = client.get("/jadwal?kantor=palembang", headers={"HX-Request": "true"})
    wears(answer, cache=PUBLIC)
    assert {"HX-Request", "HX-Boosted", "HX-History-Restore-Request"} <= set(answer.vary)
    whole = client.get("/jadwal?kantor=palembang")
    assert "HX-Request" in whole.vary
    assert whole.headers["ETag"] != answer.headers["ETag"]


@pytest.mark.parametrize("path", ["/masuk", "/daftar", "/lupa", "/cek", "/petugas/masuk", "/demo/pesan"])
def test_a_page_with_a_form_is_kept_by_nobody(client: FlaskClient, now: datetime, path: str) -> None:
    wears(client.get(path))


def test_ones_own_pages_parts_and_redirects(app: Flask, palembang: Office, now: datetime) -> None:
    owed = owing(palembang, now)
    owner = cast.owner(owed.account_id, now).at(app)
    bill = f"/permohonan/{owed.application_code}/tagihan"
    for path in ("/akun", "/permohonan", f"/permohonan/{owed.application_code}", bill):
        wears(owner.get(path))
        wears(owner.get(path, headers={"HX-Request": "true"}))
    wears(app.test_client().get(bill))  # 303 to sign in
    wears(app.test_client().get(bill, headers={"HX-Request": "true"}))  # 401 for htmx


def test_a_letter_is_a_download_that_nobody_keeps(app: Flask, palembang: Office, now: datetime) -> None:
    owed = owing(palembang, now)
    owner = cast.owner(owed.account_id, now).at(app)
    answer = owner.get(f"/permohonan/{owed.application_code}/surat/surat-pengantar")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")
    wears(answer)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")


def test_a_persons_picture_is_a_download_in_a_sandbox(app: Flask, now: datetime) -> None:
    siti = giver(app, now)
    siti.give("ktp", picture())
    answer = siti.client.get(f"/permohonan/{siti.code}/dokumen/ktp/foto")
    assert answer.status_code == 200
    wears(answer, policy=SANDBOX)
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ktp.jpg"'


def test_pages_of_the_desk(app: Flask, palembang: Office, now: datetime) -> None:
    code = desk.guest(palembang, now)
    officer = cast.officer(palembang, *Role, now=now).at(app)
    for path in ("/petugas", f"/petugas/kasus/{code}", "/petugas/cari"):
        wears(officer.get(path))
        wears(officer.get(path, headers={"HX-Request": "true"}))


def test_what_a_bank_is_answered(app: Flask, palembang: Office, now: datetime) -> None:
    bank = TestBank(app.test_client(), now).register()
    wears(bank.ask_token())
    bank.sign_in()
    answer = bank.call(Service.INQUIRY, inquiry(owing(palembang, now).code))
    wears(answer)
    assert answer.mimetype == "application/json"
    refused = bank.call(Service.INQUIRY, {}, Authorization="Bearer x")
    assert refused.status_code == 401
    wears(refused)
    assert cookies(answer) == cookies(refused) == []


def test_errors(app: Flask, client: FlaskClient, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    wears(client.get("/tidak-ada"))
    wears(client.post("/"))
    wears(client.post("/masuk", data={}))  # without a token: 403
    wears(client.get("/?x=%00"))
    monkeypatch.setitem(app.view_functions, "public.list_topics", _fails(app, "public.list_topics"))
    broken = client.get("/info")
    assert broken.status_code == 500
    assert "rahasia" not in broken.text and "Traceback" not in broken.text
    wears(broken)


def _fails(app: Flask, endpoint: str) -> Any:
    def view() -> str:
        raise RuntimeError("rahasia")

    view.open_to = app.view_functions[endpoint].open_to  # type: ignore[attr-defined]
    return view


def test_styles_and_scripts_are_kept_for_a_year_by_their_content(client: FlaskClient) -> None:
    for name in ("site.css", "app.js", "officer.css"):
        wears(client.get(f"/static/{build(name).digest}/{name}"), cache=A_YEAR)
        wears(client.get(f"/static/{'0' * 12}/{name}"))


def test_health_is_asked_anew_each_time(client: FlaskClient) -> None:
    for path in ("/sehat/hidup", "/sehat/siap"):
        answer = client.get(path)
        wears(answer)
        assert cookies(answer) == []


def test_cookies_are_for_our_server_alone(app: Flask, now: datetime) -> None:
    answer = app.test_client().get("/masuk")
    (cookie,) = cookies(answer)
    assert cookie.startswith("mp_warga=")
    for word in ("HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in cookie
    (officers,) = cookies(app.test_client().get("/petugas/masuk"))
    assert officers.startswith("mp_petugas=")


def test_over_https_browsers_are_told_to_stay_there(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers
    served = replace(app.extensions["settings"], public_url="https://paspor.example")
    monkeypatch.setitem(app.extensions, "settings", served)
    assert "max-age=31536000" in client.get("/").headers["Strict-Transport-Security"]
    (cookie,) = cookies(client.get("/masuk"))
    assert cookie.startswith("__Host-mp_warga=")


def test_the_database_was_not_touched_by_looking(app: Flask, client: FlaskClient, scalar: Any) -> None:
    before = scalar("SELECT count(*) FROM event")
    client.get("/")
    client.get("/masuk")
    assert scalar("SELECT count(*) FROM event") == before == 0
    assert db.session.execute(text("SELECT count(*) FROM sign_in")).scalar() == 0
