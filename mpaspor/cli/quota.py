"""`bin/mpaspor quota …`: hours, the places in them, and closing them."""

from __future__ import annotations

from datetime import datetime

import click

from mpaspor.booking.generate_slots import release_places, top_up
from mpaspor.cli import closures
from mpaspor.cli.office import office_or_stop, say_what_is_awaited
from mpaspor.foundation import clock
from mpaspor.offices import queries

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def quota() -> None:
    """Hours and the places in them."""


@quota.command("top-up")
@click.option("--office", "code", help="Only this office; else every office in service.")
@click.option(
    "--percent", default=100, type=click.IntRange(0, 100), help="How many of the new places open now."
)
def top_up_hours(code: str | None, percent: int) -> None:
    """Make the hours that are missing until the horizon of four weeks."""
    chosen = [office_or_stop(code)] if code else queries.offices_in_service()
    for office in chosen:
        added = top_up(office.id, now=clock.now(), released_percent=percent)
        click.echo(f"{office.code}: {added} hours added")
        say_what_is_awaited(office)


@quota.command("release")
@click.option("--office", "code", required=True)
@click.option("--from", "first", required=True, type=_DAY, help="First day, as 2026-12-01.")
@click.option("--to", "last", type=_DAY, help="Last day; the first one when left out.")
@click.option("--percent", default=100, type=click.IntRange(0, 100), help="Open this share of each hour.")
def release(code: str, first: datetime, last: datetime | None, percent: int) -> None:
    """Open places that exist but were held back; never takes back what is open."""
    office = office_or_stop(code)
    changed = release_places(
        office.id, first=first.date(), last=(last or first).date(), percent=percent, now=clock.now()
    )
    click.echo(f"{office.code}: places opened in {changed} hours")


for command in (closures.close, closures.list_closures, closures.reopen, closures.delay):
    quota.add_command(command)
