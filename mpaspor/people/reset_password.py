"""A forgotten password: a code to the address, then a new password, and every old sign-in ends."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.foundation.database import db
from mpaspor.foundation.deeds import deed
from mpaspor.foundation.refusals import Refusal
from mpaspor.people import codes, queries, steps, throttle
from mpaspor.people.models import Account, OneTimeCode
from mpaspor.people.passwords import hash_password, weakness
from mpaspor.people.refusals import CodeDead, WeakPassword
from mpaspor.people.rules import CODE_RESEND_AFTER, CODES_PER_NETWORK, CodePurpose
from mpaspor.people.steps import Browser, Entered
from mpaspor.people.verify_email import prove_address


def ask_reset(email: str, *, address: str | None, now: datetime) -> uuid.UUID:
    """Send a reset code if somebody has this address; returns a challenge in any case.

    Raises `CodesSpent` after ten in a day, whether anybody has it or not.
    """
    throttle.require_network(CODES_PER_NETWORK, address, now=now)
    return _ask(email, now=now)


def reset_password(
    challenge_id: uuid.UUID, code: str, password: str, *, browser: Browser, now: datetime
) -> Entered:
    """Set a new password by the code. Every other sign-in ends, every other device is forgotten.

    Raises `WeakPassword` (nothing is counted), `WrongCode`, `CodeDead`, `TooManyWrongCodes`, `AddressTaken`.
    """
    asked = queries.challenge(challenge_id, CodePurpose.RESET, now=now)
    found = weakness(password, (asked.email,) if asked else ())
    if found is not None:
        raise WeakPassword(found)
    outcome = _answer(challenge_id, code, password, hash_password(password), browser=browser, now=now)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


@deed
def _ask(email: str, *, now: datetime) -> uuid.UUID:
    account = queries.account_for(email)
    to = codes.Recipient(
        email, account.language if account else "id", account_id=account.id if account else None
    )
    just_sent = codes.pending(to, CodePurpose.RESET, now=now, within=CODE_RESEND_AFTER)
    return just_sent or codes.issue(to, CodePurpose.RESET, now=now)


@deed
def _answer(
    challenge_id: uuid.UUID, code: str, password: str, password_hash: str, *, browser: Browser, now: datetime
) -> Entered | Refusal:
    def proved(row: OneTimeCode) -> Refusal | None:
        account = db.session.get(Account, row.account_id)
        if account is None or account.email != row.email:
            return CodeDead()
        found = weakness(password, (account.full_name, account.phone))
        if found is not None:
            raise WeakPassword(found)  # raised, not returned: the right code stays good for another password
        refusal = prove_address(row, now=now)
        if refusal is None:
            account.password_hash = password_hash
            steps.end_all(account_id=account.id, now=now)
        return refusal

    return steps.enter_with_code(
        challenge_id, CodePurpose.RESET, code, browser=browser, now=now, proved=proved
    )
