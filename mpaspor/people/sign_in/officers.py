"""Officers sign in with password and second factor, everywhere; a mailbox is none (DOMAIN §11.4)."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.people import queries
from mpaspor.people.models import SignIn, Staff, StaffChallenge, StaffTotp
from mpaspor.people.refusals import ChallengeOver, CodeUsed, NoSecondFactor, WrongCredentials
from mpaspor.people.rules import CHALLENGE_LIFE, OFFICER_CODES, OFFICER_PASSWORDS, ChallengePurpose
from mpaspor.people.second_factor.prove import prove
from mpaspor.people.sign_in import code_gate, known_devices
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.let_in import NewSignIn, let_in, twin_of
from mpaspor.people.sign_in.password_gate import check_password
from mpaspor.people.sign_in.signed_in import take_officers

_KEPT, _LOOKED_AT = timedelta(days=2), timedelta(days=30)
_DOUBLE_TAP = timedelta(seconds=10)  # the code that this very sign-in was just proved with, once more


def check_staff_password(email: str, password: str, *, browser: Browser, now: datetime) -> uuid.UUID:
    """Check an officer's password; returns the challenge that asks this browser for the second factor.

    Raises `WrongCredentials`, `SignInSlowed`, `NoSecondFactor` (only to whoever knows the password).
    """
    staff = queries.staff_for(email)
    device = known_devices.find(browser.device_token, staff_id=staff.id if staff else None, now=now)
    check_password(
        staff.password_hash if staff else None,
        password,
        subject=f"staff:{email}",
        known_device=str(device.id) if device else None,
        address=browser.address,
        now=now,
        door=OFFICER_PASSWORDS,
    )
    if staff is None:  # unreachable while nobody's password is never right
        raise WrongCredentials()
    return _ask(staff.id, browser=browser, now=now)


def enter_with_factor(challenge_id: uuid.UUID, typed: str, *, browser: Browser, now: datetime) -> NewSignIn:
    """Let the officer in by a code of the app or of the paper.

    Raises `ChallengeOver`, `WrongCode`, `CodeUsed`, `FactorLocked`, `CodesSlowed`, `NoSecondFactor`.
    """
    return code_gate.answer(
        lambda: _answer(challenge_id, typed, browser=browser, now=now),
        browser=browser,
        now=now,
        door=OFFICER_CODES,
    )


def prove_again(sign_in_id: uuid.UUID, typed: str, *, browser: Browser, now: datetime) -> None:
    """Somebody who is signed in shows the second factor once more. Raises as `enter_with_factor`."""
    code_gate.answer(
        lambda: _prove_again(sign_in_id, typed, now=now), browser=browser, now=now, door=OFFICER_CODES
    )


def is_asked(challenge_id: uuid.UUID, *, browser: Browser, now: datetime) -> bool:
    """Whether this browser can still answer the challenge."""
    found = db.session.get(StaffChallenge, challenge_id)
    return (
        found is not None
        and found.purpose == ChallengePurpose.PASSWORD
        and found.used_at is None
        and now < found.expires_at
        and bytes(found.asked_by) == browser.mark
    )


@operation
def forget_old(*, now: datetime) -> None:
    """Drop questions that nobody can answer any more and that let nobody in (the worker's timed work).

    It runs each hour, so it looks at those of the last month: those that let somebody in stay for good.
    """
    db.session.execute(
        delete(StaffChallenge).where(
            StaffChallenge.expires_at.between(now - _LOOKED_AT, now - _KEPT),
            ~select(SignIn.id).where(SignIn.challenge_id == StaffChallenge.id).exists(),
        )
    )


@operation
def _ask(staff_id: uuid.UUID, *, browser: Browser, now: datetime) -> uuid.UUID:
    if db.session.get(StaffTotp, staff_id) is None:
        raise NoSecondFactor()
    row = StaffChallenge(
        id=uuid7(),
        purpose=ChallengePurpose.PASSWORD,
        staff_id=staff_id,
        asked_by=browser.mark or b"",
        created_at=now,
        expires_at=now + CHALLENGE_LIFE,
    )
    db.session.add(row)
    return row.id


@operation
def _answer(challenge_id: uuid.UUID, typed: str, *, browser: Browser, now: datetime) -> NewSignIn:
    asked = db.session.scalar(
        select(StaffChallenge)
        .join(Staff, Staff.id == StaffChallenge.staff_id)
        .where(
            StaffChallenge.id == challenge_id,
            StaffChallenge.purpose == ChallengePurpose.PASSWORD,
            StaffChallenge.asked_by == (browser.mark or b"-"),
            StaffChallenge.expires_at > now,
            Staff.dismissed_at.is_(None),
        )
        .with_for_update(key_share=True, of=StaffChallenge)
    )
    if asked is None or asked.staff_id is None:
        raise ChallengeOver()
    if asked.used_at is not None:
        twin = twin_of(asked.id, browser)
        if twin is None:
            raise ChallengeOver()
        return twin
    prove(asked.staff_id, typed, now=now)
    asked.used_at = now
    return let_in(browser, now=now, staff_id=asked.staff_id, challenge_id=asked.id)


@operation
def _prove_again(sign_in_id: uuid.UUID, typed: str, *, now: datetime) -> None:
    row, staff_id = take_officers(sign_in_id)
    try:
        prove(staff_id, typed, now=now)
    except CodeUsed:
        if row.proved_at is None or now - row.proved_at > _DOUBLE_TAP:
            raise
    row.proved_at = row.last_seen_at = now
