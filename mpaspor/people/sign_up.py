"""Sign up: details and password become an account that waits for the proof of its address."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.foundation.operations import operation
from mpaspor.people import sign_up_limits
from mpaspor.people.models import Account
from mpaspor.people.passwords import hash_password, weakness
from mpaspor.people.refusals import WeakPassword
from mpaspor.people.rules import TERMS_VERSION
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.verify_email import ask_for_proof


@dataclass(frozen=True)
class NewAccount:
    """What a person tells about themselves; `email` and `phone` in the forms of `people.contact`."""

    full_name: str
    birth_on: date
    gender: str
    email: str
    phone: str
    language: str = "id"

    @property
    def own_words(self) -> tuple[str, ...]:
        """What must not be the password."""
        return (self.full_name, self.email, self.phone)


def sign_up(
    details: NewAccount, password: str, *, browser: Browser, key: OneTimeKey | None = None, now: datetime
) -> uuid.UUID:
    """Make the account and send its code; returns the challenge to answer.

    The answer is the same when the address already belongs to an account; its owner gets a letter that
    says so. Raises `WeakPassword`, `TooFast`, `CodeTooSoon`, `CodesSpent`.
    """
    found = weakness(password, details.own_words)
    if found is not None:
        raise WeakPassword(found)
    sign_up_limits.require(details.email, details.phone, browser=browser, now=now)
    answer = _record.once(key, details, hash_password(password), browser=browser, now=now)
    return uuid.UUID(answer["challenge"])


def new_row(details: NewAccount, password_hash: str, now: datetime) -> Account:
    """The row of a new account."""
    return Account(
        id=uuid7(),
        full_name=details.full_name,
        birth_on=details.birth_on,
        gender=details.gender,
        email=details.email,
        phone=details.phone,
        password_hash=password_hash,
        language=details.language,
        terms_version=TERMS_VERSION,
        created_at=now,
    )


@operation
def _record(details: NewAccount, password_hash: str, *, browser: Browser, now: datetime) -> dict[str, str]:
    account = new_row(details, password_hash, now)
    db.session.add(account)
    db.session.flush()
    return {"challenge": str(ask_for_proof(account, browser=browser, now=now))}
