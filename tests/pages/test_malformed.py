"""Requests that no browser of a person makes."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from mpaspor.web.access import Audience, audiences
from tests.house.test_routes import addresses
from tests.limited import within_cpu
from tests.stage import cast, drafts
from tests.stage.cast import Person

# Thirty thousand accents, which a processor would sort for ten seconds: 120 kB as they are sent.
ACCENTS = "\u0315\u0300" * 15_000


def test_a_nul_in_an_address_or_field_is_refused_before_any_view(client: FlaskClient, now) -> None:
    assert client.get("/kantor?cari=a%00b").status_code == 400
    assert client.get("/v/abc%00").status_code == 400
    assert client.post("/masuk", data={"email": "a\x00b"}).status_code == 400


@pytest.mark.parametrize("bad", ["a\x00b", "\x00"])
def test_a_nul_is_refused_in_whatever_carries_text(app: Flask, now: datetime, bad: str) -> None:
    client = app.test_client(use_cookies=False)
    picture = {"foto": (io.BytesIO(b"x"), f"{bad}.jpg")}
    asked = [
        client.post("/masuk", data={bad: "name of a field"}),
        client.post("/masuk", data={"email": bad}, content_type="multipart/form-data"),
        client.post("/masuk", data=picture, content_type="multipart/form-data"),
        client.get("/masuk", query_string={bad: "name of a parameter"}),
        client.get("/masuk", headers={"User-Agent": bad}),
        client.get("/masuk", headers={"X-Request-ID": bad}),
        client.get("/masuk", headers={"Cookie": f'mp_perangkat="{bad}"'}),
        client.get("/masuk", headers={"Cookie": 'mp_perangkat="a\\000b"'}),
    ]
    assert [answer.status_code for answer in asked] == [400] * len(asked)
    assert all("Permintaan ini tidak lengkap" in answer.text for answer in asked)


def test_half_a_surrogate_pair_never_arrives_as_text(client: FlaskClient, now: datetime) -> None:
    """However it is written: raw in an address, a field or a file's name, it becomes a replacement."""
    half = "%ED%A0%80"
    assert client.get(f"/kantor?cari={half}").status_code == 200
    assert client.get(f"/v/{half}").status_code == 404
    body = f"email={half}&password={half}".encode()
    plain = client.post("/masuk", data=body, content_type="application/x-www-form-urlencoded")
    assert plain.status_code == 403  # no token; nothing broke before it
    names = b"form-data; name=\"a\xed\xa0\x80\"; filename*=utf-8''%ED%A0%80"
    part = b"--x\r\nContent-Disposition: " + names + b"\r\n\r\n\r\n"
    sent = client.post("/masuk", data=part + b"--x--\r\n", content_type="multipart/form-data; boundary=x")
    assert sent.status_code in (400, 403)


@pytest.mark.long
def test_abuse_26_accents_that_would_be_sorted_for_seconds_are_refused_in_every_field(
    app: Flask, palembang: Office, ratna: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In addresses too, by everybody, at a price that a processor pays at once."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    case = drafts.ready_draft(ratna, palembang, cast.RATNA_NIK, now)
    officer = cast.officer(palembang, *Role, now=now)

    def walks() -> list[str]:
        people = [app.test_client(), ratna.at(app), officer.at(app)]
        return [f"{a}: {status}" for client in people for a, status in _walk(app, client, case.code, ACCENTS)]

    wrong = within_cpu(40, walks)
    assert wrong == []


def _walk(app: Flask, client: FlaskClient, code: str, text: str) -> list[tuple[Any, int]]:
    """The addresses that did not say at once that the text is too long, with their status."""
    found = []
    for address in addresses(app, code=code):
        if Audience.BANK in audiences(address.endpoint):
            continue
        if address.method == "GET":
            answer = client.get(f"{address.path}?q={text[:2_000]}")
            expected = 414
        else:
            answer = client.post(address.path, data={"x": text})
            expected = 413
            assert answer.status_code != 413 or "30.000 karakter" in answer.text, address
        if answer.status_code != expected:
            found.append((address, answer.status_code))
    return found


def test_abuse_26_a_plain_form_of_many_fields_is_refused_before_it_is_split(client: FlaskClient, now) -> None:
    """Signed in or not, and also where there is no such page: nothing reads such a body."""
    for path in ("/masuk", "/daftar", "/permohonan/baru", "/petugas/masuk", "/tidak-ada"):
        answer = client.post(path, data=b"a&" * 200_000, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 413, path


def test_a_request_without_a_body_may_say_what_it_would_have_been(client: FlaskClient, now) -> None:
    answer = client.get("/kantor", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 200
