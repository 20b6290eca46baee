"""A public page is drawn and compressed once for all who ask in the same second; who has it gets no bytes."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mpaspor.foundation.kept import Kept
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Office
from tests.counted import counted

PAGES = ["/", "/jadwal", "/kantor", "/info", "/info/biaya", "/jadwal?bahasa=en"]


@pytest.fixture(autouse=True)
def kept(app: Flask, palembang: Office, now: datetime) -> Iterator[None]:
    """A process that keeps for longer than any test lasts."""
    before = app.extensions["kept"]
    app.extensions["kept"] = Kept(3600)
    yield
    app.extensions["kept"] = before


def test_the_second_reader_asks_the_database_nothing(client: FlaskClient) -> None:
    over = {}
    for path in PAGES:
        first = client.get(path).get_data()
        with counted() as found:
            assert client.get(path).get_data() == first
        if found:
            over[path] = found
    assert over == {}


def test_each_browser_gets_the_encoding_that_it_can_read(client: FlaskClient) -> None:
    for path in PAGES:
        plain = client.get(path)
        for _ in range(2):
            zipped = client.get(path, headers={"Accept-Encoding": "gzip"})
            assert zipped.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(zipped.get_data()) == plain.get_data()
            assert "Content-Encoding" not in client.get(path).headers
        assert "Accept-Encoding" in zipped.headers["Vary"]
        assert zipped.headers["ETag"] != plain.headers["ETag"]


def test_a_browser_that_has_the_page_gets_304_and_no_bytes(client: FlaskClient) -> None:
    for path in PAGES:
        tag = client.get(path).headers["ETag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.get_data()) == (304, b""), path
        assert client.get(path, headers={"If-None-Match": '"another"'}).status_code == 200


def test_every_answer_has_the_headers_of_the_house_and_no_cookie(client: FlaskClient) -> None:
    for path in PAGES:
        for _ in range(2):
            answer = client.get(path)
            assert answer.headers["Cache-Control"].startswith("public")
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            assert "Set-Cookie" not in answer.headers


def test_a_part_and_its_page_are_two_things(client: FlaskClient) -> None:
    part = {"HX-Request": "true", "HX-Target": "jadwal"}
    for _ in range(2):
        assert "<html" in client.get("/jadwal").get_data(as_text=True)
        assert "<html" not in client.get("/jadwal", headers=part).get_data(as_text=True)


def test_what_does_not_exist_is_not_kept(client: FlaskClient, app: Flask) -> None:
    for _ in range(2):
        assert client.get("/info/tidak-ada").status_code == 404
        assert client.get("/jadwal?kantor=atlantis").status_code == 404


def test_reference_rows_are_read_once_and_serve_every_request(app: Flask) -> None:
    with app.test_request_context():
        assert offices.office_by_code("palembang") is not None
        with counted() as found:
            office = offices.office_by_code("palembang")
            assert office is not None and office.time_zone == "Asia/Jakarta"
        assert list(found) == []
