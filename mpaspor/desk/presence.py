"""Who is in the house: whoever the door let in today and who has not left. No state of a case says so."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.dialects.postgresql import insert

from mpaspor.applications.models import Application
from mpaspor.desk import turns
from mpaspor.desk.models import Presence, QueueCounter
from mpaspor.desk.queue_rules import NEEDED, Lane, Leaving
from mpaspor.desk.refusals import NotHere
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation, moment, operation
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date

CAME_BACK = "came_back"  # let in another time; the state of the case stays as it is
CAME_TO_COLLECT = "came_to_collect"
PRIORITY_GIVEN = "priority_given"
_BATCH = 500


def is_todays(today: date) -> ColumnElement[bool]:
    """Whether a row of presence says that the person of its case is here on this day of the office."""
    return and_(Presence.left_at.is_(None), Presence.day == today)


def is_here(today: date) -> ColumnElement[bool]:
    """Whether the person of a case is in the house on this day of its office."""
    return (
        select(Presence.id)
        .where(Presence.application_id == Application.id, is_todays(today))
        .correlate(Application)
        .exists()
    )


def of_case(application_id: uuid.UUID, office: Office, now: datetime) -> Presence | None:
    """The presence of a case whose person is in the house now."""
    found: Presence | None = db.session.scalar(
        select(Presence).where(
            Presence.application_id == application_id, is_todays(local_date(now, office.time_zone))
        )
    )
    return found


def must_return(case: Application, office: Office, now: datetime) -> bool:
    """Whether the next step needs the person, who is not in the house."""
    return case.state in NEEDED and of_case(case.id, office, now) is None


@in_operation
def arrive(
    case: Application,
    office: Office,
    lane: Lane,
    due_at: datetime,
    *,
    came_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> Presence:
    """Let the person of a case that this transaction holds into the house, with a number of their lane, into
    the queue of the station at which the case stands; `came_at` is when they came, if that was earlier."""
    leave(case.id, Leaving.DAY_OVER, actor=actor, now=now)  # of a day that nobody has closed yet
    today = local_date(now, office.time_zone)
    found = Presence(
        application_id=case.id,
        office_id=office.id,
        day=today,
        lane=lane,
        number=next_number(office.id, today, lane),
        due_at=due_at,
        arrived_at=came_at or moment(now),
    )
    db.session.add(found)
    db.session.flush()
    return found


@in_operation
def prefer(case: Application, office: Office, *, actor: Actor, now: datetime) -> None:
    """Give the person of a case that this transaction holds a number of the priority lane for their own.

    Raises `NotHere` for whoever has no ordinary number today.
    """
    found = of_case(case.id, office, now)
    if found is None or found.lane is not Lane.BOOKED:
        raise NotHere()
    found.lane = Lane.PRIORITY
    found.number = next_number(office.id, local_date(now, office.time_zone), Lane.PRIORITY)
    events.record(PRIORITY_GIVEN, actor=actor, now=now, application_id=case.id, office_id=case.office_id)


@in_operation
def next_number(office_id: uuid.UUID, day: date, lane: Lane) -> int:
    """The next queue number of a lane: one statement counts and gives it."""
    one = insert(QueueCounter).values(office_id=office_id, day=day, lane=lane, last=1)
    raised = one.on_conflict_do_update(
        index_elements=["office_id", "day", "lane"], set_={"last": QueueCounter.last + 1}
    )
    return db.session.execute(raised.returning(QueueCounter.last)).scalar_one()


@in_operation
def leave(application_id: uuid.UUID, why: Leaving, *, actor: Actor, now: datetime) -> None:
    """The person of a case is in the house no more, and called no more; nothing for whoever was not here."""
    left = db.session.scalar(
        update(Presence)
        .where(Presence.application_id == application_id, Presence.left_at.is_(None))
        .values(left_at=moment(now), why_left=why)
        .returning(Presence.id)
        .execution_options(synchronize_session=False)
    )
    if left is not None:
        turns.leave_counter(application_id, actor=actor, now=now)


def close_days(*, now: datetime) -> int:
    """End what days that are over have left open; returns how many. For the worker; idempotent."""
    here = db.session.scalars(
        select(Presence.application_id)
        .join(Office, Office.id == Presence.office_id)
        .where(Presence.left_at.is_(None), Presence.day < func.date(func.timezone(Office.time_zone, now)))
        .order_by(Presence.application_id)
        .limit(_BATCH)
    ).all()
    db.session.remove()
    for case_id in here:
        _close_day(case_id, now=now)
    return len(here)


@operation
def _close_day(case_id: uuid.UUID, *, now: datetime) -> None:
    case = db.session.scalars(
        select(Application).where(Application.id == case_id).with_for_update(key_share=True)
    ).one()
    office = db.session.get_one(Office, case.office_id)
    if of_case(case.id, office, now) is None:  # else let in again a moment ago
        leave(case.id, Leaving.DAY_OVER, actor=events.SYSTEM, now=now)
