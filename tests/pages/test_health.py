"""What the machine in front is told: alive, ready, and why not."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import make_url

from mpaspor.foundation import migrations
from mpaspor.server import draining
from tests import postgres


@pytest.fixture
def owner(database: postgres.Urls) -> Iterator[psycopg.Connection]:
    """A connection that may change the schema's version; it is put back."""
    address = make_url(database.owner).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection
        connection.execute("DELETE FROM alembic_version")
        connection.execute("INSERT INTO alembic_version VALUES (%s)", (migrations.head(),))


def ready(client: FlaskClient) -> tuple[int, str]:
    answer = client.get("/sehat/siap")
    return answer.status_code, answer.text.strip()


def test_old_code_is_ready_on_a_schema_of_newer_code(client: FlaskClient, owner: psycopg.Connection) -> None:
    """While processes are replaced one after the other, the schema is already the new ones'."""
    assert ready(client) == (200, "siap")
    owner.execute("UPDATE alembic_version SET version_num = 'later'")
    assert ready(client) == (200, "siap")


def test_code_is_not_ready_on_a_schema_that_is_behind(client: FlaskClient, owner: psycopg.Connection) -> None:
    older = min(migrations._known() - {migrations.head()})
    owner.execute("UPDATE alembic_version SET version_num = %s", (older,))
    assert ready(client) == (503, "skema lain")
    owner.execute("DELETE FROM alembic_version")
    assert ready(client) == (503, "skema lain")


def test_a_process_that_was_told_to_stop_is_alive_and_not_ready(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "_told", True)
    assert ready(client) == (503, "sedang berhenti")
    assert client.get("/sehat/hidup").status_code == 200
