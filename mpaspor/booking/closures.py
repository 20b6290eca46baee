"""Closing hours, leaving them fewer places, opening them again (STATES §7.4).

Closing stops claims at once, under the row lock of each hour: a check-out in flight is either in, and its
person is among those who get another hour, or is refused. Who is seated where comes after
(`billing/reseat.py`).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Time, and_, cast, delete, func, or_, select, text, update

from mpaspor.booking import returns
from mpaspor.booking.bookable import RESTORE_PLACE, first_moment
from mpaspor.booking.models import ClosedHour, Closure, PlaceReturn, Slot
from mpaspor.booking.rules import ClosureCause
from mpaspor.foundation import events
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation
from mpaspor.foundation.refusals import Refusal
from mpaspor.offices.models import Office

LONGEST = 62  # days in one closure


_RESTORE = text(
    f"""
    WITH won AS ({RESTORE_PLACE})
    INSERT INTO booking (id, application_id, slot_id, state, held_until, confirmed_at, created_at, is_offer)
    SELECT :id, :application, won.id, :state,
           CAST(:held_until AS timestamptz), CAST(:confirmed_at AS timestamptz), :now, false FROM won
    RETURNING id
    """
)


class NothingToClose(Refusal):
    """No open hour lies there: all are closed already, over, or the office has none."""


class AlreadyReopened(Refusal):
    """The closure was ended before, by somebody else or in another tab."""


@dataclass(frozen=True)
class Scope:
    """Which hours of an office: days, a part of each day, one counter or all, and the places left in each."""

    office: Office
    first: date
    last: date
    begins: time | None = None
    ends: time | None = None
    service_point_id: uuid.UUID | None = None
    places_left: int = 0

    @property
    def closes(self) -> bool:
        return self.places_left == 0

    def holds(self, now: datetime) -> ColumnElement[bool]:
        """Whether a `Slot` is one of them, not over, and would change."""
        local = func.timezone(self.office.time_zone, Slot.starts_at)
        found = [
            Slot.office_id == self.office.id,
            Slot.ends_at > now,
            Slot.closed_at.is_(None),
            func.date(local).between(self.first, self.last),
        ]
        if self.begins is not None:
            found += [cast(local, Time) >= self.begins, cast(local, Time) < self.ends]
        if self.service_point_id is not None:
            found.append(Slot.service_point_id == self.service_point_id)
        if not self.closes:
            found += [Slot.capacity > self.places_left, Slot.closure_id.is_(None)]
        return and_(*found)


def scope_of(closure: Closure, office: Office) -> Scope:
    return Scope(
        office,
        closure.first_on,
        closure.last_on,
        closure.begins,
        closure.ends,
        closure.service_point_id,
        closure.places_left,
    )


@in_operation
def close(scope: Scope, cause: ClosureCause, note: str, *, actor: Actor, now: datetime) -> Closure:
    """Stop all claims on these hours, from the end of this transaction on. Raises `NothingToClose`."""
    closure = Closure(
        id=uuid7(),
        office_id=scope.office.id,
        service_point_id=scope.service_point_id,
        first_on=scope.first,
        last_on=scope.last,
        begins=scope.begins,
        ends=scope.ends,
        places_left=scope.places_left,
        cause=cause,
        note=note,
        made_by=actor.id,
        made_at=now,
    )
    db.session.add(closure)
    db.session.flush()
    hours = stop(closure, scope, now=now)
    if not hours:
        raise NothingToClose()
    details = {"closure": str(closure.id), "hours": hours, "places_left": scope.places_left}
    events.record(
        "closed", actor=actor, now=now, office_id=scope.office.id, reason=note or None, details=details
    )
    return closure


@in_operation
def stop(closure: Closure, scope: Scope, *, now: datetime) -> int:
    """Close (or cut) the hours of the closure that are still open; returns how many."""
    slots = _locked(select(Slot).where(scope.holds(now)))
    if not slots:
        return 0
    if not scope.closes:
        db.session.execute(delete(PlaceReturn).where(PlaceReturn.slot_id.in_([slot.id for slot in slots])))
    for slot in slots:
        db.session.add(
            ClosedHour(
                closure_id=closure.id,
                slot_id=slot.id,
                capacity_before=slot.capacity,
                released_before=slot.released,
            )
        )
        slot.closure_id = closure.id
        if scope.closes:
            slot.closed_at = now
        else:
            slot.released = max(slot.taken, min(slot.released, scope.places_left))
            slot.capacity = max(slot.taken, scope.places_left)
    db.session.flush()
    return len(slots)


@in_operation
def stop_new_hours(office: Office, *, now: datetime) -> None:
    """Hours that were made just now, inside a closure that holds, are born closed."""
    holding = db.session.scalars(
        select(Closure).where(Closure.office_id == office.id, Closure.reopened_at.is_(None))
    )
    for closure in holding.all():
        stop(closure, scope_of(closure, office), now=now)


@in_operation
def take_out(slot_id: uuid.UUID, closure: Closure | None) -> bool:
    """Lower the count of an hour by somebody who loses their place there; False if none need lose it.

    Nothing comes back to others: the hour is closed, or has fewer places now.
    """
    if closure is None or closure.places_left == 0:
        values: dict[str, Any] = {"taken": Slot.taken - 1, "released": Slot.released - 1}
        is_over = Slot.id == slot_id
    else:
        left = closure.places_left
        db.session.execute(delete(PlaceReturn).where(PlaceReturn.slot_id == slot_id))
        values = {
            "taken": Slot.taken - 1,
            "released": func.greatest(Slot.taken - 1, func.least(Slot.released, left)),
            "capacity": func.greatest(Slot.taken - 1, left),
        }
        is_over = and_(Slot.id == slot_id, Slot.taken > left)
    lowered = db.session.execute(
        update(Slot)
        .where(is_over)
        .values(values)
        .returning(Slot.id)
        .execution_options(synchronize_session=False)
    )
    return lowered.scalar_one_or_none() is not None


@in_operation
def reopen(closure: Closure, *, actor: Actor, now: datetime) -> None:
    """Begin to undo a closure: nobody loses a place through it any more, and its hours stay shut to others
    until those who have not chosen another are back (`open_hours`). Raises `AlreadyReopened`."""
    begun = db.session.execute(
        update(Closure)
        .where(Closure.id == closure.id, Closure.reopened_at.is_(None))
        .values(reopened_at=now)
        .returning(Closure.id)
        .execution_options(synchronize_session=False)
    )
    if begun.scalar_one_or_none() is None:
        raise AlreadyReopened()
    for slot, before in _hours_of(closure.id):
        slot.capacity = max(slot.capacity, before.capacity_before)
    events.record(
        "reopened",
        actor=actor,
        now=now,
        office_id=closure.office_id,
        details={"closure": str(closure.id)},
    )


@in_operation
def open_hours(closure_id: uuid.UUID, *, now: datetime) -> int:
    """Open the hours of a closure that is being undone, those that are still to come; returns how many."""
    ended = db.session.execute(
        update(Closure)
        .where(Closure.id == closure_id, Closure.reopened_at.is_not(None), Closure.ended_at.is_(None))
        .values(ended_at=now)
        .returning(Closure.id)
        .execution_options(synchronize_session=False)
    )
    if ended.scalar_one_or_none() is None:
        return 0
    found = [(slot, before) for slot, before in _hours_of(closure_id) if slot.starts_at > now]
    for slot, before in found:
        on_their_way = db.session.scalar(select(func.count()).where(PlaceReturn.slot_id == slot.id)) or 0
        slot.closed_at = None
        slot.closure_id = _other_cut(slot.id, closure_id)
        # Who moved left a place here: it comes back to others like any that was given up (DECISIONS §17).
        for _ in range(min(before.released_before, slot.capacity - on_their_way) - slot.released):
            returns.promise(slot.id, now=now)
    return len(found)


@in_operation
def restore(
    application_id: uuid.UUID,
    slot_id: uuid.UUID,
    closure_id: uuid.UUID,
    office: Office,
    *,
    held_until: datetime | None,
    now: datetime,
) -> bool:
    """Give somebody their old hour back, confirmed or (with `held_until`) held; False if it cannot be had."""
    made = db.session.execute(
        _RESTORE,
        {
            "id": uuid7(),
            "application": application_id,
            "slot": slot_id,
            "closure": closure_id,
            "earliest": first_moment(office, now),
            "state": "confirmed" if held_until is None else "held",
            "held_until": held_until,
            "confirmed_at": now if held_until is None else None,
            "now": now,
        },
    )
    return made.scalar_one_or_none() is not None


def _other_cut(slot_id: uuid.UUID, closure_id: uuid.UUID) -> uuid.UUID | None:
    """A cut that the hour was under before it was closed, and still is."""
    return db.session.scalar(
        select(Closure.id)
        .join(ClosedHour, ClosedHour.closure_id == Closure.id)
        .where(
            ClosedHour.slot_id == slot_id,
            Closure.id != closure_id,
            Closure.places_left > 0,
            Closure.reopened_at.is_(None),
        )
        .limit(1)
    )


def _hours_of(closure_id: uuid.UUID) -> list[tuple[Slot, ClosedHour]]:
    """The hours that are under this closure, locked, each with what it was before."""
    before = {
        row.slot_id: row
        for row in db.session.scalars(select(ClosedHour).where(ClosedHour.closure_id == closure_id))
    }
    slots = _locked(select(Slot).where(Slot.closure_id == closure_id))
    return [(slot, before[slot.id]) for slot in slots]


def _locked(slots: Any) -> Sequence[Slot]:
    """Rows of hours, locked in the order of their ids, as they are under the locks."""
    found = slots.order_by(Slot.id).with_for_update(key_share=True)
    return db.session.scalars(found.execution_options(populate_existing=True)).all()


def is_lost() -> ColumnElement[bool]:
    """Whether whoever has a place in a `Slot` under a `Closure` must get another."""
    return and_(
        Slot.closure_id == Closure.id,
        Closure.reopened_at.is_(None),
        or_(Slot.closed_at.is_not(None), and_(Closure.places_left > 0, Slot.taken > Closure.places_left)),
    )
