"""The day's list that a door keeps for when the server is away: who comes when, in the least it needs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, not_, select
from sqlalchemy.dialects.postgresql import insert

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import PAID
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.rules import BookingState
from mpaspor.desk import acting
from mpaspor.desk.board_queries import TODAYS, day_of
from mpaspor.desk.door_models import DayList
from mpaspor.desk.models import Presence
from mpaspor.desk.presence import is_todays
from mpaspor.desk.queue_rules import RETURNS
from mpaspor.desk.rules import AT_THE_DOOR
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.offices.models import Office
from mpaspor.people.rules import SIGN_IN_LIFE

KEPT = SIGN_IN_LIFE  # no computer holds a list for longer than its officer may be signed in


@dataclass(frozen=True)
class Expected:
    """One line of the list; `is_paid` of the money that stands behind the case."""

    code: str
    number: str
    name: str
    birth_year: int | None
    state: CaseState
    starts_at: datetime
    ends_at: datetime
    is_paid: bool
    ticket: str | None

    @property
    def may_come(self) -> bool:
        """Whether the door would let the person in at their hour."""
        return self.is_paid and self.ticket is None and self.state in (CaseState.SCHEDULED, *RETURNS)


@operation
def take_day_list(staff_id: uuid.UUID, *, now: datetime) -> str:
    """Note that an officer's computer holds the list of today; returns the id by which it tells arrivals.

    Raises `NotYourStep` for whoever is not at the door.
    """
    officer = acting.officer(staff_id)
    officer.acting_as(AT_THE_DOOR)
    office = db.session.get_one(Office, officer.office_id)
    taken = insert(DayList).values(
        id=uuid7(),
        office_id=office.id,
        staff_id=staff_id,
        day=day_of(office, now).on,
        made_at=now,
        renewed_at=now,
    )
    renewed = taken.on_conflict_do_update(
        index_elements=["staff_id", "day"], set_={"renewed_at": taken.excluded.renewed_at}
    )
    return str(db.session.execute(renewed.returning(DayList.id)).scalar_one())


def kept_until(office: Office, now: datetime) -> datetime:
    """When a list that is taken now must be gone: with the day of the office at the latest."""
    return min(day_of(office, now).ends, now + KEPT)


def expected(office: Office, staff_id: uuid.UUID, *, now: datetime) -> Sequence[Expected]:
    """Everybody with a visit today, by the hour, and whoever has withdrawn from one; one statement. Without
    the cases that this officer keeps away from."""
    day = day_of(office, now)
    paid = select(Bill.id).where(Bill.application_id == Application.id, Bill.state.in_(PAID)).exists()
    is_withdrawn = and_(Booking.state == BookingState.CANCELLED, Application.state == CaseState.WITHDRAWN)
    rows = db.session.execute(
        select(Application, Slot.starts_at, Slot.ends_at, Presence, paid.label("is_paid"))
        .join(Booking, Booking.application_id == Application.id)
        .join(Slot, Slot.id == Booking.slot_id)
        .outerjoin(Presence, and_(Presence.application_id == Application.id, is_todays(day.on)))
        .where(
            Application.office_id == office.id,
            Slot.office_id == office.id,
            Slot.starts_at >= day.starts,
            Slot.starts_at < day.ends,
            Booking.state.in_(TODAYS) | is_withdrawn,
            not_(acting.is_kept_from(staff_id)),
        )
        .order_by(case((Booking.state == BookingState.CANCELLED, 0), else_=1), Slot.starts_at, Application.id)
    )
    found = {
        one.code: Expected(
            code=one.code,
            number=one.number or "",
            name=one.full_name or "",
            birth_year=one.birth_on.year if one.birth_on is not None else None,
            state=one.state,
            starts_at=starts_at,
            ends_at=ends_at,
            is_paid=is_paid,
            ticket=here.ticket if here is not None else None,
        )
        for one, starts_at, ends_at, here, is_paid in rows
    }
    return sorted(found.values(), key=lambda line: (line.starts_at, line.name))
