"""What was told to one page must not turn up elsewhere (abuse case 47).

Canaries are typed wherever something can be typed, rightly and wrongly, and then looked for: in everything
written to the log, in every mail, in error pages, in the addresses that answers lead to, and in the rows
of the database as whoever steals a copy of it would read them.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from mpaspor.applicants import account_routes
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from mpaspor.worker.loop import make_worker
from tests.stage import cast
from tests.stage.drafts import gives_papers, starts
from tests.stage.visitor import GOOD, Visitor

NIK = "1671015408960777"
PHONE = "81298761234"
PASSWORD = "kuda lumping makan beling"
EMAIL = "kenari.rahasia@warga.example"
NAME = "Kenari Rahasiawati"
CANARIES = {"NIK": NIK, "phone": PHONE, "password": PASSWORD, "email": EMAIL, "name": NAME}
# Every address that takes something from a visitor, with a place for it.
ADDRESSES = (
    "/cek?kode={}",
    "/kantor?cari={}",
    "/jadwal?kantor={}",
    "/jadwal?tanggal={}",
    "/v/{}",
    "/info/{}",
    "/permohonan/{}",
    "/permohonan/{}/isi/identitas",
    "/petugas/kasus/{}",
    "/masuk?next=/{}",
    "/tidak-ada/{}",
    "/tidak-ada?x={}",
    "/{}%00",
    "/demo/pesan?alamat={}",
)


# Pages that say no beside what was asked, to whoever asked: "this code does not exist".
ANSWERS = ("/cek", "/v/", "/masuk", "/lupa", "/verifikasi")


@pytest.fixture
def heard(app: Flask, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """Everything that the program has logged so far, ours (in its real form) and that of libraries."""
    before, ours = structlog.get_config(), io.StringIO()
    structlog.configure(**{**before, "logger_factory": structlog.PrintLoggerFactory(ours)})
    caplog.set_level(logging.DEBUG)
    yield lambda: ours.getvalue() + caplog.text
    structlog.configure(**before)


def none_in(where: str, content: str, *but: str) -> None:
    """Complain about every canary in `content`, also written in groups or percent-encoded."""
    plain = re.sub(r"%20|[+\s.-]", "", content)
    for name, canary in CANARIES.items():
        if name not in but:
            assert re.sub(r"[\s.-]", "", canary) not in plain, f"the {name} is in {where}"


def is_error(answer: TestResponse) -> bool:
    """An error page; a form that comes back with what its writer typed is none."""
    is_answer = answer.status_code == 422 or answer.request.path.startswith(ANSWERS)
    return answer.status_code >= 400 and not is_answer


def told(answer: TestResponse) -> TestResponse:
    """Look through an answer: where it leads, and its text if it is an error."""
    none_in("an address", answer.headers.get("Location", "") + answer.headers.get("HX-Redirect", ""))
    if is_error(answer):
        none_in(f"an error page, {answer.status}", answer.text)
    return answer


def signs_up(app: Flask) -> tuple[Visitor, str]:
    """Kenari signs up, with a slip first; the code that was mailed."""
    kenari = Visitor(app.test_client())
    typed = {**GOOD, "full_name": NAME, "email": EMAIL, "phone": f"0{PHONE}", "password": PASSWORD}
    kenari.opens("/daftar").presses("/daftar", **{**typed, "birth_on-month": "13"})
    assert kenari.page.status_code == 422
    none_in("a form that came back", kenari.text, "phone", "email", "name")
    kenari.presses("/daftar", **typed)
    told(kenari.page)
    kenari.then()
    make_worker(app).once()
    code = re.match(r"\s*(\d{6})", mails()[-1][1])
    assert code is not None
    kenari.presses("/verifikasi", code=f"{(int(code[1]) + 1) % 10**6:06d}")
    told(kenari.page)
    kenari.presses("/verifikasi", code=code[1])
    told(kenari.page)
    return kenari.then(), code[1]


def mails() -> list[tuple[str, str]]:
    """(to, subject and text) of every mail, oldest first; the address itself is no part of it."""
    rows = db.session.execute(text("SELECT sent_to, body, subject FROM demo_message ORDER BY sent_at, id"))
    found = [(row[0], f"{row[1]}\n{row[2]}") for row in rows]
    db.session.rollback()
    return found


def writes_down_the_nik(app: Flask, kenari: Visitor) -> str:
    """A draft whose identity is typed wrongly, then rightly; its code."""
    account_id = db.session.execute(
        text("SELECT id FROM account WHERE email = :e"), {"e": EMAIL}
    ).scalar_one()
    now = db.session.execute(
        text("SELECT created_at FROM account WHERE email = :e"), {"e": EMAIL}
    ).scalar_one()
    db.session.rollback()
    code = starts(cast.Person(account_id, NAME, ""), now)
    identity = {
        "full_name": NAME,
        "birth_place": "Palembang",
        "birth_on-day": "14",
        "birth_on-month": "8",
        "birth_on-year": "1996",
        "sex": "female",
        "civil_status": "single",
    }
    page = Visitor(kenari.client)
    page.opens(f"/permohonan/{code}/isi/identitas").sends({**identity, "nik": NIK + "9"}, 422)
    page.sends({**identity, "nik": NIK})
    for step in page.page.history:
        told(step)
    gives_papers(code, now)
    return code


@pytest.fixture
def stage(app: Flask, palembang: Office, now: datetime, heard: Callable[[], str]) -> tuple[Visitor, str, str]:
    """Kenari signed in, the code that was mailed to her, and the code of her draft."""
    kenari, mailed = signs_up(app)
    return kenari, mailed, writes_down_the_nik(app, kenari)


def test_abuse_47_a_life_in_the_house_leaves_nothing_in_the_log(
    app: Flask, stage: tuple[Visitor, str, str], heard: Callable[[], str]
) -> None:
    kenari, mailed, code = stage
    for path in (f"/permohonan/{code}/isi", f"/permohonan/{code}/isi/periksa", "/akun", "/permohonan"):
        kenari.opens(path)
        assert kenari.page.status_code == 200, path
    make_worker(app).once()
    log = heard()
    assert '"route"' in log and "applicants.save_answers" in log, "the log was heard"
    none_in("the log", log)
    # Bounded by what no number has around it: a random request id may hold any six digits.
    assert not re.search(
        rf"(?<![0-9a-f]){mailed}(?![0-9a-f])", re.sub(r'"(?:ms|timestamp)": [^,}]+', "", log)
    )


def test_abuse_47_a_code_is_in_its_own_mail_alone_and_nothing_else_is_in_any(
    app: Flask, stage: tuple[Visitor, str, str]
) -> None:
    _kenari, mailed, _code = stage
    make_worker(app).once()
    with_code = [to for to, body in mails() if mailed in body]
    assert with_code == [EMAIL]
    for _to, body in mails():
        none_in("a mail", body, "name")


def test_abuse_47_every_address_with_a_canary_in_it(
    app: Flask, client: FlaskClient, stage: tuple[Visitor, str, str], heard: Callable[[], str]
) -> None:
    kenari = stage[0]
    for address in ADDRESSES:
        for canary in (NIK, f"0{PHONE}", PASSWORD.replace(" ", "-"), EMAIL):
            for browser in (kenari.client, client):
                answer = browser.get(address.format(canary))
                told_of_itself(answer)
    none_in("the log", heard())


def told_of_itself(answer: TestResponse) -> None:
    """The address that was asked for stands in links back to itself (sign-in, the other language)."""
    if is_error(answer):
        shown = re.sub(r'href="[^"]*"', "", answer.text)
        none_in(f"an error page, {answer.status}, {answer.request.path}", shown)


def test_abuse_47_forms_that_are_refused(
    app: Flask, client: FlaskClient, stage: tuple[Visitor, str, str], heard: Callable[[], str]
) -> None:
    """Without a token, from another site, with a NUL, too large: 403, 400, 413, and not a word of it."""
    code = stage[2]
    typed = {"email": EMAIL, "password": PASSWORD, "nik": NIK, "phone": PHONE, "full_name": NAME}
    paths = (
        "/daftar",
        "/masuk",
        "/lupa",
        f"/permohonan/{code}/isi/identitas",
        "/petugas/masuk",
        "/petugas/cari",
    )
    statuses = set()
    for path in paths:
        for data, headers in (
            (typed, {}),
            (typed, {"Sec-Fetch-Site": "cross-site"}),
            ({**typed, "x": "\x00"}, {}),
            ({**typed, "x": "x" * 300_000}, {}),
        ):
            print(
                path, list(data), headers, stage[0].client.post(path, data=data, headers=headers).status_code
            )
            statuses.add(told(stage[0].client.post(path, data=data, headers=headers)).status_code)
            told(client.post(path, data=data, headers=headers))
    assert statuses >= {400, 403, 413}
    none_in("the log", heard())


def test_abuse_47_wrong_passwords_and_strangers(
    app: Flask, stage: tuple[Visitor, str, str], heard: Callable[[], str]
) -> None:
    stranger = Visitor(app.test_client())
    for email, password in ((EMAIL, f"{PASSWORD} x"), (f"x{EMAIL}", PASSWORD)):
        stranger.opens("/masuk").presses("/masuk", email=email, password=password)
        none_in("a sign-in that failed", stranger.text, "email")
    stranger.opens("/lupa").presses("/lupa", email=EMAIL)
    told(stranger.page)
    make_worker(app).once()
    none_in("the log", heard())


def test_abuse_47_officers_look_somebody_up(
    app: Flask, palembang: Office, now: datetime, stage: tuple[Visitor, str, str], heard: Callable[[], str]
) -> None:
    """The NIK travels in the body of a form, never in an address that a log or a screen keeps."""
    officer = cast.officer(palembang, *Role, now=now).at(app)
    page = Visitor(officer).opens("/petugas/cari")
    born = {"birth_on-day": "14", "birth_on-month": "8", "birth_on-year": "1996"}
    page.sends({"wanted": NIK, **born})
    for step in (*page.page.history, page.page):
        told(step)
        assert NIK not in step.request.url
    none_in("the log", heard())


@pytest.mark.parametrize(
    "fault",
    [
        lambda: RuntimeError(f"cannot handle {NIK} {PASSWORD} {EMAIL} {NAME} {PHONE}"),
        lambda: db.session.execute(text("SELECT :nik / 0, :password"), {"nik": NIK, "password": PASSWORD}),
        lambda: db.session.execute(text("SELECT CAST(:nik AS uuid)"), {"nik": f"{NIK} {PASSWORD} {EMAIL}"}),
    ],
    ids=["a fault that quotes", "a statement with its values", "a value that the database quotes"],
)
def test_abuse_47_a_program_that_fails_quotes_nobody(
    app: Flask,
    stage: tuple[Visitor, str, str],
    heard: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[], Any],
) -> None:
    """Faults carry what was being worked on in their text; that text reaches neither log nor page."""

    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise fault()

    monkeypatch.setattr(account_routes, "sign_up", fails)
    visitor = Visitor(app.test_client()).opens("/daftar")
    typed = {**GOOD, "full_name": NAME, "email": EMAIL, "phone": f"0{PHONE}", "password": PASSWORD}
    visitor.presses("/daftar", **typed)
    assert visitor.page.status_code in (500, 503)
    told(visitor.page)
    log = heard()
    assert "unexpected" in log or "database_error" in log
    none_in("the log", log)


def test_abuse_47_a_stolen_copy_of_the_database_holds_no_nik_password_or_code(
    app: Flask, stage: tuple[Visitor, str, str]
) -> None:
    """Read as text, row by row. The demo's copies of mails are the one place for a code."""
    make_worker(app).once()
    tables = db.session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    for table in tables:
        rows = db.session.scalars(text(f'SELECT row_to_json(t)::text FROM "{table}" t')).all()
        for row in rows:
            none_in(f"the table {table}", row, "phone", "email", "name")
            if table != "demo_message":
                assert not re.search(rf'"[^"]*\b{stage[1]}\b[^"]*"', row), table
    db.session.rollback()
