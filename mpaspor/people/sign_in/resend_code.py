"""The code did not come: send another one, which replaces it."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.people.models import Account
from mpaspor.people.refusals import NoChallenge
from mpaspor.people.rules import CodePurpose
from mpaspor.people.sign_in import code_gate, codes
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.verify_email import ask_for_proof


def resend_code(challenge_id: uuid.UUID, purpose: CodePurpose, *, browser: Browser, now: datetime) -> None:
    """Send a fresh code for the same challenge to the same address.

    Raises `CodeTooSoon` within a minute, `CodesSpent`, `NoChallenge` when this browser has nothing to be
    sent again.
    """
    code_gate.may_ask(browser, now=now)
    _send(challenge_id, purpose, browser=browser, now=now)


@operation
def _send(challenge_id: uuid.UUID, purpose: CodePurpose, *, browser: Browser, now: datetime) -> None:
    row = codes.current(challenge_id, purpose, browser)
    if row is None or row.used_at is not None:
        raise NoChallenge()
    account = db.session.get(Account, row.account_id) if row.account_id else None
    if account is not None and purpose is CodePurpose.VERIFY:
        if account.email_verified_at is not None:
            raise NoChallenge()
        ask_for_proof(account, browser=browser, challenge_id=challenge_id, now=now)
        return
    to = codes.Recipient(
        row.email,
        account.language if account is not None else "id",
        account_id=row.account_id,
    )
    codes.issue(to, purpose, browser=browser, challenge_id=challenge_id, now=now)
