"""An installation of some years in small, as the benches know it in large."""

from __future__ import annotations

from flask import Flask

from benchmarks.grown import Size, grow
from benchmarks.stage import Stage
from mpaspor.cli.installation import as_owner
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.wiring import create_app
from tests import clean_tables
from tests.postgres import Urls

_SMALL = Size(offices=1, hours=2_000, cases=400)


def grown(app: Flask, office: Office, database: Urls) -> None:
    """Hundreds of cases that began and ended over a year; the database has looked at what it holds."""
    clean_tables.eraser(database.superuser).scene("grown", lambda: _grow(app, office, database))


def _grow(app: Flask, office: Office, database: Urls) -> None:
    settings = app.extensions["settings"]
    owners = create_app(as_owner(settings))  # who alone may make officers
    with owners.app_context():
        grow(Stage(owners, database, settings.data_dir, office), _SMALL)
        db.engine.dispose()
