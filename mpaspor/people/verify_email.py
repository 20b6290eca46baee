"""The code from the mailbox: the address is proved and the browser is let in, at once or not at all."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import update

from mpaspor.foundation import outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.people import queries
from mpaspor.people.models import Account, OneTimeCode
from mpaspor.people.refusals import AddressTaken, CodeDead
from mpaspor.people.rules import CodePurpose
from mpaspor.people.sign_in import code_gate, codes
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.let_in import NewSignIn, enter_with_code


def verify_email(challenge_id: uuid.UUID, code: str, *, browser: Browser, now: datetime) -> NewSignIn:
    """Prove the address of a new account.

    Raises `WrongCode`, `CodeDead`, `TooManyWrongCodes`, `CodesSlowed`, `AddressTaken`.
    """
    return code_gate.answer(
        lambda: _answer(challenge_id, code, browser=browser, now=now),
        browser=browser,
        now=now,
    )


@operation
def _answer(challenge_id: uuid.UUID, code: str, *, browser: Browser, now: datetime) -> NewSignIn:
    return enter_with_code(
        challenge_id,
        CodePurpose.VERIFY,
        code,
        browser=browser,
        now=now,
        proved=lambda row: prove_address(row, now=now),
    )


@in_operation
def prove_address(row: OneTimeCode, *, now: datetime) -> None:
    """The code's account owns the code's address from now on, unless another one was first.

    The address is locked by the code that was tried; the unique index is the last wall. Raises
    `AddressTaken`, `CodeDead`.
    """
    owner = queries.verified_owner(row.email)
    if owner is not None:
        if owner.id != row.account_id:
            raise AddressTaken()
        return
    proved = db.session.execute(
        update(Account)
        .where(Account.id == row.account_id, Account.email == row.email, Account.email_verified_at.is_(None))
        .values(email_verified_at=now)
        .returning(Account.id)
    ).scalar_one_or_none()
    if proved is None:  # the account has another address by now, and the code went to the old one
        raise CodeDead()


@in_operation
def ask_for_proof(
    account: Account, *, browser: Browser, now: datetime, challenge_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Send a code to the account's unverified address; returns the challenge.

    If the address is another account's, that one is told instead, once a day at most, and nothing else
    differs: who signs up must not learn who has an account. Raises as `codes.issue`.
    """
    codes.lock_address(account.email)
    owner = queries.verified_owner(account.email)
    to = codes.Recipient(account.email, account.language, account_id=account.id)
    asked = codes.issue(
        to, CodePurpose.VERIFY, browser=browser, challenge_id=challenge_id, now=now, sent=owner is None
    )
    if owner is not None:
        outbox.add(
            "account_exists",
            owner.id,
            dedupe_key=queries.account_exists_key(owner.id, now),
            payload={"account_id": str(owner.id), "language": owner.language},
            now=now,
        )
    return asked
