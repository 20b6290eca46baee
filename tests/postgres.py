"""The suite's own PostgreSQL: one server, one migrated template, one copy for each test process."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import make_url

from mpaspor.foundation import embedded_postgres, migrations

_ROOT = Path(__file__).resolve().parent.parent
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
_CONNECTIONS = 400
_ELSEWHERE = {"owner": "mpaspor_test_owner", "app": "mpaspor_test_app"}
_PASSWORD = "only-for-tests"
_MAKING_THE_TEMPLATE = 0x54454D50  # number of the advisory lock, "TEMP"
# Copies carry the machine in their name: on a server that several machines share, a process that is not
# here may live there.
_OURS = f"mpaspor_test_{sha256(platform.node().encode()).hexdigest()[:6]}"


@dataclass(frozen=True)
class Urls:
    """One database, by role."""

    app: str
    owner: str
    superuser: str

    @property
    def name(self) -> str:
        return str(make_url(self.app).database)


class Server(Protocol):
    """Where test databases are made: our own server, or one that was given."""

    owner: str
    app: str

    def url(self, role: embedded_postgres.Role, database: str) -> str: ...


class OwnServer:
    """The server that the suite started from pip's binaries, without regard for power cuts."""

    owner, app = "owner", "app"

    def __init__(self, server: embedded_postgres.Server) -> None:
        self._server = server

    def url(self, role: embedded_postgres.Role, database: str) -> str:
        return self._server.url_for(role, database)


class GivenServer:
    """The server that MPASPOR_TEST_POSTGRES names, by a superuser's address; two roles are made on it."""

    owner, app = _ELSEWHERE["owner"], _ELSEWHERE["app"]

    def __init__(self, address: str) -> None:
        self._base = make_url(address).set(drivername="postgresql+psycopg")
        with _connect(self.url("postgres", "postgres")) as connection:
            embedded_postgres.make_roles(connection, self.owner, self.app, _PASSWORD)

    def url(self, role: embedded_postgres.Role, database: str) -> str:
        url = self._base.set(database=database)
        if role != "postgres":
            url = url.set(username=_ELSEWHERE[role], password=_PASSWORD)
        return url.render_as_string(hide_password=False)


@contextmanager
def database(worker: str) -> Iterator[Urls]:
    """A fresh copy of the migrated template, dropped at the end."""
    with _server() as server:
        name = f"{_OURS}_{worker}_{os.getpid()}"
        with _connect(server.url("postgres", "postgres")) as connection:
            template = _template(server, connection)
            embedded_postgres.make_database(connection, name, template, server.owner, server.app)
        try:
            yield Urls(server.url("app", name), server.url("owner", name), server.url("postgres", name))
        finally:
            with _connect(server.url("postgres", "postgres")) as connection:
                _drop(connection, name)


@contextmanager
def _server() -> Iterator[Server]:
    given = os.environ.get("MPASPOR_TEST_POSTGRES")
    if given:
        yield GivenServer(given)
        return
    # Kept from run to run, so that only the first makes a cluster; runs at once share it.
    clone = sha256(bytes(_ROOT)).hexdigest()[:8]
    place = Path(tempfile.gettempdir()) / f"mpaspor-tests-{os.geteuid()}-{clone}"
    with embedded_postgres.start(place, connections=_CONNECTIONS, options=_FAST) as server:
        yield OwnServer(server)


def _template(server: Server, connection: psycopg.Connection) -> str:
    """The template's name; made by whichever process comes first, named by what makes it."""
    digest = sha256()
    for file in (*sorted((_ROOT / "migrations").rglob("*.py")), Path(migrations.__file__), Path(__file__)):
        digest.update(file.read_bytes())
    name = f"mpaspor_template_{digest.hexdigest()[:12]}"
    # The server itself lets one process at a time in here, whatever machine or user they are.
    connection.execute("SELECT pg_advisory_lock(%s)", [_MAKING_THE_TEMPLATE])
    try:
        have = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        _drop_leftovers(connection, have)
        if name not in have:
            partial = f"{name}_new"
            _drop(connection, partial)
            embedded_postgres.make_database(connection, partial, owner=server.owner, app=server.app)
            migrations.upgrade(server.url("owner", partial), app_role=server.app)
            let_tests_make_officers(server.url("owner", partial), server.app)
            words = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(words.format(sql.Identifier(partial), sql.Identifier(name)))
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [_MAKING_THE_TEMPLATE])
    return name


def let_tests_make_officers(owner_url: str, role: str) -> None:
    """In service the owner's commands make officers, or an administrator; tests do it beside both."""
    with _connect(owner_url) as connection:
        app = sql.Identifier(role)
        connection.execute(sql.SQL("GRANT INSERT ON staff_kin TO {}").format(app))
        connection.execute("ALTER TABLE staff_role DISABLE TRIGGER staff_role_is_given")


def _drop_leftovers(connection: psycopg.Connection, names: set[str]) -> None:
    """Drop the copies of test processes that were killed."""
    for name in names:
        pid = name.rpartition("_")[2]
        if name.startswith(f"{_OURS}_") and pid.isdigit() and not psutil.pid_exists(int(pid)):
            _drop(connection, name)


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _connect(url: str) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)
