"""Somebody whom the door registered has paid, and the hour is gone: the door gives another of today."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.applications import transitions as cases
from mpaspor.applications import walk_ins
from mpaspor.applications.rules import CaseState
from mpaspor.billing.seat_paid import send_visit_letter
from mpaspor.booking import reseatings
from mpaspor.booking import transitions as places
from mpaspor.booking.rules import BookingState, ReseatingEnd
from mpaspor.desk import acting
from mpaspor.desk.refusals import NoPlaceToday, NotExpected
from mpaspor.foundation.operations import operation
from mpaspor.offices import queries as offices

_FROM, _TO = CaseState.AWAITING_PLACE, CaseState.SCHEDULED


@operation
def seat_walk_in(staff_id: uuid.UUID, code: str, *, now: datetime) -> str:
    """Confirm a priority place of today for a paid case of the door that has none; returns the code.

    Who has an account may choose an hour at home as well; who has none stands here. Raises `NoPlaceToday`,
    `NotExpected` (the door did not register it), `Unpaid`, `NotYourStep`, `StateChanged`, `OwnCase`,
    `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.moving(_FROM, _TO)
    case = acting.take(officer, code, {_FROM}, whoever_holds=True)
    programme = offices.programme_by_code(offices.PRIORITY)
    if walk_ins.walk_in_of(case.id) is None or programme is None:
        raise NotExpected(code=code)
    acting.require_paid(case)
    case.programme_id = programme.id  # a lapsed one had left the priority hours
    cases.must_move(case.id, {_FROM}, _TO, actor=actor, now=now)
    reseatings.end(case.id, ReseatingEnd.CHOSEN, now=now)
    places.move(case.id, {BookingState.HELD}, BookingState.CANCELLED, actor=actor, now=now, is_offer=True)
    hour = places.claim_today(case, acting.office_of(case), held_until=None, now=now)
    if hour is None:
        raise NoPlaceToday()
    send_visit_letter(case.id, hour, now=now)
    return code
