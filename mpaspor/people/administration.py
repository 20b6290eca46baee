"""What an administrator does with the officers of their own office: invite, give roles, reset, dismiss.

Each act takes the office first, so that two administrators who act on each other come one after the other;
who acts is read under that lock. Nobody acts on themselves, so whoever acts is left as an administrator.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from mpaspor.foundation import events, outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.plain_text import one_line
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.people.models import Staff, StaffRole
from mpaspor.people.refusals import NoRoleLeft, NotAnAdministrator, NotYourself, ReasonMissing
from mpaspor.people.rules import LONGEST_REASON, LinkPurpose, Role
from mpaspor.people.second_factor import apps, links
from mpaspor.people.second_factor.links import GivenLink
from mpaspor.people.second_factor.notices import Notice, tell
from mpaspor.people.sign_in.end_sign_ins import end_all
from mpaspor.people.staff_accounts import NewOfficer, known_roles, put_roles, put_staff

LINK_MAIL = "staff_link"


@dataclass(frozen=True)
class Acting:
    """Who acts on a colleague, in which role, with their office taken."""

    staff_id: uuid.UUID
    office_id: uuid.UUID
    role: Role

    @property
    def actor(self) -> Actor:
        return events.officer(self.staff_id, self.role)

    def record(self, kind: str, officer: Staff, now: datetime, **more: object) -> None:
        details = {"staff": str(officer.id), **more}
        reason = details.pop("reason", None)
        events.record(
            kind,
            actor=self.actor,
            now=now,
            office_id=self.office_id,
            reason=str(reason) if reason else None,
            details=details,
        )


@operation
def invite_officer(admin_id: uuid.UUID, new: NewOfficer, *, now: datetime) -> str:
    """Add an officer to the administrator's office and mail them their link; returns the officer's id.

    Raises `UnknownRole`, `StaffAddressTaken`, `NotAnAdministrator`.
    """
    roles = known_roles(new.roles)
    acting = acting_as(admin_id, Role.ADMIN)
    officer = put_staff(acting.office_id, new, roles, given_by=admin_id, now=now)
    _send(links.give(officer.id, LinkPurpose.JOIN, given_by=admin_id, now=now), LinkPurpose.JOIN, now=now)
    acting.record("officer_invited", officer, now, roles=sorted(roles))
    return str(officer.id)


@operation
def set_roles(admin_id: uuid.UUID, staff_id: uuid.UUID, roles: Collection[str], *, now: datetime) -> None:
    """Let these be the officer's roles. Raises `UnknownRole`, `NoRoleLeft`, `NotYourself`, `NotFound`,
    `NotAnAdministrator`.
    """
    if not roles:
        raise NoRoleLeft()
    wanted = known_roles(roles)
    acting = acting_as(admin_id, Role.ADMIN)
    officer = other(acting, staff_id)
    for_good = StaffRole.staff_id == staff_id, StaffRole.until.is_(None)
    have = set(db.session.scalars(select(StaffRole.role).where(*for_good)))
    given, taken = wanted - have, have - wanted
    if not given and not taken:
        return
    # What was given for a while and is now given for good goes too.
    gone = StaffRole.staff_id == staff_id, StaffRole.role.in_(given | taken)
    db.session.execute(delete(StaffRole).where(*gone))
    put_roles(officer, given, given_by=admin_id, now=now)
    acting.record("officer_roles", officer, now, given=sorted(given), taken=sorted(taken))
    tell(staff_id, Notice.ROLES_CHANGED, once=f"{now.timestamp()}", now=now)


@operation
def reset_way_in(
    admin_id: uuid.UUID, staff_id: uuid.UUID, purpose: LinkPurpose, *, reason: str, now: datetime
) -> None:
    """Mail the officer a link for what they lost. What it replaces counts no more, except a password that
    is to be changed by whoever still has the app. Raises `ReasonMissing`, `NotYourself`, `NotFound`,
    `NotAnAdministrator`.
    """
    words = _required(reason)
    acting = acting_as(admin_id, Role.ADMIN)
    officer = other(acting, staff_id)
    if purpose is not LinkPurpose.PASSWORD:
        apps.take_away(staff_id, now=now)
    if purpose is LinkPurpose.JOIN:
        officer.password_hash = None
    given = links.give(staff_id, purpose, given_by=admin_id, now=now)
    _send(given, purpose, now=now, reason=words)
    acting.record("officer_reset", officer, now, purpose=purpose, reason=words)


@operation
def dismiss_officer(admin_id: uuid.UUID, staff_id: uuid.UUID, *, reason: str, now: datetime) -> None:
    """End the officer's service: every open sign-in ends at once, no link works any more, and they are told.

    Raises `ReasonMissing`, `NotYourself`, `NotFound`, `NotAnAdministrator`.
    """
    words = _required(reason)
    acting = acting_as(admin_id, Role.ADMIN)
    officer = other(acting, staff_id)
    officer.dismissed_at = now
    end_all(staff_id=staff_id, now=now)
    acting.record("officer_dismissed", officer, now, reason=words)
    tell(staff_id, Notice.DISMISSED, once="once", now=now)


@in_operation
def acting_as(staff_id: uuid.UUID, *roles: Role) -> Acting:
    """Who acts, as the database knows them once the office is theirs, in the first of these roles that they
    have for good. Raises `NotAnAdministrator`.
    """
    office_id = db.session.scalar(select(Staff.office_id).where(Staff.id == staff_id))
    if office_id is not None:
        db.session.execute(select(Office.id).where(Office.id == office_id).with_for_update(key_share=True))
        have = set(
            db.session.scalars(
                select(StaffRole.role)
                .join(Staff, Staff.id == StaffRole.staff_id)
                .where(
                    StaffRole.staff_id == staff_id, StaffRole.until.is_(None), Staff.dismissed_at.is_(None)
                )
            )
        )
        for role in roles:
            if role in have:
                return Acting(staff_id, office_id, role)
    raise NotAnAdministrator()


@in_operation
def other(acting: Acting, staff_id: uuid.UUID) -> Staff:
    """An officer of the same office who serves, and is somebody else. Raises `NotFound`, `NotYourself`."""
    found: Staff | None = db.session.scalar(
        select(Staff)
        .where(Staff.id == staff_id, Staff.office_id == acting.office_id, Staff.dismissed_at.is_(None))
        .with_for_update(key_share=True)
    )
    if found is None:
        raise NotFound()
    if found.id == acting.staff_id:
        raise NotYourself()
    return found


@in_operation
def _send(given: GivenLink, purpose: LinkPurpose, *, now: datetime, reason: str | None = None) -> None:
    outbox.add(
        LINK_MAIL,
        given.id,
        dedupe_key=f"{LINK_MAIL}:{given.id}",
        payload={"purpose": purpose, "reason": reason},
        secret=given.path,
        now=now,
    )


def _required(reason: str) -> str:
    words = one_line(reason, LONGEST_REASON)
    if not words:
        raise ReasonMissing()
    return words
