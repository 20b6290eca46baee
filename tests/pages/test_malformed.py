"""Requests that no browser of a person makes."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_a_nul_in_an_address_or_field_is_refused_before_any_view(client: FlaskClient, now) -> None:
    assert client.get("/kantor?cari=a%00b").status_code == 400
    assert client.get("/v/abc%00").status_code == 400
    assert client.post("/masuk", data={"email": "a\x00b"}).status_code == 400
