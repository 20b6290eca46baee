"""Information that needs no account: plain, cacheable, in two languages, without a cookie."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from flask.testing import FlaskClient

from mpaspor.foundation import clock
from mpaspor.offices.models import Office
from mpaspor.offices.rules import moment_of
from mpaspor.public.info_routes import TOPICS

PAGES = ["/info", "/kantor", *(f"/info/{slug}" for slug in TOPICS)]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_read_without_an_account_and_without_a_cookie(
    client: FlaskClient, palembang: Office, now: datetime, address: str, language: str
) -> None:
    page = client.get(address, query_string={"bahasa": language} if language == "en" else {})
    assert page.status_code == 200
    assert page.text.count("<h1") == 1 and f'lang="{language}"' in page.text
    assert "Set-Cookie" not in page.headers
    assert "csrf" not in page.text.lower()
    assert page.headers["Cache-Control"].startswith("public, max-age=")
    again = client.get(page.request.full_path.rstrip("?"), headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_an_unknown_topic_is_not_there(client: FlaskClient) -> None:
    assert client.get("/info/rahasia").status_code == 404
    assert client.get("/info/..%2f..%2fbase").status_code == 404


def test_fees_come_from_the_table_of_the_day(client: FlaskClient, now: datetime) -> None:
    page = client.get("/info/biaya").text
    assert "PP 45/2024" in page and "Rp950.000" in page
    with clock.at(moment_of(date(2024, 12, 16), time(12), "Asia/Jakarta")):
        old = client.get("/info/biaya").text
    assert "PP 28/2019" in old and "Rp950.000" not in old


def test_lost_and_damaged_say_where_to_go_and_what_it_costs(client: FlaskClient, now: datetime) -> None:
    page = client.get("/info/hilang-rusak").text
    assert "kepolisian" in page and "Rp1.000.000" in page and "Rp500.000" in page


def test_the_offices_are_all_there_and_the_one_in_service_comes_first(
    client: FlaskClient, palembang: Office, now: datetime
) -> None:
    page = client.get("/kantor").text
    assert page.count("Kantor Imigrasi ") == 151
    assert page.index("Bisa dipesan di sini") < page.index("Kelas I TPI Palembang") < page.index("Banda Aceh")
    assert "/jadwal?kantor=palembang" in page
    assert 'datetime="2026-11-24"' in page


def test_offices_are_searched_by_name_or_province(
    client: FlaskClient, palembang: Office, now: datetime
) -> None:
    page = client.get("/kantor?cari=sumatera+selatan").text
    assert "Lubuklinggau" in page and "Banda Aceh" not in page
    nothing = client.get("/kantor", query_string={"cari": '"><script>'}).text
    assert "<script>" not in nothing.replace("<script src", "") and "Lihat semua kantor" in nothing
