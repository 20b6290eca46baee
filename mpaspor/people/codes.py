"""One-time codes: six digits by e-mail, ten minutes, five tries (CORE §7). Steps for the deeds of this room.

Only a keyed hash is stored, bound to the row's id: a code of another person, purpose or day never fits.
"""

from __future__ import annotations

import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.orm import aliased

from mpaspor.foundation import outbox
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.deeds import step
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.refusals import Refusal
from mpaspor.people.models import OneTimeCode
from mpaspor.people.refusals import CodeDead, CodesSpent, CodeTooSoon, TooManyWrongCodes, WrongCode
from mpaspor.people.rules import (
    CODE_LIFE,
    CODE_TRIES,
    CODES_A_DAY,
    WRONG_TRIES_A_DAY,
    CodePurpose,
    wait_for_next_code,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Recipient:
    """To whom a code goes: an account, an officer, or nobody (an address that no one has)."""

    email: str
    language: str = "id"
    account_id: uuid.UUID | None = None
    staff_id: uuid.UUID | None = None


@step
def lock_address(email: str) -> None:
    """Let one deed at a time deal with an address: counting codes and deciding whose it is."""
    number = int.from_bytes(lookup_hash(email, "address_lock")[:8], "big", signed=True)
    db.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


@step
def issue(to: Recipient, purpose: CodePurpose, *, now: datetime, sent: bool = True) -> uuid.UUID:
    """Make a code, let it replace the one before, queue it for sending; returns the challenge's id.

    With `sent=False`, and to nobody, everything is the same except that no message leaves. Raises
    `CodeTooSoon` within a minute of the last one, `CodesSpent` after ten in a day.
    """
    lock_address(to.email)
    _check_budget(to.email, purpose, now)
    code = f"{secrets.randbelow(10**6):06d}"
    row = OneTimeCode(
        id=uuid7(),
        account_id=to.account_id,
        staff_id=to.staff_id,
        purpose=str(purpose),
        email=to.email,
        created_at=now,
        expires_at=now + CODE_LIFE,
    )
    row.code_hash = _hash(row.id, code)
    db.session.execute(
        update(OneTimeCode)
        .where(_same_owner(to), OneTimeCode.purpose == str(purpose), OneTimeCode.replaced_at.is_(None))
        .values(replaced_at=now)
    )
    db.session.add(row)
    if sent and (to.account_id or to.staff_id):
        _send(row, code, to.language, now)
    return row.id


@step
def pending(
    to: Recipient, purpose: CodePurpose, *, now: datetime, within: timedelta = CODE_LIFE
) -> uuid.UUID | None:
    """The challenge that was sent to this owner within that time and can still be answered."""
    return db.session.scalar(
        select(OneTimeCode.id)
        .where(
            _same_owner(to),
            OneTimeCode.email == to.email,
            OneTimeCode.purpose == str(purpose),
            OneTimeCode.created_at > now - within,
            *_alive(now),
        )
        .order_by(OneTimeCode.created_at.desc())
        .limit(1)
    )


def current(challenge_id: uuid.UUID, purpose: CodePurpose) -> OneTimeCode | None:
    """The newest code of the owner whom this challenge names.

    A browser keeps the id of the challenge that it was given. If the answer to "send again" got lost on
    the way, or the address was corrected in another window, the code in the mailbox is a newer one.
    """
    asked = db.session.get(OneTimeCode, challenge_id, populate_existing=True)
    if asked is None or asked.purpose != str(purpose):
        return None
    owner = Recipient(asked.email, account_id=asked.account_id, staff_id=asked.staff_id)
    return db.session.scalar(
        select(OneTimeCode)
        .where(_same_owner(owner), OneTimeCode.purpose == str(purpose))
        .order_by(OneTimeCode.created_at.desc(), OneTimeCode.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


@step
def try_code(
    challenge_id: uuid.UUID, purpose: CodePurpose, code: str, *, now: datetime
) -> OneTimeCode | Refusal:
    """Count one try and say whether it was right; a right one is used up by this very statement.

    Tries at the same moment wait for each other and are all counted. A refusal is *returned*: the
    caller must commit it, or the try would not count.
    """
    newest = current(challenge_id, purpose)
    if newest is None:
        return CodeDead()
    lock_address(newest.email)
    row = _count_try(newest.id, now)
    if row is None:
        return _why_dead(newest.id, now)
    if not _is_right(row, code):
        left = CODE_TRIES - row.tries
        return WrongCode(left=left) if left else CodeDead()
    row.used_at = now
    return row


def _count_try(code_id: uuid.UUID, now: datetime) -> OneTimeCode | None:
    """Add one try to a code that is alive, while its address has wrong tries left today."""
    other = aliased(OneTimeCode)
    wrong_elsewhere = (
        select(func.coalesce(func.sum(other.tries), 0) - func.count(other.used_at))
        .where(
            other.email == OneTimeCode.email,
            other.purpose == OneTimeCode.purpose,
            other.created_at > now - _DAY,
            other.id != OneTimeCode.id,
        )
        .correlate(OneTimeCode)
        .scalar_subquery()
    )
    return db.session.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.id == code_id,
            *_alive(now),
            OneTimeCode.tries + wrong_elsewhere < WRONG_TRIES_A_DAY,
        )
        .values(tries=OneTimeCode.tries + 1)
        .returning(OneTimeCode)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).scalar_one_or_none()


@step
def used_just_now(
    challenge_id: uuid.UUID, purpose: CodePurpose, code: str, *, now: datetime
) -> OneTimeCode | None:
    """The used code that this right answer names, while it would still be valid: the twin of a double tap."""
    row = current(challenge_id, purpose)
    if row is None or row.used_at is None or row.expires_at <= now or not _is_right(row, code):
        return None
    return row


def _is_right(row: OneTimeCode, code: str) -> bool:
    matches = hmac.compare_digest(bytes(row.code_hash), _hash(row.id, code))
    return matches and (row.account_id or row.staff_id) is not None


def _hash(challenge_id: uuid.UUID, code: str) -> bytes:
    return lookup_hash(f"{challenge_id}|{code}", "one_time_code")


def _alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OneTimeCode.used_at.is_(None),
        OneTimeCode.replaced_at.is_(None),
        OneTimeCode.expires_at > now,
        OneTimeCode.tries < CODE_TRIES,
    )


def _same_owner(to: Recipient) -> ColumnElement[bool]:
    if to.account_id is not None:
        return OneTimeCode.account_id == to.account_id
    if to.staff_id is not None:
        return OneTimeCode.staff_id == to.staff_id
    return (OneTimeCode.email == to.email) & OneTimeCode.account_id.is_(None) & OneTimeCode.staff_id.is_(None)


def _check_budget(email: str, purpose: CodePurpose, now: datetime) -> None:
    count, last, first = db.session.execute(
        select(func.count(), func.max(OneTimeCode.created_at), func.min(OneTimeCode.created_at)).where(
            OneTimeCode.email == email,
            OneTimeCode.purpose == str(purpose),
            OneTimeCode.created_at > now - _DAY,
        )
    ).one()
    if count >= CODES_A_DAY:
        raise CodesSpent(retry_after=int((first + _DAY - now).total_seconds()) + 1)
    if wait := wait_for_next_code(last, now):
        raise CodeTooSoon(retry_after=wait)


def _why_dead(code_id: uuid.UUID, now: datetime) -> Refusal:
    """Too many wrong codes today is the one reason for which a new code would not help."""
    row = db.session.get(OneTimeCode, code_id, populate_existing=True)
    is_alive = row is not None and row.used_at is None and row.replaced_at is None and row.expires_at > now
    if row is not None and is_alive and row.tries < CODE_TRIES:
        return TooManyWrongCodes(retry_after=int(_DAY.total_seconds()))
    return CodeDead()


def _send(row: OneTimeCode, code: str, language: str, now: datetime) -> None:
    owner = {"account_id": str(row.account_id)} if row.account_id else {"staff_id": str(row.staff_id)}
    db.session.flush()
    outbox.add(
        "email_code",
        row.id,
        dedupe_key=f"email_code:{row.id}",
        payload={"purpose": row.purpose, "language": language, **owner},
        secret=code,
        now=now,
    )
