"""Sign in: the password, then a code by e-mail unless this device is known."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.people import queries
from mpaspor.people.models import Account
from mpaspor.people.refusals import WrongCredentials
from mpaspor.people.rules import CODE_RESEND_AFTER, CodePurpose
from mpaspor.people.sign_in import code_gate, codes, known_devices
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.let_in import NewSignIn, enter_with_code, let_in
from mpaspor.people.sign_in.password_gate import check_password
from mpaspor.people.verify_email import ask_for_proof


@dataclass(frozen=True)
class CodeAsked:
    """The password was right; now a code is wanted."""

    challenge_id: uuid.UUID
    purpose: CodePurpose


def sign_in(email: str, password: str, *, browser: Browser, now: datetime) -> NewSignIn | CodeAsked:
    """Check the password and let a known device in; anything else gets a code to answer.

    An account whose address is not proved yet is led back to its pending code. Raises
    `WrongCredentials`, `SignInSlowed`, `CodeTooSoon`, `CodesSpent`.
    """
    account = queries.account_for(email)
    device = known_devices.find(browser.device_token, account_id=account.id if account else None, now=now)
    check_password(
        account.password_hash if account else None,
        password,
        subject=email,
        known_device=str(device.id) if device else None,
        address=browser.address,
        now=now,
    )
    if account is None:  # unreachable while nobody's password is never right
        raise WrongCredentials()
    return _proceed(account.id, browser=browser, now=now)


def enter_with_sign_in_code(
    challenge_id: uuid.UUID, code: str, *, browser: Browser, now: datetime
) -> NewSignIn:
    """The second half, on a new device.

    Raises `WrongCode`, `CodeDead`, `TooManyWrongCodes`, `CodesSlowed`.
    """
    return code_gate.answer(
        lambda: _answer(challenge_id, code, browser=browser, now=now),
        browser=browser,
        now=now,
    )


@operation
def _proceed(account_id: uuid.UUID, *, browser: Browser, now: datetime) -> NewSignIn | CodeAsked:
    account = db.session.get_one(Account, account_id)
    to = codes.Recipient(account.email, account.language, account_id=account.id)
    if account.email_verified_at is None:
        # The code in the mailbox stays the right one: whoever knows the password may type it here too.
        waiting = codes.pending(to, CodePurpose.VERIFY, now=now)
        if waiting is not None:
            return CodeAsked(codes.share(waiting, browser), CodePurpose.VERIFY)
        return CodeAsked(ask_for_proof(account, browser=browser, now=now), CodePurpose.VERIFY)
    if known_devices.find(browser.device_token, account_id=account.id, now=now) is not None:
        return let_in(browser, account_id=account.id, now=now)
    just_sent = codes.pending(to, CodePurpose.SIGN_IN, browser=browser, now=now, within=CODE_RESEND_AFTER)
    asked = just_sent or codes.issue(to, CodePurpose.SIGN_IN, browser=browser, now=now)
    return CodeAsked(asked, CodePurpose.SIGN_IN)


@operation
def _answer(challenge_id: uuid.UUID, code: str, *, browser: Browser, now: datetime) -> NewSignIn:
    return enter_with_code(
        challenge_id, CodePurpose.SIGN_IN, code, browser=browser, now=now, proved=lambda _row: None
    )
