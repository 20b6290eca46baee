"""Named reads about the officers of one office, for whoever administers it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from mpaspor.foundation.database import db
from mpaspor.people import stand_in
from mpaspor.people.in_force import holds
from mpaspor.people.models import SignIn, Staff, StaffRole, StaffTotp
from mpaspor.people.queries import Device
from mpaspor.people.rules import SIGN_IN_LIFE, Role

PAGE = 30
_LAST = timedelta(seconds=1)  # before an end that is midnight lies the day that people read


@dataclass(frozen=True)
class OfficerRow:
    """One officer as administrator and supervisor see them; `roles` are those for good, `for_a_while` the
    others, each with its last moment."""

    id: uuid.UUID
    name: str
    email: str
    roles: frozenset[Role]
    last_sign_in_at: datetime | None
    has_come_in: bool
    absent_until: date | None
    for_a_while: Mapping[Role, datetime]


def officers(
    office_id: uuid.UUID, *, text: str, page: int, today: date, now: datetime
) -> tuple[Sequence[OfficerRow], int]:
    """One page of the officers who serve at the office, by name, and how many there are."""
    wanted = [Staff.office_id == office_id, Staff.dismissed_at.is_(None)]
    if text:
        name, email = Staff.full_name, Staff.email
        wanted.append(or_(name.icontains(text, autoescape=True), email.icontains(text, autoescape=True)))
    total = db.session.scalar(select(func.count()).select_from(Staff).where(*wanted)) or 0
    rows = db.session.execute(
        _rows(now).where(*wanted).order_by(Staff.full_name, Staff.id).limit(PAGE).offset((page - 1) * PAGE)
    )
    return _with_absences(rows.all(), today), total


def officer(office_id: uuid.UUID, staff_id: uuid.UUID, *, today: date, now: datetime) -> OfficerRow | None:
    """One officer of the office who serves."""
    wanted = (Staff.id == staff_id, Staff.office_id == office_id, Staff.dismissed_at.is_(None))
    return next(iter(_with_absences(db.session.execute(_rows(now).where(*wanted)).all(), today)), None)


def other_desks(staff_id: uuid.UUID, sign_in_id: uuid.UUID, *, now: datetime) -> Sequence[Device]:
    """Where else the officer is signed in, locked or not, the latest first."""
    rows = db.session.scalars(
        select(SignIn)
        .where(
            SignIn.staff_id == staff_id,
            SignIn.id != sign_in_id,
            SignIn.revoked_at.is_(None),
            SignIn.created_at > now - SIGN_IN_LIFE,
        )
        .order_by(SignIn.last_seen_at.desc())
    )
    return [Device(row.id, row.device_name, False, row.created_at, row.last_seen_at) for row in rows]


def _rows(now: datetime) -> Select[Any]:
    roles = (
        select(func.jsonb_object_agg(StaffRole.role, StaffRole.until))
        .where(StaffRole.staff_id == Staff.id, holds(now))
        .correlate(Staff)
        .scalar_subquery()
    )
    last = (
        select(func.max(SignIn.created_at))
        .where(SignIn.staff_id == Staff.id)
        .correlate(Staff)
        .scalar_subquery()
    )
    has_app = select(StaffTotp.staff_id).where(StaffTotp.staff_id == Staff.id).correlate(Staff).exists()
    return select(
        Staff.id,
        Staff.full_name,
        Staff.email,
        roles.label("roles"),
        last.label("last_sign_in_at"),
        (Staff.password_hash.is_not(None) & has_app).label("has_come_in"),
    )


def _with_absences(rows: Sequence[Any], today: date) -> list[OfficerRow]:
    absent = stand_in.absent_until([row.id for row in rows], today) if rows else {}
    return [_row(row, absent.get(row.id)) for row in rows]


def _row(row: Any, absent_until: date | None) -> OfficerRow:
    ends = {Role(name): until and datetime.fromisoformat(until) for name, until in (row.roles or {}).items()}
    return OfficerRow(
        id=row.id,
        name=row.full_name,
        email=row.email,
        roles=frozenset(role for role, until in ends.items() if until is None),
        last_sign_in_at=row.last_sign_in_at,
        has_come_in=row.has_come_in,
        absent_until=absent_until,
        for_a_while={role: until - _LAST for role, until in sorted(ends.items()) if until is not None},
    )
