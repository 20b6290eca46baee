"""Named reads about accounts, their devices and their pending codes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from mpaspor.foundation import outbox_queue
from mpaspor.foundation.database import db
from mpaspor.foundation.outbox_queue import Fate
from mpaspor.people.models import Account, OneTimeCode, SignIn, Staff
from mpaspor.people.rules import SHARED_IDLE, CodePurpose, sign_in_counts, wait_for_next_code
from mpaspor.people.sign_in import codes
from mpaspor.people.sign_in.browsers import Browser

_CHALLENGE_LIFE = timedelta(days=1)


@dataclass(frozen=True)
class Challenge:
    """A code that a browser is asked for: where it was sent, how that went, and when another may be asked."""

    id: uuid.UUID
    purpose: CodePurpose
    email: str
    expires_at: datetime
    wait: int
    mail: Fate


@dataclass(frozen=True)
class Device:
    """One signed-in browser, as its owner sees it."""

    id: uuid.UUID
    name: str
    is_shared: bool
    signed_in_at: datetime
    last_seen_at: datetime


def account(account_id: uuid.UUID) -> Account | None:
    """The account, for its own pages."""
    return db.session.get(Account, account_id)


def verified_owner(email: str) -> Account | None:
    """The one account that has proved this address."""
    return db.session.scalar(
        select(Account).where(Account.email == email, Account.email_verified_at.is_not(None))
    )


def account_for(email: str) -> Account | None:
    """Who signs in with this address: the verified account, else the newest that waits for its code."""
    return db.session.scalar(
        select(Account)
        .where(Account.email == email)
        .order_by(Account.email_verified_at.is_(None), Account.created_at.desc())
        .limit(1)
    )


def staff_for(email: str) -> Staff | None:
    """The officer who signs in with this address and still serves."""
    return db.session.scalar(select(Staff).where(Staff.email == email, Staff.dismissed_at.is_(None)))


def officer(staff_id: uuid.UUID) -> Staff:
    """The officer with this id, for their own pages."""
    return db.session.get_one(Staff, staff_id)


def challenge(
    challenge_id: uuid.UUID, purpose: CodePurpose, *, browser: Browser, now: datetime
) -> Challenge | None:
    """What this browser is asked; None for another browser's challenge, a used one, or one a day old."""
    row = codes.current(challenge_id, purpose, browser)
    if row is None or row.used_at is not None or now - row.created_at > _CHALLENGE_LIFE:
        return None
    wait = wait_for_next_code(row.created_at, now)
    return Challenge(row.challenge_id, purpose, row.email, row.expires_at, wait, _fate_of_mail(row))


def _fate_of_mail(row: OneTimeCode) -> Fate:
    """How the sending went, said only where it tells nobody who has an account.

    Instead of a code the owner of a proved address gets a letter, and the page says the same of that one;
    where a new password is asked for, an address of nobody gets nothing at all, so nothing is said.
    """
    if row.purpose == CodePurpose.RESET:
        return Fate.ON_ITS_WAY
    found = outbox_queue.fate(codes.message_key(row.id))
    if found is None and row.purpose == CodePurpose.VERIFY and (owner := verified_owner(row.email)):
        found = outbox_queue.fate(account_exists_key(owner.id, row.created_at))
    return found or Fate.ON_ITS_WAY


def account_exists_key(owner_id: uuid.UUID, moment: datetime) -> str:
    """What makes one letter a day of all attempts to sign up with the address of an account."""
    return f"account_exists:{owner_id}:{moment:%Y-%m-%d}"


def devices(account_id: uuid.UUID, *, now: datetime) -> Sequence[Device]:
    """Every browser in which this account is signed in now, the latest first."""
    rows = db.session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.revoked_at.is_(None))
        .order_by(SignIn.last_seen_at.desc())
    ).all()
    return [
        Device(row.id, row.device_name, row.is_shared_device, row.created_at, row.last_seen_at)
        for row in rows
        if sign_in_counts(
            now=now,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            revoked=False,
            idle=SHARED_IDLE if row.is_shared_device else None,
        )
    ]
