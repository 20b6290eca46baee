"""The suite's own PostgreSQL: one server, one migrated template, one copy for each test process."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, create_engine, make_url, text

from mpaspor.foundation import embedded_postgres, migrations

# What offices and fees are does not change from test to test; everything else is emptied.
REFERENCE = frozenset(
    {"office", "service_point", "programme", "opening_hour", "holiday", "fee", "offered_kind", "alembic_version"}
)
_ROOT = Path(__file__).resolve().parent.parent
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


@dataclass(frozen=True)
class Urls:
    """One database, by role."""

    app: str
    owner: str
    superuser: str

    @property
    def name(self) -> str:
        return str(make_url(self.app).database)


@contextmanager
def database(worker: str) -> Iterator[Urls]:
    """A fresh copy of the migrated template, dropped at the end."""
    given = os.environ.get("MPASPOR_TEST_POSTGRES")
    with _server(given) as url_for:
        template = _template(url_for)
        name = f"mpaspor_{worker}_{os.getpid()}"
        _copy(url_for("postgres", "postgres"), name, template)
        try:
            yield Urls(url_for("app", name), url_for("owner", name), url_for("postgres", name))
        finally:
            with _connect(url_for("postgres", "postgres")) as connection:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _server(given: str | None):  # type: ignore[no-untyped-def]
    if given:
        # A server of somebody else's: its address must be a superuser's; `owner` and `app` must exist.
        base = make_url(given).set(drivername="postgresql+psycopg")

        def elsewhere(role: str, name: str) -> str:
            user = base.username if role == "postgres" else role
            return _render(base.set(username=user, database=name))

        yield elsewhere
        return
    home = Path(tempfile.gettempdir()) / f"mpaspor-tests-{os.geteuid()}-{sha256(bytes(_ROOT)).hexdigest()[:8]}"
    with embedded_postgres.start(home, home=home / "pg" if os.geteuid() else None, options=_FAST) as server:
        yield lambda role, name: server.url_for(role, name)


def _render(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _template(url_for) -> str:  # type: ignore[no-untyped-def]
    """The template's name; made by whichever process comes first, named by what is in the migrations."""
    digest = sha256()
    for file in sorted((_ROOT / "migrations").rglob("*.py")):
        digest.update(file.read_bytes())
    name = f"mpaspor_template_{digest.hexdigest()[:12]}"
    lock = Path(tempfile.gettempdir()) / f"mpaspor-template-{os.geteuid()}.lock"
    with open(lock, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with _connect(url_for("postgres", "postgres")) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
            if not found:
                partial = f"{name}_new"
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(partial)))
                embedded_postgres.make_database(connection, partial)
                migrations.upgrade(url_for("owner", partial), app_role="app")
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(partial), sql.Identifier(name)
                    )
                )
    return name


def _copy(superuser_url: str, name: str, template: str) -> None:
    with _connect(superuser_url) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        embedded_postgres.make_database(connection, name, template)


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(_render(make_url(url).set(drivername="postgresql")), autocommit=True)


def empty(owner_url: str) -> None:
    """Empty every table but the reference data, in one statement."""
    engine = create_engine(owner_url)
    try:
        with engine.begin() as connection:
            names = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
            used = [name for name in names if name not in REFERENCE]
            connection.execute(text(f"TRUNCATE {', '.join(used)} CASCADE"))
    finally:
        engine.dispose()
