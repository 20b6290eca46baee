"""Letting a browser in: after a right code, on a known device, or with a new password."""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select

from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.operations import in_operation
from mpaspor.foundation.refusals import Refusal
from mpaspor.people.models import KnownDevice, OneTimeCode, SignIn
from mpaspor.people.rules import DEVICE_LIFE, CodePurpose
from mpaspor.people.sign_in import codes, known_devices
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.signed_in import TOKEN_PURPOSE

log = structlog.get_logger()


@dataclass(frozen=True)
class NewSignIn:
    """A browser that is let in: its sign-in and the token of it, and its device cookie if that is new."""

    sign_in_id: uuid.UUID
    sign_in_token: str
    device_token: str | None


@in_operation
def enter_with_code(
    challenge_id: uuid.UUID,
    purpose: CodePurpose,
    code: str,
    *,
    browser: Browser,
    now: datetime,
    proved: Callable[[OneTimeCode], object],
) -> NewSignIn:
    """Let the browser in if the code is right; `proved` does what the proof is for, or refuses.

    The twin of a double tap (same form, same right code) gets the sign-in of the first. Raises as
    `codes.try_code`, and as `proved`.
    """
    try:
        row = codes.try_code(challenge_id, purpose, code, browser=browser, now=now)
    except Refusal:
        twin = _twin(challenge_id, purpose, code, browser, now)
        if twin is None:
            raise
        return twin
    proved(row)
    return let_in(browser, now=now, account_id=row.account_id, code_id=row.id)


@in_operation
def let_in(
    browser: Browser,
    *,
    now: datetime,
    account_id: uuid.UUID | None = None,
    staff_id: uuid.UUID | None = None,
    code_id: uuid.UUID | None = None,
    challenge_id: uuid.UUID | None = None,
) -> NewSignIn:
    """Write the sign-in of this browser, and remember the device if a code or factor was just shown."""
    shown = code_id or challenge_id
    token = _token(shown, browser.form_key, "token.sign_in")
    known = known_devices.find(browser.device_token, account_id=account_id, staff_id=staff_id, now=now)
    cookie = None
    if shown and known is None and not browser.is_shared:
        fresh = _token(shown, browser.form_key, "token.device")
        known = KnownDevice(
            id=uuid7(),
            account_id=account_id,
            staff_id=staff_id,
            token_hash=known_devices.token_hash(fresh),
            created_at=now,
            expires_at=now + DEVICE_LIFE,
        )
        db.session.add(known)
        db.session.flush()
        cookie = known_devices.with_token(browser.device_token, fresh)
    sign_in_id = uuid7()
    db.session.add(
        SignIn(
            id=sign_in_id,
            token_hash=lookup_hash(token, TOKEN_PURPOSE),
            audience="officer" if staff_id else "applicant",
            account_id=account_id,
            staff_id=staff_id,
            device_name=browser.name,
            is_shared_device=browser.is_shared,
            code_id=code_id,
            challenge_id=challenge_id,
            known_device_id=known.id if known is not None else None,
            created_at=now,
            last_seen_at=now,
            proved_at=now if challenge_id else None,
        )
    )
    log.info("signed_in", account_id=str(account_id or ""), staff_id=str(staff_id or ""))
    return NewSignIn(sign_in_id, token, cookie)


def _twin(
    challenge_id: uuid.UUID, purpose: CodePurpose, code: str, browser: Browser, now: datetime
) -> NewSignIn | None:
    used = codes.used_just_now(challenge_id, purpose, code, browser=browser, now=now)
    return twin_of(used.id, browser) if used is not None else None


@in_operation
def twin_of(shown: uuid.UUID, browser: Browser) -> NewSignIn | None:
    """What the first of two equal submissions got, for the code or challenge that both answered."""
    if not browser.form_key:
        return None
    token = _token(shown, browser.form_key, "token.sign_in")
    hashed = lookup_hash(token, TOKEN_PURPOSE)
    first = db.session.scalar(select(SignIn).where(SignIn.token_hash == hashed, SignIn.revoked_at.is_(None)))
    if first is None:
        return None
    fresh = None
    if first.known_device_id is not None and not browser.is_shared:
        device = _token(shown, browser.form_key, "token.device")
        fresh = known_devices.with_token(browser.device_token, device)
    return NewSignIn(first.id, token, fresh)


def _token(shown: uuid.UUID | None, form_key: str | None, purpose: str) -> str:
    """A token of 256 bits.

    After a code or factor it is derived from the row that was answered and the one-time key of the form (96
    random bits) under our key, so that the twin of a double tap can be given the same one although only its
    hash is stored.
    """
    if shown is None or not form_key:
        return secrets.token_urlsafe(32)
    return base64.urlsafe_b64encode(lookup_hash(f"{shown}|{form_key}", purpose)).rstrip(b"=").decode()
