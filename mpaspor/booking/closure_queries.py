"""What a supervisor sees of closed hours: what became of everybody, and who is without an hour."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.booking.models import Booking, ClosedHour, Closure, Reseating, Slot
from mpaspor.booking.rules import LIVE, BookingState, ReseatingEnd
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office, ServicePoint
from mpaspor.people.models import Staff


@dataclass(frozen=True)
class ClosureRow:
    """A closure and what became of its people, in figures."""

    closure: Closure
    point: str | None
    by: str | None  # an officer's name; none: the command line
    hours: int
    seated: dict[ReseatingEnd, int]
    asked: int  # an hour is held for them, and they have not answered
    waiting: int  # nothing could be proposed yet
    to_seat: int  # the worker has not come to them yet

    @property
    def hit(self) -> int:
        return sum(self.seated.values()) + self.asked + self.waiting + self.to_seat


def closures_of(office: Office, most: int = 60) -> list[ClosureRow]:
    """The closures of the office, those in force first, then the newest."""
    closures = db.session.scalars(
        select(Closure)
        .where(Closure.office_id == office.id)
        .order_by(Closure.ended_at.is_(None).desc(), Closure.made_at.desc())
        .limit(most)
    ).all()
    return _rows(closures)


def closure_of(office: Office, closure_id: uuid.UUID) -> ClosureRow | None:
    """One closure of this office."""
    found = db.session.scalars(
        select(Closure).where(Closure.id == closure_id, Closure.office_id == office.id)
    ).all()
    return _rows(found)[0] if found else None


def _rows(closures: Sequence[Closure]) -> list[ClosureRow]:
    ids = [closure.id for closure in closures]
    hours = _counted(select(ClosedHour.closure_id, func.count()).group_by(ClosedHour.closure_id), ids)
    left = _counted(
        select(Slot.closure_id, func.count(Booking.id))
        .join(Booking, Booking.slot_id == Slot.id)
        .join(Closure, Closure.id == Slot.closure_id)
        .where(Booking.state.in_(LIVE), Slot.closed_at.is_not(None), Closure.reopened_at.is_(None))
        .group_by(Slot.closure_id),
        ids,
    )
    points = {point.id: point.name for point in db.session.scalars(select(ServicePoint))}
    makers = select(Staff.id, Staff.full_name).where(Staff.id.in_(row.made_by for row in closures))
    names = {row.id: row.full_name for row in db.session.execute(makers)}
    seated, asked, waiting = _fates(ids)
    return [
        ClosureRow(
            closure,
            points.get(closure.service_point_id) if closure.service_point_id else None,
            names.get(closure.made_by) if closure.made_by else None,
            hours[closure.id],
            dict(seated[closure.id]),
            asked[closure.id],
            waiting[closure.id],
            left[closure.id],
        )
        for closure in closures
    ]


_Counts = Counter[uuid.UUID]


def _fates(ids: Sequence[uuid.UUID]) -> tuple[dict[uuid.UUID, Counter[ReseatingEnd]], _Counts, _Counts]:
    """For each closure: how many ended how, how many were asked, for how many there is nothing yet."""
    seated: dict[uuid.UUID, Counter[ReseatingEnd]] = {i: Counter() for i in ids}
    asked: Counter[uuid.UUID] = Counter()
    waiting: Counter[uuid.UUID] = Counter()
    found = db.session.execute(
        select(Reseating.closure_id, Reseating.ended_as, Reseating.offered_id.is_not(None), func.count())
        .where(Reseating.closure_id.in_(ids))
        .group_by(Reseating.closure_id, Reseating.ended_as, Reseating.offered_id.is_not(None))
    )
    for closure_id, ended_as, is_asked, count in found:
        if closure_id is None:
            continue
        if ended_as is not None:
            seated[closure_id][ended_as] += count
        else:
            (asked if is_asked else waiting)[closure_id] += count
    return seated, asked, waiting


def _counted(statement, ids: Sequence[uuid.UUID]) -> Counter[uuid.UUID]:  # type: ignore[no-untyped-def]
    found: Counter[uuid.UUID] = Counter()
    for closure_id, count in db.session.execute(statement):
        if closure_id in ids:
            found[closure_id] += count
    return found


@dataclass(frozen=True)
class Unseated:
    """Somebody without an hour of their own, and since when."""

    code: str
    name: str
    state: CaseState
    has_priority: bool
    lost_starts_at: datetime | None
    offered_starts_at: datetime | None
    until: datetime | None
    ended_as: ReseatingEnd | None
    closure_id: uuid.UUID | None
    since: datetime

    @property
    def is_asked(self) -> bool:
        return self.until is not None


def people_of(closure_id: uuid.UUID, most: int = 500) -> list[Unseated]:
    """Everybody who lost an hour through a closure: first those who are without one still."""
    return _unseated(Reseating.closure_id == closure_id, most)


def without_hour(office: Office, most: int = 500) -> list[Unseated]:
    """Everybody at the office who has paid and has no hour of their own, whatever took it, and whoever owes
    for an hour that was closed."""
    is_newest = ~(
        select(_newer.booking_id)
        .where(
            _newer.application_id == Application.id,
            or_(
                _newer.lost_at > Reseating.lost_at,
                and_(_newer.lost_at == Reseating.lost_at, _newer.booking_id > Reseating.booking_id),
            ),
        )
        .exists()
    )
    own = aliased(Booking)
    has_own = (
        select(own.id)
        .where(own.application_id == Application.id, own.state.in_(LIVE), ~own.is_offer)
        .exists()
    )
    unseated = or_(
        Application.state == CaseState.AWAITING_PLACE,
        and_(Application.state == CaseState.AWAITING_PAYMENT, ~has_own),
    )
    return _unseated(
        and_(Application.office_id == office.id, unseated, or_(Reseating.booking_id.is_(None), is_newest)),
        most,
    )


def has_no_hour(office_id: uuid.UUID) -> ColumnElement[bool]:
    """Whether a case of the office has paid and waits for an hour that nobody holds for it."""
    held = exists().where(Booking.application_id == Application.id, Booking.state == BookingState.HELD)
    return and_(Application.office_id == office_id, Application.state == CaseState.AWAITING_PLACE, ~held)


def count_without_hour(office: Office) -> int:
    """How many they are."""
    return int(db.session.scalar(select(func.count()).where(has_no_hour(office.id))) or 0)


_newer = aliased(Reseating)


def _unseated(which: ColumnElement[bool], most: int) -> list[Unseated]:
    lost, hour, offered, proposed = aliased(Booking), aliased(Slot), aliased(Booking), aliased(Slot)
    rows = db.session.execute(
        select(Application, Reseating, hour.starts_at, offered, proposed.starts_at)
        .select_from(Application)
        .outerjoin(Reseating, Reseating.application_id == Application.id)
        .outerjoin(lost, lost.id == Reseating.booking_id)
        .outerjoin(hour, hour.id == lost.slot_id)
        .outerjoin(offered, offered.id == Reseating.offered_id)
        .outerjoin(proposed, proposed.id == offered.slot_id)
        .where(which)
        .order_by(
            Reseating.ended_at.is_not(None),
            Reseating.offered_id.is_not(None),
            Reseating.has_priority.desc().nulls_last(),
            hour.starts_at.nulls_last(),
            Application.code,
        )
        .limit(most)
    )
    found = []
    for case, reseating, lost_at, offer, new_at in rows:
        is_held = offer is not None and offer.is_offer and offer.state is BookingState.HELD
        found.append(
            Unseated(
                code=case.code,
                name=case.full_name or "",
                state=case.state,
                has_priority=reseating is not None and reseating.has_priority,
                lost_starts_at=lost_at,
                offered_starts_at=new_at,
                until=offer.held_until if is_held else None,
                ended_as=reseating.ended_as if reseating is not None else None,
                closure_id=reseating.closure_id if reseating is not None else None,
                since=reseating.lost_at if reseating is not None else case.changed_at,
            )
        )
    return found
