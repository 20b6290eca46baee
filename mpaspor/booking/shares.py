"""How much of each hour is open: raised by releases, never lowered, never in an hour that is closed or cut
(STATES §7.5)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select, update

from mpaspor.booking.models import ClosedHour, Closure, PlaceReturn, Release, Slot
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date


@dataclass(frozen=True)
class Raised:
    """What was opened: in how many hours, and how many places."""

    hours: int
    places: int


def of_days(office: Office, first: date, last: date, programme_id: uuid.UUID | None) -> list[Any]:
    """The conditions of a `Slot` of these days, in the office's own, and of one programme or all."""
    day: ColumnElement[date] = func.date(func.timezone(office.time_zone, Slot.starts_at))
    found: list[Any] = [Slot.office_id == office.id, day.between(first, last)]
    return found if programme_id is None else [*found, Slot.programme_id == programme_id]


def open_at(percent: int | SQLColumnExpression[int]) -> ColumnElement[int]:
    """How much of a `Slot` is open where it is so many per cent: without the places on their way back. What
    `raise_to` does, to look before."""
    on_their_way = (
        select(func.count()).where(PlaceReturn.slot_id == Slot.id).correlate(Slot).scalar_subquery()
    )
    return func.floor(Slot.capacity * percent / 100) - on_their_way


@in_operation
def raise_to(
    percent: int, office: Office, first: date, last: date, *, programme_id: uuid.UUID | None, now: datetime
) -> Raised:
    """Open `percent` of each hour of these days that is still to come, what is open already included.

    Freed places stay on their way (DECISIONS §17). An hour that is closed or cut opens nothing now; it will
    have this share once it is opened again.
    """
    slots = db.session.scalars(
        select(Slot)
        .where(*of_days(office, first, last, programme_id), Slot.starts_at > now)
        .order_by(Slot.id)  # as every batch is (STATES §7.1), so that no two deadlock
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    on_their_way = _on_their_way([slot.id for slot in slots])
    hours = places = 0
    for slot in slots:
        more = slot.capacity * percent // 100 - on_their_way.get(slot.id, 0) - slot.released
        if more > 0 and slot.closure_id is None and slot.closed_at is None:
            slot.released += more
            hours, places = hours + 1, places + more
    db.session.flush()
    _remember([slot.id for slot in slots if slot.closure_id is not None], percent)
    return Raised(hours, places)


@in_operation
def of_new_hours(office: Office, rows: Sequence[MutableMapping[str, Any]]) -> None:
    """Say in these rows of new hours what is `released` of them, on days that a release names: as much as
    those say that have opened, and nothing before."""
    days = [_day(office, row) for row in rows]
    named = db.session.execute(
        select(Release.programme_id, Release.first_on, Release.last_on, Release.percent, Release.opened_at)
        .where(
            Release.office_id == office.id,
            Release.cancelled_at.is_(None),
            Release.last_on >= min(days),
            Release.first_on <= max(days),
        )
    ).all()  # fmt: skip
    for row, day in zip(rows, days, strict=True):
        shares = [
            one.percent if one.opened_at is not None else 0
            for one in named
            if one.programme_id == row["programme_id"] and one.first_on <= day <= one.last_on
        ]
        if shares:
            row["released"] = row["capacity"] * max(shares) // 100


def _day(office: Office, row: Mapping[str, Any]) -> date:
    return local_date(row["starts_at"], office.time_zone)


def _on_their_way(slot_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many freed places come back to each hour; read after the hours are locked."""
    counts = (
        select(PlaceReturn.slot_id, func.count())
        .where(PlaceReturn.slot_id.in_(slot_ids))
        .group_by(PlaceReturn.slot_id)
    )
    return {slot_id: count for slot_id, count in db.session.execute(counts)}


def _remember(slot_ids: Sequence[uuid.UUID], percent: int) -> None:
    """What an hour will have when its closure is undone: as if it had been open at this release."""
    share = func.floor(ClosedHour.capacity_before * percent / 100)
    db.session.execute(
        update(ClosedHour)
        .where(
            ClosedHour.slot_id.in_(slot_ids),
            ClosedHour.released_before < share,
            ClosedHour.closure_id.in_(select(Closure.id).where(Closure.ended_at.is_(None))),
        )
        .values(released_before=share)
        .execution_options(synchronize_session=False)
    )
