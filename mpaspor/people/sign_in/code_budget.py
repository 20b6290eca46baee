"""How many codes an address is sent: enough for its owner, few for whoever asks in the owner's name.

The counts are taken while the address is locked, so that codes asked for at once are counted one by one.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation
from mpaspor.people.models import OneTimeCode
from mpaspor.people.refusals import CodesSpent, CodeTooSoon
from mpaspor.people.rules import (
    AFTER_PASSWORD,
    CODES_A_DAY,
    CODES_A_DAY_FOR_STRANGERS,
    CodePurpose,
    wait_for_next_code,
)
from mpaspor.people.sign_in import known_devices
from mpaspor.people.sign_in.browsers import Browser

_DAY = timedelta(days=1)


@in_operation
def require(
    email: str,
    purpose: CodePurpose,
    *,
    browser: Browser,
    account_id: uuid.UUID | None,
    challenge_id: uuid.UUID | None,
    now: datetime,
) -> uuid.UUID | None:
    """Let one more code go to the address; returns the known device that asks, if it is one.

    A device that has proved the address before has a budget that nobody else can use up. Raises
    `CodeTooSoon` within a minute of the last code, `CodesSpent` when the day's codes are used up.
    """
    device = known_devices.find(browser.device_token, account_id=account_id, now=now)
    today = (
        OneTimeCode.email == email,
        OneTimeCode.purpose == purpose,
        OneTimeCode.created_at > now - _DAY,
    )
    if device is not None:
        _within(CODES_A_DAY, now, (*today, OneTimeCode.known_device_id == device.id))
    else:
        strangers = (*today, OneTimeCode.known_device_id.is_(None))
        here = OneTimeCode.asked_from.is_not_distinct_from(browser.network)
        _within(CODES_A_DAY, now, (*strangers, here))
        _within(CODES_A_DAY_FOR_STRANGERS, now, strangers)
    same = [OneTimeCode.challenge_id == challenge_id, OneTimeCode.asked_by.contains([browser.mark or b""])]
    if purpose not in AFTER_PASSWORD and device is None:
        same.append(OneTimeCode.asked_from.is_not_distinct_from(browser.network))
    last = db.session.scalar(select(func.max(OneTimeCode.created_at)).where(*today, or_(*same)))
    if wait := wait_for_next_code(last, now):
        raise CodeTooSoon(retry_after=wait)
    return device.id if device is not None else None


def _within(allowed: int, now: datetime, which: Sequence[ColumnElement[bool]]) -> None:
    count, first = db.session.execute(
        select(func.count(), func.min(OneTimeCode.created_at)).where(*which)
    ).one()
    if count >= allowed:
        wait = int((first + _DAY - now).total_seconds()) + 1
        raise CodesSpent(retry_after=wait, count=count)
