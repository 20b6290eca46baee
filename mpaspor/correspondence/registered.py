"""A letter of the register, drawn: from its row to its PDF. The same row gives the same bytes
as long as it holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import force_locale

from mpaspor.applications import visit_token
from mpaspor.applications.models import Application, Letter
from mpaspor.applications.paper_queries import Papers, papers_of
from mpaspor.applications.rules import LETTER_OF_END, LetterKind, PassportKind
from mpaspor.applications.visit_token import Visit
from mpaspor.billing import queries as billing
from mpaspor.billing.models import Bill, BillLine
from mpaspor.booking import queries as booking
from mpaspor.booking.models import Slot
from mpaspor.config import settings
from mpaspor.correspondence import end_letter, payment_letter, receipt, visit_letter
from mpaspor.correspondence.letters import (
    EndLetter,
    Head,
    Hour,
    PaymentLetter,
    Receipt,
    ReceiptLine,
    VisitLetter,
)
from mpaspor.correspondence.standing import standing
from mpaspor.desk import outcome
from mpaspor.desk.models import Proposal
from mpaspor.desk.outcome import until_of
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date
from mpaspor.web.labels.applications import passport_name
from mpaspor.web.labels.correspondence import STANDINGS
from mpaspor.web.labels.desk import ground_in_words, reason_in_words
from mpaspor.web.labels.papers import COPIES, PAPER_NAMES, document_name

MINISTRY = "Kementerian Imigrasi dan Pemasyarakatan"
UNIT = "Direktorat Jenderal Imigrasi"
TREASURY = "Kas negara"

_FILE_NAMES = {
    LetterKind.PAYMENT: "surat-pengantar-pembayaran",
    LetterKind.RECEIPT: "bukti-penerimaan-negara",
    LetterKind.VISIT: "surat-kedatangan",
    LetterKind.REFUSAL: "surat-penolakan",
    LetterKind.DEFERRAL: "surat-penangguhan",
    LetterKind.VOIDING: "surat-pembatalan",
    LetterKind.CLOSING: "surat-penutupan",
}


def draw(letter: Letter, now: datetime) -> bytes:
    """The letter as PDF, marked if it no longer holds. Raises `NotFound` if what it speaks of is gone."""
    office = letter.application.office
    if office is None:
        raise NotFound()
    with force_locale("id"):
        if letter.kind is LetterKind.PAYMENT:
            return payment_letter.draw(_payment_letter(letter, office, now))
        if letter.kind is LetterKind.RECEIPT:
            return receipt.draw(_receipt(letter, office, now))
        if letter.kind in LETTER_OF_END.values():
            return end_letter.draw(_end_letter(letter, office, now))
        return visit_letter.draw(_visit_letter(letter, office, now))


def file_name(letter: Letter) -> str:
    """The name under which a letter is saved: its kind and code, nothing personal."""
    return f"{_FILE_NAMES[letter.kind]}-{letter.code}.pdf"


def hour_of(office: Office, slot: Slot) -> Hour:
    """The hour of `slot` at the office."""
    return hour_between(office, slot.starts_at, slot.ends_at)


def hour_between(office: Office, starts_at: datetime, ends_at: datetime) -> Hour:
    """An hour at the office, by when it begins and ends."""
    return Hour(
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=office.time_zone,
        office_name=office.full_name,
        office_address=office.address,
        arrive_minutes_early=office.arrive_minutes_early,
    )


def service_of(case: Application) -> str:
    """What was applied for, in the language of the page or message being made."""
    return passport_name(case.kind, case.validity_years) if case.kind and case.validity_years else ""


def _head(letter: Letter, office: Office, now: datetime) -> Head:
    why = STANDINGS[standing(letter, now)][1]
    return Head(
        code=letter.code,
        made_at=letter.made_at,
        time_zone=office.time_zone,
        verify_url=f"{settings().public_url}/v/{letter.code}",
        is_demo=settings().demo,
        no_longer=None if why is None else str(why),
    )


def _payment_letter(letter: Letter, office: Office, now: datetime) -> PaymentLetter:
    bill = db.session.get(Bill, letter.ref)
    slot = db.session.get(Slot, bill.slot_id) if bill else None
    if bill is None or slot is None or not (bill.billing_code and bill.issued_at and bill.pay_until):
        raise NotFound()
    return PaymentLetter(
        head=_head(letter, office, now),
        billing_code=bill.billing_code,
        amount_rp=bill.amount_rp,
        issued_at=bill.issued_at,
        pay_until=bill.pay_until,
        payer_name=bill.payer_name,
        application_number=letter.application.number or "",
        service=service_of(letter.application),
        hour=hour_of(office, slot),
    )


def _receipt(letter: Letter, office: Office, now: datetime) -> Receipt:
    bill = db.session.get(Bill, letter.ref)
    payment = billing.accepted_payment(letter.ref)
    if bill is None or payment is None or not (bill.billing_code and bill.issued_at and bill.pay_until):
        raise NotFound()
    return Receipt(
        head=_head(letter, office, now),
        billing_code=bill.billing_code,
        issued_at=bill.issued_at,
        expires_at=bill.pay_until,
        paid_at=payment.paid_at,
        bank=payment.partner.name if payment.partner else TREASURY,
        channel=payment.channel,
        payer_name=bill.payer_name,
        ministry=MINISTRY,
        unit=UNIT,
        work_unit=office.full_name,
        amount_rp=bill.amount_rp,
        ntb=payment.printed_ntb,
        bank_reference=payment.ntb,
        ntpn=bill.ntpn,
        settled_at=bill.settled_at,
        application_number=letter.application.number or "",
        lines=tuple(_line(line, bill) for line in billing.lines(bill.id)),
    )


def _line(line: BillLine, bill: Bill) -> ReceiptLine:
    is_passport = line.item in set(PassportKind)
    name = passport_name(line.item, bill.validity_years) if is_passport else line.item
    return ReceiptLine(name, line.amount_rp, line.regulation)


def _end_letter(letter: Letter, office: Office, now: datetime) -> EndLetter:
    case = letter.application
    ended = outcome.outcome_of(case)
    if ended is None:
        raise NotFound()
    return _of_end(
        case, office, _head(letter, office, now), letter.kind,
        reason=reason_in_words(ended.reason) or None,
        ground=ground_in_words(ended),
        until=ended.until,
        collect_by=outcome.terms_of(case, office).collect_by,
    )  # fmt: skip


def draft_of_end(case: Application, office: Office, proposal: Proposal, now: datetime) -> bytes:
    """The letter as it would be if the proposal were confirmed now: a draft, in no register."""
    head = Head("", now, office.time_zone, "", settings().demo, is_draft=True)
    with force_locale("id"):
        letter = _of_end(
            case, office, head, LETTER_OF_END[proposal.verdict],
            reason=proposal.told or proposal.reason,
            ground=proposal.ground,
            until=until_of(proposal, local_date(now, office.time_zone)),
        )  # fmt: skip
        return end_letter.draw(letter)


def _of_end(case: Application, office: Office, head: Head, kind: LetterKind, **said: Any) -> EndLetter:
    """Whose end it is and where, with what is `said` of it."""
    return EndLetter(
        head=head,
        kind=kind,
        applicant_name=case.full_name or "",
        application_code=case.code,
        application_number=case.number or "",
        service=service_of(case),
        office_name=office.full_name,
        office_address=office.address,
        **said,
    )


def to_bring(found: Papers) -> list[str]:
    """The originals of a case, those not sent yet too, then their copies, in the reader's language."""
    cards = [card for card in found.cards if card.document or card.paper.is_required]
    names = [document_name(c.document.kind) if c.document else str(PAPER_NAMES[c.paper]) for c in cards]
    return [*names, str(COPIES)]


def _visit_letter(letter: Letter, office: Office, now: datetime) -> VisitLetter:
    slot = db.session.get(Slot, letter.ref)
    if slot is None:
        raise NotFound()
    case = letter.application
    visit = Visit(case.code, office.code, slot.starts_at)
    return VisitLetter(
        head=_head(letter, office, now),
        applicant_name=case.full_name or "",
        application_code=case.code,
        application_number=case.number or "",
        service=service_of(case),
        hour=hour_of(office, slot),
        visit_token=visit_token.sign(visit, settings().secrets.signing_key),
        to_bring=tuple(to_bring(papers_of(case))),
        may_be_moved=not booking.was_moved_to(case.id, slot.id),
    )
