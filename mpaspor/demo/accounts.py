"""An account whose address needs no proof: for the command line, which makes demo people and crowds."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.people import queries
from mpaspor.people.passwords import hash_password
from mpaspor.people.refusals import AddressTaken
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.let_in import let_in
from mpaspor.people.sign_up import NewAccount, new_row


def adopt_account(details: NewAccount, password: str, *, now: datetime) -> uuid.UUID:
    """Make a verified account; returns its id. Raises `AddressTaken`."""
    return record_account(details, hash_password(password), now=now)


@operation
def admit(account_id: uuid.UUID, *, device_name: str, now: datetime) -> str:
    """Let a browser in without asking, and return the token for its session cookie."""
    return let_in(Browser(name=device_name), account_id=account_id, now=now).sign_in_token


@operation
def record_account(details: NewAccount, password_hash: str, *, now: datetime) -> uuid.UUID:
    """The same with a password that was hashed before, once for a whole crowd. Raises `AddressTaken`."""
    if queries.verified_owner(details.email) is not None:
        raise AddressTaken()
    account = new_row(details, password_hash, now)
    account.email_verified_at = now
    db.session.add(account)
    return account.id
