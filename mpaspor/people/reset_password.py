"""A forgotten password: a code to the address, then a new password, and every old sign-in ends."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.people import queries
from mpaspor.people.change_password import tell_password_changed
from mpaspor.people.models import Account, OneTimeCode
from mpaspor.people.passwords import hash_password, weakness
from mpaspor.people.refusals import CodeDead, WeakPassword
from mpaspor.people.rules import CODE_RESEND_AFTER, CodePurpose
from mpaspor.people.sign_in import code_gate, codes
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.end_sign_ins import end_all
from mpaspor.people.sign_in.let_in import NewSignIn, enter_with_code
from mpaspor.people.verify_email import prove_address


def ask_reset(email: str, *, browser: Browser, now: datetime) -> uuid.UUID:
    """Send a reset code if somebody has this address; returns this browser's challenge in any case.

    Raises `CodeTooSoon` and `CodesSpent`, whether anybody has it or not.
    """
    code_gate.may_ask(browser, now=now)
    return _ask(email, browser=browser, now=now)


def reset_password(
    challenge_id: uuid.UUID, code: str, password: str, *, browser: Browser, now: datetime
) -> NewSignIn:
    """Set a new password by the code. Every other sign-in ends, every other device is forgotten.

    Raises `WeakPassword` (nothing is counted), `WrongCode`, `CodeDead`, `TooManyWrongCodes`,
    `CodesSlowed`, `AddressTaken`.
    """
    asked = queries.challenge(challenge_id, CodePurpose.RESET, browser=browser, now=now)
    found = weakness(password, (asked.email,) if asked else ())
    if found is not None:
        raise WeakPassword(found)
    hashed = hash_password(password)
    return code_gate.answer(
        lambda: _answer(challenge_id, code, password, hashed, browser=browser, now=now),
        browser=browser,
        now=now,
    )


@operation
def _ask(email: str, *, browser: Browser, now: datetime) -> uuid.UUID:
    account = queries.account_for(email)
    to = codes.Recipient(
        email, account.language if account else "id", account_id=account.id if account else None
    )
    just_sent = codes.pending(to, CodePurpose.RESET, browser=browser, now=now, within=CODE_RESEND_AFTER)
    return just_sent or codes.issue(to, CodePurpose.RESET, browser=browser, now=now)


@operation
def _answer(
    challenge_id: uuid.UUID, code: str, password: str, password_hash: str, *, browser: Browser, now: datetime
) -> NewSignIn:
    owner: list[Account] = []

    def proved(row: OneTimeCode) -> None:
        account = db.session.get(Account, row.account_id)
        if account is None or account.email != row.email:
            raise CodeDead()
        found = weakness(password, (account.full_name, account.phone))
        if found is not None:
            raise WeakPassword(found)  # it counts for nothing: the right code stays good for another password
        prove_address(row, now=now)
        account.password_hash = password_hash
        end_all(account_id=account.id, now=now)
        codes.replace_all(account.id, CodePurpose.RESET, CodePurpose.SIGN_IN, now=now)
        owner.append(account)

    entered = enter_with_code(challenge_id, CodePurpose.RESET, code, browser=browser, now=now, proved=proved)
    for account in owner:
        tell_password_changed(account, entered, was_reset=True, now=now)
    return entered
