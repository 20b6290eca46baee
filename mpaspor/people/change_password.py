"""A new password by somebody who knows the current one."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.people import codes, queries, steps, throttle
from mpaspor.people.browsers import Browser
from mpaspor.people.models import Account, SignIn
from mpaspor.people.passwords import hash_password, is_right, weakness
from mpaspor.people.refusals import WeakPassword, WrongPassword
from mpaspor.people.rules import PASSWORD_CHANGES, CodePurpose
from mpaspor.people.steps import Entered


def change_password(
    account_id: uuid.UUID, current: str, new: str, *, sign_in_id: uuid.UUID, browser: Browser, now: datetime
) -> Entered:
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
) -> Entered:
    account = db.session.get_one(Account, account_id)
    account.password_hash = password_hash
    steps.end_all(account_id=account_id, now=now, but=sign_in_id)
    db.session.get_one(SignIn, sign_in_id).revoked_at = now
    codes.replace_all(account_id, CodePurpose.RESET, CodePurpose.SIGN_IN, now=now)
    entered = steps.let_in(browser, account_id=account_id, now=now)
    steps.tell_password_changed(account, entered, was_reset=False, now=now)
    return entered
