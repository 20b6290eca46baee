"""Places of some days open together, at a moment that everybody knows before (STATES §7.5).

Planned once or each week, opened by whichever worker looks first, exactly once; when nobody looked at that
moment, at the next look. `booking/shares.py` knows how much of each hour that is.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.dialects.postgresql import insert

from mpaspor.booking.bookable import first_day
from mpaspor.booking.generate_slots import make_hours
from mpaspor.booking.models import Release, ReleaseSeries
from mpaspor.booking.rules import FAR_DAYS, LONGEST_RELEASE, next_weekly
from mpaspor.booking.shares import raise_to
from mpaspor.foundation import events
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.events import SYSTEM, Actor
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.refusals import NotFound, Refusal
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date, local_time, moment_of

LATE = timedelta(minutes=1)  # a worker looks every few seconds; more is worth a word


class OpensInThePast(Refusal):
    """The moment at which the places were to open is over."""

    status = 422


class DaysDoNotFit(Refusal):
    """The days are too near to be had when they open, too many at once, or further than the calendar goes."""

    status = 422


class ReleaseOver(Refusal):
    """It has opened, or was cancelled, before."""


@dataclass(frozen=True)
class Plan:
    """What is to open: `percent` of each hour of the programme from `first` to `last`, at `opens_at`; each
    week the same again, where it is `weekly`."""

    office: Office
    programme_id: uuid.UUID
    opens_at: datetime
    first: date
    last: date
    percent: int = 100
    weekly: bool = False

    @property
    def opens_on(self) -> date:
        return local_date(self.opens_at, self.office.time_zone)


@in_operation
def plan(wanted: Plan, *, actor: Actor, now: datetime) -> Release:
    """Note what opens when. Raises `OpensInThePast`, `DaysDoNotFit`."""
    refuse_what_cannot_open(wanted, now=now)
    series = _series_of(wanted, actor, now) if wanted.weekly else None
    release = Release(
        id=uuid7(),
        office_id=wanted.office.id,
        programme_id=wanted.programme_id,
        series_id=series.id if series is not None else None,
        opens_at=wanted.opens_at,
        first_on=wanted.first,
        last_on=wanted.last,
        percent=wanted.percent,
        made_by=actor.id,
        made_at=now,
    )
    db.session.add(release)
    db.session.flush()
    if series is not None:
        _go_on(series, wanted.office, now=now)
    details = {"release": str(release.id), "percent": wanted.percent, "weekly": wanted.weekly}
    events.record("release_planned", actor=actor, now=now, office_id=wanted.office.id, details=details)
    return release


def refuse_what_cannot_open(wanted: Plan, *, now: datetime) -> None:
    """Raises `OpensInThePast`, `DaysDoNotFit`."""
    if wanted.opens_at <= now:
        raise OpensInThePast()
    earliest = first_day(wanted.office, wanted.opens_at)
    length = (wanted.last - wanted.first).days + 1
    too_far = wanted.last > wanted.opens_on + timedelta(days=FAR_DAYS)
    if wanted.first < earliest or not 1 <= length <= LONGEST_RELEASE or too_far:
        raise DaysDoNotFit()


@in_operation
def cancel(release: Release, *, whole_series: bool, actor: Actor, now: datetime) -> int:
    """Take back what has not opened yet, with `whole_series` every week of it; returns how many openings.

    What is open stays open. Raises `ReleaseOver`.
    """
    which = Release.id == release.id
    if whole_series and release.series_id is not None:
        which = Release.series_id == release.series_id
        db.session.execute(
            update(ReleaseSeries)
            .where(ReleaseSeries.id == release.series_id, ReleaseSeries.ended_at.is_(None))
            .values(ended_at=now)
            .execution_options(synchronize_session=False)
        )
    cancelled = db.session.scalars(
        update(Release)
        .where(which, Release.opened_at.is_(None), Release.cancelled_at.is_(None))
        .values(cancelled_at=now)
        .returning(Release.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not cancelled:
        raise ReleaseOver()
    details = {"release": str(release.id), "openings": len(cancelled)}
    events.record("release_cancelled", actor=actor, now=now, office_id=release.office_id, details=details)
    return len(cancelled)


def is_due(now: datetime) -> ColumnElement[bool]:
    """Whether a `Release` is to open, and has not."""
    return and_(Release.opens_at <= now, Release.opened_at.is_(None), Release.cancelled_at.is_(None))


def open_due(*, now: datetime) -> int:
    """Open what is due, the oldest first; returns how many releases. Any number of workers may run it."""
    ids = db.session.scalars(
        select(Release.id).where(is_due(now)).order_by(Release.opens_at, Release.id).limit(50)
    ).all()
    db.session.remove()
    return sum(open_release(release_id, now=now) for release_id in ids)


@operation
def open_release(release_id: uuid.UUID, *, now: datetime) -> bool:
    """Open one release that is due; False where another worker has, or it was cancelled meanwhile.

    The hours of its days are made where the calendar does not reach yet.
    """
    release = db.session.scalars(
        select(Release)
        .where(Release.id == release_id, is_due(now))
        .with_for_update(key_share=True)  # whoever comes second waits here, and finds it opened
    ).one_or_none()
    if release is None:
        return False
    office = db.session.get_one(Office, release.office_id)
    release.places = _open(release, office, now=now)
    release.opened_at = now
    late = now - release.opens_at
    details = {
        "release": str(release.id),
        "places": release.places,
        "late_seconds": int(late.total_seconds()) if late > LATE else 0,
    }
    events.record("released", actor=SYSTEM, now=now, office_id=office.id, details=details)
    return True


def _open(release: Release, office: Office, *, now: datetime) -> int:
    """Raise what is open of its days; returns by how many places."""
    first = max(release.first_on, local_date(now, office.time_zone))
    if first > release.last_on:
        return 0
    days: dict[str, Any] = {"programme_id": release.programme_id, "now": now}
    # First: whoever makes them at this moment, and does not know yet that this opens, is waited for.
    make_hours(office, first, release.last_on, **days)
    return raise_to(release.percent, office, first, release.last_on, **days).places


@operation
def release_places(
    office_id: uuid.UUID,
    *,
    first: date,
    last: date,
    percent: int,
    now: datetime,
    programme_id: uuid.UUID | None = None,
) -> int:
    """Open `percent` of the places of every hour from `first` to `last` now; returns how many hours changed.

    Never takes back what is open already. Raises `NotFound`, and `ValueError` outside 0–100.
    """
    if not 0 <= percent <= 100:
        raise ValueError("percent lies between 0 and 100")
    office = db.session.get(Office, office_id)
    if office is None:
        raise NotFound(office=office_id)
    return raise_to(percent, office, first, last, programme_id=programme_id, now=now).hours


def plan_on(*, now: datetime) -> int:
    """Note the coming openings of every weekly series, as far as the calendar goes; returns how many."""
    ids = db.session.scalars(select(ReleaseSeries.id).where(ReleaseSeries.ended_at.is_(None))).all()
    db.session.remove()
    return sum(go_on(series_id, now=now) for series_id in ids)


@operation
def go_on(series_id: uuid.UUID, *, now: datetime) -> int:
    """Note the coming openings of one series that has not ended meanwhile; returns how many."""
    series = db.session.scalars(
        select(ReleaseSeries)
        .where(ReleaseSeries.id == series_id, ReleaseSeries.ended_at.is_(None))
        .with_for_update(key_share=True)
    ).one_or_none()
    return 0 if series is None else _go_on(series, db.session.get_one(Office, series.office_id), now=now)


def _series_of(wanted: Plan, actor: Actor, now: datetime) -> ReleaseSeries:
    series = ReleaseSeries(
        id=uuid7(),
        office_id=wanted.office.id,
        programme_id=wanted.programme_id,
        weekday=wanted.opens_on.weekday(),
        opens=local_time(wanted.opens_at, wanted.office.time_zone),
        first_after=(wanted.first - wanted.opens_on).days,
        days=(wanted.last - wanted.first).days + 1,
        percent=wanted.percent,
        made_by=actor.id,
        made_at=now,
    )
    db.session.add(series)
    db.session.flush()
    return series


def _go_on(series: ReleaseSeries, office: Office, *, now: datetime) -> int:
    """From the last opening that is noted, each week, until its days are further than the calendar goes.

    So nothing is left out when no worker ran for weeks.
    """
    before = db.session.scalars(
        select(func.max(Release.opens_at)).where(Release.series_id == series.id)
    ).one_or_none()
    last_on = local_date(before or series.made_at, office.time_zone)
    far = local_date(now, office.time_zone) + timedelta(days=FAR_DAYS)
    rows = [_row(series, office, day, now) for day in next_weekly(last_on, series.weekday, until=far)]
    if not rows:
        return 0
    added = db.session.scalars(
        insert(Release)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["series_id", "opens_at"])
        .returning(Release.id)
    )
    return len(added.all())


def _row(series: ReleaseSeries, office: Office, day: date, now: datetime) -> dict[str, Any]:
    first = day + timedelta(days=series.first_after)
    return {
        "id": uuid7(),
        "office_id": series.office_id,
        "programme_id": series.programme_id,
        "series_id": series.id,
        "opens_at": moment_of(day, series.opens, office.time_zone),
        "first_on": first,
        "last_on": first + timedelta(days=series.days - 1),
        "percent": series.percent,
        "made_by": series.made_by,
        "made_at": now,
    }
