"""Withdraw a paid application: the place goes back to the pool, the state keeps its fee (DOMAIN §8.3)."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.applications import transitions as cases
from mpaspor.applications.rules import CaseState
from mpaspor.booking import transitions as places
from mpaspor.booking.rules import LIVE, BookingState
from mpaspor.foundation import events, outbox
from mpaspor.foundation.operations import operation

WITHDRAWABLE = frozenset({CaseState.SCHEDULED, CaseState.AWAITING_PLACE})


@operation
def withdraw(account_id: uuid.UUID, code: str, *, now: datetime) -> str:
    """End a paid case at its owner's wish. Raises `NotFound`, `StateChanged` (after check-in, for one)."""
    case = cases.take_mine(account_id, code, WITHDRAWABLE)
    had_place = case.state == CaseState.SCHEDULED
    actor = events.applicant(account_id)
    cases.must_move(case.id, WITHDRAWABLE, CaseState.WITHDRAWN, actor=actor, now=now)
    facts = {"had_place": had_place}
    outbox.about_case("withdrawn", case.id, dedupe_key=f"withdrawn:{case.id}", payload=facts, now=now)
    places.move(case.id, set(LIVE), BookingState.CANCELLED, actor=actor, now=now)
    return code
