"""The whole way of the money: demo page → bank's counter → SNAP over HTTP → bill, place and case."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import waitress
from flask import Flask
from flask.testing import FlaskClient

from mpaspor.demo.partner import register_bank
from mpaspor.simulators import bank_identity
from mpaspor.simulators.bank_server import HOST, bank_in, counter
from tests import live_web
from tests.postgres import Urls
from tests.stage.bills import Owing

Scalar = Callable[..., Any]


@pytest.fixture
def data_dir(app: Flask) -> Path:
    found: Path = app.extensions["settings"].data_dir
    return found


@pytest.fixture(scope="module")
def web(_app: Flask, database: Urls) -> Iterator[str]:
    """A real web process on the test's database; its address."""
    with live_web.web(database, _app.extensions["settings"].data_dir) as running:
        yield running.url


@pytest.fixture
def open_bank(app: Flask, data_dir: Path, web: str) -> Iterator[str]:
    """The simulated bank, open, with the web process as its partner."""
    register_bank(data_dir)
    folder = bank_identity.folder(data_dir)
    server = waitress.create_server(counter(bank_in(folder, web)), host=HOST, port=0)
    threading.Thread(target=server.run, daemon=True).start()
    address = folder / "address"
    address.write_text(f"http://{HOST}:{server.effective_port}\n")
    yield web
    address.unlink()
    server.close()


def send(client: FlaskClient, code: str, channel: str = "tokopedia", **headers: str) -> tuple[int, str]:
    page = client.get("/demo/bayar").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    fields = {"csrf_token": token[1], "code": code, "channel": channel}
    answer = client.post("/demo/bayar", data=fields, headers=headers)
    return answer.status_code, answer.text


def test_a_bill_is_paid_at_the_bank_and_the_place_is_confirmed(
    open_bank: str, owed_today: Owing, client: FlaskClient, scalar: Scalar
) -> None:
    status, page = send(client, f"{owed_today.code[:5]} {owed_today.code[5:10]}-{owed_today.code[10:]}")
    assert status == 200 and "Pembayaran diterima" in page
    assert str(scalar("SELECT ntb FROM payment")) in page
    assert scalar("SELECT channel FROM payment") == "Tokopedia"
    assert scalar("SELECT state FROM application") == "scheduled"
    assert scalar("SELECT state FROM booking") == "confirmed"


def test_a_bill_paid_twice_is_declined_before_money_moves(
    open_bank: str, owed_today: Owing, client: FlaskClient, scalar: Scalar
) -> None:
    send(client, owed_today.code)
    _, page = send(client, owed_today.code)
    assert "Tagihan sudah dibayar" in page
    assert scalar("SELECT count(*) FROM payment") == 1


def test_an_unknown_code_is_declined(open_bank: str, owed_today: Owing, client: FlaskClient) -> None:
    assert "Tagihan tidak ditemukan" in send(client, "820200101000000")[1]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("", "Isi kode billing 15 angka"),
        ("82026112300", "harus 15 angka, ini 11 angka"),
        ("kode", "hanya berisi angka"),
    ],
)
def test_a_code_mistyped_is_explained_and_kept(
    open_bank: str, client: FlaskClient, code: str, says: str
) -> None:
    status, page = send(client, code)
    assert status == 422
    assert says in page and f'value="{code}"' in page


def test_the_page_works_with_and_without_htmx(open_bank: str, owed_today: Owing, client: FlaskClient) -> None:
    status, part = send(client, owed_today.code, **{"HX-Request": "true"})
    assert status == 200
    assert part.lstrip().startswith('<div id="bayar">') and "<html" not in part


def test_a_code_in_the_address_is_filled_in(open_bank: str, client: FlaskClient) -> None:
    assert 'value="820261123000001"' in client.get("/demo/bayar?kode=820261123000001").text


def test_a_bank_that_is_closed_says_so(app: Flask, client: FlaskClient, data_dir: Path) -> None:
    (bank_identity.folder(data_dir) / "address").unlink(missing_ok=True)
    assert "Bank simulasi sedang tutup" in client.get("/demo/bayar").text


def test_the_page_is_not_there_outside_the_demo_nor_for_other_machines(
    app: Flask, client: FlaskClient
) -> None:
    answer = client.get("/demo/bayar", environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert answer.status_code == 404


def test_registering_the_demo_bank_again_changes_nothing(app: Flask, data_dir: Path, scalar: Scalar) -> None:
    register_bank(data_dir)
    before = bytes(scalar("SELECT secret FROM bank_partner"))
    register_bank(data_dir)
    assert bytes(scalar("SELECT secret FROM bank_partner")) == before
