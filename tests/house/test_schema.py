"""The schema: migrations make what the models say, and the app's role may do no more than it must."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

import mpaspor
from mpaspor.foundation import migrations
from mpaspor.foundation.database import db
from tests import postgres


def statement_as_app(urls: postgres.Urls, statement: str) -> None:
    address = make_url(urls.app).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        connection.execute(statement.encode())


def test_the_schema_from_migrations_equals_the_schema_from_models(database: postgres.Urls) -> None:
    for models in Path(mpaspor.__file__).parent.glob("*/models.py"):
        import_module(f"mpaspor.{models.parent.name}.models")
    assert migrations.differences(database.owner) == []


def test_so_do_constraints_and_indexes_which_alembic_does_not_compare(database: postgres.Urls) -> None:
    """Name by name and word by word: an enum that got a value needs a version that says so in its CHECK."""
    engine = create_engine(database.owner, poolclass=NullPool)
    with engine.connect() as connection:
        migrated = definitions(connection, "public")
        connection.execute(text("CREATE SCHEMA from_models"))
        connection.execute(text("SET LOCAL search_path TO from_models"))
        connection.execute(text("CREATE SEQUENCE event_seq"))
        db.metadata.create_all(connection, checkfirst=False)
        modelled = definitions(connection, "from_models")
        connection.rollback()
    assert {name: migrated.get(name) for name in migrated | modelled} == modelled


def definitions(connection: Connection, schema: str) -> dict[str, str]:
    """What every constraint and index of the schema says, by table and name."""
    statement = """
        SELECT c.conrelid::regclass || '.' || c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
        JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = :schema AND c.contype <> 'n'
        UNION ALL
        SELECT tablename || '.' || indexname, replace(indexdef, :schema || '.', '') FROM pg_indexes
        WHERE schemaname = :schema"""
    found = connection.execute(text(statement), {"schema": schema})
    return {name: _spelled(words) for name, words in found if not name.startswith("alembic_version.")}


def _spelled(words: str) -> str:
    """One spelling for lists of words: PostgreSQL casts them one by one, or together, by whether it has read
    its own words before (a test that breaks a constraint puts it back by these)."""
    plain = re.sub(r"::(character varying|text)(\[\])?", "", words)
    plain = re.sub(r"\(('[^']*')\)", r"\1", plain)
    for _ in range(2):  # the cast's own brackets, and those of `ANY (…)`
        plain = re.sub(r"\((ARRAY\[[^\]]*\])\)", r"\1", plain)
    return plain


def test_a_migrated_database_is_not_behind(database: postgres.Urls) -> None:
    assert not migrations.is_behind(database.app)
    assert migrations.current(database.app) == migrations.head()


def test_migrating_again_changes_nothing(database: postgres.Urls) -> None:
    app = str(make_url(database.app).username)
    try:
        migrations.upgrade(database.owner, app)
        assert migrations.current(database.owner) == migrations.head()
    finally:
        postgres.let_tests_make_officers(database.owner, app)


def test_a_database_of_newer_code_is_served_but_not_migrated(database: postgres.Urls) -> None:
    address = make_url(database.owner).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'later'")
        try:
            assert not migrations.is_behind(database.app)
            with pytest.raises(migrations.UnknownVersion, match="newer"):
                migrations.upgrade(database.owner)
        finally:
            connection.execute("UPDATE alembic_version SET version_num = %s", (migrations.head(),))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET reason = 'other'",
        "DELETE FROM event",
        "TRUNCATE event",
        "DELETE FROM alembic_version",
        "CREATE TABLE mine (id int)",
        "ALTER TABLE slot DROP CONSTRAINT ck_slot_never_oversold",
        "DROP TABLE bill_line",
    ],
)
def test_the_apps_role_may_not_what_a_superuser_could(database: postgres.Urls, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        statement_as_app(database, statement)
    address = make_url(database.superuser).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        # A wrong name would be refused as well, so it is done once; events are held by a trigger besides.
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement.encode())
        connection.rollback()


def test_not_even_the_owner_changes_an_event(database: postgres.Urls) -> None:
    address = make_url(database.owner).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        connection.execute(
            "INSERT INTO event (id, kind, actor_kind, at)"
            " VALUES (gen_random_uuid(), 'x', 'system', '2026-11-23 01:00Z')"
        )
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            connection.execute("DELETE FROM event")
