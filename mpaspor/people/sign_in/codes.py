"""One-time codes by e-mail: ten minutes, five tries, and only for the browser that asked.

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
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.operations import in_operation
from mpaspor.foundation.refusals import Refusal
from mpaspor.people.models import OneTimeCode
from mpaspor.people.refusals import CodeDead, TooManyWrongCodes, WrongCode
from mpaspor.people.rules import (
    AFTER_PASSWORD,
    CODE_DIGITS,
    CODE_LIFE,
    CODE_TRIES,
    WRONG_TRIES_A_DAY,
    CodePurpose,
)
from mpaspor.people.sign_in import code_budget
from mpaspor.people.sign_in.browsers import Browser

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Recipient:
    """To whom a code goes: an account, or nobody (an address that no one has)."""

    email: str
    language: str = "id"
    account_id: uuid.UUID | None = None


@in_operation
def lock_address(email: str) -> None:
    """Let one operation at a time deal with an address: counting codes and deciding whose it is."""
    number = int.from_bytes(lookup_hash(email, "address_lock")[:8], "big", signed=True)
    db.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


@in_operation
def issue(
    to: Recipient,
    purpose: CodePurpose,
    *,
    browser: Browser,
    now: datetime,
    challenge_id: uuid.UUID | None = None,
    sent: bool = True,
) -> uuid.UUID:
    """Make a code for this browser and queue it for sending; returns the challenge to answer.

    With `challenge_id` it replaces that challenge's code before. With `sent=False`, and to nobody,
    everything is the same except that no message leaves. Raises `CodeTooSoon`, `CodesSpent`.
    """
    lock_address(to.email)
    device_id = code_budget.require(
        to.email,
        purpose,
        browser=browser,
        account_id=to.account_id,
        challenge_id=challenge_id,
        now=now,
    )
    code = f"{secrets.randbelow(10 ** CODE_DIGITS[purpose]):0{CODE_DIGITS[purpose]}d}"
    row = OneTimeCode(
        id=uuid7(),
        account_id=to.account_id,
        asked_from=browser.network,
        known_device_id=device_id,
        purpose=purpose,
        email=to.email,
        created_at=now,
        expires_at=now + CODE_LIFE,
    )
    row.challenge_id = challenge_id or row.id
    row.asked_by = _holders(row.challenge_id, browser)
    row.code_hash = _hash(row.id, code)
    _replace(now, OneTimeCode.challenge_id == row.challenge_id)
    db.session.add(row)
    if sent and to.account_id:
        _send(row, code, to.language, now)
    return row.challenge_id


@in_operation
def pending(
    to: Recipient,
    purpose: CodePurpose,
    *,
    now: datetime,
    browser: Browser | None = None,
    within: timedelta = CODE_LIFE,
) -> uuid.UUID | None:
    """The owner's challenge whose code was sent within that time and can still be answered.

    With `browser`, only one that this browser holds.
    """
    held = [] if browser is None else [_is_held_by(browser)]
    return db.session.scalar(
        select(OneTimeCode.challenge_id)
        .where(
            _same_owner(to),
            OneTimeCode.email == to.email,
            OneTimeCode.purpose == purpose,
            OneTimeCode.created_at > now - within,
            *held,
            *_alive(now),
        )
        .order_by(OneTimeCode.created_at.desc())
        .limit(1)
    )


@in_operation
def share(challenge_id: uuid.UUID, browser: Browser) -> uuid.UUID:
    """Let one more browser answer: its person has shown the password. Returns the challenge."""
    if browser.mark is not None:
        db.session.execute(
            update(OneTimeCode)
            .where(OneTimeCode.challenge_id == challenge_id, ~_is_held_by(browser))
            .values(asked_by=func.array_append(OneTimeCode.asked_by, browser.mark))
            .execution_options(synchronize_session=False)
        )
    return challenge_id


@in_operation
def replace_all(account_id: uuid.UUID, *purposes: CodePurpose, now: datetime) -> None:
    """Let no code of these purposes that is on its way to the account count any more, in any browser."""
    _replace(now, OneTimeCode.account_id == account_id, OneTimeCode.purpose.in_(purposes))


def current(challenge_id: uuid.UUID, purpose: CodePurpose, browser: Browser) -> OneTimeCode | None:
    """The challenge's newest code, if this browser may answer it: a code can be sent again."""
    return db.session.scalar(
        select(OneTimeCode)
        .where(
            OneTimeCode.challenge_id == challenge_id,
            OneTimeCode.purpose == purpose,
            _is_held_by(browser),
        )
        .order_by(OneTimeCode.created_at.desc(), OneTimeCode.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


@in_operation
def try_code(
    challenge_id: uuid.UUID, purpose: CodePurpose, code: str, *, browser: Browser, now: datetime
) -> OneTimeCode:
    """Count one try and say whether it was right; a right one is used up by this very statement.

    Tries at the same moment wait for each other and are all counted. Raises `WrongCode`, `CodeDead`,
    `TooManyWrongCodes`.
    """
    newest = current(challenge_id, purpose, browser)
    if newest is None:
        raise CodeDead()
    lock_address(newest.email)
    row = _count_try(newest, now)
    if row is None:
        raise _why_dead(newest.id, now)
    if not _is_right(row, code):
        left = CODE_TRIES - row.tries
        raise WrongCode(left=left) if left else CodeDead(left=0)
    row.used_at = now
    return row


def _count_try(code: OneTimeCode, now: datetime) -> OneTimeCode | None:
    """Add one try to a code that is alive, while wrong tries are left today.

    Where a password came first, all challenges of the address are counted together. Elsewhere only this
    one is: else a stranger's wrong guesses would use up the tries of the owner.
    """
    other = aliased(OneTimeCode)
    counted = [
        other.email == code.email,
        other.purpose == code.purpose,
        other.created_at > now - _DAY,
        other.id != code.id,
    ]
    if code.purpose not in AFTER_PASSWORD:
        counted.append(other.challenge_id == code.challenge_id)
    wrong_elsewhere = (
        select(func.coalesce(func.sum(other.tries), 0) - func.count(other.used_at))
        .where(*counted)
        .scalar_subquery()
    )
    return db.session.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.id == code.id,
            *_alive(now),
            OneTimeCode.tries + wrong_elsewhere < WRONG_TRIES_A_DAY,
        )
        .values(tries=OneTimeCode.tries + 1)
        .returning(OneTimeCode)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).scalar_one_or_none()


@in_operation
def used_just_now(
    challenge_id: uuid.UUID, purpose: CodePurpose, code: str, *, browser: Browser, now: datetime
) -> OneTimeCode | None:
    """The used code that this right answer names, while it would still be valid: the twin of a double tap."""
    row = current(challenge_id, purpose, browser)
    if row is None or row.used_at is None or row.expires_at <= now or not _is_right(row, code):
        return None
    return row


def _is_right(row: OneTimeCode, code: str) -> bool:
    matches = hmac.compare_digest(bytes(row.code_hash), _hash(row.id, code))
    return matches and row.account_id is not None


def _hash(code_id: uuid.UUID, code: str) -> bytes:
    return lookup_hash(f"{code_id}|{code}", "one_time_code")


def _alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OneTimeCode.used_at.is_(None),
        OneTimeCode.replaced_at.is_(None),
        OneTimeCode.expires_at > now,
        OneTimeCode.tries < CODE_TRIES,
    )


def _is_held_by(browser: Browser) -> ColumnElement[bool]:
    return OneTimeCode.asked_by.contains([browser.mark or b""])


def _holders(challenge_id: uuid.UUID, browser: Browser) -> list[bytes]:
    """Every browser that may answer the challenge's next code: those of the last one, and this."""
    before = db.session.scalar(
        select(OneTimeCode.asked_by)
        .where(OneTimeCode.challenge_id == challenge_id)
        .order_by(OneTimeCode.created_at.desc())
        .limit(1)
    )
    known = [bytes(mark) for mark in before or ()]
    return known if browser.mark is None or browser.mark in known else [*known, browser.mark]


def _replace(now: datetime, *which: ColumnElement[bool]) -> None:
    db.session.execute(
        update(OneTimeCode)
        .where(*which, OneTimeCode.replaced_at.is_(None), OneTimeCode.used_at.is_(None))
        .values(replaced_at=now)
    )


def _same_owner(to: Recipient) -> ColumnElement[bool]:
    if to.account_id is not None:
        return OneTimeCode.account_id == to.account_id
    return (OneTimeCode.email == to.email) & OneTimeCode.account_id.is_(None)


def _why_dead(code_id: uuid.UUID, now: datetime) -> Refusal:
    """Too many wrong codes today is the one reason for which a new code would not help."""
    row = db.session.get(OneTimeCode, code_id, populate_existing=True)
    is_alive = row is not None and row.used_at is None and row.replaced_at is None and row.expires_at > now
    if row is not None and is_alive and row.tries < CODE_TRIES:
        return TooManyWrongCodes(retry_after=int(_DAY.total_seconds()))
    return CodeDead()


def message_key(code_id: uuid.UUID) -> str:
    """The outbox's key of the message that carries a code."""
    return f"email_code:{code_id}"


def _send(row: OneTimeCode, code: str, language: str, now: datetime) -> None:
    db.session.flush()
    outbox.add(
        "email_code",
        row.id,
        dedupe_key=message_key(row.id),
        payload={"purpose": row.purpose, "language": language, "account_id": str(row.account_id)},
        secret=code,
        now=now,
    )
