"""One-time links for officers: given by an administrator or the owner's command, open for three days.

The link itself lets nobody in: what it opens asks for a password, for a second factor, or makes both.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.operations import in_operation
from mpaspor.people.models import Staff, StaffLink
from mpaspor.people.rules import LINK_LIFE, LinkPurpose
from mpaspor.people.second_factor import totp

PATH = "/petugas/tautan"


@dataclass(frozen=True)
class GivenLink:
    """A link that was just made, and the only time that its token is known."""

    id: uuid.UUID
    token: str
    expires_at: datetime

    @property
    def path(self) -> str:
        return f"{PATH}?kunci={self.token}"


@dataclass(frozen=True)
class OpenedLink:
    """Whose link a token names, and for what; `is_open` while it can still be used."""

    staff_id: uuid.UUID
    office_id: uuid.UUID
    name: str
    email: str
    purpose: LinkPurpose
    secret: str
    expires_at: datetime
    is_open: bool


@in_operation
def give(
    staff_id: uuid.UUID, purpose: LinkPurpose, *, given_by: uuid.UUID | None, now: datetime
) -> GivenLink:
    """Make a link for the officer; one that was open before is void."""
    db.session.flush()
    db.session.execute(
        update(StaffLink)
        .where(StaffLink.staff_id == staff_id, StaffLink.used_at.is_(None), StaffLink.voided_at.is_(None))
        .values(voided_at=now)
    )
    token = secrets.token_urlsafe(24)
    row = StaffLink(
        id=uuid7(),
        staff_id=staff_id,
        purpose=purpose,
        token_hash=_hash(token),
        given_by=given_by,
        created_at=now,
        expires_at=now + LINK_LIFE,
    )
    db.session.add(row)
    db.session.flush()
    return GivenLink(row.id, token, row.expires_at)


def find(token: str, *, now: datetime) -> OpenedLink | None:
    """What the token names, open or not."""
    row = db.session.execute(
        select(StaffLink, Staff)
        .join(Staff, Staff.id == StaffLink.staff_id)
        .where(StaffLink.token_hash == _hash(token), Staff.dismissed_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    link, staff = row
    return OpenedLink(
        staff_id=staff.id,
        office_id=staff.office_id,
        name=staff.full_name,
        email=staff.email,
        purpose=link.purpose,
        secret=secret_for(token),
        expires_at=link.expires_at,
        is_open=link.used_at is None and link.voided_at is None and now < link.expires_at,
    )


@in_operation
def take(token: str, *, now: datetime) -> StaffLink | None:
    """Lock the link that this token opens, while it is open and its officer serves."""
    return db.session.scalar(
        select(StaffLink)
        .join(Staff, Staff.id == StaffLink.staff_id)
        .where(
            StaffLink.token_hash == _hash(token),
            StaffLink.used_at.is_(None),
            StaffLink.voided_at.is_(None),
            StaffLink.expires_at > now,
            Staff.dismissed_at.is_(None),
        )
        .with_for_update(key_share=True, of=StaffLink)
    )


def secret_for(token: str) -> str:
    """The app's secret that the page of this link offers: the same at each look, kept nowhere."""
    return totp.secret_of(lookup_hash(token, "staff_link.totp"))


def _hash(token: str) -> bytes:
    return lookup_hash(token, "staff_link")
