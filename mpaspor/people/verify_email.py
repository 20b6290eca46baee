"""The code from the mailbox: the address is proved and the browser is let in, at once or not at all."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import update

from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.refusals import Refusal
from mpaspor.people import code_gate, queries, steps
from mpaspor.people.browsers import Browser
from mpaspor.people.models import Account, OneTimeCode
from mpaspor.people.refusals import AddressTaken, CodeDead
from mpaspor.people.rules import CodePurpose
from mpaspor.people.steps import Entered


def verify_email(challenge_id: uuid.UUID, code: str, *, browser: Browser, now: datetime) -> Entered:
    """Prove the address of a new account.

    Raises `WrongCode`, `CodeDead`, `TooManyWrongCodes`, `CodesSlowed`, `AddressTaken`.
    """
    return code_gate.answer(
        CodePurpose.VERIFY,
        lambda: _answer(challenge_id, code, browser=browser, now=now),
        browser=browser,
        now=now,
    )


@operation
def _answer(challenge_id: uuid.UUID, code: str, *, browser: Browser, now: datetime) -> Entered | Refusal:
    return steps.enter_with_code(
        challenge_id,
        CodePurpose.VERIFY,
        code,
        browser=browser,
        now=now,
        proved=lambda row: prove_address(row, now=now),
    )


@in_operation
def prove_address(row: OneTimeCode, *, now: datetime) -> Refusal | None:
    """The code's account owns the code's address from now on, unless another one was first.

    The address is locked by the code that was tried; the unique index is the last wall.
    """
    owner = queries.verified_owner(row.email)
    if owner is not None:
        return None if owner.id == row.account_id else AddressTaken()
    proved = db.session.execute(
        update(Account)
        .where(Account.id == row.account_id, Account.email == row.email, Account.email_verified_at.is_(None))
        .values(email_verified_at=now)
        .returning(Account.id)
    ).scalar_one_or_none()
    # Nothing proved: the account has another address by now, and the code went to the old one.
    return None if proved is not None else CodeDead()
