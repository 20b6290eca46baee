"""The office is late today: whoever is still to come is told by when to be there instead."""

from __future__ import annotations

import uuid
from datetime import datetime, time

from sqlalchemy import Time, cast, func, select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.rules import BookingState
from mpaspor.desk import acting
from mpaspor.desk.refusals import NothingToDelay, NotYourStep
from mpaspor.desk.rules import HOURS_CLOSED_BY, LONGEST_DELAY
from mpaspor.foundation import events, outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date


@operation
def announce_delay(
    staff_id: uuid.UUID | None, office_id: uuid.UUID, *, minutes: int, begins: time | None, now: datetime
) -> int:
    """Say that the office is so many minutes late in today's hours that are not over, from `begins` on.

    0 takes an earlier announcement back. Returns how many people are told; the same once more tells nobody.

    Raises `NothingToDelay`, `NotYourStep`; `ValueError` beyond a day's work.
    """
    if not 0 <= minutes <= LONGEST_DELAY:
        raise ValueError(f"a delay lies between 0 and {LONGEST_DELAY} minutes")
    actor = events.SYSTEM
    if staff_id is not None:
        officer = acting.officer(staff_id)
        if officer.office_id != office_id:
            raise NotYourStep()
        actor = officer.acting_as(HOURS_CLOSED_BY)
    slots = _hours_to_come(db.session.get_one(Office, office_id), begins, now)
    changed = [slot for slot in slots if slot.delay_minutes != minutes]
    if not changed:
        raise NothingToDelay()
    for slot in changed:
        slot.delay_minutes = minutes
    details = {"minutes": minutes, "hours": [str(slot.id) for slot in changed]}
    events.record("delayed", actor=actor, now=now, office_id=office_id, details=details)
    return _tell([slot.id for slot in changed], minutes, now)


@in_operation
def _hours_to_come(office: Office, begins: time | None, now: datetime) -> list[Slot]:
    local = func.timezone(office.time_zone, Slot.starts_at)
    found = select(Slot).where(
        Slot.office_id == office.id,
        func.date(local) == local_date(now, office.time_zone),
        Slot.ends_at > now,
        Slot.closed_at.is_(None),
    )
    if begins is not None:
        found = found.where(cast(local, Time) >= begins)
    locked = found.order_by(Slot.id).with_for_update(key_share=True)
    return list(db.session.scalars(locked.execution_options(populate_existing=True)))


@in_operation
def _tell(slot_ids: list[uuid.UUID], minutes: int, now: datetime) -> int:
    concerned = db.session.execute(
        select(Booking.id, Booking.application_id)
        .join(Application, Application.id == Booking.application_id)
        .where(
            Booking.slot_id.in_(slot_ids),
            Booking.state == BookingState.CONFIRMED,
            Application.state == CaseState.SCHEDULED,
        )
    ).all()
    for booking_id, case_id in concerned:
        dedupe = f"delayed:{booking_id}:{minutes}:{now:%H%M%S}"
        facts = {"minutes": minutes}
        outbox.about_case("delayed", case_id, ref=booking_id, dedupe_key=dedupe, payload=facts, now=now)
    return len(concerned)
