"""Whoever lost an hour through us says yes to the one that is held for them, or takes another unpaid one."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications import transitions as cases
from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.billing.models import Bill
from mpaspor.billing.seat_paid import send_visit_letter
from mpaspor.billing.transitions import the_open_bill
from mpaspor.booking import reseatings
from mpaspor.booking import transitions as places
from mpaspor.booking.models import Booking
from mpaspor.booking.reseatings import WAITING
from mpaspor.booking.rules import LIVE, ReseatingEnd
from mpaspor.booking.transitions import SlotFull
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import answer_early, in_operation, operation
from mpaspor.foundation.refusals import Refusal, StateChanged
from mpaspor.offices.models import Office


class OfferOver(Refusal):
    """No hour is held for this case any more: the term is over, or the hour was closed too."""


@operation
def accept_offer(account_id: uuid.UUID, code: str, slot_id: uuid.UUID, *, now: datetime) -> str:
    """Take the proposed hour, which must be the one that was read; returns the code. An unpaid case holds it
    under its bill and that bill's clock. As long as it is held it can be taken: only the sweep ends it.

    Raises `OfferOver`, `NotFound`, `StateChanged`.
    """
    case = cases.take_mine(account_id, code, WAITING)
    if case.state is CaseState.AWAITING_PAYMENT:
        bill = the_open_bill(case.id)
        _require_offer(case, slot_id)
        _hold_unpaid(case, bill, slot_id, ReseatingEnd.ACCEPTED, now)
        return code
    _require_offer(case, slot_id)
    actor = events.applicant(account_id)
    cases.must_move(case.id, {CaseState.AWAITING_PLACE}, CaseState.SCHEDULED, actor=actor, now=now)
    reseatings.end(case.id, ReseatingEnd.ACCEPTED, now=now)
    send_visit_letter(case.id, slot_id, now=now)
    places.take_instead(case, slot_id, _office(case), held_until=None, actor=actor, now=now)
    return code


@operation
def choose_again(account_id: uuid.UUID, code: str, slot_id: uuid.UUID, *, now: datetime) -> str:
    """Take another hour under the same bill and clock, after the one that it was for was closed.

    Raises `SlotFull`, `NotFound`, `StateChanged` (where the hour that the case has is still its own).
    """
    case = cases.take_mine(account_id, code, {CaseState.AWAITING_PAYMENT})
    bill = the_open_bill(case.id)
    own = select(Booking.id).where(
        Booking.application_id == case.id, Booking.state.in_(LIVE), ~Booking.is_offer
    )
    if db.session.scalar(own) is not None:
        raise StateChanged()
    _hold_unpaid(case, bill, slot_id, ReseatingEnd.CHOSEN, now)
    return code


@in_operation
def _require_offer(case: Application, slot_id: uuid.UUID) -> None:
    offer = places.proposed(case.id)
    if offer is None or offer.slot_id != slot_id:
        raise OfferOver()


@in_operation
def _hold_unpaid(case: Application, bill: Bill, slot_id: uuid.UUID, how: ReseatingEnd, now: datetime) -> None:
    """The hour becomes what the bill is for."""
    actor = events.applicant(case.owner_id)
    bill.slot_id = slot_id
    reseatings.end(case.id, how, now=now)
    events.record(
        "hour_taken_again",
        actor=actor,
        now=now,
        application_id=case.id,
        office_id=case.office_id,
        details={"slot": str(slot_id)},
    )
    answer_early(case.code)
    db.session.flush()
    held = places.take_instead(case, slot_id, _office(case), held_until=bill.lapse_at, actor=actor, now=now)
    if not held:
        raise SlotFull(slot_id=slot_id)


def _office(case: Application) -> Office:
    return db.session.get_one(Office, case.office_id)
