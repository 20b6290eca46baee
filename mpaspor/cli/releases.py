"""`bin/mpaspor quota release …`: opening places now or at a moment, and what is planned."""

from __future__ import annotations

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from mpaspor.booking import release_queries
from mpaspor.booking.release_queries import PlannedDay, ReleaseRow
from mpaspor.booking.releases import Plan, refuse_what_cannot_open, release_places
from mpaspor.cli.office import office_or_stop
from mpaspor.desk.plan_release import cancel_release, plan_release
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal
from mpaspor.offices import queries
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date, local_time

_DAY = click.DateTime(["%Y-%m-%d"])
_MOMENT = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])


@click.command("release")
@click.option("--office", "code", required=True)
@click.option("--programme", help="Only this programme; a planned release is of the regular one without it.")
@click.option("--from", "first", required=True, type=_DAY, help="First day, as 2026-12-01.")
@click.option("--to", "last", type=_DAY, help="Last day; the first one when left out.")
@click.option(
    "--percent", default=100, type=click.IntRange(0, 100), help="So much of each hour is open then, in all."
)
@click.option("--at", "opens", type=_MOMENT, help='When, in the office\'s own time, as "2026-12-04 14:00".')
@click.option("--weekly", is_flag=True, help="The same again every week.")
@click.option("--yes", is_flag=True, help="Plan it. Without it a release with --at is only looked at.")
def release(
    code: str,
    programme: str | None,
    first: datetime,
    last: datetime | None,
    percent: int,
    opens: datetime | None,
    weekly: bool,
    yes: bool,
) -> None:
    """Open places that were held back, now or with --at; never takes back what is open."""
    office = office_or_stop(code)
    days = first.date(), (last or first).date()
    if opens is None:
        if weekly:
            raise click.UsageError("--weekly needs --at.")
        only = _programme(programme) if programme else None
        changed = release_places(
            office.id, first=days[0], last=days[1], percent=percent, programme_id=only, now=clock.now()
        )
        click.echo(f"{office.code}: places opened in {changed} hours")
        return
    if percent == 0:
        raise click.UsageError("A release opens at least 1 percent.")
    opens_at = opens.replace(tzinfo=ZoneInfo(office.time_zone))
    _plan(Plan(office, _programme(programme or queries.REGULAR), opens_at, *days, percent, weekly), yes)


def _plan(plan: Plan, yes: bool) -> None:
    try:
        refuse_what_cannot_open(plan, now=clock.now())
        found = release_queries.preview(plan)
        for day in found:
            click.echo(f"  {day.on}  {_words(day)}")
        click.echo(f"{sum(day.opens for day in found)} places will open.")
        if not yes:
            click.echo("Nothing was planned. The same again with --yes plans it.")
            return
        click.echo(f"Planned: {plan_release(None, plan, now=clock.now())}")
    except Refusal as refusal:
        raise click.ClickException(str(type(refusal).__doc__).partition(".")[0]) from refusal


@click.command("releases")
@click.option("--office", "code", required=True)
def list_releases(code: str) -> None:
    """What opens when, what has opened, and what would never open."""
    office = office_or_stop(code)
    for row in (*release_queries.coming_of(office), *release_queries.past_of(office)):
        click.echo(_line(row, office))
    for day in release_queries.held_without_plan(office, now=clock.now()):
        click.echo(f"{day.on}  {day.places} places of {day.programme} are shut, and nothing is planned.")


@click.command("cancel-release")
@click.argument("release_id", type=click.UUID)
@click.option("--series", is_flag=True, help="Every week of it, and those to come.")
def cancel(release_id: uuid.UUID, series: bool) -> None:
    """Take back the release RELEASE_ID before it opens."""
    try:
        count = cancel_release(None, release_id, whole_series=series, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(str(type(refusal).__doc__).partition(".")[0]) from refusal
    click.echo(f"{count} openings were cancelled.")


def _programme(code: str) -> uuid.UUID:
    found = queries.programme_by_code(code)
    if found is None:
        raise click.UsageError(f"No programme {code!r}.")
    return found.id


def _words(day: PlannedDay) -> str:
    if day.holiday is not None:
        return f"holiday: {day.holiday}"
    if day.is_awaited:
        return "the holidays of its year are not known yet"
    if not day.hours:
        return "no hours"
    shut = f", {day.closed} hours closed or cut" if day.closed else ""
    return f"{day.opens} of {day.capacity} places open then, {day.open_now} are open{shut}"


def _line(row: ReleaseRow, office: Office) -> str:
    release, zone = row.release, office.time_zone
    when = f"{local_date(release.opens_at, zone)} {local_time(release.opens_at, zone):%H:%M}"
    state = "cancelled" if release.cancelled_at else "weekly" if release.series_id else "once"
    if release.opened_at is not None:
        late = f", {int(row.late.total_seconds() // 60)} minutes late" if row.late else ""
        state = f"opened {release.places} places{late}"
    return (
        f"{release.id}  {when}  {release.first_on}..{release.last_on}  "
        f"{row.programme}, {release.percent} %, {state}"
    )
