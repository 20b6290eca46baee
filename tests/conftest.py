"""The stage: a real PostgreSQL, an application on it, a clean database for each test, and a known moment."""

from __future__ import annotations

import base64
import gc
import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import text

from mpaspor.booking.generate_slots import top_up
from mpaspor.cli.check import breaches
from mpaspor.config import Secrets, Settings
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Office
from mpaspor.offices.seed import open_office, plant_palembang, plant_reference_data
from mpaspor.people import passwords
from mpaspor.wiring import create_app
from tests import clean_tables, long_proofs, postgres
from tests.stage import banks, bills, desk, walk_ins
from tests.stage.cast import Person, applicant
from tests.stage.closing import Closing

# A Monday morning at the office: 08.00 WIB, with four weeks of working days ahead.
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

# How fast an example runs is the machine's affair, and never why a test fails.
hypothesis_settings.register_profile(
    "unhurried", parent=hypothesis_settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("unhurried")

# Every module and test lives as long as the run. To look through them for cycles again and again takes a
# tenth of it, so Python looks seldom, and from the first test on not at what was there before.
gc.set_threshold(20_000, 20, 50)

LONG_PROOF = "a long proof: .ci/run runs it, and so does MPASPOR_LONG=1 bin/test"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everyday runs leave the long proofs out."""
    if long_proofs.ARE_WANTED:
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason=LONG_PROOF))


def pytest_collection_finish() -> None:
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A proof that was left out is said, with how many there are."""
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = sum(LONG_PROOF in str(report.longrepr) for report in skipped)
    if left_out:
        words = f"Long proofs left out: {left_out}. .ci/run runs them, or MPASPOR_LONG=1 bin/test."
        terminalreporter.write_line(words)


@pytest.fixture(scope="session")
def database(worker_id: str) -> Iterator[postgres.Urls]:
    """A migrated database of this test process's own."""
    with postgres.database(worker_id) as urls:
        yield urls


def settings_for(urls: postgres.Urls, data_dir: Path) -> Settings:
    """The settings of a demo installation with fixed keys."""
    keys = [hashlib.sha256(name.encode()).digest() for name in ("session", "data", "lookup", "signing")]
    return Settings(
        data_dir=data_dir,
        secrets=Secrets(base64.b64encode(keys[0]).decode(), (), (keys[1],), keys[2], keys[3]),
        database_url=urls.app,
        owner_url=urls.owner,
        demo=True,
        kept_seconds=0,
    )


class FreshContext(FlaskClient):
    """Each request gets a context of its own, as in service; else `g` (and who is signed in) would be
    shared by all requests of a test, since the test itself already has one pushed."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Argon2id without its cost, which a rule's test holds: a test that signs in does not wait for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def _power_never_fails() -> Iterator[None]:
    """Files are not forced to the disk, as the suite's PostgreSQL does not: a test that asks whether they are
    looks at the call itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        patch.setattr(os, "sync", lambda: None)
        yield


@pytest.fixture(scope="session")
def _app(database: postgres.Urls, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    settings = settings_for(database, tmp_path_factory.mktemp("data"))
    # Tests send up to forty threads at once: on a slow machine none of them may be told that all is busy.
    app = create_app(replace(settings, web_threads=48))
    app.config["TESTING"] = False  # errors are answered as they are in service
    app.test_client_class = FreshContext
    return app


@pytest.fixture
def app(_app: Flask, database: postgres.Urls) -> Iterator[Flask]:
    """The application on a database that holds reference data only (offices, fees, holidays, hours)."""
    _app.extensions["calendar_looks"].forget()
    with _app.app_context():
        eraser = clean_tables.eraser(database.superuser)
        eraser.empty()
        if db.session.scalar(text("SELECT count(*) FROM office")) == 0:
            plant_reference_data(now=MONDAY)
            plant_palembang(now=MONDAY)
            eraser.keep(*clean_tables.REFERENCE)
        db.session.remove()
        yield _app
        db.session.remove()


@pytest.fixture
def now() -> Iterator[datetime]:
    """Monday, 23 November 2026, 08.00 WIB, which the routes see as well."""
    with clock.at(MONDAY):
        yield MONDAY


@pytest.fixture
def palembang(app: Flask, database: postgres.Urls) -> Office:
    """The office in Palembang with its places open for four weeks."""
    office = offices.office_by_code("palembang")
    assert office is not None
    eraser = clean_tables.eraser(database.superuser)
    if not eraser.bring_back("slot"):  # made once in a run; the same places stand there in every test
        top_up(office.id, now=MONDAY)
        eraser.keep("slot")
    elif office in db.session:
        db.session.expunge(office)  # read on its own, as the operation that makes places leaves it
    return office


@pytest.fixture
def house(app: Flask, palembang: Office, now: datetime) -> desk.House:
    """The office in Palembang with an officer at each station."""
    return desk.House(app, palembang, now)


@pytest.fixture
def closing(app: Flask, palembang: Office, now: datetime) -> Closing:
    """The same office, with people who have an hour, and a supervisor who closes it."""
    return Closing(desk.House(app, palembang, now), now)


@pytest.fixture
def padang(palembang: Office, now: datetime) -> Office:
    """A second office in service, whose officers have no business in Palembang."""
    office = offices.office_by_code("padang")
    assert office is not None
    open_office(office.code, hours=[], valid_from=now.date(), now=now)
    return office


@pytest.fixture
def owed(palembang: Office, now: datetime, database: postgres.Urls) -> bills.Owing:
    """Somebody who checked out this morning and has to pay."""
    eraser = clean_tables.eraser(database.superuser)
    return eraser.scene("owing", lambda: bills.owing(palembang, MONDAY))


@pytest.fixture
def owed_today(palembang: Office) -> bills.Owing:
    """Somebody who checked out just now: a process beside the test has no other clock."""
    now = clock.now()
    top_up(palembang.id, now=now)
    return bills.owing(palembang, now)


@pytest.fixture
def bank(app: Flask, now: datetime) -> banks.TestBank:
    """A bank that is our partner and has its token."""
    return banks.TestBank(app.test_client(), MONDAY).register().sign_in()


@pytest.fixture
def door(app: Flask, palembang: Office, now: datetime, bank: banks.TestBank) -> walk_ins.Door:
    """The door of Palembang, whose priority lane has its twenty places today."""
    return walk_ins.Door(desk.House(app, palembang, now), bank).opens()


@pytest.fixture
def holds(app: Flask, now: datetime) -> Iterator[None]:
    """Whatever the test did, `check` finds nothing wrong with it."""
    yield
    db.session.remove()
    assert [str(breach) for breach in breaches(now)] == []


@pytest.fixture
def ratna(app: Flask, now: datetime) -> Person:
    """Somebody with an account, signed in."""
    return applicant("Ratna Dewi Kusuma", "ratna@warga.example", now)


@pytest.fixture
def budi(app: Flask, now: datetime) -> Person:
    """Somebody else."""
    return applicant("Budi Santoso", "budi@warga.example", now, phone="+6281300000001")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def scalar(app: Flask):  # type: ignore[no-untyped-def]
    """One value from the database, by plain SQL."""

    def ask(sql: str, **values: object) -> object:
        db.session.rollback()
        found = db.session.execute(text(sql), values).scalar()
        db.session.rollback()
        return found

    return ask
