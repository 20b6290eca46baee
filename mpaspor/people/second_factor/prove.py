"""The second factor is shown: a code of the app, once, or one of the codes on paper, once."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update

from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation
from mpaspor.people.models import StaffTotp
from mpaspor.people.refusals import CodeUsed, FactorLocked, NoSecondFactor, WrongCode
from mpaspor.people.rules import WRONG_TRIES_A_DAY
from mpaspor.people.second_factor import recovery_codes, totp
from mpaspor.people.second_factor.notices import Notice, record, tell

_DAY = timedelta(days=1)


class By(StrEnum):
    """By what an officer proved to be who they are."""

    APP = "app"
    PAPER = "paper"


@in_operation
def prove(staff_id: uuid.UUID, typed: str, *, now: datetime) -> By:
    """Take the code, or count it as wrong; tries at the same moment wait for each other.

    Raises `WrongCode` (counted), `CodeUsed`, `FactorLocked` after ten wrong ones in a day, `NoSecondFactor`.
    """
    own = select(StaffTotp).where(StaffTotp.staff_id == staff_id)
    row = db.session.scalar(own.with_for_update(key_share=True))
    if row is None:
        raise NoSecondFactor()
    if row.wrong_since is None or now - row.wrong_since >= _DAY:
        row.wrong_tries, row.wrong_since = 0, None
    elif row.wrong_tries >= WRONG_TRIES_A_DAY:
        raise FactorLocked(retry_after=_wait(row.wrong_since, now))
    secret = totp.unseal(row.secret, staff_id)
    step = totp.matching_step(secret, typed, after=row.last_step, now=now)
    if step is not None:
        use_step(staff_id, step)
        return By.APP
    if recovery_codes.looks_like_one(typed) and recovery_codes.use(staff_id, typed, now=now):
        _note_paper(staff_id, now)
        return By.PAPER
    row.wrong_tries += 1
    row.wrong_since = row.wrong_since or now
    left = WRONG_TRIES_A_DAY - row.wrong_tries
    raise WrongCode(left=left) if left else FactorLocked(left=0, retry_after=_wait(row.wrong_since, now))


@in_operation
def use_step(staff_id: uuid.UUID, step: int) -> None:
    """Use up one step's code, and all before it. Raises `CodeUsed`."""
    taken = db.session.execute(
        update(StaffTotp)
        .where(StaffTotp.staff_id == staff_id, StaffTotp.last_step < step)
        .values(last_step=step)
        .returning(StaffTotp.staff_id)
        .execution_options(synchronize_session=False)
    )
    if taken.scalar_one_or_none() is None:
        raise CodeUsed()


def _note_paper(staff_id: uuid.UUID, now: datetime) -> None:
    """A code of the paper is used seldom: the officer is told, and the record knows."""
    record("recovery_code_used", staff_id, now=now)
    left = recovery_codes.left(staff_id)
    tell(staff_id, Notice.RECOVERY_CODE_USED, once=f"{now.timestamp()}", now=now, left=left)


def _wait(since: datetime, now: datetime) -> int:
    return max(1, int((since + _DAY - now).total_seconds()))
