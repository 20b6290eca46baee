"""What a message or letter needs to know, read in a few named queries from the ids in the outbox."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, or_, select

from mpaspor.applications.models import Application, Document, Letter
from mpaspor.applications.rules import PaperState
from mpaspor.billing.models import BankPartner, Bill, BillLine, Payment
from mpaspor.billing.rules import PAID, PaymentState
from mpaspor.booking.models import Booking, BookingMove, Slot
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.rules import full_name
from mpaspor.people.models import Account

PAYMENT_LETTER, RECEIPT, VISIT_LETTER = "payment_letter", "receipt", "visit_letter"


@dataclass(frozen=True)
class CaseFacts:
    """One case with the people, office, bill and hour that a message about it may name."""

    case: Application
    account: Account
    office: Office
    bill: Bill | None
    slot: Slot | None

    @property
    def office_name(self) -> str:
        return full_name(self.office.name, self.office.class_name, self.office.has_checkpoint)


def case_facts(ref: uuid.UUID) -> CaseFacts | None:
    """The case that `ref` names: its own id, or that of its bill or booking.

    Named by a bill, it comes with that bill and the hour that the bill bought; else with the newest of both.
    """
    found = _people(
        or_(
            Application.id == ref,
            Application.id.in_(select(Bill.application_id).where(Bill.id == ref)),
            Application.id.in_(select(Booking.application_id).where(Booking.id == ref)),
        )
    )
    if found is None:
        return None
    bill = _bill(found.case.id, ref)
    booked = None if bill is not None and bill.id == ref else _booked_slot(found.case.id)
    slot = booked or (db.session.get(Slot, bill.slot_id) if bill is not None else None)
    return replace(found, bill=bill, slot=slot)


def facts_for_letter(letter: Letter) -> CaseFacts | None:
    """The case of a letter, which names its own bill or hour: without those."""
    return _people(Application.id == letter.application_id)


def _people(which: ColumnElement[bool]) -> CaseFacts | None:
    found = db.session.execute(
        select(Application, Account, Office)
        .join(Account, Account.id == Application.account_id)
        .join(Office, Office.id == Application.office_id)
        .where(which)
    ).one_or_none()
    return CaseFacts(*found, bill=None, slot=None) if found is not None else None


def _bill(case_id: uuid.UUID, ref: uuid.UUID) -> Bill | None:
    return db.session.scalars(
        select(Bill)
        .where(Bill.application_id == case_id)
        .order_by(
            (Bill.id == ref).desc(),
            Bill.state.in_(PAID).desc(),
            Bill.created_at.desc(),
        )
        .limit(1)
    ).one_or_none()


def _booked_slot(case_id: uuid.UUID) -> Slot | None:
    return db.session.scalars(
        select(Slot)
        .join(Booking, Booking.slot_id == Slot.id)
        .where(Booking.application_id == case_id)
        .order_by(Booking.created_at.desc())
        .limit(1)
    ).one_or_none()


def letter_of(application_id: uuid.UUID, kind: str, ref: uuid.UUID) -> Letter | None:
    """The register's row of one letter."""
    return db.session.scalar(
        select(Letter).where(Letter.application_id == application_id, Letter.kind == kind, Letter.ref == ref)
    )


def newest_letter(application_id: uuid.UUID, kind: str) -> Letter | None:
    """The letter of a kind that holds now."""
    return db.session.scalars(
        select(Letter)
        .where(Letter.application_id == application_id, Letter.kind == kind, Letter.revoked_at.is_(None))
        .order_by(Letter.made_at.desc())
        .limit(1)
    ).one_or_none()


def letter_by_code(code: str) -> tuple[Letter, str, str] | None:
    """A registered letter, the name of the person it was written for, and the office's time zone."""
    found = db.session.execute(
        select(Letter, Application.full_name, Office.time_zone)
        .join(Application, Application.id == Letter.application_id)
        .join(Office, Office.id == Application.office_id)
        .where(Letter.code == code)
    ).one_or_none()
    return None if found is None else (found[0], found[1] or "", found[2])


def hour_of_visit(letter: Letter) -> tuple[Slot, bool] | None:
    """The hour of a visit letter, and whether somebody moved to it: there is no second move."""
    moves = (
        select(BookingMove.booking_id)
        .join(Booking, Booking.id == BookingMove.booking_id)
        .where(Booking.application_id == letter.application_id, BookingMove.to_slot_id == letter.ref)
    )
    found = db.session.execute(select(Slot, moves.exists()).where(Slot.id == letter.ref)).one_or_none()
    return None if found is None else (found[0], found[1])


def bill_lines(bill_id: uuid.UUID) -> Sequence[BillLine]:
    return db.session.scalars(
        select(BillLine).where(BillLine.bill_id == bill_id).order_by(BillLine.item)
    ).all()


def accepted_payment(bill_id: uuid.UUID) -> tuple[Payment, str | None] | None:
    """The money that paid the bill, and the name of the bank that brought it."""
    found = db.session.execute(
        select(Payment, BankPartner.name)
        .outerjoin(BankPartner, BankPartner.id == Payment.partner_id)
        .where(Payment.bill_id == bill_id, Payment.state == PaymentState.ACCEPTED)
        .limit(1)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def wanted_papers(application_id: uuid.UUID) -> Sequence[Document]:
    """The papers that an officer asked for again."""
    return db.session.scalars(
        select(Document)
        .where(Document.application_id == application_id, Document.state == PaperState.WANTED)
        .order_by(Document.kind)
    ).all()
