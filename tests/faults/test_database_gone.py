"""The database dies or freezes under `bin/serve`: pages say so in words, and come back by themselves."""

from __future__ import annotations

import os
import signal
import threading
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from mpaspor.foundation import database
from mpaspor.foundation.database import PatientConnection, db
from mpaspor.foundation.embedded_postgres import home_of
from tests.faults.conftest import Serve
from tests.faults.test_serve import postmaster, wait_until_ready

NO_OFFICE_YET = 404  # what the calendar says, having asked the database


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_killed_database_is_started_again_and_pages_come_back(
    serve: Serve,
    data_dir: Path,
    port: int,
) -> None:
    process = serve()
    wait_until_ready(port)
    killed = postmaster(data_dir)
    os.kill(killed, signal.SIGKILL)
    wait_until_ready(port)
    assert get(port, "/jadwal")[0] == NO_OFFICE_YET
    process.send_signal(signal.SIGTERM)
    _, trouble = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "PostgreSQL ended without being asked to; starting it again" in trouble
    assert "PostgreSQL is back" in trouble


@pytest.mark.long
def test_a_database_that_will_not_start_again_stops_everything_with_the_reason(
    serve: Serve,
    data_dir: Path,
    port: int,
) -> None:
    process = serve()
    wait_until_ready(port)
    version = home_of(data_dir, make=False) / "data" / "PG_VERSION"
    version.write_text("9\n")
    os.kill(postmaster(data_dir), signal.SIGKILL)
    _, trouble = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "was made by PostgreSQL 9" in trouble
    assert "stopping everything" in trouble
    assert "Traceback" not in trouble


@pytest.mark.long
def test_a_frozen_database_gives_words_within_seconds_and_recovers(
    serve: Serve,
    data_dir: Path,
    port: int,
) -> None:
    serve(MPASPOR_KEPT_SECONDS="0")  # else what was read a moment ago would be shown
    wait_until_ready(port)
    assert get(port, "/jadwal")[0] == NO_OFFICE_YET
    server = psutil.Process(postmaster(data_dir))
    everyone = [server, *server.children(recursive=True)]
    for process in everyone:
        process.suspend()
    try:
        said: list[tuple[int, str]] = []
        askers = [threading.Thread(target=lambda: said.append(get(port, "/jadwal"))) for _ in range(40)]
        for asker in askers:
            asker.start()
        # Every thread waits for the database by now or soon, and yet:
        assert all(get(port, "/sehat/hidup") == (200, "hidup\n") for _ in range(20))
        for asker in askers:
            asker.join()
        assert len(said) == 40
        assert {status for status, _ in said} == {503}
        assert all("lagi" in page and "<html" in page for _, page in said)
    finally:
        for process in everyone:
            process.resume()
    wait_until_ready(port)
    assert get(port, "/jadwal")[0] == NO_OFFICE_YET


def test_a_statement_without_an_answer_ends_at_our_side(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        monkeypatch.setattr(database, "_PATIENCE", 0.3)
        monkeypatch.setattr(PatientConnection, "patience", 0.3)
        with pytest.raises(OperationalError) as caught:
            db.session.execute(text("SELECT pg_sleep(9), :nik"), {"nik": "1671010101900001"})
        assert caught.value.connection_invalidated
        assert "1671" not in str(caught.value)
        db.session.rollback()
        monkeypatch.undo()
        assert db.session.scalar(text("SELECT 1")) == 1
    assert isinstance(caught.value.orig, psycopg.OperationalError)
