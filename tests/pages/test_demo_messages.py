"""`/demo/pesan` and `/v/<code>`, as anybody finds them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mpaspor.config import settings
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.mail import Mail, deliver
from mpaspor.offices.models import Office
from mpaspor.public.verify_letter_routes import PER_MINUTE
from tests.house.text_browser import words_of
from tests.stage import bills

PART = {"HX-Request": "true"}


def send(now: datetime, to: str = "siti@contoh.example", subject: str = "Kode untuk masuk") -> None:
    body = f"123456\n\n{settings().public_url}/masuk\nhttp://jahat.example/x\n<b>tebal</b>\n"
    deliver(
        Mail(uuid7(), "email_code", to, subject, body, files=(("surat.pdf", b"%PDF-1.7"),)),
        settings(),
        now=now,
    )


def test_every_message_is_shown_with_its_letter(client: FlaskClient, now: datetime) -> None:
    send(now)
    page = client.get("/demo/pesan")
    assert page.status_code == 200
    assert "123456" in page.text
    assert "&lt;b&gt;tebal" in page.text
    assert f'<a href="{settings().public_url}/masuk">' in page.text
    assert 'href="http://jahat' not in page.text
    link = page.text.split('href="/demo/pesan/')[1].split('"')[0]
    letter = client.get(f"/demo/pesan/{link}")
    assert letter.data == b"%PDF-1.7"
    assert letter.content_type == "application/pdf"
    assert letter.headers["X-Content-Type-Options"] == "nosniff"


def test_messages_are_found_by_address(client: FlaskClient, now: datetime) -> None:
    send(now)
    send(now, to="budi@contoh.example", subject="Untuk Budi")
    assert "Untuk Budi" not in client.get("/demo/pesan?alamat=siti").text
    assert "Untuk Budi" in client.get("/demo/pesan?alamat=BUDI@").text
    assert "Untuk Budi" not in client.get("/demo/pesan?alamat=%25x").text
    assert client.get("/demo/pesan?alamat=%00").status_code == 400


def test_an_empty_post_box_says_what_will_come(client: FlaskClient, now: datetime) -> None:
    assert "Belum ada pesan" in client.get("/demo/pesan").text


def test_the_poll_changes_the_page_only_when_something_came(client: FlaskClient, now: datetime) -> None:
    send(now)
    part = client.get("/demo/pesan", headers=PART)
    assert part.text.startswith("<section id=") or part.text.lstrip().startswith('<section id="messages"')
    again = part.text.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(again, headers=PART).status_code == 204
    send(now, subject="Baru")
    assert "Baru" in client.get(again, headers=PART).text


def test_demo_pages_are_for_this_machine_only(client: FlaskClient, now: datetime) -> None:
    elsewhere = {"REMOTE_ADDR": "203.0.113.5"}
    assert client.get("/demo/pesan", environ_base=elsewhere).status_code == 404


@pytest.fixture
def letter_code(app: Flask, palembang: Office, now: datetime, scalar: Callable[..., Any]) -> str:
    bills.owing(palembang, now)
    return str(scalar("SELECT code FROM letter"))


def test_a_genuine_letter_shows_kind_date_and_masked_name_only(
    client: FlaskClient, letter_code: str, now: datetime
) -> None:
    page = client.get(f"/v/{letter_code}")
    assert page.status_code == 200
    for told in ("Surat ini asli", "Surat pengantar pembayaran", "Senin, 23 November 2026", "S••• N•••••••"):
        assert told in words_of(page.text)
    for hidden in ("SITI", "NURHALIZA", "820261", "@contoh", "1671"):
        assert hidden not in page.text
    assert "Set-Cookie" not in page.headers


def test_a_code_may_be_typed_as_people_type(client: FlaskClient, letter_code: str, now: datetime) -> None:
    typed = "-".join(letter_code[n : n + 4] for n in range(0, 16, 4)).lower().replace("0", "o")
    assert client.get(f"/v/{typed}").status_code == 200


@pytest.mark.parametrize("code", ["0000000000000000", "x", "'; --", "A" * 500])
def test_an_unknown_letter_is_called_unknown(client: FlaskClient, now: datetime, code: str) -> None:
    page = client.get(f"/v/{code}")
    assert page.status_code == 404


def test_guessing_letter_codes_is_slowed(client: FlaskClient, now: datetime) -> None:
    for number in range(PER_MINUTE):
        assert client.get(f"/v/{number:016d}").status_code == 404
    slowed = client.get("/v/0000000000000000")
    assert slowed.status_code == 429
    assert int(slowed.headers["Retry-After"]) <= 60


def test_the_demo_pages_trust_the_peer_and_no_header(client: FlaskClient) -> None:
    assert client.get("/demo/pesan").status_code == 200
    for headers in (
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"Host": "rebound.example"},
    ):
        assert client.get("/demo/pesan", headers=headers).status_code == 404, headers
    elsewhere = client.get("/demo/pesan", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert elsewhere.status_code == 404
