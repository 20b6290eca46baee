"""Officers come and go: added with their roles, dismissed with everything they had open."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.offices.queries import office_by_code
from mpaspor.people.models import Staff, StaffRole, StaffTotp
from mpaspor.people.refusals import (
    AdministratorExists,
    LastAdministrator,
    StaffAddressTaken,
    UnknownRole,
)
from mpaspor.people.rules import LinkPurpose, Role
from mpaspor.people.second_factor import apps, links
from mpaspor.people.second_factor.links import GivenLink
from mpaspor.people.sign_in.end_sign_ins import end_all


@dataclass(frozen=True)
class NewOfficer:
    """Who is to serve: name and address as officers and letters show them, and in which roles."""

    full_name: str
    email: str
    roles: Collection[str]


def known_roles(roles: Collection[str]) -> frozenset[Role]:
    """The roles by their names. Raises `UnknownRole` for one that is none, or without any."""
    unknown = set(roles) - set(Role)
    if unknown or not roles:
        raise UnknownRole(roles=", ".join(sorted(unknown)))
    return frozenset(map(Role, roles))


@operation
def add_staff(office_code: str, new: NewOfficer, *, now: datetime) -> GivenLink:
    """Add an officer of an office by the owner's command; returns the link by which they come in.

    Raises `UnknownRole`, `NotFound` (no such office), `StaffAddressTaken`.
    """
    roles = known_roles(new.roles)
    office = office_by_code(office_code)
    if office is None:
        raise NotFound(office=office_code)
    staff = put_staff(office.id, new, roles, given_by=None, now=now)
    return links.give(staff.id, LinkPurpose.JOIN, given_by=None, now=now)


@operation
def first_admin(office_code: str, full_name: str, email: str, *, now: datetime) -> GivenLink:
    """The link of an office's first administrator, while none has come in; again, it voids the one before.

    Raises `NotFound` (no such office), `AdministratorExists`, `StaffAddressTaken`.
    """
    office = _taken(office_code)
    if administrators(office.id):
        raise AdministratorExists()
    staff = db.session.scalar(
        select(Staff)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(Staff.email == email, Staff.office_id == office.id, Staff.dismissed_at.is_(None))
        .where(StaffRole.role == Role.ADMIN)
    )
    if staff is None:
        new = NewOfficer(full_name, email, [Role.ADMIN])
        staff = put_staff(office.id, new, [Role.ADMIN], given_by=None, now=now)
    return links.give(staff.id, LinkPurpose.JOIN, given_by=None, now=now)


@operation
def link_for(email: str, *, now: datetime) -> GivenLink:
    """Password and second factor are lost, or the first link ran out: nothing of before counts, and a new
    link makes both. Raises `NotFound` for whoever does not serve."""
    staff = _serving(email)
    staff.password_hash = None
    apps.take_away(staff.id, now=now)
    return links.give(staff.id, LinkPurpose.JOIN, given_by=None, now=now)


@operation
def dismiss_staff(email: str, *, now: datetime) -> None:
    """End an officer's service: no sign-in any more, and every open one ends at once.

    Raises `NotFound`, `LastAdministrator`.
    """
    staff = _serving(email)
    if administrators(staff.office_id) == {staff.id}:
        raise LastAdministrator()
    staff.dismissed_at = now
    end_all(staff_id=staff.id, now=now)


@in_operation
def put_staff(
    office_id: uuid.UUID,
    new: NewOfficer,
    roles: Collection[Role],
    *,
    given_by: uuid.UUID | None,
    now: datetime,
) -> Staff:
    """Write an officer who has neither password nor second factor yet. Raises `StaffAddressTaken`."""
    if db.session.scalar(select(Staff.id).where(Staff.email == new.email)) is not None:
        raise StaffAddressTaken()
    staff = Staff(id=uuid7(), office_id=office_id, full_name=new.full_name, email=new.email, created_at=now)
    db.session.add(staff)
    db.session.flush()
    put_roles(staff, roles, given_by=given_by, now=now)
    return staff


@in_operation
def put_roles(officer: Staff, roles: Collection[Role], *, given_by: uuid.UUID | None, now: datetime) -> None:
    """Write these roles of the officer, with who gave them; the owner's commands have no name."""
    db.session.add_all(
        StaffRole(
            staff_id=officer.id, role=role, office_id=officer.office_id, granted_by=given_by, granted_at=now
        )
        for role in sorted(roles)
    )
    db.session.flush()


@in_operation
def administrators(office_id: uuid.UUID) -> set[uuid.UUID]:
    """Who administers the office and has come in: with a password and a second factor."""
    return set(
        db.session.scalars(
            select(Staff.id)
            .join(StaffRole, StaffRole.staff_id == Staff.id)
            .join(StaffTotp, StaffTotp.staff_id == Staff.id)
            .where(
                Staff.office_id == office_id,
                Staff.dismissed_at.is_(None),
                Staff.password_hash.is_not(None),
                StaffRole.role == Role.ADMIN,
            )
        )
    )


def _taken(office_code: str) -> Office:
    """The office, while this transaction lasts for one administration at a time."""
    code = select(Office).where(Office.code == office_code)
    office: Office | None = db.session.scalar(code.with_for_update(key_share=True))
    if office is None:
        raise NotFound(office=office_code)
    return office


def _serving(email: str) -> Staff:
    serving = select(Staff).where(Staff.email == email, Staff.dismissed_at.is_(None))
    staff: Staff | None = db.session.scalar(serving.with_for_update(key_share=True))
    if staff is None:
        raise NotFound()
    return staff
