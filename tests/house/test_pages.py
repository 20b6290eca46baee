"""Every page that a person may reach is a proper page: headings, ids, labels, forms, language."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.house.page_rules import Inspecting, complaints, part_complaints
from tests.house.text_browser import text_complaints
from tests.stage import cast, desk, drafts
from tests.stage.bills import owing
from tests.stage.cast import Person

LANGUAGES = ("id", "en")
HTMX = {"HX-Request": "true"}

PUBLIC = [
    "/", "/jadwal", "/jadwal?kantor=palembang", "/jadwal?kantor=palembang&tanggal=2026-11-30",
    "/jadwal?kantor=palembang&tanggal=2026-12-25", "/jadwal?kantor=tidak-ada", "/kantor", "/info",
    "/info/biaya", "/info/persyaratan", "/info/bantuan", "/info/privasi", "/info/aksesibilitas",
    "/v/0000-0000-0000-0000", "/tidak-ada", "/keluar/selesai",
    "/daftar", "/masuk", "/masuk?next=/permohonan", "/lupa", "/demo/pesan", "/demo/bayar",
    "/petugas/masuk", "/layar/palembang", "/kios/palembang",
]  # fmt: skip
# Sent with nothing in them: the page that says what is missing.
EMPTY_FORMS = ["/daftar", "/masuk", "/lupa", "/petugas/masuk"]
AFTER_THE_DRAFT = (
    "", "/tagihan", "/tagihan/batal", "/jadwal", "/ubah-jadwal", "/tarik", "/dokumen", "/dokumen/ktp/lihat",
    "/isi/periksa",
)  # fmt: skip
DRAFT_PAGES = (
    "/isi", "/isi/periksa", "/isi/pernyataan", "/isi/keinginan", "/isi/identitas", "/isi/alamat",
    "/isi/kontak", "/isi/keluarga", "/isi/identitas/nik", "/dokumen", "/hapus", "/jadwal",
)  # fmt: skip
LIVE = [
    state
    for state in CaseState
    if state not in (CaseState.DRAFT, CaseState.AWAITING_PAYMENT, CaseState.DISCARDED)
]


def at(client: FlaskClient) -> Inspecting:
    return Inspecting(client)


def case_in(state: CaseState, office: Office, now: datetime, *, hours: int = 0) -> str:
    """A paid case in this state; the code."""
    if state is not CaseState.DOCUMENTS_WANTED:
        return desk.guest(office, now, hours=hours, state=state)
    code = desk.guest(office, now, hours=hours, state=CaseState.ARRIVED)
    values = {
        "state": str(state),
        "wanted_from": str(CaseState.ARRIVED),
        "papers_until": now + timedelta(days=7),
    }
    db.session.execute(update(Application).where(Application.code == code).values(values))
    db.session.commit()
    return code


def owner_of(app: Flask, code: str, now: datetime) -> FlaskClient:
    """A browser in which the owner of a case is signed in."""
    return cast.owner_of(code, now).at(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages(client: FlaskClient, palembang: Office, now: datetime, language: str) -> None:
    for path in PUBLIC:
        answer = at(client).get(f"{path}{'&' if '?' in path else '?'}bahasa={language}")
        assert answer.status_code in (200, 404), path


@pytest.mark.parametrize("path", ["/cek", "/cek?kode=AAAA-AAAA"])
def test_the_small_page_of_the_status(client: FlaskClient, now: datetime, path: str) -> None:
    """It fits into 1 kB and so leaves out what HTML lets one leave out: end tags, `main`."""
    answer = client.get(path)
    unusual = ("never closed", "is open", "main elements")
    assert len(answer.data) <= 1000
    assert [fault for fault in complaints(answer.text, path) if not any(x in fault for x in unusual)] == []


def test_forms_sent_empty(
    app: Flask, client: FlaskClient, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    for path in EMPTY_FORMS:
        answer = at(client).post(path, data={})
        assert answer.status_code == 422, path
        assert "Kesalahan:" in answer.text.split("</title>")[0], path


def test_pages_of_the_account(app: Flask, ratna: Person, now: datetime) -> None:
    client = at(ratna.at(app))
    for path in (
        "/akun",
        "/akun/sandi",
        "/keluar",
        "/permohonan",
        "/permohonan/baru",
        "/permohonan/tidakada",
    ):
        client.get(path)
    assert len(client.seen) >= 5


def test_pages_of_a_draft_empty_and_full(app: Flask, palembang: Office, ratna: Person, now: datetime) -> None:
    code = drafts.starts(ratna, now)
    client = at(ratna.at(app))
    for fill in (lambda: None, lambda: drafts.fills(ratna, code, now)):
        fill()
        for rest in DRAFT_PAGES:
            client.get(f"/permohonan/{code}{rest}")
    assert len(client.seen) > len(DRAFT_PAGES)


def test_every_page_of_the_draft_sent_empty(
    app: Flask, palembang: Office, ratna: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    code = drafts.starts(ratna, now)
    client = at(ratna.at(app))
    for rest in (
        "/isi/identitas",
        "/isi/alamat",
        "/isi/kontak",
        "/isi/pernyataan",
        "/jadwal",
        "/dokumen/ktp",
    ):
        assert client.post(f"/permohonan/{code}{rest}", data={}).status_code in (303, 404, 409, 422), rest


def test_the_bill_and_the_hours_whole_and_in_parts(app: Flask, palembang: Office, now: datetime) -> None:
    owed = owing(palembang, now)
    ratna = at(owner_of(app, owed.application_code, now))
    for rest, headers in itertools.product(AFTER_THE_DRAFT, ({}, HTMX)):
        ratna.get(f"/permohonan/{owed.application_code}{rest}", headers=headers)
    ratna.get(f"/demo/bayar?kode={owed.code}")
    assert len(ratna.seen) > 6


def test_a_case_in_every_state_for_its_owner(app: Flask, palembang: Office, now: datetime) -> None:
    for number, state in enumerate(LIVE):
        code = case_in(state, palembang, now, hours=48 + number % 3)
        ratna = at(owner_of(app, code, now))
        ratna.get("/permohonan")
        for rest, headers in [*((rest, {}) for rest in AFTER_THE_DRAFT), ("", HTMX), ("/tagihan", HTMX)]:
            assert ratna.get(f"/permohonan/{code}{rest}", headers=headers).status_code < 500, (state, rest)
        assert f"/permohonan/{code}" in ratna.seen, state


def test_a_case_in_every_state_at_the_desk(app: Flask, palembang: Office, now: datetime) -> None:
    for roles in ([Role.HANDOVER], list(Role)):
        officer = at(cast.officer(palembang, *roles, now=now).at(app))
        for number, state in enumerate(LIVE):
            code = case_in(state, palembang, now, hours=number % 4)
            for path in (f"/petugas/kasus/{code}", f"/petugas/kasus/{code}?berkas=ktp&besar=1"):
                assert officer.get(path).status_code == 200, (state, path)


def test_pages_of_the_desk(app: Flask, palembang: Office, now: datetime) -> None:
    desk.guest(palembang, now)
    boss = at(cast.officer(palembang, *Role, now=now).at(app))
    for path in (
        "/petugas",
        "/petugas?tahap=papers",
        "/petugas/cari",
        "/petugas/hadir",
        "/petugas/pesan-gagal",
    ):
        assert boss.get(path).status_code == 200, path
        assert boss.get(path, headers=HTMX).status_code == 200, path
    assert boss.get("/petugas/kasus/AAAAAAAA").status_code == 404


GOOD = """<!doctype html><html lang="id"><head><title>x</title></head><body><main><h1>Judul</h1>
<form method="post" action="/a" hx-post="/a"><input type="hidden" name="csrf_token" value="1">
<label for="n">Nama</label><input id="n" name="n"><button>Kirim</button></form></main></body></html>"""


def test_a_proper_page_has_no_complaints() -> None:
    assert complaints(GOOD) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda page: page.replace(' lang="id"', ""), "lang"),
        (lambda page: page.replace("<title>x</title>", ""), "title"),
        (lambda page: page.replace("h1", "h2"), "first headings"),
        (lambda page: page.replace("</main>", "<h1>Dua</h1></main>"), "first headings"),
        (lambda page: page.replace("</h1>", "</h1><h3>x</h3>"), "followed by"),
        (lambda page: page.replace("<button>", '<button id="n">'), "stands 2 times"),
        (lambda page: page.replace('<label for="n">Nama</label>', ""), "no label"),
        (lambda page: page.replace('for="n"', 'for="m"'), "not there"),
        (lambda page: page.replace('name="csrf_token"', 'name="t"'), "no token"),
        (lambda page: page.replace('hx-post="/a"', 'hx-post="/b"'), "htmx to"),
        (lambda page: page.replace("<button>Kirim</button>", ""), "no button"),
        (lambda page: page.replace("<button>Kirim", "<button>"), "without a name"),
        (lambda page: page.replace("<h1>", '<h1 style="color:red">'), "inline"),
        (lambda page: page.replace("<h1>", '<h1 onclick="x()">'), "inline"),
        (lambda page: page.replace("<h1>", "<style>h1{color:red}</style><h1>"), "inline"),
        (lambda page: page.replace("<h1>", "<script>x()</script><h1>"), "inline"),
        (lambda page: page.replace("</label>", ""), "is open"),
        (lambda page: page.replace('name="n"', 'name="n" type="file"'), "carry its file"),
        (lambda page: page.replace('action="/a"', 'action="https://x.example/a"'), "leads away"),
    ],
)
def test_the_browser_complains_about(change: Callable[[str], str], fault: str) -> None:
    changed = change(GOOD)
    assert changed != GOOD
    assert any(fault in found for found in complaints(changed)), complaints(changed)


def test_the_browser_complains_about_parts_too() -> None:
    assert part_complaints('<p id="a">x</p><p id="a">y</p>') == ["the id 'a' stands 2 times"]


def test_a_browser_of_text_reads_words_apart_and_nothing_that_waits_for_a_script() -> None:
    assert text_complaints("<b>Biaya</b><small>elektronik</small>") == [
        "words glue together: Biayaelektronik"
    ]
    assert text_complaints("<span>Selesai:</span><svg><path/></svg><b>Dibayar</b>")
    assert text_complaints("<template><p>Belum tersimpan</p></template>")
    assert not text_complaints("<b>Biaya</b> <small>elektronik</small>, <a>di sini</a>.")
    assert not text_complaints("<span>820</span><span>261</span><template data-a='Kirim'><b></b></template>")
