"""The code did not come: send another one, which replaces it."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.foundation.database import db
from mpaspor.foundation.deeds import deed
from mpaspor.people import codes, steps, throttle
from mpaspor.people.models import Account
from mpaspor.people.refusals import NoChallenge
from mpaspor.people.rules import CODES_PER_NETWORK, CodePurpose


def resend_code(
    challenge_id: uuid.UUID, purpose: CodePurpose, *, address: str | None, now: datetime
) -> uuid.UUID:
    """Send a fresh code to the same address; returns the new challenge.

    Raises `CodeTooSoon` within a minute, `CodesSpent` after ten in a day, `NoChallenge` when there is
    nothing to send again.
    """
    throttle.require_network(CODES_PER_NETWORK, address, now=now)
    return _send(challenge_id, purpose, now=now)


@deed
def _send(challenge_id: uuid.UUID, purpose: CodePurpose, *, now: datetime) -> uuid.UUID:
    row = codes.current(challenge_id, purpose)
    if row is None or row.used_at is not None:
        raise NoChallenge()
    account = db.session.get(Account, row.account_id) if row.account_id else None
    if account is not None and purpose is CodePurpose.VERIFY:
        if account.email_verified_at is not None:
            raise NoChallenge()
        return steps.ask_for_proof(account, now=now)
    to = codes.Recipient(
        row.email,
        account.language if account is not None else "id",
        account_id=row.account_id,
        staff_id=row.staff_id,
    )
    return codes.issue(to, purpose, now=now)
