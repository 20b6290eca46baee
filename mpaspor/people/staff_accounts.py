"""Officers come and go: added with their roles, dismissed with everything they had open."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.queries import office_by_code
from mpaspor.people.models import Staff, StaffRole
from mpaspor.people.passwords import hash_password, weakness
from mpaspor.people.refusals import StaffAddressTaken, UnknownRole, WeakPassword
from mpaspor.people.rules import Role
from mpaspor.people.sign_in.end_sign_ins import end_all


def add_staff(
    office_code: str, *, full_name: str, email: str, password: str, roles: Collection[str], now: datetime
) -> uuid.UUID:
    """Add an officer of an office with one or more roles; returns the id.

    Raises `UnknownRole`, `WeakPassword`, `NotFound` (no such office), `StaffAddressTaken`.
    """
    unknown = set(roles) - set(Role)
    if unknown or not roles:
        raise UnknownRole(roles=", ".join(sorted(unknown)))
    found = weakness(password, (full_name, email))
    if found is not None:
        raise WeakPassword(found)
    return _record(
        office_code,
        full_name=full_name,
        email=email,
        password_hash=hash_password(password),
        roles=frozenset(map(Role, roles)),
        now=now,
    )


@operation
def dismiss_staff(email: str, *, now: datetime) -> None:
    """End an officer's service: no sign-in any more, and every open one ends at once. Raises `NotFound`."""
    staff = db.session.scalar(select(Staff).where(Staff.email == email, Staff.dismissed_at.is_(None)))
    if staff is None:
        raise NotFound()
    staff.dismissed_at = now
    end_all(staff_id=staff.id, now=now)


@operation
def _record(
    office_code: str, *, full_name: str, email: str, password_hash: str, roles: frozenset[Role], now: datetime
) -> uuid.UUID:
    office = office_by_code(office_code)
    if office is None:
        raise NotFound(office=office_code)
    if db.session.scalar(select(Staff.id).where(Staff.email == email)) is not None:
        raise StaffAddressTaken()
    staff = Staff(
        id=uuid7(),
        office_id=office.id,
        full_name=full_name,
        email=email,
        password_hash=password_hash,
        created_at=now,
    )
    db.session.add(staff)
    db.session.flush()
    db.session.add_all(StaffRole(staff_id=staff.id, role=role) for role in roles)
    return staff.id
