"""Where the benches play: a PostgreSQL of their own, careful as in service, which goes when they end."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import make_url

from benchmarks import bare
from mpaspor.booking.generate_slots import top_up
from mpaspor.cli.installation import as_owner
from mpaspor.config import Settings
from mpaspor.foundation import clock, embedded_postgres, migrations
from mpaspor.foundation.database import db
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Office
from mpaspor.offices.seed import plant_palembang, plant_reference_data
from mpaspor.wiring import create_app
from tests.postgres import Urls

_CONNECTIONS = 200


@dataclass(frozen=True)
class Stage:
    """A demo installation with four weeks of places, its application and its database."""

    app: Flask
    urls: Urls
    data_dir: Path
    office: Office

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which commands and web processes of this installation run."""
        return environment(self.urls, self.data_dir)

    @property
    def dsn(self) -> str:
        """The database as the product's own role sees it, for psycopg."""
        return plain_url(self.urls.app)

    def owner(self) -> psycopg.Connection:
        """A connection that may do what the application may not: fill tables by the hundred thousand."""
        return psycopg.connect(plain_url(self.urls.owner), autocommit=True)


@contextmanager
def stage() -> Iterator[Stage]:
    """A fresh server with the product's own settings (`fsync` on) and a demo on it; both go at the end."""
    with tempfile.TemporaryDirectory(prefix="mpaspor-bench-") as place:
        data = Path(place)
        try:
            with embedded_postgres.start(data, connections=_CONNECTIONS) as server:
                urls = Urls(*(server.url_for(role) for role in ("app", "owner", "postgres")))
                with _installed(urls, data) as found:
                    yield found
        finally:
            home = embedded_postgres.home_of(data, make=False)
            shutil.rmtree(embedded_postgres.socket_folder(home), ignore_errors=True)
            shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _installed(urls: Urls, data: Path) -> Iterator[Stage]:
    migrations.upgrade(urls.owner, app_role="app")
    # As the owner, who alone may make officers; the web processes run as the application's role.
    app = create_app(as_owner(Settings.from_environment(environment(urls, data))))
    with app.app_context():
        found = Stage(app, urls, data, _office())
        with found.owner() as connection:
            connection.execute(bare.TABLES.encode())
        try:
            yield found
        finally:
            db.session.remove()
            db.engine.dispose()


def environment(urls: Urls, data: Path) -> dict[str, str]:
    """A demo with the product's own defaults, behind a proxy.

    All come from a few addresses here, so the limit of looks at the calendar, counted by address, is far.
    """
    return {
        "DATABASE_URL": urls.app,
        "MPASPOR_OWNER_URL": urls.owner,
        "MPASPOR_DATA": str(data),
        "MPASPOR_DEMO": "1",
        "MPASPOR_TRUSTED_PROXIES": "1",
        "MPASPOR_CALENDAR_LOOKS": "10000",
    }


def plain_url(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _office() -> Office:
    now = clock.now()
    plant_reference_data(now=now)
    plant_palembang(now=now)
    office = offices.office_by_code("palembang")
    if office is None:
        raise RuntimeError("the office is not in the reference data")
    top_up(office.id, now=now)
    db.session.remove()
    return office
