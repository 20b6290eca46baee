"""Named reads about programmes: what an office offers on a day, to whom, where, when and at which price."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, time
from typing import Any, NamedTuple

from sqlalchemy import (
    CompoundSelect,
    Date,
    Integer,
    Select,
    and_,
    cast,
    func,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from mpaspor.foundation.database import db
from mpaspor.foundation.kept_rows import kept_rows
from mpaspor.offices.models import (
    Fee,
    OpeningHour,
    Programme,
    ProgrammeTerms,
    ServicePoint,
    SingleHour,
)
from mpaspor.offices.queries import REGULAR, in_force
from mpaspor.offices.rules import last_open_day


class Place(NamedTuple):
    """An hour of the week, or of one date, and where it is."""

    programme_id: uuid.UUID
    point_name: str
    address: str | None
    map_url: str | None
    weekday: int | None  # Monday 0; none where it is one date's
    on_date: date | None
    starts_at: time
    ends_at: time


class Offer(NamedTuple):
    """A programme as an office offers it on a day: with its terms, what it costs on top, and its hours."""

    programme: Programme
    terms: ProgrammeTerms
    surcharge: Fee | None
    passport_rp: int | None = None
    places: tuple[Place, ...] = ()

    @property
    def is_bookable(self) -> bool:
        """Whether somebody may choose an hour of it: it is priced, and there are hours."""
        is_priced = self.terms.surcharge_item is None or self.surcharge is not None
        return self.terms.is_booked and is_priced and bool(self.places)


@kept_rows
def offers_of(
    office_id: uuid.UUID, day: date, weeks_ahead: int, kind: str | None = None, years: int | None = None
) -> list[Offer]:
    """What the office offers on `day`, the country's programmes first, each with the price of a passport of
    this kind; one statement.

    A programme is offered where it has hours from that day on, or, where one asks for it, by the office whose
    own it is.
    """
    places = _places(office_id, day, last_open_day(day, weeks_ahead)).subquery()
    rows = db.session.execute(
        _in_force(day)
        .add_columns(_price(kind, years, day), places)
        .outerjoin(places, places.c.programme_id == Programme.id)
        .where(or_(Programme.office_id.is_(None), Programme.office_id == office_id))
        .order_by(places.c.point_name, places.c.weekday, places.c.on_date, places.c.starts_at)
    )
    found: dict[uuid.UUID, Offer] = {}
    for programme, terms, surcharge, price, *place in rows:
        offer = found.setdefault(programme.id, Offer(programme, terms, surcharge, price))
        if place[0] is not None:
            found[programme.id] = offer._replace(places=(*offer.places, Place(*place)))
    return [offer for offer in found.values() if _is_offered(offer)]


def bookable_at(office_id: uuid.UUID, day: date, weeks_ahead: int) -> list[Offer]:
    """Those in which an hour may be chosen."""
    return [offer for offer in offers_of(office_id, day, weeks_ahead) if offer.is_bookable]


@kept_rows
def sold_on(programme_id: uuid.UUID, day: date) -> Offer | None:
    """A programme as it is sold on `day`, without its hours; None where it has ended or not begun."""
    found = db.session.execute(_in_force(day).where(Programme.id == programme_id)).one_or_none()
    return Offer(*found) if found is not None else None


class Agreed(NamedTuple):
    """What holds for a case since it took its hour, whatever has become of the programme."""

    programme: Programme
    terms: ProgrammeTerms

    @property
    def is_regular(self) -> bool:
        """The one that nobody had to choose, and nobody needs to be told of."""
        return self.programme.code == REGULAR


@kept_rows
def agreed_by(terms_id: uuid.UUID | None) -> Agreed | None:
    """The terms under which a case took its hour; None before that, and for a case of long ago."""
    if terms_id is None:
        return None
    found = db.session.execute(
        select(Programme, ProgrammeTerms)
        .select_from(Programme)
        .join(ProgrammeTerms, ProgrammeTerms.programme_id == Programme.id)
        .where(ProgrammeTerms.id == terms_id)
    ).one_or_none()
    return Agreed(*found) if found is not None else None


def versions_of(programme_id: uuid.UUID) -> Sequence[ProgrammeTerms]:
    """Every version of a programme's terms, newest first."""
    return db.session.scalars(
        select(ProgrammeTerms)
        .where(ProgrammeTerms.programme_id == programme_id)
        .order_by(ProgrammeTerms.valid_from.desc())
    ).all()


def _is_offered(offer: Offer) -> bool:
    by_request = not (offer.terms.is_booked or offer.terms.is_walk_in)
    return bool(offer.places) or (by_request and offer.programme.office_id is not None)


def _in_force(day: date) -> Select[Programme, ProgrammeTerms, Fee]:
    newer = aliased(ProgrammeTerms)
    newest = (
        select(func.max(newer.valid_from))
        .where(newer.programme_id == Programme.id, newer.valid_from <= day)
        .correlate(Programme)
        .scalar_subquery()
    )
    return (
        select(Programme, ProgrammeTerms, Fee)
        .select_from(Programme)
        .join(
            ProgrammeTerms,
            and_(ProgrammeTerms.programme_id == Programme.id, ProgrammeTerms.valid_from == newest),
        )
        .outerjoin(
            Fee,
            and_(
                Fee.item == ProgrammeTerms.surcharge_item,
                Fee.validity_years.is_(None),
                in_force(Fee, day),
            ),
        )
        .where(or_(Programme.last_on.is_(None), Programme.last_on >= day))
        .order_by(Programme.office_id.nulls_first(), Programme.id)
    )


def _price(kind: str | None, years: int | None, day: date) -> Any:
    """What a passport of this kind costs on `day`, as a part of a read."""
    passport = aliased(Fee)
    return (
        select(passport.amount_rp)
        .where(passport.item == kind, passport.validity_years == years, in_force(passport, day))
        .scalar_subquery()
    )


def _places(office_id: uuid.UUID, day: date, last: date) -> CompoundSelect[Any]:
    """The hours from `day` on."""
    nothing = null()
    weekly = _with_point(OpeningHour, OpeningHour.weekday, cast(nothing, Date)).where(
        OpeningHour.office_id == office_id, in_force(OpeningHour, day, last)
    )
    single = _with_point(SingleHour, cast(nothing, Integer), SingleHour.on_date).where(
        SingleHour.office_id == office_id, SingleHour.on_date >= day
    )
    return union_all(weekly, single)


def _with_point(
    hour: type[OpeningHour] | type[SingleHour], weekday: Any, on_date: Any
) -> Select[*tuple[Any, ...]]:
    return select(
        hour.programme_id.label("programme_id"),
        ServicePoint.name.label("point_name"),
        ServicePoint.address.label("address"),
        ServicePoint.map_url.label("map_url"),
        weekday.label("weekday"),
        on_date.label("on_date"),
        hour.starts_at.label("starts_at"),
        hour.ends_at.label("ends_at"),
    ).join(ServicePoint, ServicePoint.id == hour.service_point_id)
