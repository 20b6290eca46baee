"""What a page may cost: compressed bytes over a real web process, and SQL statements.

Bytes are those of the body in gzip, the largest of the three forms that we send; browsers over TLS take
less. Statements are all that reach the database while a page is made, the guard's own (who is signed in)
included.
"""

from __future__ import annotations

import gzip
import re
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mpaspor.applications import form_pages
from mpaspor.applications.declare import declare
from mpaspor.applications.rules import CaseState, Need, ReplacementReason
from mpaspor.applications.save_page import save_page
from mpaspor.billing.check_out import check_out
from mpaspor.booking.generate_slots import top_up
from mpaspor.demo.cookies import cookie_for
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.foundation.kept import Kept
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests import clean_tables, live_web
from tests.counted import counted
from tests.postgres import Urls
from tests.stage import bills, cast, desk
from tests.stage.cast import Person
from tests.stage.drafts import ANSWERS, fills, gives_papers, starts

HTMX = {"HX-Request": "true"}
PUBLIC = ["/", "/jadwal", "/kantor", "/info", "/info/biaya", "/daftar", "/masuk", "/lupa", "/petugas/masuk"]
DEMO = ["/demo/pesan", "/demo/bayar"]
_STATIONS = (
    CaseState.ARRIVED,
    CaseState.DOCUMENTS_CHECKED,
    CaseState.BIOMETRICS_TAKEN,
    CaseState.INTERVIEWED,
    CaseState.GRANTED,
    CaseState.PRINTED,
    CaseState.READY,
)
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
Get = Callable[..., bytes]


class Stage:
    """Everything that stands in the house on a busy day, and who looks at it."""

    def __init__(self, app: Flask, office: Office) -> None:
        self.office, self.now = office, clock.now()
        top_up(office.id, now=self.now)
        self.ratna = cast.applicant("Ratna Dewi Kusuma", "ratna@warga.example", self.now)
        self.draft = self._draft()
        # The pages that only some are asked: a young married pilgrim of one name; who had a passport.
        self.asked_by = dict.fromkeys(("citizenship", "domicile", "spouse", "added_name"), self._pilgrims())
        had_one = starts(self.ratna, self.now, Need.REPLACEMENT, ReplacementReason.EXPIRED)
        self.asked_by["old_passport"] = had_one
        self.owing = bills.owing(office, self.now)
        self.owner = cast.owner(self.owing.account_id, self.now)
        self.guests = [desk.guest(office, self.now, hours=n % 3) for n in range(12)]
        self.guest = _owner(self.guests[0], self.now)
        self.coming = desk.guest(office, self.now, hours=72)
        self.comer = _owner(self.coming, self.now)
        self.officer = cast.officer(office, *Role, now=self.now, name="Sari Wulandari")
        self.walked = self._walked(app)

    def _draft(self) -> str:
        code = starts(self.ratna, self.now)
        fills(self.ratna, code, self.now)
        gives_papers(code, self.now)
        return code

    def _pilgrims(self) -> str:
        code = starts(self.ratna, self.now)
        birth_on = f"{self.now.year - 18}-01-01"
        for page, others in (
            ("identity", {"full_name": "Ratna", "birth_on": birth_on, "civil_status": "married"}),
            ("address", {"domicile_same": "no"}),
            ("trip", {"purpose": "umrah"}),
        ):
            save_page(self.ratna.id, code, page, {**ANSWERS[page], **others}, now=self.now)
        return code

    def _walked(self, app: Flask) -> list[str]:
        """One case at every station of the house."""
        house = desk.House(app, self.office, self.now)
        return [house.walk(house.guest(), state) for state in _STATIONS]

    def declares(self) -> None:
        declare(self.ratna.id, self.draft, now=self.now)

    def applicants_pages(self) -> Iterator[tuple[Person, str]]:
        draft, owing = f"/permohonan/{self.draft}", f"/permohonan/{self.owing.application_code}"
        paid = f"/permohonan/{self.guests[0]}"
        for path in ("/permohonan", "/permohonan/baru", "/akun", "/akun/sandi", "/keluar"):
            yield self.ratna, path
        for page in form_pages.PAGES:
            yield self.ratna, f"/permohonan/{self.asked_by.get(page.name, self.draft)}/isi/{page.slug}"
        for rest in ("/isi", "/isi/periksa", "/isi/pernyataan", "/dokumen", "/hapus"):
            yield self.ratna, draft + rest
        for rest in ("", "/tagihan", "/tagihan/batal", "/dokumen", "/isi/periksa"):
            yield self.owner, owing + rest
        for rest in ("", "/tagihan", "/tarik"):
            yield self.guest, paid + rest
        for rest in ("", "/ubah-jadwal", "/tarik"):
            yield self.comer, f"/permohonan/{self.coming}{rest}"
        for code in self.walked:
            yield _owner(code, self.now), f"/permohonan/{code}"

    def officers_pages(self) -> Iterator[tuple[Person, str]]:
        for path in ("", "/hadir", "/cari", "/pesan-gagal", "?q=tamu", "?tahap=papers"):
            yield self.officer, f"/petugas{path}"
        for code in (self.guests[1], *self.walked):
            yield self.officer, f"/petugas/kasus/{code}"


def _owner(code: str, now: datetime) -> Person:
    found = cast.owner_of(code, now)
    db.session.remove()
    return found


@pytest.fixture
def stage(app: Flask, palembang: Office, database: Urls) -> Stage:
    return clean_tables.eraser(database.superuser).scene("busy_day", lambda: Stage(app, palembang))


@pytest.fixture(scope="module")
def web(_app: Flask, database: Urls) -> Iterator[str]:
    with live_web.web(database, _app.extensions["settings"].data_dir) as running:
        yield running.url


@pytest.fixture
def get(app: Flask, web: str) -> Get:
    """The body of an answer of the real web process, as it travels."""

    def fetch(path: str, who: Person | None = None, **headers: str) -> bytes:
        if who is not None:
            with app.test_request_context():
                _name, value = cookie_for(who.token)
            name = "mp_petugas" if who.audience == "officer" else "mp_warga"
            headers["Cookie"] = f"{name}={value}"
        asked = urllib.request.Request(web + path, headers={"Accept-Encoding": "gzip", **headers})
        with _DIRECT.open(asked, timeout=60) as answer:
            assert answer.url == web + path, f"{path} leads to {answer.url}"
            return bytes(answer.read())

    return fetch


def statements_of(client: FlaskClient, path: str, **headers: str) -> list[str]:
    with counted() as found:
        answer = client.get(path, headers=headers)
    assert answer.status_code == 200, (path, answer.status_code)
    return found


def test_the_first_visit_costs_50_kb_of_which_14_show_the_page(stage: Stage, get: Get) -> None:
    page = get("/")
    text = gzip.decompress(page).decode()
    linked = set(re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="(/[^"]+)"', text))
    sizes = {path: len(get(path)) for path in linked}
    # The page shows itself: its sheet stands in it, and is linked behind all of it for the next page.
    head = text.partition("</head>")[0]
    assert "<style>" in head and ".css" not in head
    styles = sum(size for path, size in sizes.items() if ".css" in path)
    scripts = sum(size for path, size in sizes.items() if ".js" in path)
    assert len(page) + sum(sizes.values()) <= 50_000
    assert len(page) <= 14_000
    assert styles <= 8_000
    assert 0 < scripts <= 30_000


def test_every_later_step_costs_10_kb_at_most(stage: Stage, get: Get) -> None:
    steps = [(None, path) for path in PUBLIC + DEMO]
    sizes = {path: len(get(path, who)) for who, path in [*steps, *stage.applicants_pages()]}
    sizes |= {path: len(get(path, who)) for who, path in stage.officers_pages()}
    stage.declares()
    path = f"/permohonan/{stage.draft}/jadwal"
    sizes[path] = len(get(path, stage.ratna))
    assert not {path: size for path, size in sizes.items() if size > 10_000}


def test_every_part_costs_4_kb_at_most(stage: Stage, get: Get) -> None:
    stage.declares()
    asked: list[tuple[Person | None, str]] = [
        (None, "/jadwal"),
        (None, "/demo/pesan"),
        (None, "/demo/bayar"),
        (stage.ratna, f"/permohonan/{stage.draft}/jadwal"),
        (stage.comer, f"/permohonan/{stage.coming}/ubah-jadwal"),
        (stage.officer, "/petugas"),
    ]
    sizes = {path: len(get(path, who, **HTMX)) for who, path in asked}
    for path in (f"/permohonan/{stage.owing.application_code}", f"/permohonan/{stage.guests[0]}"):
        for rest in ("", "/tagihan"):
            whose = stage.owner if stage.owing.application_code in path else stage.guest
            sizes[path + rest] = len(get(path + rest, whose, **HTMX, **{"HX-Target": "isi"}))
    assert not {path: size for path, size in sizes.items() if size > 4_000}


def test_the_small_status_page_costs_1_kb(stage: Stage, get: Get) -> None:
    assert len(get("/cek")) <= 1_000
    assert len(get(f"/cek?kode={stage.guests[0]}")) <= 1_000
    assert len(get(f"/cek?kode={stage.owing.application_code}")) <= 1_000


def test_a_letter_costs_60_kb_at_most(stage: Stage, get: Get) -> None:
    """The receipt and the visit letter are weighed where they are made: on the way to the passport."""
    path = f"/permohonan/{stage.owing.application_code}/surat/surat-pengantar"
    assert len(get(path, stage.owner)) <= 60_000


@pytest.fixture
def in_service(app: Flask) -> Iterator[None]:
    """As in a process that answers: what is the same for everybody was read a moment ago."""
    before = app.extensions["kept"]
    app.extensions["kept"] = Kept(3600)
    yield
    app.extensions["kept"] = before


def test_an_applicants_page_asks_the_database_3_times_at_most(
    app: Flask, stage: Stage, in_service: None
) -> None:
    """Who asks, whose case it is and all that happened to it, and what the page alone shows."""
    over = {}
    for who, path in stage.applicants_pages():
        statements_of(who.at(app), path)
        over[path] = statements_of(who.at(app), path)
    assert not {path: (len(found), found) for path, found in over.items() if len(found) > 3}


def test_an_officers_page_asks_6_times_at_most(app: Flask, stage: Stage, in_service: None) -> None:
    over = {}
    for who, path in stage.officers_pages():
        statements_of(who.at(app), path)
        over[path] = statements_of(who.at(app), path)
    assert not {path: (len(found), found) for path, found in over.items() if len(found) > 6}


def test_with_nothing_kept_yet_and_after_a_pause_a_page_asks_8_times_at_most(
    app: Flask, stage: Stage, in_service: None
) -> None:
    """The guard's note that somebody came back, once a minute, is counted too."""
    over = {}
    for who, path in [*stage.applicants_pages(), *stage.officers_pages()]:
        app.extensions["kept"].forget()
        # Not so late that an hour is over: a page of the day in the house stays what it is.
        with clock.at(stage.now + timedelta(seconds=61 * (len(over) % 20))):
            over[path] = statements_of(who.at(app), path)
    stage.declares()
    path = f"/permohonan/{stage.draft}/jadwal"
    app.extensions["kept"].forget()
    with clock.at(stage.now + timedelta(seconds=61 * 21)):
        over[path] = statements_of(stage.ratna.at(app), path)
    assert not {path: (len(found), found) for path, found in over.items() if len(found) > 8}


def test_the_pages_of_the_rush_ask_twice(app: Flask, stage: Stage, in_service: None) -> None:
    """Who asks, and whose case it is."""
    stage.declares()
    for who, path in [(stage.ratna, f"/permohonan/{stage.draft}/jadwal"), (stage.guest, "/permohonan")]:
        statements_of(who.at(app), path)
        assert len(statements_of(who.at(app), path)) == 2, path


def test_the_masked_status_is_counted_once_and_read_once(app: Flask, stage: Stage, in_service: None) -> None:
    for code in (stage.guests[0], stage.owing.application_code, "WWWWWWWW"):
        app.test_client().get("/cek?kode=" + code)
        with counted() as found:
            app.test_client().get("/cek?kode=" + code)
        assert [statement.split()[0] for statement in found] == ["INSERT", "SELECT"], found


def test_a_poll_that_finds_nothing_new_asks_twice(app: Flask, stage: Stage, in_service: None) -> None:
    """Who asks, and whether something has happened to the case."""
    watched = ((stage.guest, stage.guests[0], ""), (stage.owner, stage.owing.application_code, "/tagihan"))
    for who, code, page in watched:
        path = f"/permohonan/{code}{page}"
        [poll] = re.findall(rf'hx-get="({path}\?versi=\w+)"', who.at(app).get(path).get_data(as_text=True))
        with counted() as found:
            assert who.at(app).get(poll, headers=HTMX).status_code == 204
        assert len(found) == 2, found


def test_the_list_of_hours_asks_twice(app: Flask, stage: Stage) -> None:
    """Counted are the statements about slots and their days; which office and programme, and who asks, are
    the guard's and every page's."""
    day = (stage.now + timedelta(days=7)).date()
    while day.weekday() > 4:
        day += timedelta(days=1)
    found = statements_of(app.test_client(), f"/jadwal?tanggal={day}", **HTMX)
    about_slots = [statement for statement in found if re.search(r"\bFROM slot\b", statement)]
    assert len(about_slots) <= 2, about_slots


def test_checking_out_asks_12_times_at_most(stage: Stage) -> None:
    stage.declares()
    slot_id = bills.free_slot(stage.office, stage.now)
    key = OneTimeKey(f"account:{stage.ratna.id}", "/permohonan/jadwal", "k" * 16, b"0" * 32, stage.now)
    with counted() as found:
        check_out.once(key, stage.ratna.id, [(stage.draft, slot_id)], now=stage.now)
    assert len(found) <= 12, "\n".join(found)
