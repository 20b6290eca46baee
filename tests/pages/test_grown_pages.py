"""No page looks through a table that grows from one end to the other, however old the installation is."""

from __future__ import annotations

import pytest
from flask import Flask

from mpaspor.applications.models import Letter
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from tests import clean_tables
from tests.pages.test_budgets import Stage
from tests.plans import Asked, asked, whole_tables
from tests.postgres import Urls
from tests.stage.grown import grown

pytestmark = pytest.mark.long

_PUBLIC = ("/", "/jadwal", "/kantor", "/kantor?q=palembang", "/info/biaya", "/layar/palembang")
_OFFICERS = """
    /tim /laporan /laporan/kuota.svg /laporan/angka.csv /laporan/angka.xlsx /stok /cetak /ambil /akun
    ?perlu=long ?perlu=promise ?perlu=second ?tahap=done ?tahap=shelf""".split()


@pytest.fixture
def stage(app: Flask, palembang: Office, database: Urls) -> Stage:
    grown(app, palembang, database)
    return clean_tables.eraser(database.superuser).scene("busy_day", lambda: Stage(app, palembang))


def expect_indexes(database: Urls, found: list[Asked]) -> None:
    wrong = whole_tables(database.superuser, found)
    assert not wrong, "\n".join(wrong)


def test_no_page_of_an_applicant_reads_a_whole_table(app: Flask, stage: Stage, database: Urls) -> None:
    stage.declares()
    more = [
        (stage.ratna, f"/permohonan/{stage.draft}/jadwal"),
        (stage.guest, f"/permohonan/{stage.guests[0]}/dibuka"),
    ]
    with asked() as found:
        for who, path in [*stage.applicants_pages(), *more]:
            assert who.at(app).get(path).status_code == 200, path
    expect_indexes(database, found)


def test_no_public_page_reads_a_whole_table(app: Flask, stage: Stage, database: Urls) -> None:
    letter = db.session.scalars(db.select(Letter.code)).first()
    with asked() as found:
        for path in (*_PUBLIC, f"/cek?kode={stage.guests[0]}", f"/v/{letter}"):
            assert app.test_client().get(path).status_code == 200, path
    expect_indexes(database, found)


def test_no_page_of_an_officer_reads_a_whole_table(app: Flask, stage: Stage, database: Urls) -> None:
    more = [(stage.officer, f"/petugas{rest}") for rest in (*_OFFICERS, f"/tim/{stage.officer.id}")]
    with asked() as found:
        for who, path in [*stage.officers_pages(), *more]:
            assert who.at(app).get(path).status_code == 200, path
    expect_indexes(database, found)
