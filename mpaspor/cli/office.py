"""`bin/mpaspor office …`: the offices, and taking one into service."""

from __future__ import annotations

from pathlib import Path

import click

from mpaspor.booking.generate_slots import top_up, years_awaited
from mpaspor.foundation import clock
from mpaspor.offices import queries, seed
from mpaspor.offices.models import Office
from mpaspor.offices.rules import full_name, local_date, zone_label

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
UNKNOWN_HOLIDAYS = (
    "The holidays of {year} are not known here, so none of its days is opened. "
    "They come with the release after their decree; then run: bin/mpaspor office load"
)


@click.group()
def office() -> None:
    """The immigration offices."""


@office.command("load")
def load_offices() -> None:
    """Put in the offices, fees and holidays that are not there yet."""
    seed.plant_reference_data(now=clock.now())
    click.echo(f"{len(queries.offices_matching())} offices are known.")


@office.command("list")
@click.argument("words", nargs=-1)
@click.option("--in-service", is_flag=True, help="Only those that take applications here.")
def list_offices(words: tuple[str, ...], in_service: bool) -> None:
    """List the offices whose name or province holds all WORDS."""
    for found in queries.offices_matching(" ".join(words)):
        if found.in_service or not in_service:
            mark = "*" if found.in_service else " "
            name = full_name(found.name, found.class_name, found.has_checkpoint)
            click.echo(f"{mark} {found.code:<24} {name} ({found.province}, {zone_label(found.time_zone)})")


@office.command("show")
@click.argument("code")
def show_office(code: str) -> None:
    """Show what the office CODE offers, and when."""
    found = office_or_stop(code)
    today = local_date(clock.now(), found.time_zone)
    click.echo(full_name(found.name, found.class_name, found.has_checkpoint))
    click.echo(f"{found.province}, {zone_label(found.time_zone)}; {found.address or 'address unknown'}")
    click.echo("in service" if found.in_service else "not in service")
    for kind in queries.kinds_offered(found.id, today):
        click.echo(f"issues {kind.kind}, {kind.validity_years} years")
    for hour in queries.opening_hours(found.id, today, today):
        click.echo(
            f"{_DAYS[hour.weekday]} {hour.starts_at:%H:%M}-{hour.ends_at:%H:%M} {hour.capacity:>4} places"
        )


@office.command("open")
@click.argument("code")
@click.option(
    "--hours",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV: weekday (Monday 0), starts_at, ends_at, capacity.",
)
@click.option("--address", help="Where people come.")
def open_office(code: str, hours: Path, address: str | None) -> None:
    """Take the office CODE into service, from today on, and open its places."""
    found = office_or_stop(code)
    now = clock.now()
    seed.open_office(
        code,
        hours=seed.hours_from(hours),
        valid_from=local_date(now, found.time_zone),
        address=address,
        now=now,
    )
    click.echo(f"{code} is in service; {top_up(found.id, now=now)} hours were opened.")
    say_what_is_awaited(found)


def say_what_is_awaited(found: Office) -> None:
    """Why the office's calendar ends before its horizon."""
    for year in years_awaited(found, now=clock.now()):
        click.echo(UNKNOWN_HOLIDAYS.format(year=year))


def office_or_stop(code: str) -> Office:
    """The office of this code; ends the command in words when there is none."""
    found = queries.office_by_code(code)
    if found is None:
        raise click.ClickException(f"No office has the code {code!r}. See: bin/mpaspor office list")
    return found
