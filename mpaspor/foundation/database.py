"""The one database. Rooms declare their tables on `db.Model`; operations own the transactions."""

from __future__ import annotations

import enum
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from flask import Flask, has_request_context
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Dialect, Engine, Enum, MetaData, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry

from mpaspor.config import Settings
from mpaspor.foundation.columns import AS_TEXT


class Base(DeclarativeBase):
    """Every constraint has a name, so that a violation can be told by its meaning; enums are text."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


Base.registry.update_type_annotation_map({enum.Enum: Enum(enum.Enum, **AS_TEXT)})

WRITES = "writes"  # in a session's `info`: an operation has it, with a transaction of its own


class PageSession(Session):
    """What a page reads needs no transaction: that would be two more round trips, to begin and to end it.

    An operation marks its session as one that writes; so does nobody else. The command line and the worker
    read in a transaction as ever.
    """

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        bound = super().get_bind(*args, **kwargs)
        if WRITES in self.info or not has_request_context() or not isinstance(bound, Engine):
            return bound
        if bound not in _READING:
            _READING[bound] = bound.execution_options(isolation_level="AUTOCOMMIT")
        return _READING[bound]


_READING: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()  # the same pool, read without transactions

db = SQLAlchemy(
    model_class=Base,
    session_options={"expire_on_commit": False, "autoflush": True, "class_": PageSession},
)


# A relationship that is walked, not written: each query says which it loads (`joinedload`), so that nothing
# is read by accident, once for each row of a list.
READ_ONLY: dict[str, Any] = {"viewonly": True, "lazy": "raise"}

_USED_AGAIN = 3  # times that a connection runs a statement before it is prepared there

# Seconds for one answer of the database. Above the `statement_timeout` of the application's role: a server
# that lives answers by then, if only with a refusal.
_PATIENCE = 12.0
# A server that has just been silent is asked shortly, until it answers again.
_LITTLE_PATIENCE = 2.0


class PatientConnection(psycopg.Connection[Any]):
    """A connection that does not wait for ever: a frozen server, or a dead line, refuses nothing.

    No setting of the server can end such a wait, and none of the network's helps on a local socket.
    """

    patience = _PATIENCE
    takes_its_time = False  # this connection alone, and for as long as somebody says so

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        if self.takes_its_time:
            return super().wait(gen, interval)
        longest = PatientConnection.patience if timeout is None else timeout
        try:
            answer = super().wait(gen, interval, timeout=longest)
        except psycopg.errors._WaitTimeout as error:
            PatientConnection.patience = _LITTLE_PATIENCE
            self.pgconn.finish()  # what it would answer later belongs to nobody
            raise psycopg.OperationalError("the database does not answer") from error
        PatientConnection.patience = _PATIENCE
        return answer


@contextmanager
def without_haste() -> Iterator[None]:
    """For a proof that looks at everything: what the running transaction asks inside takes as long as it
    takes, and neither the server's limits for pages nor our own patience ends it."""
    driver = db.session.connection().connection.driver_connection
    assert isinstance(driver, PatientConnection)
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):  # it looks at files between
        db.session.execute(text(f"SET LOCAL {limit} = 0"))
    driver.takes_its_time = True
    try:
        yield
    finally:
        driver.takes_its_time = False


# A connection used within so many seconds is taken without asking whether it lives: a round trip less
# for every page. One that died meanwhile costs one answer, a 503, and has all others made anew.
_FRESH = 1.0
_GIVEN_BACK_AT = "given_back_at"


def init_app(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        event.listen(db.engine, "do_connect", _connect_patiently)
        event.listen(db.engine, "checkin", _note_the_moment)
        event.listen(db.engine, "checkout", partial(_ask_after_a_pause, db.engine.dialect))


def _note_the_moment(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_GIVEN_BACK_AT] = time.monotonic()


def _ask_after_a_pause(
    dialect: Dialect, connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object
) -> None:
    """Have the pool make a new connection, and all of them anew, when one that has rested is dead."""
    given_back_at = record.info.get(_GIVEN_BACK_AT)
    if given_back_at is None or time.monotonic() - given_back_at < _FRESH:
        return
    try:
        dialect.do_ping(connection)
    except psycopg.Error as error:
        raise InvalidatePoolError() from error


def _connect_patiently(_dialect: object, _record: object, words: list[str], named: dict[str, Any]) -> Any:
    return PatientConnection.connect(*words, **named)


def engine_options(settings: Settings) -> dict[str, Any]:
    """How we connect: small pools, short waits, and statements that are planned once a connection.

    To plan what a page asks first, seven tables joined by their keys, takes longer than to run it. Statements
    appear in errors and logs without what was filled in.
    """
    return {
        "pool_size": settings.pool_size,
        "max_overflow": settings.web_threads,
        "pool_timeout": 3,
        "hide_parameters": True,
        "connect_args": {
            "prepare_threshold": _USED_AGAIN if settings.prepares else None,
            "connect_timeout": 3,
            # A line that went dead without a word; over a local socket they mean nothing.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 15_000,
        },
    }


def constraint_name(error: Exception) -> str | None:
    """Which constraint an IntegrityError met, or None."""
    diag = getattr(getattr(error, "orig", None), "diag", None)
    return getattr(diag, "constraint_name", None)
