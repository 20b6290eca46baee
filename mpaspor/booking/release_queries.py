"""What is to open when: for everybody, for a supervisor, and what a plan would open before it is one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, ScalarSelect, Select, cast, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from mpaspor.booking.generate_slots import hours_of
from mpaspor.booking.models import PlaceReturn, Release, Slot
from mpaspor.booking.releases import LATE, Plan
from mpaspor.booking.shares import of_days, open_at
from mpaspor.foundation.columns import Moment
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office, OpeningHour, Programme
from mpaspor.offices.queries import Calendar, calendar_of
from mpaspor.offices.rules import local_date
from mpaspor.people.models import Staff

_SHOWN = 30
_Announced = Select[uuid.UUID, str, datetime, date, date, bool, uuid.UUID]


@dataclass(frozen=True)
class Opening:
    """Places that open together, or have: when, in the office's own time, and of which days."""

    opens_at: datetime
    first_on: date
    last_on: date
    is_open: bool = False

    def names(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on


def openings(office: Office, programme_id: uuid.UUID, *, now: datetime) -> list[Opening]:
    """What has opened at the office of days to come, and what is to open, the next first.

    What would open nothing, since all of its days are as open already, is left out.
    """
    found = db.session.execute(_announced([office.id], programme_id, now))
    return [_opening(zone, at, first, last, is_open) for _whose, zone, at, first, last, is_open, _id in found]


def openings_beside(office: Office, programme_id: uuid.UUID, *, now: datetime) -> ScalarSelect[Any]:
    """The same as one value (JSON) beside another read, for `openings_in`: a page of hours has no statement
    to spare for them."""
    found = _announced([office.id], programme_id, now).subquery().c
    each = func.json_build_array(found.opens_at, found.first_on, found.last_on, found.is_open)
    return select(func.json_agg(aggregate_order_by(each, found.opens_at, found.id))).scalar_subquery()


def openings_in(value: list[Any] | None, office: Office) -> list[Opening]:
    """What `openings_beside` found."""
    return [
        _opening(
            office.time_zone,
            datetime.fromisoformat(opens_at),
            date.fromisoformat(first),
            date.fromisoformat(last),
            is_open,
        )
        for opens_at, first, last, is_open in value or []
    ]


def next_openings(
    offices: Sequence[Office], programme_id: uuid.UUID, *, now: datetime
) -> dict[uuid.UUID, Opening]:
    """What opens next, per office; offices where nothing is planned are left out."""
    found: dict[uuid.UUID, Opening] = {}
    rows = db.session.execute(_announced([office.id for office in offices], programme_id, now))
    for office_id, zone, opens_at, first, last, is_open, _id in rows:
        if not is_open:
            found.setdefault(office_id, _opening(zone, opens_at, first, last, is_open))
    return found


def next_of(found: Sequence[Opening]) -> Opening | None:
    """The next of these that is still to open."""
    return next((one for one in found if not one.is_open), None)


def _opening(zone: str, opens_at: datetime, first_on: date, last_on: date, is_open: bool) -> Opening:
    return Opening(opens_at.astimezone(ZoneInfo(zone)), first_on, last_on, is_open)


def _announced(office_ids: Sequence[uuid.UUID], programme_id: uuid.UUID, now: datetime) -> _Announced:
    """The releases of these offices that are worth a word: what has opened, and what will open something."""
    today = cast(func.timezone(Office.time_zone, literal(now, Moment)), Date)
    is_open = Release.opened_at.is_not(None)
    is_far = Release.last_on > today + Office.opens_weeks_ahead * 7
    return (
        select(
            Release.office_id,
            Office.time_zone,
            Release.opens_at,
            Release.first_on,
            Release.last_on,
            is_open.label("is_open"),
            Release.id,
        )
        .join(Office, Office.id == Release.office_id)
        .where(
            Release.office_id.in_(office_ids),
            Release.programme_id == programme_id,
            Release.cancelled_at.is_(None),
            Release.last_on >= today,
            or_(is_open, is_far, _opens_something(now)),
        )
        .order_by(Release.opens_at, Release.id)
    )


def _opens_something(now: datetime) -> ColumnElement[bool]:
    """Whether some hour of a `Release` at its `Office` is less open than it will be."""
    day = cast(func.timezone(Office.time_zone, Slot.starts_at), Date)
    return exists().where(
        Slot.office_id == Release.office_id,
        Slot.programme_id == Release.programme_id,
        Slot.starts_at > now,
        day.between(Release.first_on, Release.last_on),
        Slot.closure_id.is_(None),
        Slot.released < open_at(Release.percent),
    )


def programmes_of(office: Office) -> Sequence[Programme]:
    """The programmes for which the office has opening hours, by name."""
    offered = select(OpeningHour.programme_id).where(OpeningHour.office_id == office.id)
    return db.session.scalars(
        select(Programme).where(Programme.id.in_(offered)).order_by(Programme.name, Programme.code)
    ).all()


@dataclass(frozen=True)
class ReleaseRow:
    """A release as a supervisor sees it."""

    release: Release
    programme: str
    by: str | None  # an officer's name; none: the command line

    @property
    def late(self) -> timedelta | None:
        """By how much it opened too late, if anybody could notice."""
        opened_at = self.release.opened_at
        late = opened_at - self.release.opens_at if opened_at is not None else timedelta()
        return late if late > LATE else None


def coming_of(office: Office, most: int = _SHOWN) -> list[ReleaseRow]:
    """What is to open at the office, the next first."""
    return _rows(
        select(Release)
        .where(
            Release.office_id == office.id, Release.opened_at.is_(None), Release.cancelled_at.is_(None)
        )
        .order_by(Release.opens_at, Release.id)
        .limit(most)
    )  # fmt: skip


def past_of(office: Office, most: int = _SHOWN) -> list[ReleaseRow]:
    """What has opened or was cancelled, the newest first."""
    ended_at = func.coalesce(Release.opened_at, Release.cancelled_at)
    return _rows(
        select(Release)
        .where(Release.office_id == office.id, ended_at.is_not(None))
        .order_by(ended_at.desc(), Release.opens_at)
        .limit(most)
    )


def release_of(office: Office, release_id: uuid.UUID) -> ReleaseRow | None:
    """One release of this office."""
    found = _rows(select(Release).where(Release.id == release_id, Release.office_id == office.id))
    return found[0] if found else None


def _rows(releases: object) -> list[ReleaseRow]:
    found: Sequence[Release] = db.session.scalars(releases).all()  # type: ignore[call-overload]
    programmes = {row.id: row.name for row in db.session.scalars(select(Programme))}
    makers = select(Staff.id, Staff.full_name).where(Staff.id.in_({row.made_by for row in found}))
    names = {row.id: row.full_name for row in db.session.execute(makers)}
    return [
        ReleaseRow(row, programmes[row.programme_id], names.get(row.made_by) if row.made_by else None)
        for row in found
    ]


@dataclass(frozen=True)
class HeldDay:
    """A day that has hours of which nothing is open, and for which nothing is planned."""

    on: date
    programme: str
    places: int


def held_without_plan(office: Office, *, now: datetime) -> list[HeldDay]:
    """Days that would never open, since no release names them any more."""
    day = cast(func.timezone(office.time_zone, Slot.starts_at), Date)
    planned = exists().where(
        Release.programme_id == Slot.programme_id,
        Release.office_id == office.id,
        Release.opened_at.is_(None),
        Release.cancelled_at.is_(None),
        day.between(Release.first_on, Release.last_on),
    )
    rows = db.session.execute(
        select(day, Programme.name, func.sum(Slot.capacity))
        .join(Programme, Programme.id == Slot.programme_id)
        .where(
            Slot.office_id == office.id,
            Slot.starts_at > now,
            Slot.closure_id.is_(None),
            Slot.released == 0,
            Slot.capacity > 0,
            ~planned,
            ~exists().where(PlaceReturn.slot_id == Slot.id),
        )
        .group_by(day, Programme.name)
        .order_by(day, Programme.name)
    )
    return [HeldDay(*row) for row in rows]


@dataclass(frozen=True)
class PlannedDay:
    """One day of a plan: its hours, what is open of them, and what the plan adds."""

    on: date
    hours: int = 0
    capacity: int = 0
    open_now: int = 0
    opens: int = 0
    closed: int = 0  # hours that are closed or cut, and open nothing
    holiday: str | None = None
    is_awaited: bool = False  # the holidays of its year are not known yet


def preview(plan: Plan) -> list[PlannedDay]:
    """What the plan opens, day by day, if nothing changes until then. Changes nothing."""
    office = plan.office
    known = calendar_of(plan.first, plan.last, office.id)
    there = _there(plan)
    length = (plan.last - plan.first).days + 1
    days = [plan.first + timedelta(days=n) for n in range(length)]
    made = {} if there.keys() >= set(days) else _to_be_made(plan)
    return [_planned(day, known, there.get(day) or made.get(day)) for day in days]


def _planned(day: date, known: Calendar, found: PlannedDay | None) -> PlannedDay:
    if found is not None:
        return found
    if day in known.days_off:
        return PlannedDay(day, holiday=known.days_off[day].name)
    return PlannedDay(day, is_awaited=day.year not in known.known_years)


def _there(plan: Plan) -> dict[date, PlannedDay]:
    """The days that have hours already."""
    day = cast(func.timezone(plan.office.time_zone, Slot.starts_at), Date)
    opens = func.greatest(open_at(plan.percent) - Slot.released, 0)
    is_shut = Slot.closure_id.is_not(None)
    rows = db.session.execute(
        select(
            day,
            func.count(),
            func.sum(Slot.capacity),
            func.sum(Slot.released),
            func.coalesce(func.sum(opens).filter(~is_shut), 0),
            func.count().filter(is_shut),
        )
        .where(*of_days(plan.office, plan.first, plan.last, plan.programme_id))
        .group_by(day)
    )
    found = {}
    for on, *rest in rows:
        hours, capacity, open_now, adds, closed = map(int, rest)
        found[on] = PlannedDay(on, hours, capacity, open_now, adds, closed)
    return found


def _to_be_made(plan: Plan) -> dict[date, PlannedDay]:
    """The days whose hours are made when it opens, or by then."""
    found: dict[date, PlannedDay] = {}
    days = plan.office, plan.first, plan.last
    for row in hours_of(*days, programme_id=plan.programme_id, released_percent=plan.percent):
        on = local_date(row["starts_at"], plan.office.time_zone)
        so_far = found.get(on, PlannedDay(on))
        found[on] = replace(
            so_far,
            hours=so_far.hours + 1,
            capacity=so_far.capacity + row["capacity"],
            opens=so_far.opens + row["released"],
        )
    return found
