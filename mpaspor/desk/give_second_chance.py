"""Somebody missed the visit: the office lets them pick another hour under the fee already paid."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.applications.rules import CaseState
from mpaspor.desk import acting
from mpaspor.foundation import outbox
from mpaspor.foundation.operations import operation


@operation
def give_second_chance(staff_id: uuid.UUID, code: str, *, reason: str, now: datetime) -> str:
    """Make a missed case wait for a place again (DOMAIN §8.4).

    Raises `ReasonNeeded`, `AnotherCaseLive`, `Unpaid`, `NotYourStep`, `StateChanged`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.moving(CaseState.MISSED, CaseState.AWAITING_PLACE)
    case = acting.take(officer, code, {CaseState.MISSED})
    words = acting.required(reason)
    acting.require_paid(case)
    acting.move(case, CaseState.AWAITING_PLACE, actor=actor, now=now, reason=words)
    dedupe = f"awaiting_place:{case.id}:{now:%Y%m%d%H%M%S}"
    outbox.about_case("awaiting_place", case.id, dedupe_key=dedupe, now=now)
    return code
