"""Who needs another hour because theirs was taken away, and which can be proposed (STATES §7.4)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.booking.bookable import is_free
from mpaspor.booking.closures import is_lost
from mpaspor.booking.models import Booking, Closure, Reseating, Slot
from mpaspor.booking.outages import ENTERED_AFTER, day_has_ended, was_down
from mpaspor.booking.rules import LIVE, BookingState, ClosureCause, ReseatingEnd, keeps_priority
from mpaspor.config import settings
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date

# Without a place, or with one that is only proposed.
WAITING = (CaseState.AWAITING_PLACE, CaseState.AWAITING_PAYMENT)
HOUR_LOST = "hour_lost"  # in the history of a case
_MOST = 5_000
_TRIED = 12


@dataclass(frozen=True)
class Lost:
    """One place that somebody loses."""

    booking: Booking
    slot: Slot
    closure: Closure | None  # none: a day on which we were down
    has_priority: bool


def lost(now: datetime, most: int) -> list[uuid.UUID]:
    """The bookings whose people must get another hour, the first to be seated first: who keeps priority,
    then by the hour that they had. Of an hour with fewer places, who came last."""
    found = _closed_under(now)
    found.sort(key=lambda one: (not one.has_priority, one.slot.starts_at, one.booking.created_at))
    ids = [one.booking.id for one in found[:most]]
    db.session.remove()
    return ids


def _closed_under(now: datetime) -> list[Lost]:
    rows = db.session.execute(
        select(Booking, Slot, Closure, Application.birth_on, Office.time_zone)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(Closure, Closure.id == Slot.closure_id)
        .join(Application, Application.id == Booking.application_id)
        .join(Office, Office.id == Slot.office_id)
        .where(Booking.state.in_(LIVE), is_lost())
        .limit(_MOST)
    )
    by_hour: dict[uuid.UUID, list[Lost]] = defaultdict(list)
    for booking, slot, closure, birth_on, zone in rows:
        first = keeps_priority(birth_on, local_date(now, zone))
        by_hour[slot.id].append(Lost(booking, slot, closure, first))
    return [one for people in by_hour.values() for one in of_one_hour(people)]


def of_one_hour(people: Sequence[Lost]) -> Sequence[Lost]:
    """Who of an hour loses the place: everybody where it closes; of one that keeps some places, proposals
    first, then who booked last, and those who keep priority at the very end."""
    slot, closure = people[0].slot, people[0].closure
    if closure is None or closure.places_left == 0:
        return people
    last_first = sorted(people, key=lambda one: (one.booking.created_at, one.booking.id), reverse=True)
    last_first.sort(key=lambda one: (not one.booking.is_offer, one.has_priority))
    return last_first[: max(0, slot.taken - closure.places_left)]


def of_days_down(now: datetime, most: int) -> list[uuid.UUID]:
    """The bookings of days on which we were down, once who came all the same has been entered."""
    found = db.session.scalars(
        select(Booking.id)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(Office, Office.id == Slot.office_id)
        .join(Application, Application.id == Booking.application_id)
        .where(
            Booking.state == BookingState.CONFIRMED,
            Application.state == CaseState.SCHEDULED,
            Slot.starts_at < now - ENTERED_AFTER,
            _is_of_a_day_down(now),
        )
        .order_by(Slot.starts_at)
        .limit(most)
    ).all()
    db.session.remove()
    return list(found)


def _is_of_a_day_down(now: datetime) -> ColumnElement[bool]:
    return and_(day_has_ended(now, ENTERED_AFTER), or_(was_down(), Slot.closed_at.is_not(None)))


def waiting(now: datetime, most: int) -> list[uuid.UUID]:
    """Those to whom nothing could be proposed yet, while their office has something to propose; the first to
    be seated first."""
    rows = db.session.execute(
        select(Reseating.booking_id, Office, Application.programme_id)
        .join(Application, Application.id == Reseating.application_id)
        .join(Office, Office.id == Application.office_id)
        .join(Booking, Booking.id == Reseating.booking_id)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(Reseating.ended_at.is_(None), Reseating.offered_id.is_(None))
        .order_by(Reseating.has_priority.desc(), Slot.starts_at, Booking.created_at, Booking.id)
        .limit(_MOST)
    ).all()
    has_room: dict[tuple[uuid.UUID, uuid.UUID], bool] = {}
    found: list[uuid.UUID] = []
    for booking_id, office, programme_id in rows:
        place = office.id, programme_id
        if place not in has_room:
            has_room[place] = bool(candidates(office, programme_id, now, now=now))
        if has_room[place] and len(found) < most:
            found.append(booking_id)
    db.session.remove()
    return found


def over(most: int) -> list[uuid.UUID]:
    """Those who need nothing from us any more: they withdrew, lapsed, or have an hour of their own."""
    own = aliased(Booking)
    has_own = exists().where(
        own.application_id == Reseating.application_id, own.state.in_(LIVE), ~own.is_offer
    )
    found = db.session.scalars(
        select(Reseating.booking_id)
        .join(Application, Application.id == Reseating.application_id)
        .where(Reseating.ended_at.is_(None), or_(Application.state.not_in(WAITING), has_own))
        .limit(most)
    ).all()
    db.session.remove()
    return list(found)


def candidates(
    office: Office, programme_id: uuid.UUID, after: datetime, *, now: datetime, most: int = _TRIED
) -> list[tuple[uuid.UUID, int]]:
    """The hours that can be proposed instead of one at `after`, each with its places: the next ones first,
    then those before it. Each leaves its person the whole term to answer."""
    rows = db.session.execute(
        select(Slot.id, Slot.released - Slot.taken)
        .where(is_free(office, now + term()), Slot.programme_id == programme_id)
        .order_by(
            case((Slot.starts_at >= after, 0), else_=1),
            func.abs(func.extract("epoch", Slot.starts_at - after)),
            Slot.id,
        )
        .limit(most)
    )
    return [(row[0], row[1]) for row in rows]


def term() -> timedelta:
    """How long a proposed hour is held for an answer."""
    return timedelta(seconds=settings().offer_term)


@in_operation
def lock_lost(booking_id: uuid.UUID, *, now: datetime) -> Lost | None:
    """The booking, locked, if its person must still get another hour. The case is locked before."""
    row = db.session.execute(
        select(Booking, Slot, Closure, Application.birth_on, Office.time_zone)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(Office, Office.id == Slot.office_id)
        .join(Application, Application.id == Booking.application_id)
        .outerjoin(Closure, is_lost())
        .where(
            Booking.id == booking_id,
            Booking.state.in_(LIVE),
            or_(Closure.id.is_not(None), _is_of_a_day_down(now)),
        )
        .with_for_update(key_share=True, of=Booking)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    booking, slot, closure, birth_on, zone = row
    return Lost(booking, slot, closure, keeps_priority(birth_on, local_date(now, zone)))


@in_operation
def end(application_id: uuid.UUID, how: ReseatingEnd, *, now: datetime) -> None:
    """Whoever was to be seated again needs it no more; nothing where nobody was."""
    db.session.execute(
        update(Reseating)
        .where(Reseating.application_id == application_id, Reseating.ended_at.is_(None))
        .values(ended_at=now, ended_as=how)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True)
class TakenHour:
    """An hour that somebody had and that was taken from them, and what was proposed instead."""

    starts_at: datetime
    ends_at: datetime
    cause: ClosureCause | None  # none: we were down
    offered: tuple[uuid.UUID, datetime, datetime] | None  # the hour: its id, from, until
    until: datetime | None  # how long that is held
    is_held: bool
    ended_as: ReseatingEnd | None


def taken_hour(application_id: uuid.UUID, booking_id: uuid.UUID | None = None) -> TakenHour | None:
    """The hour that a case lost last through us, or by that booking; None if it never did."""
    lost, offered, hour, new = aliased(Booking), aliased(Booking), aliased(Slot), aliased(Slot)
    found = (
        select(Reseating, hour, Closure.cause, new, offered)
        .join(lost, lost.id == Reseating.booking_id)
        .join(hour, hour.id == lost.slot_id)
        .outerjoin(Closure, Closure.id == Reseating.closure_id)
        .outerjoin(new, new.id == Reseating.offered_slot_id)
        .outerjoin(offered, offered.id == Reseating.offered_id)
        .where(Reseating.application_id == application_id)
        .order_by(Reseating.lost_at.desc(), Reseating.booking_id.desc())
        .limit(1)
    )
    if booking_id is not None:
        found = found.where(or_(Reseating.booking_id == booking_id, Reseating.offered_id == booking_id))
    row = db.session.execute(found).one_or_none()
    if row is None:
        return None
    reseating, old, cause, proposed, held = row
    return TakenHour(
        starts_at=old.starts_at,
        ends_at=old.ends_at,
        cause=cause,
        offered=(proposed.id, proposed.starts_at, proposed.ends_at) if proposed is not None else None,
        until=held.held_until if held is not None else None,
        is_held=held is not None and held.is_offer and held.state is BookingState.HELD,
        ended_as=reseating.ended_as,
    )


def to_restore(closure_id: uuid.UUID, earliest: datetime) -> Iterable[uuid.UUID]:
    """Whoever lost a place through this closure and has no other of their own, while it can be given back."""
    newer, own = aliased(Reseating), aliased(Booking)
    found = db.session.scalars(
        select(Reseating.booking_id)
        .join(Booking, Booking.id == Reseating.booking_id)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(Application, Application.id == Reseating.application_id)
        .where(
            Reseating.closure_id == closure_id,
            or_(Reseating.ended_at.is_(None), Reseating.ended_as == ReseatingEnd.SILENT),
            Application.state.in_(WAITING),
            Slot.closure_id == closure_id,
            Slot.starts_at >= earliest,
            ~exists().where(
                newer.application_id == Reseating.application_id, newer.lost_at > Reseating.lost_at
            ),
            ~exists().where(
                own.application_id == Reseating.application_id, own.state.in_(LIVE), ~own.is_offer
            ),
        )
        .order_by(Reseating.has_priority.desc(), Booking.created_at)
    ).all()
    db.session.remove()
    return found
