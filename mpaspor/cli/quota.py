"""`bin/mpaspor quota …`: hours, the places in them, opening and closing them."""

from __future__ import annotations

import click

from mpaspor.booking.generate_slots import top_up
from mpaspor.cli import closures, releases
from mpaspor.cli.office import office_or_stop, say_what_is_awaited
from mpaspor.foundation import clock
from mpaspor.offices import queries


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


for command in (
    releases.release,
    releases.list_releases,
    releases.cancel,
    closures.close,
    closures.list_closures,
    closures.reopen,
    closures.delay,
):
    quota.add_command(command)
