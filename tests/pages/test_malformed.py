"""Requests that no browser of a person makes."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_a_nul_in_an_address_or_field_is_refused_before_any_view(client: FlaskClient, now) -> None:
    assert client.get("/kantor?cari=a%00b").status_code == 400
    assert client.get("/v/abc%00").status_code == 400
    assert client.post("/masuk", data={"email": "a\x00b"}).status_code == 400


def test_abuse_26_a_plain_form_of_many_fields_is_refused_before_it_is_split(client: FlaskClient, now) -> None:
    """Signed in or not, and also where there is no such page: nothing reads such a body."""
    for path in ("/masuk", "/daftar", "/permohonan/baru", "/petugas/masuk", "/tidak-ada"):
        answer = client.post(path, data=b"a&" * 200_000, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 413, path


def test_a_request_without_a_body_may_say_what_it_would_have_been(client: FlaskClient, now) -> None:
    answer = client.get("/kantor", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 200
