"""Bills, the money that came for them, and the banks that bring it."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mpaspor.applications.rules import PassportKind
from mpaspor.billing.rules import OPEN, PAID, BillState, PaymentState, printed_ntb
from mpaspor.foundation.columns import EncryptedText, Moment, listed, one_of, uuid7
from mpaspor.foundation.database import READ_ONLY, db

_OPEN = listed(OPEN)
_PAID = listed(PAID)


class Bill(db.Model):
    """What is owed for one case. It copies slot, kind, name and NIK hash: late money knows what it bought."""

    __tablename__ = "bill"
    __table_args__ = (
        CheckConstraint("amount_rp > 0", name="amount"),
        CheckConstraint("billing_code ~ '^[7-9][0-9]{14}$'", name="billing_code"),
        CheckConstraint(
            "state <> 'payable' OR (billing_code IS NOT NULL AND pay_until IS NOT NULL)", name="payable"
        ),
        Index("uq_bill_open", "application_id", unique=True, postgresql_where=text(f"state IN ({_OPEN})")),
        Index("uq_bill_paid", "application_id", unique=True, postgresql_where=text(f"state IN ({_PAID})")),
        Index("ix_bill_due", "lapse_at", postgresql_where=text(f"state IN ({_OPEN})")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    state: Mapped[BillState] = mapped_column(one_of(BillState, check="state"))
    amount_rp: Mapped[int]
    billing_code: Mapped[str | None] = mapped_column(unique=True)
    issued_at: Mapped[datetime | None] = mapped_column(Moment)
    pay_until: Mapped[datetime | None] = mapped_column(Moment)
    lapse_at: Mapped[datetime | None] = mapped_column(Moment)
    paid_at: Mapped[datetime | None] = mapped_column(Moment)
    ntpn: Mapped[str | None] = mapped_column(unique=True)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    slot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("slot.id"))
    kind: Mapped[PassportKind]
    validity_years: Mapped[int]
    payer_name: Mapped[str]
    nik_lookup: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)


class BillLine(db.Model):
    """One item of a bill, copied from the fee table of its day."""

    __tablename__ = "bill_line"

    bill_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bill.id"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    amount_rp: Mapped[int]
    regulation: Mapped[str]


class BankPartner(db.Model):
    """A bank that may call us: its public key and its secret (sealed)."""

    __tablename__ = "bank_partner"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    public_key_pem: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Moment)


class BankToken(db.Model):
    """An access token given to a partner; only its hash is kept."""

    __tablename__ = "bank_token"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    partner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_partner.id"))
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class SnapExchange(db.Model):
    """One X-EXTERNAL-ID of one partner on one Jakarta day; for a payment also the reply that it got."""

    __tablename__ = "snap_exchange"

    partner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_partner.id"), primary_key=True)
    external_on: Mapped[date] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    service: Mapped[str]
    body_hash: Mapped[bytes] = mapped_column(LargeBinary)
    http_status: Mapped[int | None]
    reply: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(Moment)


class Payment(db.Model):
    """Money that a channel took. One collector, billing code and NTB = the same money.

    Banks number their bookings each for itself: the NTB of one says nothing about another's. `partner_id`
    is empty for what the treasury reported itself.
    """

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount_rp > 0", name="amount"),
        UniqueConstraint("partner_id", "payment_request_id"),
        UniqueConstraint("billing_code", "ntb", "partner_id", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    partner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("bank_partner.id"))
    payment_request_id: Mapped[str]
    billing_code: Mapped[str]
    ntb: Mapped[str]
    amount_rp: Mapped[int]
    channel: Mapped[str]
    state: Mapped[PaymentState] = mapped_column(one_of(PaymentState, check="state"))
    bill_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("bill.id"), index=True)
    paid_at: Mapped[datetime] = mapped_column(Moment)
    paid_said: Mapped[str | None]  # when the customer paid, in the bank's own words
    received_at: Mapped[datetime] = mapped_column(Moment)
    reply: Mapped[bytes | None] = mapped_column(LargeBinary)

    partner: Mapped[BankPartner | None] = relationship(**READ_ONLY)

    @property
    def printed_ntb(self) -> str | None:
        """The NTB as people are shown it; None where the bank gave no number of that form."""
        return printed_ntb(self.ntb, self.payment_request_id)


class PaymentRequest(db.Model):
    """One `paymentRequestId` of one partner and what was decided on it, once and for ever.

    With `payment_id`: this money is here, by whatever request it first came. Without: the partner was told
    that we hold nothing, so the money went back and this request can never be accepted any more.
    """

    __tablename__ = "payment_request"
    __table_args__ = (
        CheckConstraint("(payment_id IS NOT NULL) = (response_code = '2002500')", name="decided"),
    )

    partner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_partner.id"), primary_key=True)
    request_id: Mapped[str] = mapped_column(primary_key=True)
    billing_code: Mapped[str]
    payment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("payment.id"), index=True)
    response_code: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)


class PaymentAttempt(db.Model):
    """A payment that we refused, so that the bank gives it back: kept to be seen, moves nothing."""

    __tablename__ = "payment_attempt"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    partner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_partner.id"))
    billing_code: Mapped[str]
    payment_request_id: Mapped[str]
    offered: Mapped[str]
    response_code: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class RefusedCall(db.Model):
    """The beginning of a body that a known partner sent and we refused: sealed, capped, to inquire after."""

    __tablename__ = "refused_call"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    partner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_partner.id"))
    response_code: Mapped[str]
    body: Mapped[str] = mapped_column(EncryptedText("refused_call.body"))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
