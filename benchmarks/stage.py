"""Where the benches play: a PostgreSQL of their own, careful as in service, and real web processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import make_url

from mpaspor.booking.generate_slots import top_up
from mpaspor.foundation import clock, embedded_postgres, migrations
from mpaspor.foundation.database import db
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Office
from mpaspor.offices.seed import plant_palembang, plant_reference_data
from mpaspor.wiring import create_app
from tests.conftest import settings_for
from tests.live_web import free_port
from tests.postgres import Urls

_ROOT = Path(__file__).resolve().parent.parent
_PATIENCE = 30.0


@dataclass(frozen=True)
class Stage:
    """A demo installation with four weeks of places, its application and its database."""

    app: Flask
    urls: Urls
    data_dir: Path
    office: Office

    @property
    def dsn(self) -> str:
        """The database as the product's own role sees it, for psycopg."""
        return make_url(self.urls.app).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def stage() -> Iterator[Stage]:
    """A fresh database on a server with the product's own settings (`fsync` on); both go at the end."""
    place = Path(tempfile.gettempdir()) / f"mpaspor-bench-{os.geteuid()}"
    with embedded_postgres.start(place) as server, tempfile.TemporaryDirectory() as data:
        name = f"mpaspor_bench_{os.getpid()}"
        urls = Urls(*(server.url_for(role, name) for role in ("app", "owner", "postgres")))
        with _superuser(server) as connection:
            embedded_postgres.make_database(connection, name, owner="owner", app="app")
        try:
            migrations.upgrade(urls.owner, app_role="app")
            app = create_app(settings_for(urls, Path(data)))
            with app.app_context():
                yield Stage(app, urls, Path(data), _office())
                db.session.remove()
                db.engine.dispose()
        finally:
            with _superuser(server) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def _superuser(server: embedded_postgres.Server) -> psycopg.Connection:
    url = make_url(server.url_for("postgres", "postgres")).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


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


@contextmanager
def processes(*words: str) -> Iterator[int]:
    """`benchmarks.servers` with these words, on a free port, which it yields once somebody listens there."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.servers", str(port), *words]
    running = subprocess.Popen(command, cwd=_ROOT, stderr=subprocess.DEVNULL)
    try:
        _wait(port, running)
        yield port
    finally:
        running.terminate()
        running.wait(timeout=_PATIENCE)


def _wait(port: int, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if running.poll() is not None:
                raise RuntimeError(f"the web processes ended with {running.returncode}") from None
            time.sleep(0.05)
    raise TimeoutError(f"nobody listens on {port}")
