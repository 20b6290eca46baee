"""The versions of the schema: none that has been out changes, and each goes up and down with rows in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from mpaspor.applications.rules import CaseState
from mpaspor.billing.snap.rules import Service
from mpaspor.booking.move_booking import move_booking
from mpaspor.desk.close_case import close_case
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests import postgres
from tests.house.test_schema import definitions
from tests.stage import accounts, bills
from tests.stage.banks import TestBank, payment_fields
from tests.stage.desk import House
from tests.stage.walk_ins import Door

MIGRATIONS = Path(__file__).parents[2] / "migrations"
VERSIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def test_a_version_that_has_been_out_never_changes() -> None:
    """Databases that have run it would not get the change."""
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in MIGRATIONS.glob("versions/*.py")}
    lines = (MIGRATIONS / "frozen.txt").read_text("utf-8").splitlines()
    frozen = {name: digest for digest, _, name in (line.partition("  versions/") for line in lines)}
    changed = [name for name in frozen if found.get(name) != frozen[name]]
    assert changed == [], "write a new version instead: bin/mpaspor migrate --new WORDS"
    assert sorted(found) == sorted(frozen), "freeze it: cd migrations && sha256sum versions/*.py > frozen.txt"


def test_versions_are_numbered_in_their_order() -> None:
    files = sorted(path.name for path in MIGRATIONS.glob("versions/*.py"))
    assert [name[:4] for name in files] == VERSIONS == [f"{n:04d}" for n in range(1, len(files) + 1)]


@pytest.fixture
def rows(app: Flask, palembang: Office, owed: bills.Owing, bank: TestBank, now: datetime) -> None:
    """Somebody who paid and moved, cases at the desk, one that ended there, an account and its codes."""
    bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp))
    later = bills.free_slot(palembang, now + timedelta(days=1))
    move_booking(owed.account_id, owed.application_code, later, now=now)
    house = House(app, palembang, now)
    house.walk(house.guest(), CaseState.GRANTED)
    house.walk(house.guest(), CaseState.DOCUMENTS_CHECKED)
    left = house.walk(house.guest(), CaseState.ARRIVED)
    close_case(house[Role.SUPERVISOR].id, left, reason="Pulang", now=now)
    accounts.signs_up(now)
    db.session.remove()


@contextmanager
def schema(urls: postgres.Urls) -> Iterator[Connection]:
    """The owner's connection, in a transaction that is rolled back: nothing has changed afterwards."""
    db.session.remove()
    with create_engine(urls.owner, poolclass=NullPool).connect() as connection:
        yield connection
        connection.rollback()


def go(connection: Connection, version: str) -> None:
    """Bring the schema up or down to a version."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    order = ["base", *VERSIONS]
    here = connection.execute(text("SELECT max(version_num) FROM alembic_version")).scalar() or "base"
    move = command.upgrade if order.index(here) < order.index(version) else command.downgrade
    move(config, version)


def contents(connection: Connection, columns: dict[str, list[str]]) -> dict[str, list[tuple[object, ...]]]:
    """Every row of these tables, in these columns."""
    found = {}
    for table, names in columns.items():
        statement = text(f"SELECT {', '.join(names)} FROM {table}")
        found[table] = sorted(map(tuple, connection.execute(statement)), key=repr)
    return found


def columns_of(connection: Connection) -> dict[str, list[str]]:
    found = connection.execute(
        text(
            "SELECT table_name, array_agg(quote_ident(column_name)) FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name <> 'alembic_version' GROUP BY table_name"
        )
    )
    return {table: sorted(names) for table, names in found}


def test_down_to_the_first_version_and_up_again_keeps_every_row(rows: None, database: postgres.Urls) -> None:
    with schema(database) as connection:
        whole = definitions(connection, "public")
        for version in reversed(VERSIONS[:-1]):
            go(connection, version)
        first = columns_of(connection)
        first["sign_in"].remove("revoked_at")  # officers sign in anew, with a second factor
        first["one_time_code"].remove("staff_id")  # no officer gets a code by mail from version 14 on
        first["slot"].remove("released")  # a place that is on its way back is there at once below version 7
        for version in VERSIONS[1:]:
            go(connection, version)
        assert definitions(connection, "public") == whole
        again = contents(connection, first)
    with schema(database) as connection:
        assert again == contents(connection, first)
    assert sum(map(bool, again.values())) >= 20, "too few tables hold rows to prove anything"


def test_nothing_is_left_below_the_first_version(rows: None, database: postgres.Urls) -> None:
    with schema(database) as connection:
        whole = definitions(connection, "public")
        go(connection, "base")
        assert columns_of(connection) == {}
        go(connection, VERSIONS[-1])
        assert definitions(connection, "public") == whole


def test_messages_get_the_case_that_their_operation_meant(rows: None, database: postgres.Urls) -> None:
    named = {"outbox": ["kind", "ref", "application_id"]}
    with schema(database) as connection:
        meant = contents(connection, named)["outbox"]
        go(connection, "0009")
        go(connection, "0010")
        assert contents(connection, named)["outbox"] == meant
    without = {kind for kind, _ref, case_id in meant if case_id is None}
    assert without == {"email_code"}
    about_bills = {"request_billing_code", "billing_letter", "ask_ntpn"}
    assert {kind for kind, ref, case_id in meant if case_id not in (None, ref)} == {*about_bills, "moved"}


def test_whoever_was_let_in_is_in_the_house_with_a_number_and_a_turn(
    rows: None, database: postgres.Urls
) -> None:
    """One waits for the printer, one left: of three let in, one waits at a counter."""
    told = {
        "presence": ["application_id", "day", "lane", "due_at", "arrived_at"],
        "turn": ["application_id", "station", "since"],
        "queue_counter": ["lane", "last"],
    }
    with schema(database) as connection:
        connection.execute(text("DELETE FROM turn WHERE ended_at IS NOT NULL"))
        connection.execute(text("DELETE FROM presence WHERE left_at IS NOT NULL"))
        connection.execute(text("UPDATE queue_counter SET last = 1"))
        before = contents(connection, told)
        go(connection, "0011")
        go(connection, "0013")
        assert contents(connection, told) == before
    assert [len(rows) for rows in before.values()] == [1, 2, 1]


def test_whom_the_door_registered_keeps_a_case_below_that_version(
    door: Door, database: postgres.Urls
) -> None:
    """Each case has an account there: one whose address is nobody's, and that no password opens."""
    code = door.registers()
    owner = text(
        "SELECT a.email, a.password_hash, a.email_verified_at FROM account a"
        " JOIN application p ON p.account_id = a.id WHERE p.code = :code"
    )
    with schema(database) as connection:
        go(connection, "0034")
        assert tuple(connection.execute(owner, {"code": code}).one()) == (
            "tanpa-akun@loket.invalid",
            "!",
            None,
        )
        go(connection, "0035")
        groups = connection.execute(text("SELECT count(*) FROM priority_group")).scalar_one()
        assert groups == 4, "the ages that hold today"
