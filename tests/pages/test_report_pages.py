"""The report as a supervisor meets it: on the page, as a chart, in a spreadsheet; and what others may not."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import datetime

import pytest
from flask import Flask

from mpaspor.applications.rules import CaseState
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.counted import counted
from tests.stage import cast
from tests.stage.cast import Person
from tests.stage.desk import House

FORMULA = '=HYPERLINK("http://jahat.example";"klik")'


@pytest.fixture
def supervisor(palembang: Office, now: datetime) -> Person:
    """With a name that a spreadsheet would take for a formula."""
    return cast.officer(palembang, *Role, now=now, name=FORMULA)


def test_the_page_says_in_tables_what_its_chart_draws(house: House, app: Flask, supervisor: Person) -> None:
    house.walk(house.guest(), CaseState.READY)
    client = supervisor.at(app)
    page = client.get("/petugas/laporan")
    assert page.status_code == 200
    for words in ("Kuota per hari", "Waktu per tahap", "Giliran per petugas", "siap sesuai janji", "100%"):
        assert words in page.text
    chart = client.get("/petugas/laporan/kuota.svg")
    assert chart.mimetype == "image/svg+xml" and b"<svg" in chart.data and b"Datang" in chart.data


def test_today_is_seen_at_a_glance_and_the_page_stays_cheap(
    house: House, app: Flask, supervisor: Person
) -> None:
    house.walk(house.guest(), CaseState.ARRIVED)
    client = supervisor.at(app)
    client.get("/petugas")
    with counted() as statements:
        page = client.get("/petugas/laporan").text
    assert len(statements) <= 13, statements
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert re.search(r"terjadwal hari ini 1 .*datang 1 .*di kantor 1 ", words)
    assert re.search(r"Di kantor sekarang .*Berkas 1 0 0 0 ", words)


@pytest.mark.parametrize(
    "days",
    ["dari=2026-13-40", "dari=2026-11-20&sampai=2026-11-01", "dari=2020-01-01&sampai=2026-11-01", "dari=x"],
)
def test_days_that_are_none_are_told_and_the_usual_ones_shown(
    app: Flask, supervisor: Person, days: str
) -> None:
    page = supervisor.at(app).get(f"/petugas/laporan?{days}")
    assert page.status_code == 422 and "paling banyak tiga bulan" in page.text


def test_the_files_hold_every_table(house: House, app: Flask, supervisor: Person) -> None:
    house.walk(house.guest(), CaseState.READY)
    client = supervisor.at(app)
    rows = list(csv.reader(io.StringIO(client.get("/petugas/laporan/angka.csv").data.decode("utf-8-sig"))))
    assert ["Hari", "Kuota", "Dipakai", "Datang", "Tidak datang"] in rows and ["Janji siap"] in rows
    assert ["Hari ini"] in rows and ["Di kantor sekarang"] in rows
    book = zipfile.ZipFile(io.BytesIO(client.get("/petugas/laporan/angka.xlsx").data))
    assert "Kuota per hari" in book.read("xl/workbook.xml").decode()
    assert "laporan-" in client.get("/petugas/laporan/angka.xlsx").headers["Content-Disposition"]


def test_abuse_44_a_name_that_is_a_formula_stays_a_name(house: House, app: Flask, supervisor: Person) -> None:
    """In the figures of a day on which that officer served somebody."""
    house.walk(house.guest(), CaseState.DOCUMENTS_CHECKED)
    db.session.execute(db.text("UPDATE turn SET officer_id = :one"), {"one": supervisor.id})
    db.session.commit()
    client = supervisor.at(app)
    rows = list(csv.reader(io.StringIO(client.get("/petugas/laporan/angka.csv").data.decode("utf-8-sig"))))
    assert [f"'{FORMULA}", "Berkas", "1"] in rows
    book = zipfile.ZipFile(io.BytesIO(client.get("/petugas/laporan/angka.xlsx").data))
    sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
    assert not any("<f>" in sheet or "hyperlink" in sheet.lower() for sheet in sheets)
    assert "HYPERLINK" in book.read("xl/sharedStrings.xml").decode()
