"""A letter of the register, drawn: from its row to its PDF. The same row gives the same bytes
as long as it holds."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale

from mpaspor.applications import visit_token
from mpaspor.applications.models import Letter
from mpaspor.applications.paper_queries import Papers, papers_of
from mpaspor.applications.rules import PassportKind
from mpaspor.applications.visit_token import Visit
from mpaspor.billing.models import Bill, BillLine
from mpaspor.booking.models import Slot
from mpaspor.config import settings
from mpaspor.correspondence import facts, payment_letter, receipt, visit_letter
from mpaspor.correspondence.facts import CaseFacts
from mpaspor.correspondence.letters import Head, Hour, PaymentLetter, Receipt, ReceiptLine, VisitLetter
from mpaspor.correspondence.standing import standing
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import NotFound
from mpaspor.web.labels.applications import passport_name
from mpaspor.web.labels.correspondence import STANDINGS
from mpaspor.web.labels.papers import COPIES, PAPER_NAMES, document_name

MINISTRY = "Kementerian Imigrasi dan Pemasyarakatan"
UNIT = "Direktorat Jenderal Imigrasi"
TREASURY = "Kas negara"

_FILE_NAMES = {
    facts.PAYMENT_LETTER: "surat-pengantar-pembayaran",
    facts.RECEIPT: "bukti-penerimaan-negara",
    facts.VISIT_LETTER: "surat-kedatangan",
}


def draw(letter: Letter, now: datetime) -> bytes:
    """The letter as PDF, marked if it no longer holds. Raises `NotFound` if what it speaks of is gone."""
    found = facts.facts_for_letter(letter)
    if found is None:
        raise NotFound()
    with force_locale("id"):
        if letter.kind == facts.PAYMENT_LETTER:
            return payment_letter.draw(_payment_letter(letter, found, now))
        if letter.kind == facts.RECEIPT:
            return receipt.draw(_receipt(letter, found, now))
        return visit_letter.draw(_visit_letter(letter, found, now))


def file_name(letter: Letter) -> str:
    """The name under which a letter is saved: its kind and code, nothing personal."""
    return f"{_FILE_NAMES[letter.kind]}-{letter.code}.pdf"


def hour_of(found: CaseFacts, slot: Slot) -> Hour:
    """The hour of `slot` at the case's office."""
    return Hour(
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        time_zone=found.office.time_zone,
        office_name=found.office_name,
        office_address=found.office.address,
        arrive_minutes_early=found.office.arrive_minutes_early,
    )


def service_of(found: CaseFacts) -> str:
    """What was applied for, in the language of the page or message being made."""
    case = found.case
    return passport_name(case.kind, case.validity_years) if case.kind and case.validity_years else ""


def _head(letter: Letter, found: CaseFacts, now: datetime) -> Head:
    why = STANDINGS[standing(letter, now)][1]
    return Head(
        code=letter.code,
        made_at=letter.made_at,
        time_zone=found.office.time_zone,
        verify_url=f"{settings().public_url}/v/{letter.code}",
        is_demo=settings().demo,
        no_longer=None if why is None else str(why),
    )


def _payment_letter(letter: Letter, found: CaseFacts, now: datetime) -> PaymentLetter:
    bill = db.session.get(Bill, letter.ref)
    slot = db.session.get(Slot, bill.slot_id) if bill else None
    if bill is None or slot is None or not (bill.billing_code and bill.issued_at and bill.pay_until):
        raise NotFound()
    return PaymentLetter(
        head=_head(letter, found, now),
        billing_code=bill.billing_code,
        amount_rp=bill.amount_rp,
        issued_at=bill.issued_at,
        pay_until=bill.pay_until,
        payer_name=bill.payer_name,
        application_number=found.case.number or "",
        service=service_of(found),
        hour=hour_of(found, slot),
    )


def _receipt(letter: Letter, found: CaseFacts, now: datetime) -> Receipt:
    bill = db.session.get(Bill, letter.ref)
    paid = facts.accepted_payment(letter.ref)
    if bill is None or paid is None or not (bill.billing_code and bill.issued_at and bill.pay_until):
        raise NotFound()
    payment, bank = paid
    return Receipt(
        head=_head(letter, found, now),
        billing_code=bill.billing_code,
        issued_at=bill.issued_at,
        expires_at=bill.pay_until,
        paid_at=payment.paid_at,
        bank=bank or TREASURY,
        channel=payment.channel,
        payer_name=bill.payer_name,
        ministry=MINISTRY,
        unit=UNIT,
        work_unit=found.office_name,
        amount_rp=bill.amount_rp,
        ntb=payment.printed_ntb,
        bank_reference=payment.ntb,
        ntpn=bill.ntpn,
        settled_at=bill.settled_at,
        application_number=found.case.number or "",
        lines=tuple(_line(line, bill) for line in facts.bill_lines(bill.id)),
    )


def _line(line: BillLine, bill: Bill) -> ReceiptLine:
    is_passport = line.item in set(PassportKind)
    name = passport_name(line.item, bill.validity_years) if is_passport else line.item
    return ReceiptLine(name, line.amount_rp, line.regulation)


def to_bring(found: Papers) -> list[str]:
    """The originals of a case, those not sent yet too, then their copies, in the reader's language."""
    cards = [card for card in found.cards if card.document or card.paper.is_required]
    names = [document_name(c.document.kind) if c.document else str(PAPER_NAMES[c.paper]) for c in cards]
    return [*names, str(COPIES)]


def _visit_letter(letter: Letter, found: CaseFacts, now: datetime) -> VisitLetter:
    booked = facts.hour_of_visit(letter)
    if booked is None:
        raise NotFound()
    slot, came_by_move = booked
    visit = Visit(found.case.code, found.office.code, slot.starts_at)
    return VisitLetter(
        head=_head(letter, found, now),
        applicant_name=found.case.full_name or "",
        application_code=found.case.code,
        application_number=found.case.number or "",
        service=service_of(found),
        hour=hour_of(found, slot),
        visit_token=visit_token.sign(visit, settings().secrets.signing_key),
        to_bring=tuple(to_bring(papers_of(found.case))),
        may_be_moved=not came_by_move,
    )
