"""Named reads about the officers of one office, for whoever administers it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from mpaspor.foundation.database import db
from mpaspor.people.models import SignIn, Staff, StaffRole, StaffTotp
from mpaspor.people.rules import Role

PAGE = 30


@dataclass(frozen=True)
class OfficerRow:
    """One officer as the administrator sees them."""

    id: uuid.UUID
    name: str
    email: str
    roles: frozenset[Role]
    last_sign_in_at: datetime | None
    has_come_in: bool


def officers(office_id: uuid.UUID, *, text: str, page: int) -> tuple[Sequence[OfficerRow], int]:
    """One page of the officers who serve at the office, by name, and how many there are."""
    wanted = [Staff.office_id == office_id, Staff.dismissed_at.is_(None)]
    if text:
        name, email = Staff.full_name, Staff.email
        wanted.append(or_(name.icontains(text, autoescape=True), email.icontains(text, autoescape=True)))
    total = db.session.scalar(select(func.count()).select_from(Staff).where(*wanted)) or 0
    rows = db.session.execute(
        _rows().where(*wanted).order_by(Staff.full_name, Staff.id).limit(PAGE).offset((page - 1) * PAGE)
    )
    return [_row(row) for row in rows], total


def officer(office_id: uuid.UUID, staff_id: uuid.UUID) -> OfficerRow | None:
    """One officer of the office who serves."""
    wanted = (Staff.id == staff_id, Staff.office_id == office_id, Staff.dismissed_at.is_(None))
    row = db.session.execute(_rows().where(*wanted)).one_or_none()
    return _row(row) if row is not None else None


def _rows() -> Select[Any]:
    roles = (
        select(func.array_agg(StaffRole.role))
        .where(StaffRole.staff_id == Staff.id)
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


def _row(row: Any) -> OfficerRow:
    roles = frozenset(map(Role, row.roles or ()))
    return OfficerRow(row.id, row.full_name, row.email, roles, row.last_sign_in_at, row.has_come_in)
