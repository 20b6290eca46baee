"""Who is behind a request: the sign-in row is the truth, the cookie only names it (DOMAIN §11.3)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update

from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.people.in_force import holds
from mpaspor.people.models import Account, SignIn, Staff, StaffRole
from mpaspor.people.refusals import ChallengeOver
from mpaspor.people.rules import OFFICER_IDLE, SHARED_IDLE, Role, sign_in_counts

TOKEN_PURPOSE = "sign_in"
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """The person of this request, as plain values. Flask-Login's `current_user`."""

    sign_in_id: uuid.UUID
    token: str = field(repr=False)
    name: str
    language: str
    is_shared_device: bool
    last_seen_at: datetime
    account_id: uuid.UUID | None = None
    staff_id: uuid.UUID | None = None
    office_id: uuid.UUID | None = None
    roles: frozenset[Role] = frozenset()
    proved_at: datetime | None = None
    # An officer's desk was left alone: who sits there now has to show the second factor first.
    is_locked: bool = False

    is_active = True
    is_anonymous = False

    @property
    def is_authenticated(self) -> bool:
        """Whether this person may be shown anything: not while the screen is locked."""
        return not self.is_locked

    def get_id(self) -> str:
        """What the session keeps: the token, of which the database knows only a hash."""
        return self.token

    @property
    def owner(self) -> str:
        """Who owns a one-time key."""
        return str(self.account_id or self.staff_id)


def find(token: str, audience: str, *, now: datetime) -> SignedIn | None:
    """The person whose sign-in this token names, while it still counts; one statement."""
    hashed = lookup_hash(token, TOKEN_PURPOSE)
    return _applicant(hashed, token, now) if audience == "applicant" else _officer(hashed, token, now)


def _applicant(hashed: bytes, token: str, now: datetime) -> SignedIn | None:
    row = db.session.execute(_APPLICANT, {"hashed": hashed}).one_or_none()
    if row is None or not _counts(row, SHARED_IDLE if row.is_shared_device else None, now):
        return None
    return SignedIn(
        sign_in_id=row.id,
        token=token,
        name=row.full_name,
        language=row.language,
        is_shared_device=row.is_shared_device,
        last_seen_at=row.last_seen_at,
        account_id=row.account_id,
    )


def _officer(hashed: bytes, token: str, now: datetime) -> SignedIn | None:
    row = db.session.execute(_OFFICER, {"hashed": hashed, "now": now}).one_or_none()
    if row is None or not _counts(row, None, now):
        return None
    return SignedIn(
        sign_in_id=row.id,
        token=token,
        name=row.full_name,
        language="id",
        is_shared_device=False,
        last_seen_at=row.last_seen_at,
        staff_id=row.staff_id,
        office_id=row.office_id,
        roles=frozenset(row.roles),
        proved_at=row.proved_at,
        is_locked=now - row.last_seen_at >= OFFICER_IDLE,
    )


def _counts(row: Any, idle: timedelta | None, now: datetime) -> bool:
    return sign_in_counts(
        now=now,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        revoked=row.revoked_at is not None,
        idle=idle,
    )


# Every page of a person asks this first: of the tables themselves, since to know their models would cost more
# than to ask the database; and built once.
_SIGN_INS, _ACCOUNTS = SignIn.__table__.c, Account.__table__.c
_STAFF, _ROLES = Staff.__table__.c, StaffRole.__table__.c
_SIGN_IN = (_SIGN_INS.id, _SIGN_INS.created_at, _SIGN_INS.last_seen_at, _SIGN_INS.revoked_at)
_APPLICANT = (
    select(
        *_SIGN_IN, _SIGN_INS.is_shared_device, _SIGN_INS.account_id, _ACCOUNTS.full_name, _ACCOUNTS.language
    )
    .join(Account.__table__, _ACCOUNTS.id == _SIGN_INS.account_id)
    .where(_SIGN_INS.token_hash == bindparam("hashed"), _SIGN_INS.audience == "applicant")
)
_OFFICER = (
    select(
        *_SIGN_IN,
        _SIGN_INS.proved_at,
        _SIGN_INS.staff_id,
        _STAFF.full_name,
        _STAFF.office_id,
        func.array_agg(_ROLES.role).label("roles"),
    )
    .join(Staff.__table__, _STAFF.id == _SIGN_INS.staff_id)
    .join(StaffRole.__table__, _ROLES.staff_id == _STAFF.id)
    .where(
        _SIGN_INS.token_hash == bindparam("hashed"),
        _SIGN_INS.audience == "officer",
        _STAFF.dismissed_at.is_(None),
        holds(bindparam("now", type_=_ROLES.until.type), _ROLES.until),
    )
    .group_by(_SIGN_INS.id, _STAFF.full_name, _STAFF.office_id)
)


def whose_desk(token: str) -> uuid.UUID | None:
    """Which officer signed in with this token, whether that still counts or not."""
    hashed = lookup_hash(token, TOKEN_PURPOSE)
    return db.session.scalar(select(SignIn.staff_id).where(SignIn.token_hash == hashed))


@in_operation
def take_officers(sign_in_id: uuid.UUID) -> tuple[SignIn, uuid.UUID]:
    """Lock an officer's sign-in that still stands, and whose it is. Raises `ChallengeOver`."""
    row = db.session.get_one(SignIn, sign_in_id, with_for_update={"key_share": True})
    if row.staff_id is None or row.revoked_at is not None:
        raise ChallengeOver()
    return row, row.staff_id


def seen(person: SignedIn, *, now: datetime) -> None:
    """Note that the person was here, at most once a minute: reading a page is seldom a write."""
    if now - person.last_seen_at >= _SEEN_EVERY:
        _note(person.sign_in_id, now=now)


@operation
def _note(sign_in_id: uuid.UUID, *, now: datetime) -> None:
    db.session.execute(
        update(SignIn).where(SignIn.id == sign_in_id, SignIn.last_seen_at < now).values(last_seen_at=now)
    )
