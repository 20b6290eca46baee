"""Somebody who has paid and lost their hour takes another: it costs nothing (STATES §1)."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.applications import transitions as cases
from mpaspor.applications.rules import CaseState
from mpaspor.billing.seat_paid import send_visit_letter
from mpaspor.booking import reseatings
from mpaspor.booking import transitions as places
from mpaspor.booking.rules import ReseatingEnd
from mpaspor.booking.transitions import SlotFull
from mpaspor.foundation import events
from mpaspor.foundation.operations import answer_early, operation
from mpaspor.foundation.refusals import StateChanged
from mpaspor.offices import queries as offices


@operation
def take_place(account_id: uuid.UUID, code: str, slot_id: uuid.UUID, *, now: datetime) -> str:
    """Confirm a place for a paid case that has none; returns the code.

    Raises `SlotFull`, `NotFound`, `StateChanged`.
    """
    case = cases.take_mine(account_id, code, {CaseState.AWAITING_PLACE})
    office = offices.office_by_id(case.office_id)
    if office is None:
        raise StateChanged()
    actor = events.applicant(account_id)
    cases.must_move(case.id, {CaseState.AWAITING_PLACE}, CaseState.SCHEDULED, actor=actor, now=now)
    reseatings.end(case.id, ReseatingEnd.CHOSEN, now=now)
    send_visit_letter(case.id, slot_id, now=now)
    answer_early(code)
    if not places.take_instead(case, slot_id, office, held_until=None, actor=actor, now=now):
        raise SlotFull(slot_id=slot_id)
    return code
