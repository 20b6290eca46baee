"""A new password by somebody who knows the current one."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.foundation import outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.people import queries
from mpaspor.people.models import Account, SignIn
from mpaspor.people.passwords import hash_password, is_right, weakness
from mpaspor.people.refusals import WeakPassword, WrongPassword
from mpaspor.people.rules import PASSWORD_CHANGES, CodePurpose
from mpaspor.people.sign_in import codes, throttle
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.end_sign_ins import end_all
from mpaspor.people.sign_in.let_in import NewSignIn, let_in


def change_password(
    account_id: uuid.UUID, current: str, new: str, *, sign_in_id: uuid.UUID, browser: Browser, now: datetime
) -> NewSignIn:
    """Change it, end every sign-in and give this browser a new one; other devices prove themselves again.

    The owner is told by e-mail: if it was not the owner, that is how they learn of it.

    Raises `WrongPassword`, `WeakPassword`, `TooFast`.
    """
    throttle.require(PASSWORD_CHANGES, str(account_id), now=now)
    account = queries.account(account_id)
    if account is None or not is_right(account.password_hash, current):
        raise WrongPassword()
    found = weakness(new, (account.full_name, account.email, account.phone))
    if found is not None:
        raise WeakPassword(found)
    return _record(account_id, hash_password(new), sign_in_id=sign_in_id, browser=browser, now=now)


@operation
def _record(
    account_id: uuid.UUID, password_hash: str, *, sign_in_id: uuid.UUID, browser: Browser, now: datetime
) -> NewSignIn:
    account = db.session.get_one(Account, account_id)
    account.password_hash = password_hash
    end_all(account_id=account_id, now=now, but=sign_in_id)
    db.session.get_one(SignIn, sign_in_id).revoked_at = now
    codes.replace_all(account_id, CodePurpose.RESET, CodePurpose.SIGN_IN, now=now)
    entered = let_in(browser, account_id=account_id, now=now)
    tell_password_changed(account, entered, was_reset=False, now=now)
    return entered


@in_operation
def tell_password_changed(account: Account, entered: NewSignIn, *, was_reset: bool, now: datetime) -> None:
    """Queue the message by which an owner notices a change that somebody else made."""
    outbox.add(
        "password_changed",
        entered.sign_in_id,
        dedupe_key=f"password_changed:{entered.sign_in_id}",
        payload={"account_id": str(account.id), "language": account.language, "was_reset": was_reset},
        now=now,
    )
