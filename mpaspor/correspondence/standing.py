"""Does a genuine letter still hold? Paper is carried about long after its bill or its hour has changed."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from mpaspor.applications.letter_queries import letter_of
from mpaspor.applications.models import Letter
from mpaspor.applications.rules import LETTER_OF_END, LetterKind
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import PAID, BillState
from mpaspor.booking.models import Booking, Reseating, Slot
from mpaspor.booking.rules import COUNTED, LIVE
from mpaspor.foundation.database import db


class Standing(StrEnum):
    """What has become of what a letter says."""

    HOLDS = "holds"
    HOUR_CHANGED = "hour_changed"
    HOUR_CLOSED = "hour_closed"
    HOUR_GIVEN_UP = "hour_given_up"
    CODE_DEAD = "code_dead"
    CODE_PAID = "code_paid"
    MONEY_BACK = "money_back"


def standing(letter: Letter, now: datetime) -> Standing:
    """How the letter stands at this moment."""
    if letter.kind is LetterKind.VISIT:
        return _of_visit(letter)
    if letter.kind in LETTER_OF_END.values():
        return Standing.HOLDS  # no end is ever taken back
    bill = db.session.get_one(Bill, letter.ref)
    if letter.kind is LetterKind.RECEIPT:
        return Standing.MONEY_BACK if bill.state == BillState.REVERSED else Standing.HOLDS
    if bill.state in PAID:
        return Standing.CODE_PAID
    is_payable = bill.state == BillState.PAYABLE and bill.pay_until is not None and now <= bill.pay_until
    return Standing.HOLDS if is_payable else Standing.CODE_DEAD


def replaced_by(letter: Letter) -> Letter | None:
    """The visit letter that holds instead of one whose hour was changed."""
    slot_id = _hour_of(letter)
    if letter.kind != LetterKind.VISIT or slot_id is None or slot_id == letter.ref:
        return None
    return letter_of(letter.application_id, LetterKind.VISIT, slot_id)


def _of_visit(letter: Letter) -> Standing:
    slot_id = _hour_of(letter)
    if slot_id is not None and slot_id != letter.ref:
        return Standing.HOUR_CHANGED
    if _is_taken(letter, has_hour=slot_id is not None):
        return Standing.HOUR_CLOSED
    return Standing.HOUR_GIVEN_UP if slot_id is None else Standing.HOLDS


def _is_taken(letter: Letter, *, has_hour: bool) -> bool:
    """Whether the office took this hour from the person, or (while they still have it) is about to."""
    of_letter = Booking.application_id == letter.application_id, Booking.slot_id == letter.ref
    taken = select(Reseating.booking_id).join(Booking, Booking.id == Reseating.booking_id).where(*of_letter)
    about_to_be = (
        select(Booking.id)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(*of_letter, Booking.state.in_(LIVE), Slot.closed_at.is_not(None))
    )
    return bool(db.session.scalar(select((about_to_be if has_hour else taken).exists())))


def _hour_of(letter: Letter) -> uuid.UUID | None:
    """The newest hour that the person has or had; none that lapsed, was given up or is only proposed."""
    return db.session.scalars(
        select(Booking.slot_id)
        .where(Booking.application_id == letter.application_id, Booking.state.in_(COUNTED), ~Booking.is_offer)
        .order_by(Booking.created_at.desc())
        .limit(1)
    ).one_or_none()
