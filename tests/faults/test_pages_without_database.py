"""The database is gone: every page says so in words, to everybody, and all is well when it is back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from sqlalchemy import make_url, text

from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from mpaspor.server import last_resort
from mpaspor.web.access import Audience, audiences, open_to
from tests.house.test_headers import wears
from tests.house.test_routes import HTMX, addresses
from tests.postgres import Urls
from tests.stage import cast
from tests.stage.cast import Person

DOCTYPE = "<!doctype html>"
_OWN_PAGES = (("applicant", "/permohonan"), ("officer", "/petugas"))


@contextmanager
def gone(database: Urls) -> Iterator[None]:
    """Every connection is cut and no new one is made, as if the server had been switched off."""
    with _maintenance(database) as connection:
        name = sql.Identifier(database.name)
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        try:
            _cut(connection, database)
            yield
        finally:
            connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


def _cut(connection: psycopg.Connection, database: Urls) -> None:
    words = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    connection.execute(words, [database.name])


def _maintenance(database: Urls) -> psycopg.Connection:
    url = make_url(database.superuser).set(drivername="postgresql", database="postgres")
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


@pytest.fixture(autouse=True)
def no_dead_connections(app: Flask) -> Iterator[None]:
    """What was cut here and not noticed goes: one used a moment ago is not asked whether it lives."""
    yield
    db.session.remove()
    db.engine.dispose()


@pytest.fixture
def visitors(app: Flask, palembang: Office, ratna: Person, now: datetime) -> dict[str, FlaskClient]:
    """Nobody, an applicant and an officer, each with their cookie."""
    return {
        "nobody": app.test_client(),
        "applicant": ratna.at(app),
        "officer": cast.officer(palembang, *Role, now=now).at(app),
    }


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
@pytest.mark.parametrize("who", ["nobody", "applicant", "officer"])
def test_every_page_says_in_words_that_the_database_is_gone(
    app: Flask,
    visitors: dict[str, FlaskClient],
    database: Urls,
    monkeypatch: pytest.MonkeyPatch,
    who: str,
    headers: dict[str, str],
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    unavailable = 0
    with gone(database):
        for address in addresses(app, code="ABCD2345"):
            if Audience.BANK in audiences(address.endpoint) or address.endpoint == "public.ready":
                continue  # for machines: they have answers of their own
            answer = visitors[who].open(address.path, method=address.method, headers=headers)
            assert answer.status_code not in (500, 502, 504), address
            assert answer.headers["Content-Security-Policy"], address
            if answer.status_code == 503:
                _speaks(answer, part=bool(headers))
                unavailable += 1
    assert unavailable > (30 if who != "nobody" else 5)


def _speaks(answer: Any, *, part: bool) -> None:
    wears(answer)
    assert int(answer.headers["Retry-After"]) > 0
    assert "Yang sudah tersimpan dan yang sudah dibayar tetap aman." in answer.text
    assert answer.text.startswith(DOCTYPE) is not part
    if part:
        assert answer.headers["HX-Retarget"] == "#kabar"


def test_it_all_works_again_when_the_database_is_back(
    visitors: dict[str, FlaskClient], database: Urls, now: datetime
) -> None:
    with gone(database):
        assert visitors["applicant"].get("/permohonan").status_code == 503
        assert visitors["officer"].get("/petugas").status_code == 503
    assert visitors["applicant"].get("/permohonan").status_code == 200
    assert visitors["officer"].get("/petugas").status_code == 200


def test_connections_cut_a_moment_ago_cost_one_answer_and_then_all_are_made_anew(
    visitors: dict[str, FlaskClient], database: Urls, now: datetime
) -> None:
    """After a restart of the server the pool holds what is dead; who meets it first is told to come again."""
    assert visitors["applicant"].get("/permohonan").status_code == 200
    with _maintenance(database) as connection:
        _cut(connection, database)
    _speaks(visitors["applicant"].get("/permohonan"), part=False)
    assert [visitors[who].get(path).status_code for who, path in _OWN_PAGES for _ in range(3)] == [200] * 6


def test_connections_that_have_rested_are_asked_whether_they_live(
    visitors: dict[str, FlaskClient], database: Urls, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert visitors["applicant"].get("/permohonan").status_code == 200
    monkeypatch.setattr("mpaspor.foundation.database._FRESH", 0.0)
    with _maintenance(database) as connection:
        _cut(connection, database)
    assert [visitors[who].get(path).status_code for who, path in _OWN_PAGES] == [200] * 2


def test_a_database_that_goes_in_the_middle_of_a_page_takes_no_page_down(
    app: Flask, visitors: dict[str, FlaskClient], database: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is put away after the answer meets the dead connection again, and must not replace the answer."""
    one = text("SELECT 1")

    @open_to(Audience.APPLICANT)
    def asks_twice() -> str:
        db.session.execute(one)
        with _maintenance(database) as connection:
            _cut(connection, database)
        db.session.execute(one)
        return "answered"

    monkeypatch.setitem(app.view_functions, "applicants.show_applications", asks_twice)
    _speaks(visitors["applicant"].get("/permohonan"), part=False)


def test_a_dead_connection_found_while_putting_away_leaves_the_answer_as_it_is(
    app: Flask, visitors: dict[str, FlaskClient], database: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    @open_to(Audience.APPLICANT)
    def is_cut_at_the_end() -> str:
        db.session.execute(text("SELECT 1"))
        with _maintenance(database) as connection:
            _cut(connection, database)
        return "answered"

    monkeypatch.setitem(app.view_functions, "applicants.show_applications", is_cut_at_the_end)
    assert visitors["applicant"].get("/permohonan").text == "answered"


def test_full_pools_are_told_as_unavailable_not_as_a_fault(
    app: Flask, visitors: dict[str, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    @open_to(Audience.APPLICANT)
    def waits_in_vain() -> str:
        raise PoolTimeout("QueuePool limit reached")

    monkeypatch.setitem(app.view_functions, "applicants.show_applications", waits_in_vain)
    _speaks(visitors["applicant"].get("/permohonan"), part=False)


def test_a_page_written_beforehand_is_sent_when_the_error_page_itself_fails(
    app: Flask, visitors: dict[str, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object, **_kwargs: object) -> str:
        raise RuntimeError("no template")

    monkeypatch.setattr("mpaspor.web.errors.render_template", fails)
    for headers in ({}, HTMX):
        answer = visitors["applicant"].get("/tidak-ada", headers=headers)
        assert answer.status_code == 404
        wears(answer, policy=last_resort.POLICY)
        assert "Yang sudah tersimpan" in answer.text and "What was saved" in answer.text
        # htmx puts what it gets into the page that is there.
        assert answer.text.startswith(DOCTYPE) == (headers != HTMX)
