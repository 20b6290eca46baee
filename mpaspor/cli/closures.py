"""`bin/mpaspor quota close …`: closing hours without a page, looking before, and what became of everybody."""

from __future__ import annotations

import uuid
from datetime import datetime, time

import click

from mpaspor.booking import closure_queries
from mpaspor.booking.closure_preview import Preview, preview
from mpaspor.booking.closure_queries import ClosureRow
from mpaspor.booking.closures import Scope
from mpaspor.booking.rules import ClosureCause
from mpaspor.cli.office import office_or_stop
from mpaspor.desk.announce_delay import announce_delay
from mpaspor.desk.close_hours import close_hours, reopen_hours
from mpaspor.desk.rules import LONGEST_DELAY
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal
from mpaspor.offices.models import Office
from mpaspor.offices.queries import service_points
from mpaspor.offices.rules import local_date, local_time

_DAY = click.DateTime(["%Y-%m-%d"])
_CLOCK = click.DateTime(["%H:%M"])


@click.command("close")
@click.option("--office", "code", required=True)
@click.option("--from", "first", required=True, type=_DAY, help="First day, as 2026-12-01.")
@click.option("--to", "last", type=_DAY, help="Last day; the first one when left out.")
@click.option("--begins", type=_CLOCK, help="Only hours that begin at 08:00 or later …")
@click.option("--ends", type=_CLOCK, help="… and before 12:00.")
@click.option("--point", help="Only this service point, by its code.")
@click.option("--places", default=0, type=click.IntRange(0, 999), help="Leave so many places an hour.")
@click.option("--cause", required=True, type=click.Choice([str(cause) for cause in ClosureCause]))
@click.option("--note", required=True, help="Why, for the record.")
@click.option("--yes", is_flag=True, help="Close them. Without it nothing changes.")
def close(
    code: str,
    first: datetime,
    last: datetime | None,
    begins: datetime | None,
    ends: datetime | None,
    point: str | None,
    places: int,
    cause: str,
    note: str,
    yes: bool,
) -> None:
    """Show who would lose their hour, and with --yes close it; the worker seats everybody again."""
    office = office_or_stop(code)
    if (begins is None) != (ends is None):
        raise click.UsageError("--begins and --ends come together.")
    scope = Scope(
        office,
        first.date(),
        (last or first).date(),
        begins.time() if begins else None,
        ends.time() if ends else None,
        _point(office, point),
        places,
    )
    _say(preview(scope, now=clock.now()), office)
    if not yes:
        click.echo("Nothing was closed. The same again with --yes closes them.")
        return
    try:
        made = close_hours(None, scope, ClosureCause(cause), note=note, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(str(type(refusal).__doc__).partition(".")[0]) from refusal
    click.echo(f"Closed: {made}")


@click.command("closures")
@click.option("--office", "code", required=True)
def list_closures(code: str) -> None:
    """What is closed, what was, and what became of everybody."""
    office = office_or_stop(code)
    for row in closure_queries.closures_of(office):
        click.echo(_line(row))
    click.echo(f"{closure_queries.count_without_hour(office)} have paid and no hour is held for them.")


@click.command("reopen")
@click.argument("closure", type=click.UUID)
def reopen(closure: uuid.UUID) -> None:
    """Undo the CLOSURE: who has not chosen another hour gets the old one back, then the hours are open."""
    try:
        reopen_hours(None, closure, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(str(type(refusal).__doc__).partition(".")[0]) from refusal
    click.echo("It is being undone; the worker opens the hours.")


@click.command("delay")
@click.option("--office", "code", required=True)
@click.option("--minutes", required=True, type=click.IntRange(0, LONGEST_DELAY), help="0: on time again.")
@click.option("--begins", type=_CLOCK, help="Only hours of today that begin at 09:00 or later.")
def delay(code: str, minutes: int, begins: datetime | None) -> None:
    """Tell whoever is still to come today how late the office is."""
    office = office_or_stop(code)
    begin = begins.time() if begins else None
    try:
        told = announce_delay(None, office.id, minutes=minutes, begins=begin, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(str(type(refusal).__doc__).partition(".")[0]) from refusal
    click.echo(f"{told} people are told.")


def _point(office: Office, code: str | None) -> uuid.UUID | None:
    if code is None:
        return None
    found = {point.code: point.id for point in service_points(office.id)}
    if code not in found:
        raise click.UsageError(f"No service point {code!r}. There are: {', '.join(sorted(found))}")
    return found[code]


def _say(found: Preview, office: Office) -> None:
    zone = office.time_zone

    def words(moment: datetime) -> str:
        return f"{local_date(moment, zone)} {local_time(moment, zone):%H:%M}"

    for hour in found.hours:
        click.echo(
            f"{words(hour.starts_at)}  {hour.paid} paid, {hour.unpaid} unpaid, "
            f"{hour.proposed} proposed, {hour.free} free"
        )
    for starts_at, _ends_at, count in found.goals:
        click.echo(f"  would be proposed {words(starts_at)}: {count}")
    click.echo(f"{found.hit} people in {len(found.hours)} hours; {found.unseated} find no place.")


def _line(row: ClosureRow) -> str:
    closure = row.closure
    state = "undone" if closure.ended_at else "being undone" if closure.reopened_at else "in force"
    part = f" {_hhmm(closure.begins)}-{_hhmm(closure.ends)}" if closure.begins and closure.ends else ""
    became = ", ".join(f"{how} {count}" for how, count in sorted(row.seated.items()))
    return (
        f"{closure.id}  {closure.first_on}..{closure.last_on}{part}  {closure.cause}, {state}, "
        f"hours {row.hours}, hit {row.hit}, asked {row.asked}, waiting {row.waiting}"
        + (f", {became}" if became else "")
    )


def _hhmm(at: time) -> str:
    return f"{at:%H:%M}"
