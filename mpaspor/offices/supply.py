"""The rows of which an office's hours are made, read for `supply_rules`."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from mpaspor.foundation.database import db
from mpaspor.offices import queries
from mpaspor.offices.models import DayCap, Office, OpeningHour, Programme, ProgrammeTerms, SingleHour
from mpaspor.offices.rules import Hour
from mpaspor.offices.supply_rules import Cap, Supply, Version, WeeklyHour
from mpaspor.offices.supply_rules import SingleHour as PlainSingle


def supply_of(office: Office, first: date, last: date) -> Supply:
    """Everything that makes or cuts hours of the office between two days; five statements."""
    calendar = queries.calendar_of(first, last, office.id)
    versions, ends = _programmes(office.id)
    return Supply(
        weekly=[weekly_from(row) for row in queries.opening_hours(office.id, first, last)],
        single=[single_from(row) for row in single_hours(office.id, first, last)],
        caps=[cap_from(row) for row in day_caps(office.id, first, last)],
        versions=versions,
        ends=ends,
        days_off=set(calendar.days_off),
        known_years=calendar.known_years,
    )


def single_hours(office_id: uuid.UUID, first: date, last: date | None = None) -> list[SingleHour]:
    """The hours of single dates from `first` on (to `last`), by date and hour."""
    until: ColumnElement[bool] | Any = SingleHour.on_date <= last if last is not None else True
    found = select(SingleHour).where(SingleHour.office_id == office_id, SingleHour.on_date >= first, until)
    return list(db.session.scalars(found.order_by(SingleHour.on_date, SingleHour.starts_at)))


def day_caps(office_id: uuid.UUID, first: date, last: date | None = None) -> list[DayCap]:
    """The caps that hold on some day from `first` on (to `last`), newest first."""
    begun: ColumnElement[bool] | Any = DayCap.first_on <= last if last is not None else True
    found = select(DayCap).where(
        DayCap.office_id == office_id, or_(DayCap.last_on.is_(None), DayCap.last_on >= first), begun
    )
    return list(db.session.scalars(found.order_by(DayCap.first_on.desc(), DayCap.id)))


def terms_rows(office_id: uuid.UUID, programmes: Collection[uuid.UUID] | None = None) -> list[Any]:
    """Every programme that the office may offer, with each version of its terms, oldest first."""
    found = (
        select(Programme, ProgrammeTerms)
        .join(ProgrammeTerms, ProgrammeTerms.programme_id == Programme.id)
        .where(or_(Programme.office_id.is_(None), Programme.office_id == office_id))
        .order_by(Programme.office_id.nulls_first(), Programme.id, ProgrammeTerms.valid_from)
    )
    if programmes is not None:
        found = found.where(Programme.id.in_(programmes))
    return list(db.session.execute(found).all())


def weekly_from(row: OpeningHour) -> WeeklyHour:
    hour = Hour(row.weekday, row.starts_at, row.ends_at, row.capacity)
    return WeeklyHour(row.service_point_id, row.programme_id, hour, row.valid_from, row.valid_until)


def single_from(row: SingleHour) -> PlainSingle:
    return PlainSingle(
        row.service_point_id, row.programme_id, row.on_date, row.starts_at, row.ends_at, row.capacity
    )


def cap_from(row: DayCap) -> Cap:
    return Cap(row.programme_id, row.first_on, row.last_on, row.places)


def version_from(row: ProgrammeTerms) -> Version:
    makes_hours = row.is_booked or row.is_walk_in
    return Version(row.valid_from, makes_hours, row.cutoffs, row.days_ahead_least)


def _programmes(office_id: uuid.UUID) -> tuple[dict[uuid.UUID, list[Version]], dict[uuid.UUID, date]]:
    versions: dict[uuid.UUID, list[Version]] = {}
    ends: dict[uuid.UUID, date] = {}
    for programme, terms in terms_rows(office_id):
        versions.setdefault(programme.id, []).append(version_from(terms))
        if programme.last_on is not None:
            ends[programme.id] = programme.last_on
    return versions, ends
