"""Somebody whom the door registered takes the case over, into an account of their own."""

from __future__ import annotations

import hmac
import uuid
from datetime import date, datetime

from sqlalchemy import select, update

from mpaspor.applications.models import Application, WalkIn
from mpaspor.applications.refusals import NotClaimed
from mpaspor.applications.rules import CaseState
from mpaspor.applications.walk_in_rules import CLAIM_TRIES, NIK_DIGITS
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation

CLAIMED = "claimed"
# An unpaid one that lapsed is wiped soon, and whoever still wants a passport begins anew.
_NOBODYS = (CaseState.DRAFT, CaseState.DISCARDED)


@operation
def claim_walk_in(account_id: uuid.UUID, code: str, birth_on: date, nik_end: str, *, now: datetime) -> str:
    """Bind a case that has no account to this one, for good; returns its code, also when it was done before.

    The code is on the slip; birth date and the last digits of the NIK are known to the person. A code that
    is unknown, another's already, or locked by wrong answers is refused alike: `NotClaimed`. Wrong answers
    count for the case, whoever gives them, so a stranger with the code cannot try on.
    """
    found = db.session.execute(
        select(Application, WalkIn)
        .join(WalkIn, WalkIn.application_id == Application.id)
        .where(Application.code == code, Application.state.not_in(_NOBODYS))
        .with_for_update(key_share=True, of=(Application, WalkIn))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotClaimed()
    case, walk_in = found
    if case.account_id == account_id:
        return code
    if case.account_id is not None or walk_in.tries >= CLAIM_TRIES:
        raise NotClaimed()
    if case.birth_on != birth_on or not hmac.compare_digest(_end(case), nik_end.encode()):
        db.session.execute(
            update(WalkIn).where(WalkIn.application_id == case.id).values(tries=WalkIn.tries + 1)
        )
        raise NotClaimed(is_wrong=True)
    case.account_id, case.changed_at, walk_in.claimed_at = account_id, now, now
    events.record(
        CLAIMED,
        actor=events.applicant(account_id),
        now=now,
        application_id=case.id,
        office_id=case.office_id,
    )
    return code


def _end(case: Application) -> bytes:
    return (case.nik or "")[-NIK_DIGITS:].encode()
