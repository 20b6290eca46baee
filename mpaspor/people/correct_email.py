"""A mistyped address can be put right before it is verified; the details stay as they were typed."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.people import sign_up_limits
from mpaspor.people.models import Account
from mpaspor.people.refusals import NoChallenge
from mpaspor.people.rules import CodePurpose
from mpaspor.people.sign_in import code_gate, codes
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.verify_email import ask_for_proof


def correct_email(challenge_id: uuid.UUID, email: str, *, browser: Browser, now: datetime) -> None:
    """Give the waiting account another address and send the challenge's next code there.

    Raises `NoChallenge` once the account is verified, `DomainUsedOften`, and as `codes.issue`.
    """
    code_gate.may_ask(browser, now=now)
    sign_up_limits.require_domain(email, now=now)
    _record(challenge_id, email, browser=browser, now=now)


@operation
def _record(challenge_id: uuid.UUID, email: str, *, browser: Browser, now: datetime) -> None:
    row = codes.current(challenge_id, CodePurpose.VERIFY, browser)
    account = db.session.scalar(
        select(Account)
        .where(Account.id == (row.account_id if row else None), Account.email_verified_at.is_(None))
        .with_for_update(key_share=True)
    )
    if account is None:
        raise NoChallenge()
    account.email = email
    db.session.flush()
    codes.replace_all(account.id, CodePurpose.VERIFY, now=now)
    ask_for_proof(account, browser=browser, challenge_id=challenge_id, now=now)
