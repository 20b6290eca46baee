"""The schema's versions: bring it up to date, and tell whether it is.

The owner's role migrates; the app's role gets its grants here, without DDL, and may only add to what must
never be changed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from mpaspor.foundation.database import db

_FOLDER = Path(__file__).resolve().parents[2] / "migrations"
_ONE_AT_A_TIME = 0x4D_50_41_53  # number of the advisory lock, "MPAS"
_APPEND_ONLY = ("event", "event_seal")
# Whose cases an officer keeps away from is said by the owner's command.
_READ_ONLY = ("staff_kin", "alembic_version")
# Officers are invited and dismissed by administrators, and set their passwords; nobody moves to another
# office or address. Roles are given and taken, never rewritten, and a trigger asks who gives them.
_SOME_RIGHTS = {
    "staff": "SELECT, INSERT, UPDATE (password_hash, dismissed_at)",
    "staff_role": "SELECT, INSERT, DELETE",
}


class UnknownVersion(Exception):
    """The database has a version that this code does not know; the message says what to do."""


def upgrade(owner_url: str, app_role: str | None = None) -> None:
    """Bring the schema to this code's version, and give `app_role` (when it is another role) its rights.

    One transaction under an advisory lock: of many starts at once one migrates, the others wait and then
    find nothing to do; a migration that fails leaves the schema as it was. Raises `UnknownVersion`.
    """
    with _connected(owner_url) as connection, connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ONE_AT_A_TIME})
        found = MigrationContext.configure(connection).get_current_revision()
        if found is not None and found not in _known():
            raise UnknownVersion(
                f"The database's schema is at version {found}, which this program does not know: it was made "
                "by a newer one. Use that, or another database (MPASPOR_DATA, DATABASE_URL)."
            )
        command.upgrade(_config(connection), "head")
        if app_role and app_role != make_url(owner_url).username:
            _grant(connection, app_role)


def current(url: str) -> str | None:
    """The version that the database has, or None when it is empty."""
    with _connected(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The version that this code needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_behind(url: str) -> bool:
    """Whether the database lacks a version that this code brings."""
    return not may_run_on(current(url))


def may_run_on(version: str | None) -> bool:
    """Whether this code may run on a schema of that version: its own, or one that newer code made.

    A version that we do not know comes from newer code, which keeps old code running while it is replaced.
    """
    return version is not None and (version == head() or version not in _known())


def differences(url: str) -> list[Any]:
    """Where the schema and the models disagree; empty when they agree."""
    with _connected(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, db.metadata))


def write_version(owner_url: str, words: str) -> Path:
    """Write the next version's file from what the models have and the schema lacks. For developers."""
    with _connected(owner_url) as connection, connection.begin():
        number = f"{int(head() or 0) + 1:04d}"
        made = command.revision(_config(connection), message=words, autogenerate=True, rev_id=number)
    if made is None or isinstance(made, list):
        raise RuntimeError("Alembic made no single file")
    return Path(made.path)


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _connected(url: str) -> Connection:
    options = {"prepare_threshold": None, "connect_timeout": 10}
    return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=options).connect()


def _grant(connection: Connection, role: str) -> None:
    quote = connection.dialect.identifier_preparer.quote
    app = quote(role)
    tables = inspect(connection).get_table_names()
    statements = [f"GRANT USAGE ON SCHEMA public TO {app}"]
    for table in tables:
        rights = "SELECT, INSERT, UPDATE, DELETE"
        if table in _APPEND_ONLY:
            rights = "SELECT, INSERT"
        if table in _READ_ONLY:
            rights = "SELECT"
        rights = _SOME_RIGHTS.get(table, rights)
        statements.append(f"REVOKE ALL ON {quote(table)} FROM {app}")
        statements.append(f"GRANT {rights} ON {quote(table)} TO {app}")
    statements.append(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}")
    for statement in statements:
        connection.execute(text(statement))
