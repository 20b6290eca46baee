"""What a letter says, as plain values: whoever has them can draw the letter, with no database in sight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from mpaspor.applications.rules import LetterKind


@dataclass(frozen=True)
class Head:
    """What every letter carries. `verify_url` is the address in its QR code, `code` the 16 characters in it.

    `no_longer` says why the letter holds no more, at the time of drawing. A draft stands in no register:
    it has neither number nor address.
    """

    code: str
    made_at: datetime
    time_zone: str
    verify_url: str
    is_demo: bool
    no_longer: str | None = None
    is_draft: bool = False


@dataclass(frozen=True)
class Hour:
    """The hour of the visit and the office, with the zone in which its clock runs."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str
    office_name: str
    office_address: str | None
    arrive_minutes_early: int = 15


@dataclass(frozen=True)
class PaymentLetter:
    """Surat pengantar pembayaran: everything a bank needs, on one page."""

    head: Head
    billing_code: str
    amount_rp: int
    issued_at: datetime
    pay_until: datetime
    payer_name: str
    application_number: str
    service: str
    hour: Hour


@dataclass(frozen=True)
class ReceiptLine:
    """One item of the receipt."""

    item: str
    amount_rp: int
    regulation: str


@dataclass(frozen=True)
class Receipt:
    """Bukti penerimaan negara, with the fields of the treasury's own (DOMAIN §6.3).

    Without `ntpn` it is the temporary receipt: paid at the bank, not yet booked by the state. Without `ntb`
    the bank gave no number of that form; `bank_reference` is what it calls the payment by.
    """

    head: Head
    billing_code: str
    issued_at: datetime
    expires_at: datetime
    paid_at: datetime
    bank: str
    channel: str
    payer_name: str
    ministry: str
    unit: str
    work_unit: str
    amount_rp: int
    ntb: str | None
    bank_reference: str
    ntpn: str | None
    settled_at: datetime | None
    application_number: str
    lines: tuple[ReceiptLine, ...]


@dataclass(frozen=True)
class EndLetter:
    """How a case ended: why, on what ground, until when. A void passport waited until `collect_by`."""

    head: Head
    kind: LetterKind
    applicant_name: str
    application_code: str
    application_number: str
    service: str
    office_name: str
    office_address: str | None
    reason: str | None
    ground: str | None
    until: date | None = None
    collect_by: date | None = None


@dataclass(frozen=True)
class VisitLetter:
    """Surat kedatangan: where, when, what to bring, and the signed code for the door."""

    head: Head
    applicant_name: str
    application_code: str
    application_number: str
    service: str
    hour: Hour
    visit_token: str
    to_bring: tuple[str, ...]
    may_be_moved: bool = True
