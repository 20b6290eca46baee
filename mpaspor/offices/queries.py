"""Named reads about offices: who they are, what they offer, when they are shut, what things cost."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, cast, func, or_, select

from mpaspor.foundation.columns import Moment
from mpaspor.foundation.database import db
from mpaspor.foundation.kept_rows import kept_rows
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import (
    Fee,
    Holiday,
    OfferedKind,
    Office,
    OpeningHour,
    PriorityGroup,
    Programme,
    ServicePoint,
)
from mpaspor.offices.rules import HOME_ZONE, add_working_days, fixed_holidays, sort_key

REGULAR = "regular"
PRIORITY = "priority"


@dataclass(frozen=True)
class Calendar:
    """An office's days off in whole years, and the years whose national holidays are known.

    The holidays of a year are decreed late in the year before. Until then any day of it may turn out to be
    one, so none is opened.
    """

    days_off: dict[date, Holiday]
    known_years: frozenset[int]


@kept_rows
def office_by_code(code: str) -> Office | None:
    """The office that this code names, in service or not."""
    return db.session.scalar(select(Office).where(Office.code == code))


def office_in_service(code: str) -> Office:
    """The office that this code names. Raises `NotFound` for none, and for one that is not in service."""
    found = office_by_code(code)
    if found is None or not found.in_service:
        raise NotFound()
    return found


@kept_rows
def office_by_id(office_id: uuid.UUID | None) -> Office | None:
    """The office; None for an unknown one, and where none is chosen yet."""
    return db.session.get(Office, office_id) if office_id is not None else None


def offices_matching(text: str = "") -> Sequence[Office]:
    """The offices whose name or province holds every word of `text`, those in service first.

    All of them are read (151 rows) and compared here, since a province has no stored sort key.
    """
    offices = db.session.scalars(select(Office).order_by(Office.in_service.desc(), Office.sort_key)).all()
    words = sort_key(text).split()
    return [office for office in offices if all(word in _searched(office) for word in words)]


def _searched(office: Office) -> str:
    return f"{office.sort_key} {sort_key(office.province)}"


@kept_rows
def offices_in_service() -> Sequence[Office]:
    """The offices that take applications here, by name."""
    return db.session.scalars(select(Office).where(Office.in_service).order_by(Office.sort_key)).all()


@kept_rows
def programme_by_code(code: str = REGULAR) -> Programme | None:
    return db.session.scalar(select(Programme).where(Programme.code == code))


def service_points(office_id: uuid.UUID) -> Sequence[ServicePoint]:
    """The places where people come, by code."""
    return db.session.scalars(
        select(ServicePoint).where(ServicePoint.office_id == office_id).order_by(ServicePoint.code)
    ).all()


def opening_hours(office_id: uuid.UUID, first: date, last: date) -> Sequence[OpeningHour]:
    """The opening hours that hold on some day from `first` to `last`, by weekday and hour."""
    return db.session.scalars(
        select(OpeningHour)
        .where(
            OpeningHour.office_id == office_id,
            in_force(OpeningHour, first, last),
        )
        .order_by(OpeningHour.weekday, OpeningHour.starts_at)
    ).all()


@kept_rows
def holidays_between(first: date, last: date, office_id: uuid.UUID | None = None) -> dict[date, Holiday]:
    """National holidays and joint leave from `first` to `last`, with the office's own days off on top."""
    found = db.session.scalars(_holidays(first, last, office_id).order_by(Holiday.office_id.nulls_first()))
    return {holiday.on_date: holiday for holiday in found}


def calendar_of(first: date, last: date, office_id: uuid.UUID) -> Calendar:
    """The days off of every year that lies, even in part, between `first` and `last`; one statement."""
    days_off = holidays_between(date(first.year, 1, 1), date(last.year, 12, 31), office_id)
    known = frozenset(on.year for on, holiday in days_off.items() if holiday.office_id is None)
    return Calendar(days_off, known)


def promised_on(office: Office, begun_on: date) -> date:
    """The day by which the office promises what it began on `begun_on`: so many of its working days later.

    In a year whose decree is to come, at least the holidays that none moves are counted as days off.
    """
    days_off = _days_off(office, begun_on, begun_on + _longest_promise(office))
    return add_working_days(begun_on, office.service_days, days_off)


def unbroken_since(office: Office, today: date) -> date:
    """The first day on which may have begun what is promised by `today` or later: what began before it, and
    is not made, is late."""
    days_off = _days_off(office, today - _longest_promise(office), today + _longest_promise(office))
    day = today
    while add_working_days(day - timedelta(days=1), office.service_days, days_off) >= today:
        day -= timedelta(days=1)
    return day


def _longest_promise(office: Office) -> timedelta:
    """More than two in three days are worked, even around the longest break."""
    return timedelta(days=2 * office.service_days + 30)


def _days_off(office: Office, first: date, last: date) -> set[date]:
    calendar = calendar_of(first, last, office.id)
    undecreed = set(range(first.year, last.year + 1)) - calendar.known_years
    return set(calendar.days_off).union(*map(fixed_holidays, undecreed))


def time_zone_of(office: Office | None) -> str:
    """The office's zone, or the capital's for somebody who has chosen none yet."""
    return HOME_ZONE if office is None else office.time_zone


def _holidays(first: date, last: date, office_id: uuid.UUID | None) -> Select[Holiday]:
    whose: ColumnElement[bool] = Holiday.office_id.is_(None)
    if office_id is not None:
        whose = or_(whose, Holiday.office_id == office_id)
    return select(Holiday).where(Holiday.on_date.between(first, last), whose)


def in_force(
    dated: type[Fee] | type[OfferedKind] | type[OpeningHour] | type[PriorityGroup],
    first: date | ColumnElement[date],
    last: date | None = None,
) -> ColumnElement[bool]:
    """Whether a dated row holds on `first`, or on some day from there to `last`."""
    begun = dated.valid_from <= (first if last is None else last)
    return and_(begun, or_(dated.valid_until.is_(None), dated.valid_until >= first))


@kept_rows
def fees_on(day: date) -> Sequence[Fee]:
    """Every fee in force on `day`."""
    return db.session.scalars(_fees(day).order_by(Fee.item, Fee.validity_years)).all()


@kept_rows
def fee_on(item: str, validity_years: int | None, day: date) -> Fee | None:
    """What `item` (a passport kind, or a charge) costs on `day`."""
    return db.session.scalar(
        _fees(day).where(Fee.item == item, Fee.validity_years.is_not_distinct_from(validity_years))
    )


def office_and_fee(
    office_id: uuid.UUID, item: str, validity_years: int, now: datetime
) -> tuple[Office | None, Fee | None]:
    """An office, and what `item` costs there today; one statement, for the rush."""
    given = {"office_id": office_id, "item": item, "years": validity_years, "now": now}
    row = db.session.execute(_OFFICE_AND_FEE, given).one_or_none()
    return (row.Office, row.Fee) if row is not None else (None, None)


def _fees(day: date) -> Select[Fee]:
    return select(Fee).where(in_force(Fee, day))


_TODAY = cast(func.timezone(Office.time_zone, bindparam("now", type_=Moment)), Date)  # at the office
_OFFICE_AND_FEE = (
    select(Office, Fee)
    .outerjoin(
        Fee,
        and_(Fee.item == bindparam("item"), Fee.validity_years == bindparam("years"), in_force(Fee, _TODAY)),
    )
    .where(Office.id == bindparam("office_id"))
)


@kept_rows
def kinds_offered(office_id: uuid.UUID, day: date) -> Sequence[OfferedKind]:
    """The kinds of passport that the office issues on `day`, shortest validity first."""
    return db.session.scalars(
        select(OfferedKind)
        .where(
            OfferedKind.office_id == office_id,
            in_force(OfferedKind, day),
        )
        .order_by(OfferedKind.kind, OfferedKind.validity_years)
    ).all()


@kept_rows
def priority_groups(office_id: uuid.UUID, day: date) -> Sequence[PriorityGroup]:
    """Who comes to the office without an appointment on `day`; its own row of a group, else that of all."""
    found = db.session.scalars(
        select(PriorityGroup)
        .where(
            or_(PriorityGroup.office_id.is_(None), PriorityGroup.office_id == office_id),
            in_force(PriorityGroup, day),
        )
        .order_by(PriorityGroup.office_id.nulls_first(), PriorityGroup.valid_from)
    )
    return list({group.code: group for group in found}.values())
