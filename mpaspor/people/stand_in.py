"""Who is not there, and who stands in: absences, and roles that a supervisor gives for a while."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, select, update

from mpaspor.foundation import events
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date, moment_of
from mpaspor.people.administration import acting_as, other
from mpaspor.people.in_force import is_absent_on
from mpaspor.people.models import Staff, StaffAbsence, StaffRole
from mpaspor.people.refusals import BadTerm, HasRole
from mpaspor.people.rules import DELEGATED, LONGEST_DELEGATION, Role
from mpaspor.people.second_factor.notices import Notice, tell

_DAY = timedelta(days=1)


@operation
def delegate_role(
    supervisor_id: uuid.UUID, staff_id: uuid.UUID, role: Role, *, until_on: date, now: datetime
) -> None:
    """Give a colleague a role until the end of that day at the office; it ends by itself.

    Given again, it has the new end. Raises `BadTerm`, `HasRole`, `NotYourself`, `NotFound` (also for a role
    that nobody gives for a while), `NotAnAdministrator`.
    """
    acting = acting_as(supervisor_id, Role.SUPERVISOR)
    officer = other(acting, staff_id)
    if role not in DELEGATED:
        raise NotFound()
    until = moment_of(until_on + _DAY, time.min, _zone(acting.office_id))
    if not now < until <= now + LONGEST_DELEGATION:
        raise BadTerm()
    of_this = StaffRole.staff_id == staff_id, StaffRole.role == role
    if db.session.scalar(select(StaffRole.role).where(*of_this, StaffRole.until.is_(None))) is not None:
        raise HasRole()
    db.session.execute(delete(StaffRole).where(*of_this))
    db.session.add(
        StaffRole(
            staff_id=staff_id,
            role=role,
            office_id=officer.office_id,
            granted_by=supervisor_id,
            granted_at=now,
            until=until,
        )
    )
    acting.record("role_delegated", officer, now, role=role, until=until.isoformat())
    tell(staff_id, Notice.ROLES_CHANGED, once=f"{role}:{now.timestamp()}", now=now)


@operation
def end_delegation(supervisor_id: uuid.UUID, staff_id: uuid.UUID, role: Role, *, now: datetime) -> None:
    """Take a role back before its end. Raises `NotFound`, `NotYourself`, `NotAnAdministrator`."""
    acting = acting_as(supervisor_id, Role.SUPERVISOR)
    officer = other(acting, staff_id)
    gone = db.session.execute(
        delete(StaffRole)
        .where(StaffRole.staff_id == staff_id, StaffRole.role == role, StaffRole.until.is_not(None))
        .returning(StaffRole.role)
    )
    if gone.scalar_one_or_none() is None:
        raise NotFound()
    acting.record("delegation_ended", officer, now, role=role)
    tell(staff_id, Notice.ROLES_CHANGED, once=f"{role}:{now.timestamp()}", now=now)


@operation
def end_run_out(*, now: datetime) -> int:
    """Take away the roles whose time is over; returns how many. They counted no more already."""
    gone = db.session.execute(
        delete(StaffRole)
        .where(StaffRole.until <= now)
        .returning(StaffRole.staff_id, StaffRole.role, StaffRole.office_id)
    ).all()
    for row in gone:
        details = {"staff": str(row.staff_id), "role": row.role}
        events.record(
            "delegation_ended", actor=events.SYSTEM, now=now, office_id=row.office_id, details=details
        )
    return len(gone)


@operation
def note_absence(
    by_id: uuid.UUID, staff_id: uuid.UUID, *, from_on: date, until_on: date, now: datetime
) -> None:
    """Mark an officer, or oneself, as absent on these days; it takes the place of what was noted before.

    Raises `BadTerm`, `NotFound`, `NotAnAdministrator`.
    """
    acting = acting_as(by_id, Role.SUPERVISOR, Role.ADMIN)
    officer = _colleague(acting.office_id, staff_id)
    today = local_date(now, _zone(acting.office_id))
    if until_on < max(from_on, today) or until_on > today + timedelta(days=366):
        raise BadTerm()
    _close(staff_id, now)
    db.session.add(
        StaffAbsence(
            id=uuid7(), staff_id=staff_id, from_on=from_on, until_on=until_on, noted_by=by_id, noted_at=now
        )
    )
    acting.record("absence_noted", officer, now, days=[from_on.isoformat(), until_on.isoformat()])


@operation
def end_absence(by_id: uuid.UUID, staff_id: uuid.UUID, *, now: datetime) -> None:
    """The officer is back. Raises `NotFound`, `NotAnAdministrator`."""
    acting = acting_as(by_id, Role.SUPERVISOR, Role.ADMIN)
    officer = _colleague(acting.office_id, staff_id)
    if not _close(staff_id, now):
        raise NotFound()
    acting.record("absence_ended", officer, now)


def absent_until(staff_ids: Sequence[uuid.UUID], today: date) -> dict[uuid.UUID, date]:
    """Which of these officers are absent today, and until which day."""
    rows = db.session.execute(
        select(StaffAbsence.staff_id, StaffAbsence.until_on).where(
            StaffAbsence.staff_id.in_(staff_ids), is_absent_on(today)
        )
    )
    return {row.staff_id: row.until_on for row in rows}


def _close(staff_id: uuid.UUID, now: datetime) -> bool:
    open_one = update(StaffAbsence).where(StaffAbsence.staff_id == staff_id, StaffAbsence.ended_at.is_(None))
    closed = db.session.execute(open_one.values(ended_at=now).returning(StaffAbsence.id))
    return closed.scalar_one_or_none() is not None


def _colleague(office_id: uuid.UUID, staff_id: uuid.UUID) -> Staff:
    found: Staff | None = db.session.scalar(
        select(Staff).where(Staff.id == staff_id, Staff.office_id == office_id, Staff.dismissed_at.is_(None))
    )
    if found is None:
        raise NotFound()
    return found


def _zone(office_id: uuid.UUID) -> str:
    return db.session.scalars(select(Office.time_zone).where(Office.id == office_id)).one()
