"""The reader's language stays with the reader: in public addresses, in the session, with the account."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mpaspor.people.choose_language import choose_language
from tests.stage.cast import Person

# Each of these is public: its language is in its address and nowhere else.
PUBLIC = ["/", "/jadwal", "/kantor", "/info", "/info/bantuan", "/info/prioritas", "/tidak-ada"]


@pytest.mark.parametrize("path", PUBLIC)
def test_links_of_a_public_page_keep_its_language(client: FlaskClient, palembang, path: str) -> None:
    page = client.get(f"{path}?bahasa=en").text
    links = re.findall(r'<a [^>]*href="(/[^"#]*)"', page)
    assert len(links) > 5
    assert [link for link in links if "bahasa=" not in link] == []


def test_without_a_wish_no_address_carries_a_language(client: FlaskClient, palembang) -> None:
    links = re.findall(r'<a (?![^>]*hreflang)[^>]*href="(/[^"]*)"', client.get("/").text)
    assert links and not any("bahasa=" in link for link in links)


def test_a_public_page_ignores_what_a_session_remembers(client: FlaskClient, palembang) -> None:
    assert '<html lang="en">' in client.get("/masuk?bahasa=en").text
    assert '<html lang="en">' in client.get("/daftar").text
    assert '<html lang="id">' in client.get("/").text


def test_the_account_brings_its_language_to_a_new_device(app: Flask, ratna: Person, now: datetime) -> None:
    choose_language(ratna.id, "en", now=now)
    assert '<html lang="en">' in ratna.at(app).get("/permohonan").text


def test_a_forged_host_meets_an_error_page_in_the_language_asked_for(app: Flask, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["localhost"])
    answer = app.test_client().get("/?bahasa=en", headers={"Host": "jahat.example"})
    assert answer.status_code == 400
    assert "/info/bantuan?bahasa=en" in answer.text
