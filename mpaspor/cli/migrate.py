"""`bin/mpaspor migrate`: bring the schema up to date."""

from __future__ import annotations

import click

from mpaspor.cli import installation
from mpaspor.foundation import clock, migrations
from mpaspor.foundation.database import db


@click.command()
@click.option("--new", "words", metavar="WORDS", help="Write the next version from the models.")
@click.pass_obj
def migrate(create_app: installation.AppFactory, words: str | None) -> None:
    """Bring the database's schema up to date (as MPASPOR_OWNER_URL, else DATABASE_URL)."""
    with installation.database_for(installation.load_settings()) as settings:
        installation.migrate(settings)
        if words:
            click.echo(migrations.write_version(str(settings.owner_url), words))
            return
        with create_app(settings).app_context():
            installation.check_installation(settings, clock.now())
            db.engine.dispose()
        click.echo(f"The schema is at version {migrations.head()}.")
