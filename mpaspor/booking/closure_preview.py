"""Who would be hit by closing hours, and where proposals would go (STATES §7.4). Changes nothing."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.booking.closures import Scope
from mpaspor.booking.models import Booking, Closure, Slot
from mpaspor.booking.reseatings import Lost, candidates, of_one_hour
from mpaspor.booking.rules import LIVE, keeps_priority
from mpaspor.foundation.database import db
from mpaspor.offices.models import ServicePoint
from mpaspor.offices.rules import local_date

_MANY = 3_000
_LISTED = 200


@dataclass(frozen=True)
class HitHour:
    """One hour that would be closed or cut, and how many of its people lose it."""

    starts_at: datetime
    ends_at: datetime
    point: str
    taken: int
    free: int
    paid: int
    unpaid: int
    proposed: int

    @property
    def hit(self) -> int:
        return self.paid + self.unpaid + self.proposed


@dataclass(frozen=True)
class HitPerson:
    """Somebody who would lose their hour."""

    code: str
    name: str
    state: CaseState
    has_priority: bool
    starts_at: datetime
    ends_at: datetime


@dataclass
class Preview:
    """Who would be hit by a closure, and where the proposals would go if it were made now."""

    hours: list[HitHour] = field(default_factory=list)
    people: list[HitPerson] = field(default_factory=list)
    goals: list[tuple[datetime, datetime, int]] = field(default_factory=list)
    unseated: int = 0

    @property
    def hit(self) -> int:
        return sum(hour.hit for hour in self.hours)

    @property
    def more(self) -> int:
        return self.hit - len(self.people)


def preview(scope: Scope, *, now: datetime) -> Preview:
    """Look, and change nothing."""
    slots = db.session.execute(
        select(Slot, ServicePoint.name)
        .join(ServicePoint, ServicePoint.id == Slot.service_point_id)
        .where(scope.holds(now))
        .order_by(Slot.starts_at, ServicePoint.name)
    ).all()
    rows = db.session.execute(
        select(Booking, Slot, Application)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(Application, Application.id == Booking.application_id)
        .where(scope.holds(now), Booking.state.in_(LIVE))
        .limit(_MANY)
    ).all()
    today = local_date(now, scope.office.time_zone)
    cases = {booking.id: case for booking, _slot, case in rows}
    closure = Closure(places_left=scope.places_left)
    by_hour: dict[uuid.UUID, list[Lost]] = {}
    for booking, slot, case in rows:
        one = Lost(booking, slot, closure, keeps_priority(case.birth_on, today))
        by_hour.setdefault(slot.id, []).append(one)
    hit = {slot_id: list(of_one_hour(people)) for slot_id, people in by_hour.items()}
    found = Preview([_hour(slot, name, hit.get(slot.id, []), cases) for slot, name in slots])
    lost = [one for people in hit.values() for one in people]
    lost.sort(key=lambda one: (not one.has_priority, one.slot.starts_at, one.booking.created_at))
    found.people = [_person(one, cases[one.booking.id]) for one in lost[:_LISTED]]
    _goals(found, scope, lost, cases, {slot.id for slot, _name in slots}, now)
    return found


def _hour(slot: Slot, point: str, hit: Sequence[Lost], cases: dict[uuid.UUID, Application]) -> HitHour:
    states = Counter("proposed" if one.booking.is_offer else str(cases[one.booking.id].state) for one in hit)
    return HitHour(
        slot.starts_at,
        slot.ends_at,
        point,
        slot.taken,
        slot.released - slot.taken,
        paid=states[CaseState.SCHEDULED],
        unpaid=states[CaseState.AWAITING_PAYMENT],
        proposed=states["proposed"],
    )


def _person(one: Lost, case: Application) -> HitPerson:
    return HitPerson(
        case.code,
        case.full_name or "",
        case.state,
        one.has_priority,
        one.slot.starts_at,
        one.slot.ends_at,
    )


def _goals(
    found: Preview,
    scope: Scope,
    lost: Sequence[Lost],
    cases: dict[uuid.UUID, Application],
    shut: set[uuid.UUID],
    now: datetime,
) -> None:
    """Give the places out as the worker would, on paper."""
    given: Counter[uuid.UUID] = Counter()
    known: dict[uuid.UUID, tuple[datetime, datetime]] = {}
    free: dict[tuple[uuid.UUID, datetime], list[tuple[uuid.UUID, int]]] = {}
    for one in lost:
        wish = cases[one.booking.id].programme_id, one.slot.starts_at
        if wish not in free:
            free[wish] = candidates(scope.office, *wish, now=now, most=_LISTED)
        goal = next((i for i, left in free[wish] if i not in shut and given[i] < left), None)
        if goal is None:
            found.unseated += 1
        else:
            given[goal] += 1
    if given:
        times = select(Slot.id, Slot.starts_at, Slot.ends_at).where(Slot.id.in_(given))
        known = {row.id: (row.starts_at, row.ends_at) for row in db.session.execute(times)}
    found.goals = sorted((*known[slot_id], count) for slot_id, count in given.items())
