"""A mistyped address can be put right before it is verified; the details stay as they were typed."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.foundation.database import db
from mpaspor.foundation.deeds import deed
from mpaspor.people import codes, steps, throttle
from mpaspor.people.models import Account
from mpaspor.people.refusals import NoChallenge
from mpaspor.people.rules import CODES_PER_NETWORK, CodePurpose


def correct_email(challenge_id: uuid.UUID, email: str, *, address: str | None, now: datetime) -> uuid.UUID:
    """Give the waiting account another address and send the code there; returns the new challenge.

    Raises `NoChallenge` once the account is verified, and as `codes.issue`.
    """
    throttle.require_network(CODES_PER_NETWORK, address, now=now)
    return _record(challenge_id, email, now=now)


@deed
def _record(challenge_id: uuid.UUID, email: str, *, now: datetime) -> uuid.UUID:
    row = codes.current(challenge_id, CodePurpose.VERIFY)
    account = db.session.scalar(
        select(Account)
        .where(Account.id == (row.account_id if row else None), Account.email_verified_at.is_(None))
        .with_for_update(key_share=True)
    )
    if account is None:
        raise NoChallenge()
    account.email = email
    db.session.flush()
    return steps.ask_for_proof(account, now=now)
