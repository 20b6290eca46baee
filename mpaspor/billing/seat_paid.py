"""What a bill's money buys: its place, or the right to choose one. Shared by every rail that brings money.

Late money (bill lapsed or cancelled) is real money (STATES §5). Nobody loses a place for it.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import exists, select

from mpaspor.applications import transitions as cases
from mpaspor.applications.models import Application
from mpaspor.applications.rules import LIVE, CaseState, LetterKind
from mpaspor.billing import transitions
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import OPEN, PAID, BillState
from mpaspor.booking import reseatings
from mpaspor.booking import transitions as places
from mpaspor.booking.rules import BookingState
from mpaspor.foundation import outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation
from mpaspor.offices import queries as offices

_UNPAID = (CaseState.DRAFT, CaseState.AWAITING_PAYMENT)
_TAKES_MONEY = (BillState.PAYABLE, BillState.LAPSED, BillState.CANCELLED)


@in_operation
def may_apply_late(case: Application, bill: Bill) -> bool:
    """Whether money for a lapsed or cancelled bill still buys what the bill says (STATES §5).

    Not if the case is already paid, discarded or past paying, is no longer what the bill was for, or its
    NIK is live elsewhere. Both rows must be locked.
    """
    same = (
        (case.nik_lookup, case.kind, case.validity_years, case.full_name)
        == (bill.nik_lookup, bill.kind, bill.validity_years, bill.payer_name)
    )  # fmt: skip
    if case.state not in _UNPAID or not same or case.number is None or case.office_id is None:
        return False
    paid = exists().where(Bill.application_id == case.id, Bill.state.in_(PAID))
    elsewhere = exists().where(
        Application.nik_lookup == bill.nik_lookup,
        Application.id != case.id,
        Application.state.in_(LIVE),
    )
    return not db.session.execute(select(paid | elsewhere)).scalar_one()


@in_operation
def seat_paid(
    case: Application, bill: Bill, *, partner_id: uuid.UUID | None, paid_at: datetime, now: datetime
) -> bool:
    """Make the bill paid and the case `scheduled`, or `awaiting_place` when its hour is gone.

    A younger open bill is cancelled. Both rows must be locked; False when one of them does not fit, and
    then the caller must undo its transaction.
    """
    bank = Actor("bank", partner_id)
    was_late = bill.state != BillState.PAYABLE
    if was_late:
        _cancel_younger(case.id, bank, now)
    if not transitions.move(bill.id, set(_TAKES_MONEY), BillState.PAID, actor=bank, now=now, paid_at=paid_at):
        return False
    slot_id = _take_place(case, bill, bank, was_late=was_late, now=now)
    new = CaseState.AWAITING_PLACE if slot_id is None else CaseState.SCHEDULED
    if not cases.move(case.id, set(_UNPAID), new, actor=bank, now=now):
        return False
    _queue("ask_ntpn", case.id, bill.id, now)
    if slot_id is None:
        _queue("awaiting_place", case.id, bill.id, now)
    else:
        send_visit_letter(case.id, slot_id, now=now)
    return True


def _queue(kind: str, case_id: uuid.UUID, bill_id: uuid.UUID, now: datetime) -> None:
    outbox.about_case(kind, case_id, ref=bill_id, dedupe_key=f"{kind}:{bill_id}", now=now)


@in_operation
def send_visit_letter(case_id: uuid.UUID, slot_id: uuid.UUID, *, now: datetime) -> None:
    """The place is the person's own: enter its letter into the register, and send it once."""
    cases.register_letter(case_id, LetterKind.VISIT, slot_id, now=now)
    outbox.about_case("visit_letter", case_id, dedupe_key=f"visit_letter:{case_id}:{slot_id}", now=now)


def _take_place(
    case: Application, bill: Bill, bank: Actor, *, was_late: bool, now: datetime
) -> uuid.UUID | None:
    """The held place, else for late money the bill's hour if it is still free; the slot's id or None.

    Money says no yes: an hour that is only proposed stays so, from now on with the term of a proposal.
    """
    held = places.move(
        case.id, {BookingState.HELD}, BookingState.CONFIRMED, actor=bank, now=now, is_offer=False
    )
    if held is not None:
        return held
    offer = places.proposed(case.id)
    if offer is not None:
        offer.held_until = now + reseatings.term()
        return None
    office = offices.office_by_id(case.office_id)
    if not was_late or office is None:
        return None
    claimed = places.claim(case, bill.slot_id, office, held_until=None, now=now)
    return None if claimed is None else bill.slot_id


def _cancel_younger(case_id: uuid.UUID, bank: Actor, now: datetime) -> None:
    younger = transitions.lock_open_bill(case_id)
    if younger is None:
        return
    transitions.move(younger.id, set(OPEN), BillState.CANCELLED, actor=bank, now=now, reason="late_money")
    if younger.billing_code is not None:
        transitions.ask_to_cancel(case_id, younger.id, now=now)
