"""What a command needs before it can begin: the settings, a running database, the application on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from flask import Flask
from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from mpaspor.config import BadSetting, Settings
from mpaspor.foundation import clock, embedded_postgres, migrations
from mpaspor.foundation.database import db
from mpaspor.foundation.models import Installation

AppFactory = Callable[[Settings], Flask]

_SPARE_CONNECTIONS = 30  # for command-line tools, back-ups and whoever looks by hand
CLOCK_SKEW = 2.0  # seconds between our clock and the database's


def load_settings() -> Settings:
    """The settings of this environment. Raises `BadSetting`, also when the data folder is not ours."""
    try:
        return Settings.from_environment()
    except PermissionError as error:
        raise BadSetting(
            f"{error.filename} belongs to another user. Run this as that user, or choose another data folder "
            "with MPASPOR_DATA."
        ) from error


def processes_wanted() -> int:
    """How many web processes `bin/serve` runs: one for each core."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def connections_wanted(settings: Settings) -> int:
    """How many the embedded server must allow: every pool at its fullest, and some to spare."""
    each = settings.pool_size + settings.web_threads
    return max(100, (processes_wanted() + 1) * each + _SPARE_CONNECTIONS)


@contextmanager
def database_for(settings: Settings) -> Iterator[Settings]:
    """The settings with a database that runs: the given one, else the embedded one, joined or started."""
    if settings.database_url is not None:
        yield settings
        return
    with embedded_postgres.start(settings.data_dir, connections=connections_wanted(settings)) as server:
        yield settings.with_database(server.url_for("app"), server.url_for("owner"))


def settings_of_running_database() -> Settings:
    """For `app.py`: the settings with the given database, or the embedded one that runs already."""
    settings = load_settings()
    if settings.database_url is not None:
        return settings
    url = embedded_postgres.running_url(settings.data_dir)
    if url is None:
        raise BadSetting("No database is running. Start bin/serve (it brings one), or set DATABASE_URL.")
    owner_url = embedded_postgres.running_url(settings.data_dir, "owner")
    return settings.with_database(url, owner_url)


def migrate(settings: Settings) -> None:
    """Bring the schema up to date and settle what this database is, demo or real."""
    assert settings.database_url is not None
    owner_url = settings.owner_url or settings.database_url
    with _plain_words():
        migrations.upgrade(owner_url, app_role=make_url(settings.database_url).username)


def check_schema(settings: Settings) -> None:
    """Raises `BadSetting` when the schema is older than this code."""
    assert settings.database_url is not None
    with _plain_words():
        if migrations.is_behind(settings.database_url):
            raise BadSetting("The database's schema is older than this program. Run: bin/mpaspor migrate")


def check_installation(settings: Settings, now: datetime) -> None:
    """Settle at the first start whether this database is a demo, and hold to it ever after.

    Needs an application context. Raises `BadSetting` on the wrong kind, or when the clocks disagree.
    """
    with _plain_words():
        db.session.execute(
            insert(Installation)
            .values(id=1, demo=settings.demo, made_at=now)
            .on_conflict_do_nothing(index_elements=["id"])
        )
        is_demo = db.session.scalars(select(Installation.demo)).one()
        skew = clock_skew(db.session.connection())
        db.session.commit()
    if is_demo != settings.demo:
        kind, other = ("a demo", "MPASPOR_DEMO=1") if is_demo else ("a real installation", "MPASPOR_DEMO=0")
        raise BadSetting(f"This database is {kind} and stays it. Set {other}, or choose another database.")
    if skew > CLOCK_SKEW:
        raise BadSetting(f"The clock of this machine and the database's differ by {skew:.0f} s.")


def clock_skew(connection: Connection) -> float:
    """Seconds between our clock and the database's."""
    theirs = connection.scalars(text("SELECT clock_timestamp()")).one()
    return float(abs((theirs - clock.now()).total_seconds()))


def as_owner(settings: Settings) -> Settings:
    """The settings with the owner's role, who alone may say who is an officer."""
    return replace(settings, database_url=settings.owner_url or settings.database_url)


@contextmanager
def application(create_app: AppFactory, *, owner: bool = False) -> Iterator[Flask]:
    """The application in its context, on its database, with the schema up to date: what a command needs."""
    given = load_settings()
    with database_for(given) as settings:
        if given.database_url is None:
            migrate(settings)
        else:
            check_schema(settings)
        app = create_app(as_owner(settings) if owner else settings)
        with app.app_context():
            try:
                check_installation(settings, clock.now())
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()


@contextmanager
def _plain_words() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise BadSetting(f"The database does not answer: {str(error.orig).strip()}") from error
    except migrations.UnknownVersion as error:
        raise BadSetting(str(error)) from error
